"""Right-to-left issues, and blocks, names, links and code of the other direction in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Code, CodeBlock, Directive, Emphasis, Figure, Heading, Image, Quotation, Table, TableCell
from newsletter.render.directives.event import event_facts
from newsletter.render.directives.table import HTML
from newsletter.render.html import HtmlWriter, turned, with_style
from tests.render import letters
from tests.render.letters import bullets, link, p, text
from tests.render.test_prose import Plain


def written_html(block, code="ar", profile="web"):
    return HtmlWriter(Plain(profile), letters.words_of(code), HTML).blocks((block,))


ENGLISH = {
    "a paragraph": (p("Sail on, ye ships!"), "<p dir="),
    "a heading": (Heading(4, text("The Lighthouse"), "a"), '<h4 dir="ltr" id="a"'),
    "a list": (bullets(p("one"), p("two")), "<ul dir="),
    "a quotation": (Quotation((p("Sail on!"),), text("Longfellow")), "<blockquote dir="),
    "a callout": (Directive("callout", text("Note"), {}, (p("Sail on!"),)), "<aside dir="),
    "an event": (Directive("event", text("A walk"), {"place": "Ghent"}), "<div dir="),
}


@pytest.mark.parametrize("name", ENGLISH)
def test_a_block_of_the_other_direction_declares_it_once(name):
    block, start = ENGLISH[name]
    html = written_html(block)
    assert html.startswith(start)
    assert html.count('dir="ltr"') == 1
    assert "dir=" not in written_html(block, "en")


@pytest.mark.parametrize("code", ["ar", "he", "fa"])
@pytest.mark.parametrize("name", ENGLISH)
def test_right_to_left_blocks_in_a_left_to_right_issue_declare_it(name, code):
    start = ENGLISH[name][1].partition(" dir=")[0]
    arabic = {
        "a paragraph": p("يا سفن، أبحري"),
        "a heading": Heading(4, text("المنارة"), "a"),
        "a list": bullets(p("أوّل"), p("ثانٍ")),
        "a quotation": Quotation((p("أبحري"),), text("شاعر")),
        "a callout": Directive("callout", text("تنبيه"), {}, (p("أبحري"),)),
        "an event": Directive("event", text("نزهة"), {}, (p("أبحري"),)),
    }[name]
    assert written_html(arabic, "en").startswith(f'{start} dir="rtl"')
    assert "dir=" not in written_html(arabic, code)


def test_a_sentence_that_begins_with_a_foreign_name_has_no_direction():
    assert written_html(p("Python هي لغة برمجة معروفة")) == "<p>Python هي لغة برمجة معروفة</p>"


def test_a_quotation_and_its_source_each_have_their_direction():
    html = written_html(
        Quotation((p("Sail on, sail on, ye stately ships! And with your floating bridge the ocean."),), text("شاعر"))
    )
    assert html.startswith('<blockquote dir="ltr"')
    assert '— <span dir="rtl">شاعر</span>' in html


def test_code_runs_from_left_to_right_everywhere():
    assert written_html(CodeBlock("print(1)  # من")).startswith('<pre dir="ltr"')
    assert '<code dir="ltr">x()</code>' in written_html(p("الدالة ", Code("x()")))
    assert "dir" not in written_html(CodeBlock("print(1)"), "en")


def test_inline_text_of_the_other_direction_is_isolated():
    table = Table((TableCell(text("المنارة")),), ((TableCell(text("La Lanterna")),), (TableCell(text("جدة")),)), ("",))
    html = written_html(table)
    assert '<td><span dir="ltr">La Lanterna</span></td>' in html
    assert "<td>جدة</td>" in html
    items = written_html(bullets(p("منارة رأس التين القديمة"), p("Cap Spartel")))
    assert '<li><span dir="ltr">Cap Spartel</span></li>' in items
    assert '<a href="https://x.example" dir="ltr">x.example</a>' in written_html(
        p("على ", link("https://x.example", "x.example"))
    )


def test_a_credit_is_isolated_as_a_whole():
    figure = Figure(Image("a.png", "ميناء"), text("رافعات."), text("Jane Roe"), "Photo")
    assert 'رافعات. <span dir="ltr">Photo: Jane Roe</span>' in written_html(figure)
    arabic = Figure(Image("a.png", "ميناء"), text("رافعات."), text("Jane Roe"), "صورة")
    assert 'صورة: <span dir="ltr">Jane Roe</span>' in written_html(arabic)


def test_in_emails_the_alignment_is_declared_too():
    assert (
        turned('<p style="margin:0">a</p>', "ltr", aligned=True)
        == '<p dir="ltr" style="text-align:left;margin:0">a</p>'
    )
    assert turned("<hr />", "rtl", aligned=True) == '<hr dir="rtl" style="text-align:right" />'
    assert turned("words", "rtl", aligned=False) == '<div dir="rtl">words</div>'
    assert turned("", "rtl", aligned=True) == ""
    nested = "<div>a<div>b</div></div>"
    assert turned(nested, "rtl", aligned=False) == f'<div dir="rtl"{nested[4:]}'
    assert turned(f"{nested}<p>c</p>", "rtl", aligned=False) == f'<div dir="rtl">{nested}<p>c</p></div>'
    assert with_style(' class="k"', "color:red") == ' class="k" style="color:red"'


def test_scripts_without_italics_have_upright_emphasis():
    class Named(Plain):
        def attributes(self, tag, container, direction, /):
            return f' class="{tag}"' if "upright" in tag else ""

    prose = HtmlWriter(Named("web"), letters.words_of("en"), HTML)
    assert (
        prose.inlines((Emphasis(text("敞肩")), Emphasis(text("arch"))))
        == '<em class="em.upright">敞肩</em><em>arch</em>'
    )
    assert prose.blocks((Quotation((p("制造奇特"),)),)).startswith('<blockquote class="blockquote.upright"')


@pytest.mark.parametrize(("code", "style"), [("ar-EG", "arabic-indic"), ("fa", "persian"), ("ar", ""), ("en", "")])
def test_numbered_lists_use_the_digits_of_the_language(code, style):
    html = written_html(bullets(p("أوّل"), p("ثانٍ"), ordered=True), code)
    assert (f"list-style-type:{style}" in html) == bool(style)
    assert ("list-style" in html) == bool(style)


mixed = st.text(st.sampled_from("ab 1.,!(منارة)٢桥—"), min_size=1, max_size=30).filter(str.strip)


@given(st.lists(mixed, min_size=1, max_size=4), st.sampled_from(["ar", "en"]))
def test_any_mixed_text_is_kept_whole(texts, code):
    blocks = Quotation(tuple(p(words) for words in texts), text(texts[0]))
    plain = HtmlWriter(Plain("feed"), letters.words_of(code), HTML).blocks((blocks, bullets(*map(p, texts))))
    for words in texts:
        assert words in plain


def test_the_date_of_an_event_in_the_other_direction_is_isolated():
    event = Directive("event", text("London Book Fair"), {"date": "2026-04-21 to 2026-04-26", "place": "Olympia"})
    spoken = letters.words_of("ar")
    assert event_facts(event, spoken, "ltr") == ("\u206721–26 أبريل 2026\u2069", "Olympia")
    assert event_facts(event, spoken) == ("21–26 أبريل 2026", "\u2066Olympia\u2069")
