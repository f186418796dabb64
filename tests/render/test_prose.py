"""Blocks and inlines as HTML, in each of the three looks."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import tokens
from newsletter.model import (
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    HtmlBlock,
    Image,
    Link,
    List,
    ListItem,
    PersonalField,
    Quotation,
    RawHtml,
    Strikethrough,
    Strong,
    Table,
    TableCell,
    Text,
    ThematicBreak,
)
from newsletter.render.directives.table import HTML
from newsletter.render.html import HtmlWriter
from newsletter.render.html_blocks import footnotes
from tests.render import letters
from tests.render.letters import bullets, link, p, text


class Plain:
    """A look that adds nothing, so that tests see only the output of HtmlWriter."""

    def __init__(self, profile="email"):
        self.profile = profile

    def attributes(self, tag, container, direction, /):
        return ""

    def link(self, href):
        return href

    def image(self, image):
        return image.src, 0, 0


class Named(Plain):
    """A look that writes the names of the requested styles."""

    def attributes(self, tag, container, direction, /):
        return f' is="{tag} in {container}"'

    def image(self, image):
        return f"made-of-{image.src}", 600, 400


def plain(profile="email"):
    return HtmlWriter(Plain(profile), letters.english(), HTML)


def html(*blocks, profile="email"):
    return plain(profile).blocks(blocks)


def inline(*parts, profile="email"):
    return plain(profile).inlines(text(*parts))


# ── Inlines ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_text_is_escaped_and_quotes_are_unchanged():
    assert inline('a < b & "c" > d') == 'a &lt; b &amp; "c" &gt; d'


def test_marks_nest():
    nested = Strong(text("a", Emphasis(text("b", Strikethrough(text("c"))))))
    assert inline(nested) == "<strong>a<em>b<del>c</del></em></strong>"


def test_inline_code_is_escaped():
    assert inline(Code("Vec<T> && x")) == "<code>Vec&lt;T&gt; &amp;&amp; x</code>"


def test_a_hard_break_is_visible_and_a_soft_one_is_white_space():
    assert inline("a", Break(hard=True), "b", Break(hard=False), "c") == "a<br />\nb\nc"


def test_a_line_end_between_chinese_characters_is_not_a_space():
    assert inline("潮汐", Break(hard=False), "表") == "潮汐表"
    assert inline("潮汐", Break(hard=False), "tide") == "潮汐\ntide"


def test_a_line_end_between_korean_words_is_a_space():
    assert inline("밀물", Break(hard=False), "썰물") == "밀물\n썰물"


def test_a_link_has_its_address_and_title_escaped():
    assert inline(link('https://x.example/?a=1&b="2"', "x", title='"T" & t')) == (
        '<a href="https://x.example/?a=1&amp;b=&quot;2&quot;" title="&quot;T&quot; &amp; t">x</a>'
    )


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "{{ name | javascript:alert(1) }}",
        "java{{ name | script: }}alert(1)",
    ],
)
def test_an_unsafe_address_becomes_text_without_a_link(href):
    assert inline(link(href, "text")) == "text"
    assert inline(Image(href, "alt")) == "alt"


@pytest.mark.parametrize("href", ["https://a.example/javascript:x", "mailto:a@b.example", "tel:+32", "#data:", "a/b:c"])
def test_safe_addresses_become_links(href):
    assert inline(link(href, "text")) == f'<a href="{href}">text</a>'


def test_a_personal_field_is_a_placeholder_with_its_fallback_unchanged():
    assert inline(PersonalField("first_name", "R & D")) == tokens.placeholder("first_name", "R & D")


def test_a_personal_field_in_an_address_is_a_placeholder_too():
    mail, city = (tokens.placeholder(*field, place=tokens.PART) for field in (("email",), ("city", "Gent")))
    assert inline(link("https://x.example/?m={{ email }}&c={{ city | Gent }}", "x")) == (
        f'<a href="https://x.example/?m={mail}&amp;c={city}">x</a>'
    )


def test_an_inline_picture_has_the_size_from_the_look():
    prose = HtmlWriter(Named(), letters.english(), HTML)
    written = prose.inlines((Image("a.png", 'say "a"'),))
    assert written == '<img src="made-of-a.png" alt="say &quot;a&quot;" width="600" height="400" is="img in " />'


def test_sanitized_html_of_the_author_is_unchanged():
    assert inline(RawHtml("<kbd>"), "k", RawHtml("</kbd>")) == "<kbd>k</kbd>"
    assert html(HtmlBlock("<details><p>x</p></details>")) == "<details><p>x</p></details>"


def test_a_label_has_no_links_notes_or_pictures():
    title = text(link("https://x.example/", "A ", Emphasis(text("b"))), FootnoteReference("n", 1), Image("x.png", "x"))
    assert plain().label(title) == "A <em>b</em>"


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("level", "tag"), [(1, "h4"), (2, "h4"), (3, "h4"), (4, "h4"), (5, "h5"), (6, "h6")])
def test_a_heading_in_the_text_is_at_least_of_level_four(level, tag):
    assert html(Heading(level, text("T"), "t")) == f'<{tag} id="t">T</{tag}>'


def test_only_a_loose_list_has_paragraphs():
    assert html(bullets(p("a"), p("b"))) == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert html(bullets(p("a"), tight=False)) == "<ul>\n<li><p>a</p></li>\n</ul>"


def test_a_numbered_list_has_its_start_unless_it_is_one():
    assert html(bullets(p("a"), ordered=True)) == "<ol>\n<li>a</li>\n</ol>"
    assert html(bullets(p("a"), ordered=True, start=0)) == '<ol start="0">\n<li>a</li>\n</ol>'


def test_nested_lists_keep_the_order_of_blocks():
    item = (p("a"), bullets(p("b")), CodeBlock("c"))
    assert html(bullets(item)) == "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n<pre><code>c</code></pre></li>\n</ul>"


def test_a_task_has_a_character_in_email_and_a_disabled_checkbox_on_the_web():
    task = List((ListItem((p("a"),), checked=True), ListItem((p("b"),), checked=False)))
    assert html(task) == "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>"
    assert html(task, profile="web") == (
        '<ul>\n<li><label><input type="checkbox" disabled="" checked="" /> a</label></li>\n'
        '<li><label><input type="checkbox" disabled="" /> b</label></li>\n</ul>'
    )


def test_the_box_of_a_loose_task_is_in_its_first_paragraph():
    task = List((ListItem((p("a"), p("b")), checked=True),), tight=False)
    assert html(task) == "<ul>\n<li><p>☑ a</p>\n<p>b</p></li>\n</ul>"


def test_an_empty_task_keeps_its_box():
    assert html(List((ListItem((), checked=False),))) == "<ul>\n<li>☐ </li>\n</ul>"


def test_a_quotation_ends_with_its_source():
    quotation = Quotation((p("q"),), text("Ann"))
    assert html(quotation) == "<blockquote>\n<p>q</p>\n<p>— Ann</p>\n</blockquote>"
    assert "<footer>— Ann</footer>" in html(quotation, profile="web")


def test_a_table_has_scopes_and_alignment():
    prose = HtmlWriter(Named(), letters.english(), HTML)
    table = Table((TableCell(text("A")),), ((TableCell(text("1 < 2")),),), ("right",))
    written = prose.block(table)
    assert '<th scope="col" is="th.right in cell">A</th>' in written
    assert '<td is="td.right in cell">1 &lt; 2</td>' in written


def test_a_table_without_a_head_has_none():
    table = Table((TableCell(()),), ((TableCell(text("1")),),), ("",))
    assert html(table) == "<table>\n<tbody>\n<tr><td>1</td></tr>\n</tbody>\n</table>"


def test_an_empty_head_cell_is_not_a_header():
    table = Table((TableCell(()), TableCell(text("A"))), ((TableCell(text("1")), TableCell(text("2"))),), ("", ""))
    assert '<thead>\n<tr><td></td><th scope="col">A</th></tr>\n</thead>' in html(table)


def test_scrollable_blocks_on_the_web_can_be_focused():
    table = Table((TableCell(text("A")),), ((TableCell(text("1")),),), ("",))
    assert html(table, profile="web").startswith('<div tabindex="0"><table>')
    assert html(CodeBlock("x", ""), profile="web") == '<pre tabindex="0"><code>x</code></pre>'


def test_code_is_highlighted_and_complete():
    prose = HtmlWriter(Named(), letters.english(), HTML)
    written = prose.block(CodeBlock('def f(): return "<&>"  # x\n', "python"))
    assert '<span is="span.keyword in code">def </span>' in written
    assert '<span is="span.string in code">&quot;' not in written  # between tags, quotes need no escape
    assert '"&lt;&amp;&gt;"' in written
    assert '<span is="span.comment in code"># x</span>' in written


def test_the_last_line_of_code_is_highlighted_like_the_others():
    prose = HtmlWriter(Named(), letters.english(), HTML)
    assert '<span is="span.inserted in code">+b</span>' in prose.block(CodeBlock("-a\n+b\n", "diff"))
    assert '<span is="span.comment in code"># c</span>' in prose.block(CodeBlock("done # c\n", "bash"))


@pytest.mark.parametrize("language", ["", "no-such-language", "python<script>"])
def test_code_in_an_unknown_language_is_plain(language):
    assert html(CodeBlock("a  < b\n\n  c\n", language)) == "<pre><code>a  &lt; b\n\n  c</code></pre>"


def test_a_figure_has_caption_and_credit_and_may_be_a_link():
    figure = Figure(
        Image("a.png", "alt"), text("C"), text("Ann"), "Photo", link("https://x.example/", Image("a.png", "alt"))
    )
    assert html(figure) == (
        '<figure><a href="https://x.example/"><img src="a.png" alt="alt" /></a>\n'
        "<figcaption>C Photo: Ann</figcaption></figure>"
    )


def test_a_figure_with_nothing_under_it_has_no_caption():
    assert html(Figure(Image("a.png", ""))) == '<figure><img src="a.png" alt="" /></figure>'


def test_a_thematic_break_is_an_hr():
    assert html(ThematicBreak()) == "<hr />"


def test_a_note_links_back_to_each_reference():
    written = footnotes(plain(), (Footnote("n", 1, (p("N."),), references=2),))
    assert '<li id="fn:1"><p>N. <a href="#fnref:1"' in written
    assert 'href="#fnref:1:2"' in written
    assert inline("a", FootnoteReference("n", 1, 2)) == 'a<sup><a href="#fn:1" id="fnref:1:2">1</a></sup>'


def test_a_note_that_does_not_end_in_a_paragraph_links_back():
    assert 'href="#fnref:1"' in footnotes(plain(), (Footnote("n", 1, (CodeBlock("x"),)),))


def test_without_notes_there_is_no_output():
    assert footnotes(plain(), ()) == ""


def test_in_feeds_only_notes_have_ids():
    written = html(letters.ESSAY.blocks[0], Heading(4, text("T"), "t"), profile="feed")
    assert set(re.findall(' id="([^"]*)"', written + footnotes(plain("feed"), letters.FOOTNOTES))) == {
        "fnref:1",
        "fn:1",
    }


# ── Directives ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ("email", {"email"}),
        ("web", {"web"}),
        ("web feed", {"web", "feed"}),
        ("paid", set()),
        ("free", {"email", "web", "feed"}),
        ("web payed", set()),
        ("text", set()),
        ("email, web", {"email", "web"}),
        ("", set()),
    ],
)
def test_only_shows_its_content_in_the_given_outputs(names, shown):
    only = Directive("only", text(names), blocks=(p("x"),))
    assert {profile for profile in ("email", "web", "feed") if html(only, profile=profile)} == shown


def test_only_within_other_blocks_is_applied():
    hidden = Directive("only", text("web"), blocks=(p("x"),))
    assert html(Quotation((p("a"), hidden))) == "<blockquote>\n<p>a</p>\n</blockquote>"
    assert html(bullets((p("a"), hidden))) == "<ul>\n<li>a</li>\n</ul>"


def test_the_link_of_a_button_is_in_its_argument_or_paragraph():
    expected = '<p data-block="button"><a href="https://x.example/">Go</a></p>'
    assert html(Directive("button", text(link("https://x.example/", "Go")))) == expected
    assert html(Directive("button", blocks=(p(link("https://x.example/", "Go")),))) == expected
    assert html(Directive("button", text("Go"), blocks=(p(link("https://x.example/", "x")),))) == expected


def test_a_button_keeps_all_its_text():
    button = Directive("button", blocks=(p("See ", link("https://x.example/", "x"), " now"), p("more")))
    assert html(button) == (
        '<p data-block="button" data-texts="2"><a href="https://x.example/">x</a></p>\n<p>See <a href="https://x.example/">x</a> now</p>\n<p>more</p>'
    )
    assert html(Directive("button", text("Go"))) == "<p>Go</p>"


def test_the_argument_of_a_callout_begins_its_first_paragraph():
    callout = Directive("callout", text("Forwarded?"), blocks=(p("Subscribe."), p("x")))
    assert (
        html(callout) == '<div data-block="callout">\n<p><strong>Forwarded?</strong> Subscribe.</p>\n<p>x</p>\n</div>'
    )
    assert html(callout, profile="web").startswith("<aside>")
    assert "<strong>Due.</strong> Now." in html(Directive("callout", text("Due"), blocks=(p("Now."),)))
    listed = Directive("callout", text("Due"), blocks=(bullets(p("a")),))
    assert html(listed) == '<div data-block="callout">\n<p><strong>Due</strong></p>\n<ul>\n<li>a</li>\n</ul>\n</div>'


def test_an_event_shows_date_time_and_place():
    event = Directive(
        "event", text("Walk"), {"date": "2026-04-21 to 2026-04-26", "time": "8 pm", "place": "A & B", "price": "free"}
    )
    mark = 'data-block="event" data-date="2026-04-21 to 2026-04-26" data-time="8 pm" data-place="A &amp; B"'
    shown = "<p>Walk</p>\n<p>April 21–26, 2026 · 8 pm · A &amp; B · price: free</p>"
    assert html(event) == f"<div {mark}>\n{shown}\n</div>"


@pytest.mark.parametrize(
    "joined",
    [" to ", " – ", "–", " - ", "/", " bis ", " do ", " till ", " til ", " по ", " fino al ", " đến ", "부터 "],
)
def test_the_days_of_an_event_can_be_joined_by_several_words_and_signs(joined):
    event = Directive("event", text("Walk"), {"date": f"2026-04-21{joined}2026-04-26, from ten"})
    assert "<p>April 21–26, 2026, from ten</p>" in html(event)


@pytest.mark.parametrize("value", ["next spring", "2026-02-31", "21/4"])
def test_an_unreadable_date_is_unchanged(value):
    assert f"<p>{value}</p>" in html(Directive("event", text("Walk"), {"date": value}))


def test_audio_is_a_link_and_on_the_web_a_player_without_preload():
    audio = Directive("audio", text(link("a.mp3", "Listen")), {"length": "9 min"})
    assert html(audio) == '<div>\n<p><a href="a.mp3">Listen</a> · 9 min</p>\n</div>'
    assert '<audio controls="" preload="none" src="a.mp3"></audio>' in html(audio, profile="web")


def test_audio_that_cannot_be_played_keeps_its_text():
    assert html(Directive("audio", text(link("javascript:x", "Listen")), blocks=(p("y"),))) == "<p>Listen</p>\n<p>y</p>"


def test_a_poll_has_its_question_and_answers():
    assert html(letters.POLL) == (
        "<div>\n<p>Which one next?</p>\n<ul>\n"
        '<li><a href="https://letters.example/p/1">Ports</a></li>\n'
        '<li><a href="https://letters.example/p/2">Dykes</a></li>\n</ul>\n</div>'
    )


def test_an_unknown_directive_keeps_its_text():
    assert html(Directive("mystery", text("a"), blocks=(p("b"),))) == "<div>\n<p><strong>a.</strong> b</p>\n</div>"


# ── All blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_override_replaces_one_kind_of_block_everywhere():
    code = {CodeBlock: lambda _prose, block, container: f"[{block.text}|{container}]"}
    prose = HtmlWriter(Plain(), letters.english(), {**HTML, **code})
    assert (
        prose.blocks((CodeBlock("a"), Quotation((CodeBlock("b"),))), "x")
        == "[a|x]\n<blockquote>\n[b|quotation]\n</blockquote>"
    )


@pytest.mark.parametrize("profile", ["email", "web", "feed"])
def test_every_block_is_well_formed_xml(profile):
    prose = HtmlWriter(Named(profile), letters.english(), HTML)
    for part in letters.ISSUE.sections:
        for blocks in (part.blocks, *(item.blocks for item in part.items)):
            ET.fromstring(f"<x>{tokens.fill(prose.blocks(blocks), lambda name, _: name)}</x>")
    ET.fromstring(f"<x>{footnotes(prose, letters.FOOTNOTES)}</x>")


characters = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc"), exclude_characters="".join(map(chr, range(0xFDD0, 0xFDF0))) + "\ufffe\uffff"
    )
)


@given(characters, characters, characters)
def test_no_text_becomes_markup(words, href, title):
    block = p(words, Code(words), Link(href.replace("{", ""), (Text(words),), title), Image("a.png", words, title))
    parsed = ET.fromstring(html(block))
    assert {element.tag for element in parsed.iter()} <= {"p", "a", "code", "img"}
    assert "".join(parsed.itertext()).startswith(words)
