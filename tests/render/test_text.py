"""The plain-text part."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import tokens
from newsletter.bundled import templates_folder
from newsletter.config.publication import TextSettings
from newsletter.model import (
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    HtmlBlock,
    Image,
    Link,
    LinkForm,
    List,
    ListItem,
    Quotation,
    RawHtml,
    Section,
    Strong,
    Table,
    TableCell,
    Text,
)
from newsletter.render.columns import display_width
from newsletter.render.email import load_theme, render_email
from newsletter.render.feed import render_feed
from newsletter.render.letter import Contents, ContentsEntry, Opening, SectionPart
from newsletter.render.page import load_page_theme, render_page
from newsletter.render.text import render_text
from newsletter.walk import links_in, plain_text
from tests.markdown.reading import Read
from tests.render import letters
from tests.render.letters import bare_letter, bullets, item, link, p, section, text


def body(*blocks):
    """The rendered text of `blocks`, between the byline and the footer."""
    written = render_text(bare_letter(*blocks))
    return written.partition("minute to read\n")[2].rpartition("\n" + "-" * 72 + "\n")[0].strip("\n")


def without_tokens(written):
    return tokens.fill(written, lambda name, fallback: fallback or name)


# ── The whole ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_masthead_has_name_number_date_and_address():
    top = render_text(letters.full_letter()).split("\n")
    assert re.fullmatch("Tide Tables +No. 14 · 31 March 2026", top[0])
    assert len(top[0]) == 72
    assert top[1:3] == ["https://letters.example/tide-tables/", "-" * 72]


def test_a_long_name_is_above_number_and_date():
    letter = letters.full_letter()
    letter = replace(letter, publication=replace(letter.publication, title="The tide " * 7))
    top = render_text(letter).split("\n")
    assert top[:2] == [("The tide " * 7).strip(), "No. 14 · 31 March 2026"]


def test_title_standfirst_and_byline_follow_the_masthead():
    written = render_text(letters.full_letter())
    assert (
        "\nThe night of the <high> water\n=============================\n\nA storm came in on the spring tide. The gates"
        " held, and here is what\nthat took.\n\nBy Jona Vermeer and Ruby O’Hara & Co · 9 minutes to read\n" in written
    )


def test_the_footer_has_all_required_parts():
    foot = render_text(letters.full_letter()).rpartition("-" * 72)[2]
    assert "You get this because you subscribed at letters.example." in foot
    assert tokens.placeholder(tokens.UNSUBSCRIBE) in foot
    assert tokens.placeholder(tokens.PREFERENCES) in foot
    assert foot.endswith("Tide Tables, 1 Quay Street, 8400 Ostend, Belgium\n")


def test_an_empty_issue_gives_a_text():
    written = render_text(bare_letter())
    assert written.startswith("Bare\nhttps://letters.example/bare/\n---")
    assert written.endswith("\n")


def test_the_same_issue_gives_the_same_text():
    assert render_text(letters.full_letter()) == render_text(letters.full_letter())


def test_every_link_of_the_issue_is_in_its_text():
    written = render_text(letters.full_letter())
    for found in links_in(letters.ISSUE):
        if found.href.startswith("javascript"):
            continue
        address = found.href.replace("{{ city | Ostend }}", tokens.placeholder("city", "Ostend", tokens.PART))
        assert address in written or found.href == "tide.mp3"
    assert "https://letters.example/tide-tables/tide.mp3\n" in written
    assert "javascript" not in written


def test_addresses_are_below_their_section_and_numbered_throughout():
    written = render_text(letters.full_letter())
    news = written.partition("Sea news")[2].partition("Book of the month")[0]
    assert re.findall(r"^\[(\d+)\] ", news, re.MULTILINE) == ["4", "5", "6", "7"]
    assert news.rstrip().endswith("[7] https://news.example/lights")


def test_no_line_has_trailing_spaces_and_the_text_ends_with_one_line_end():
    written = render_text(letters.full_letter())
    assert all(line == line.rstrip() for line in written.split("\n"))
    assert written.endswith("\n")
    assert not written.endswith("\n\n")


def test_contents_are_numbered_and_without_addresses():
    letter = letters.full_letter()
    news = render_text(letter).partition("Sea news – March 2026\n")[2]
    assert news.startswith(
        "---------------------\n\n1. Gates that close themselves\n2. A harbour for 9 < 10 boats\n3. The round-up\n"
    )


def test_numbers_of_contents_are_right_aligned():
    entries = tuple(ContentsEntry(text(f"T{number}"), "a", number) for number in (9, 10))
    written = render_text(bare_letter(parts=(Contents(entries, "Topics"), Contents((ContentsEntry(text("x"), "x"),)))))
    assert "Topics\n------\n\n 9. T9\n10. T10\n\n\n- x\n" in written


def test_a_section_for_other_outputs_is_left_out():
    hidden = section("Web only", Directive("only", text("web"), blocks=(p("x"),)))
    assert "Web only" not in render_text(bare_letter(parts=(SectionPart(hidden),)))


def test_an_unnumbered_item_has_only_its_title():
    news = Section(text("News"), items=(item(None, "Story", "https://x.example/", p("Text.")),))
    assert "News\n----\n\nStory [1]\n\nText.\n\n[1] https://x.example/\n" in render_text(
        bare_letter(parts=(SectionPart(news),))
    )


def test_notes_are_at_the_end_with_superscript_numbers():
    written = render_text(letters.full_letter())
    assert "the tables said.¹" in written
    assert "Notes\n-----\n\n¹ Measured at Ostend, gauge 7 [11].\n\n[11] https://gauge.example/\n" in written


def test_notes_of_several_paragraphs_are_separated():
    notes = [Footnote(str(number), number, (p("a"), p("b")) if number == 1 else (p("c"),)) for number in (1, 2, 3)]
    letter = replace(bare_letter(p("x")), footnotes=tuple(notes))
    assert "\n\n¹ a\n\n  b\n\n² c\n\n³ c\n" in render_text(letter)
    assert "\n\n¹ c\n² c\n" in render_text(
        replace(letter, footnotes=tuple(replace(note, blocks=(p("c"),)) for note in notes))
    )


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_emphasis_has_typed_marks():
    assert body(p(Strong(text("a")), Emphasis(text("b")), Code("c"))) == "*a*_b_`c`"
    assert body(p(Strong(text(link("https://x.example/", "a"))))) == "*a* [1]\n\n[1] https://x.example/"


def test_a_link_whose_text_is_its_address_has_no_number():
    for shown, href in [
        ("https://x.example/", "https://x.example/"),
        ("a@b.example", "mailto:a@b.example"),
        ("www.x.example", "http://www.x.example"),
    ]:
        assert body(p(Link(href, text(shown), form=LinkForm.BARE))) == shown


def test_one_address_has_one_number_within_a_section():
    assert body(p(link("https://x.example/", "a"), " and ", link("https://x.example/", "b"))) == (
        "a [1] and b [1]\n\n[1] https://x.example/"
    )


def test_a_space_at_the_end_of_a_link_text_follows_the_number():
    assert body(p(link("https://x.example/", "a "), "and")) == "a [1] and\n\n[1] https://x.example/"


def test_relative_addresses_are_made_absolute_and_anchors_stay_text():
    assert body(p(link("other", "a"))) == "a [1]\n\n[1] https://letters.example/bare/other"
    assert body(p(link("../2025-01-31-dry-month/index.md#rain", "a"))).endswith(
        "[1] https://letters.example/dry-month/#rain"
    )
    assert body(p(link("#there", "a"))) == "a"
    assert body(p(link("//x.example/y", "a"))).endswith("[1] https://x.example/y")


def test_list_items_have_a_hanging_indent():
    first = " ".join(["word"] * 14)
    assert body(bullets(p("word " * 20), p("b"))) == f"- {first}\n  word word word word word word\n- b"


def test_numbers_of_a_list_are_right_aligned():
    items = [p(name) for name in "ab"]
    assert body(bullets(*items, ordered=True, start=9)) == " 9. a\n10. b"


def test_a_loose_list_has_empty_lines():
    assert body(bullets(p("a"), p("b"), tight=False)) == "- a\n\n- b"


def test_blocks_of_an_item_are_separated():
    assert body(bullets((p("a"), CodeBlock("x\n"), p("b")))) == "- a\n\n      x\n\n  b"


def test_tasks_have_boxes():
    assert body(List((ListItem((p("a"),), checked=True), ListItem((p("b"),), checked=False)))) == "- [x] a\n- [ ] b"


def test_only_paragraphs_of_a_loose_item_are_separated():
    loose = bullets((p("a"), p("b")), (p("c"), bullets(p("d"))), tight=False)
    assert body(loose) == "- a\n\n  b\n\n- c\n\n  - d"
    assert body(bullets((p("a"), bullets(p("b"))))) == "- a\n  - b"


def test_a_heading_has_more_space_above():
    assert body(p("a"), Heading(4, text("H"), "h"), p("b")) == "a\n\n\n*H*\n\nb"
    assert body(Heading(4, text("H"), "h"), p("b")) == "*H*\n\nb"


def test_a_story_directly_below_the_section_heading_has_no_extra_space():
    stories = (item(1, "A", "", p("a")), item(2, "B", "", p("b")))
    written = render_text(bare_letter(parts=(SectionPart(Section(text("News"), items=stories)),)))
    assert "News\n----\n\n1. A\n\na\n\n\n2. B\n\nb\n" in written


def test_paying_readers_get_a_link_to_their_edition_not_to_the_public_page():
    paid = render_text(replace(letters.full_letter(), edition="paid"))
    assert paid.split("\n")[1] == tokens.placeholder(tokens.VIEW_IN_BROWSER, letters.PAGE_URL)


def test_quotations_are_marked_on_every_line():
    assert body(Quotation((p("a"), Quotation((p("b"),))), text("Ann"))) == "> a\n>\n> > b\n> — Ann"


def test_code_is_indented_and_never_wrapped():
    code = "x = " + "1 + " * 30 + "\n\n\ty"
    assert body(CodeBlock(code)) == "    x = " + ("1 + " * 30).rstrip() + "\n\n        y"


def test_a_table_is_aligned_by_visible_width():
    table = Table(
        (TableCell(text("港")), TableCell(text("m"))),
        ((TableCell(text("Ostend")), TableCell(text("4.6"))), (TableCell(text("多佛")), TableCell(text("16.5")))),
        ("", "right"),
    )
    assert body(table) == "港         m\n------  ----\nOstend   4.6\n多佛    16.5"


def test_a_table_that_is_too_wide_becomes_a_list():
    wide = Table(
        (TableCell(text("Port")), TableCell(text("Story"))),
        ((TableCell(text("Ostend")), TableCell(text("word " * 20))), (TableCell(text("Dover")), TableCell(()))),
        ("", ""),
    )
    lines = body(wide).split("\n")
    assert lines[0] == "- Port: Ostend"
    assert lines[1].startswith("  Story: word word")
    assert lines[-1] == "- Port: Dover"


def test_a_figure_becomes_its_caption_and_credit_or_its_alt_text():
    picture = Image("a.png", "A gate")
    assert body(Figure(picture, text("The gate."), text("Ann"), "Photo")) == "[The gate. (Photo: Ann)]"
    assert body(Figure(picture, credit=text("Ann"), credit_word="Photo")) == "[A gate (Photo: Ann)]"
    assert body(Figure(picture)) == "[A gate]"
    assert body(Figure(Image("a.png", ""))) == ""
    linked = Figure(picture, link=link("https://x.example/", picture))
    assert body(linked) == "[A gate [1]]\n\n[1] https://x.example/"


def test_html_of_the_author_becomes_its_text():
    assert body(p(RawHtml("<kbd>"), "k", RawHtml("</kbd>")), HtmlBlock("<p>a &amp; <b>b</b></p>\n")) == "k\n\na & b"


def test_html_of_the_author_keeps_lines_bullets_and_link_addresses():
    html = '<div>a<br>b <a href="https://x.example/?a=1&amp;b=2">c</a></div>\n<ul>\n<li>d</li>\n<li>e <img src=x alt=f></li>\n</ul>'
    assert body(HtmlBlock(html)) == "a\nb c [1]\n\n- d\n- e f\n\n[1] https://x.example/?a=1&b=2"
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    assert body(HtmlBlock(table)) == "a b\nc d"
    link_of_html = [RawHtml('<a href="https://x.example">'), "a", RawHtml("<br>"), "b", RawHtml("</a>"), " c"]
    assert body(p(*link_of_html)) == "a\nb [1] c\n\n[1] https://x.example"
    assert body(p(RawHtml('<img src="x.png" alt="A &amp; B">'), RawHtml("<a>"), "c", RawHtml("</a>"))) == "A & Bc"


def test_a_hard_break_is_kept():
    assert body(p("a", Break(hard=True), "b", Break(hard=False), "c")) == "a\nb c"


# ── Directives ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_button_has_its_unbroken_address_on_a_separate_line():
    address = "https://letters.example/" + "subscribe" * 12
    assert body(Directive("button", text(link(address, "Subscribe")))) == f"Subscribe:\n{address}"


def test_a_callout_begins_with_its_argument():
    assert body(Directive("callout", text("Forwarded?"), blocks=(p("Subscribe."),))) == "*Forwarded?* Subscribe."


def test_audio_shows_its_length():
    audio = Directive("audio", text(link("https://x.example/a.mp3", "Listen")), {"length": "9 min"})
    assert body(audio) == "Listen (9 min):\nhttps://x.example/a.mp3"


def test_the_addresses_of_poll_answers_are_below_them():
    assert body(letters.POLL) == (
        "*Which one next?*\n\n- Ports:\n  https://letters.example/p/1\n- Dykes:\n  https://letters.example/p/2"
    )


def test_text_after_the_link_of_an_answer_is_kept():
    poll = Directive("poll", blocks=(bullets(p(link("https://x.example/", "A"), " my favourite"), p("none")),))
    assert body(poll) == "- A [1] my favourite\n- none\n\n[1] https://x.example/"


@pytest.mark.parametrize(("names", "shown"), [("text", True), ("email", True), ("paid", False), ("web feed", False)])
def test_content_for_email_is_in_the_text(names, shown):
    assert bool(body(Directive("only", text(names), blocks=(p("x"),)))) is shown


# ── Properties ──────────────────────────────────────────────────────────────────────────────────────────────────────

words = st.text(st.sampled_from("abcé ,.潮汐。 xyz"), max_size=120)
inlines = st.recursive(
    st.builds(Text, words),
    lambda inner: st.one_of(
        st.builds(Strong, st.tuples(inner)),
        st.builds(Emphasis, st.tuples(inner, inner)),
        st.builds(lambda href, inner: link(f"https://x.example/{href}", inner), st.sampled_from("abc"), inner),
    ),
    max_leaves=4,
)
paragraphs = st.lists(inlines, min_size=1, max_size=4).map(lambda parts: p(*parts))
blocks = st.recursive(
    paragraphs,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda made: bullets(*made)),
        st.lists(inner, min_size=1, max_size=3).map(lambda made: bullets(*made, ordered=True, tight=False)),
        st.lists(inner, min_size=1, max_size=2).map(lambda made: Quotation(tuple(made))),
    ),
    max_leaves=6,
)


@given(st.lists(blocks, max_size=4))
def test_no_line_is_wider_than_72_columns_unless_it_is_one_word(made):
    for line in render_text(bare_letter(*made)).split("\n"):
        content = re.sub(r"^(?:[> -]|\d+\. |\[\d+\] )*", "", without_tokens(line))
        assert (
            display_width(without_tokens(line)) <= 72 or " " not in content or content.startswith(("Unsub", "Change"))
        )
        assert line == line.rstrip(" ")


@given(st.lists(blocks, max_size=4))
def test_every_word_and_every_link_is_in_the_text_in_order(made):
    written = render_text(bare_letter(*made))
    for found in links_in(tuple(made)):
        assert found.href in written
    flat = re.sub(r"[\s*_>\d\[\]-]+|^- ", "", written)
    position = 0
    for word in _words(made):
        plain = re.sub(r"\s+", "", word)
        position = flat.find(plain, position)
        assert position >= 0
        position += len(plain)


def _words(made):
    for block in made:
        for inline in getattr(block, "inlines", ()):
            yield from _inline_words(inline)
        yield from _words(getattr(block, "blocks", ()))
        for list_item in getattr(block, "items", ()):
            yield from _words(list_item.blocks)


def _inline_words(inline):
    if isinstance(inline, Text):
        yield from inline.text.split()
    for inner in getattr(inline, "inlines", ()):
        yield from _inline_words(inner)


@given(st.text(st.sampled_from("น้ำ海a "), min_size=300, max_size=1200), st.sampled_from(["https", "http"]))
def test_no_line_exceeds_the_limit_of_email(long, scheme):
    address = f"{scheme}://x.example/{long.replace(' ', '+')}"
    bare = Link(address, text(address), form=LinkForm.BARE)
    made = (p(long), CodeBlock(long), p("a ", link(address, "b"), " ", bare, " c"), Quotation((bullets(p(bare)),)))
    assert all(len(line.encode()) <= 998 for line in body(*made).split("\n"))


def test_an_address_too_long_for_a_line_is_broken_between_angle_brackets():
    address = "https://x.example/?" + "a=1&" * 300
    *_, first, second = body(p(link(address, "A"))).split("\n")
    assert first.startswith("[1] <https://x.example/?a=1&")
    assert len(first) == 998
    assert f"{first}{second}" == f"[1] <{address}>"
    short = "https://x.example/?" + "a" * 900
    assert body(p(link(short, "A"))).endswith(f"[1] {short}")


def test_a_token_in_a_long_address_is_not_broken_and_has_spare_room():
    address = "https://x.example/?" + "a" * 940 + "&m={{ email }}&n={{ name | you }}" + "b" * 900
    lines = body(p(link(address, "A"))).split("\n")
    assert sum(line.count(tokens.OPEN) for line in lines) == sum(line.count(tokens.CLOSE) for line in lines) == 2
    assert all(line.count(tokens.OPEN) == line.count(tokens.CLOSE) for line in lines)
    filled = [
        tokens.fill(line, lambda name, fallback: f"{{{{ {name} | url_encode | default: '{fallback}' }}}}")
        for line in lines
    ]
    assert max(map(len, filled)) <= 998


# ── Whole issues from Markdown ──────────────────────────────────────────────────────────────────────────────

SOURCES = (
    'Words of {0}, [linked {0}](https://x.example/{0} "Title") and *set {0}* and `code{0}`.',
    '![Alt of {0}](https://x.example/{0}.png "Caption of {0}. Photo: Maker {0}")',
    "[![Alt of {0}](https://x.example/{0}.png)](https://x.example/from-{0})",
    "- First {0}\n- Second {0} [here](https://x.example/l{0})\n\n  Below {0}\n\n  1. Deep {0}\n  2. Deeper {0}",
    "- [x] Task {0}\n- [ ] Open {0}",
    "> Said {0}, and more words than one line of the letter can hold, so that it goes on {0}.\n> — Somebody {0}, [in](https://x.example/q{0})",
    "```\ncode of {0}\n    and more\n```",
    "| Head {0} | Other {0} |\n| --- | ---: |\n| Cell {0} | [Linked {0}](https://x.example/t{0}) |",
    "#### Heading of {0} with [a link](https://x.example/h{0})\n\nBelow {0}",
    "::: callout Called {0}\nText {0}\n:::",
    "::: button [Button {0}](https://x.example/b{0})\nUnder {0}\n:::",
    "::: event [Event {0}](https://x.example/e{0})\ndate: 2026-12-04\nplace: Hall {0}\n\nBring {0}\n:::",
    "::: audio [Listen {0}](https://x.example/a{0}.mp3)\nlength: 9 minutes\n:::",
    "::: poll Which {0}?\n- [One {0}](https://x.example/p{0})\n- [Two {0}](https://x.example/r{0})\n:::",
    "潮汐{0}と港。[連{0}](https://x.example/j{0})続く言葉が一行に収まらないほど長い文章でも、行は七十二桁で折り返されます。{0}",
    "كلمات {0} و[رابط {0}](https://x.example/k{0}) هنا.",
    "Hard {0}\\\nbreak {0}\n\n---\n\nAfter {0}",
    "Bare https://x.example/bare{0} and <mailto:{0}@x.example>.",
)


@given(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=5))
def test_the_text_has_all_words_in_order_and_the_links_of_the_html(sources):
    blocks = Read("\n\n".join(source.format(f"m{number}m") for number, source in enumerate(sources))).blocks
    letter = bare_letter(*blocks)
    written = render_text(letter)
    flat = re.sub(
        r"[\s*_>`~\[\]|-]+|\[\d+\]", "", re.sub(r"^ *(?:[-*]|\d+\.) |\[\d+\]", "", written, flags=re.MULTILINE)
    )
    at = 0
    for word in _visible_words(blocks):
        plain = re.sub(r"[\s*_>`~\[\]|-]+", "", word)
        at = flat.find(plain, at) + len(plain)
        assert at >= len(plain), (word, written)
    for href in re.findall(r'href="([^"]*)"', render_feed(letter)):
        assert unescape(href).removeprefix("mailto:") in written
    for line in written.split("\n"):
        assert line == line.rstrip()
        assert display_width(without_tokens(line)) <= 72 or "://" in line or line.startswith("Change your")


def _visible_words(blocks):
    """The visible words, in the order of the source: no alt text if there is a caption."""
    for block in blocks:
        match block:
            case Figure():
                yield plain_text(block.caption) or block.image.alt
                yield plain_text(block.credit)
            case CodeBlock():
                yield block.text
            case Table():
                for cell in (*block.head, *(cell for row in block.rows for cell in row)):
                    yield plain_text(cell.inlines)
            case Directive():
                yield plain_text(block.argument)
                yield block.fields.get("place", "")
                yield from _visible_words(block.blocks)
            case List():
                for entry in block.items:
                    yield from _visible_words(entry.blocks)
            case Quotation():
                yield from _visible_words(block.blocks)
                yield plain_text(block.attribution)
            case _:
                yield from plain_text(getattr(block, "inlines", ())).split()


# ── Places of addresses ───────────────────────────────────────────────────────────────────────────────────────────


def render_with_links(where: str, *parts):
    letter = bare_letter()
    publication = replace(letter.publication, text=TextSettings(links=where))
    return render_text(replace(letter, publication=publication, parts=parts))


def linked(count: int, name: str = "l"):
    return [p(f"Paragraph {at} about it. ", link(f"https://{name}{at}.example/", "More")) for at in range(count)]


def greatest_distance(written: str) -> int:
    """The greatest number of lines between a link and its address."""
    lines = written.split("\n")
    at = {found[1]: index for index, line in enumerate(lines) if (found := re.match(r"\[(\d+)\] http", line))}
    return max(
        at[number] - index
        for index, line in enumerate(lines)
        if not re.match(r"\[\d+\] http", line)
        for number in re.findall(r"\[(\d+)\]", line)
    )


def test_addresses_are_below_their_item():
    items = tuple(item(None, f"Story {at}", f"https://s{at}.example/", *linked(2, f"i{at}x")) for at in range(3))
    news = SectionPart(section("News", p("See ", link("https://top.example/", "this")), items=items))
    written = render_with_links("item", news)
    assert re.findall(r"Story \d|https://\w+", written)[1:] == [
        "https://top",
        *itertools.chain(
            *((f"Story {at}", f"https://s{at}", f"https://i{at}x0", f"https://i{at}x1") for at in range(3))
        ),
        "https://letters",
    ]
    by_section = render_with_links("section", news)
    assert by_section.index("[1] https") > by_section.index("Story 2")
    more = SectionPart(section("More", *linked(1, "m")))
    at_end = render_with_links("end", news, more)
    assert at_end.index("[1] https") > at_end.index("More\n----")
    assert at_end.count("[11] https://m0.example/") == 1
    assert at_end.index("[11] https://m0.example/") < at_end.index("You get this")


@pytest.mark.parametrize("shape", ["paragraphs", "list", "loose list", "headings", "opening"])
def test_addresses_are_at_most_a_screen_below_their_links(shape):
    many = linked(100)
    blocks = {
        "list": [bullets(*many)],
        "loose list": [bullets(*many, tight=False)],
        "headings": [block for one in many for block in (Heading(4, text("Under"), "u"), one)],
    }.get(shape, many)
    part = Opening(tuple(blocks)) if shape == "opening" else SectionPart(section("Long", *blocks))
    written = render_with_links("item", part)
    assert greatest_distance(written) <= 60
    assert sorted(set(re.findall(r"^\[(\d+)\] http", written, re.MULTILINE)), key=int) == [
        str(at) for at in range(1, 101)
    ]


@pytest.mark.parametrize("where", ["item", "section", "end"])
def test_a_hidden_section_leaves_no_address(where):
    hidden = Section((link("https://gone.example/", "Gone"),), (letters.ONLY_WEB,), (), anchor="gone")
    written = render_with_links(where, SectionPart(hidden), SectionPart(section("Shown", *linked(1))))
    assert "gone" not in written
    assert "[1] https://l0.example/" in written


def test_text_before_a_contents_list_is_above_it_in_every_output():
    part = letters.full_letter().parts[3]
    part = replace(part, section=replace(part.section, blocks=(p("Before the list."),)))
    letter = replace(letters.full_letter(), parts=(part,))
    folder = templates_folder() / "theme"
    for written in (
        render_text(letter),
        render_page(letter, load_page_theme([folder / "page"], letter.publication.theme)),
        render_email(letter, load_theme(letter.publication, [folder / "email"], None)),
    ):
        body = re.sub(r'<nav class="rail".*?</nav>', "", written, flags=re.DOTALL)  # the contents beside the page
        reported = body[body.index("Sea news", body.index("Tide Tables")) :]
        assert reported.index("Before the list.") < reported.index("Gates that close themselves")


# ── Films, posts and credits in any place ───────────────────────────────────────────────────────────────────

FILM = "https://youtu.be/dQw4w9WgXcQ"


@pytest.mark.parametrize("name", ["video", "post"])
def test_a_film_or_post_is_the_same_in_a_list_a_poll_and_alone(name: str):
    film = Directive(name, text("The lift"), blocks=(p(link(FILM, "here")), p("In May.")))
    alone = body(film).split("\n")
    assert FILM in alone
    assert not any("*The lift.*" in line for line in alone), "a callout would say it in bold"
    listed = body(List((ListItem((p("First:"), film)),), tight=False)).split("\n")
    assert [line.strip() for line in listed[2:]] == alone
    assert [line.strip() for line in body(List((ListItem((film,)),))).removeprefix("- ").split("\n")] == alone
    polled = body(
        Directive("poll", text("Which?"), blocks=(film, List((ListItem((p(link("https://a.example/", "A")),)),))))
    )
    assert "\n".join(alone) in polled
    asked = body(Directive("poll", text("Which?"), blocks=(List((ListItem((p("A"), film)),)),))).split("\n")
    assert [line.strip() for line in asked][-len(alone) :] == alone


def test_a_link_alone_in_a_list_stays_a_reference():
    assert body(List((ListItem((p(link(FILM, "The lift")),)),))).startswith("- The lift [1]")


@pytest.mark.parametrize("word", ["", "Photo"])
@pytest.mark.parametrize("credit", [(), text(" "), (Break(hard=True),), (Image("x.png", ""),), (RawHtml("<br>"),)])
@pytest.mark.parametrize("caption", [(), text("A lift.")])
def test_a_credit_without_words_leaves_no_brackets(caption, credit, word: str):
    shown = body(Figure(Image("lift.jpg", "Below"), caption, credit, word))
    assert shown == ("[A lift.]" if caption else "[Below]")
