from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import ConfigurationError
from newsletter.model import CodeBlock, Directive, Heading, List, ListItem, Quotation
from newsletter.render.email import load_theme, render_email
from newsletter.render.email.inliner import inline, make_table
from newsletter.render.email.styles import SHEET, SHIPPED, dump, fingerprint, is_expressible, marked, mirrored
from tests.render.email.conftest import BUNDLED
from tests.render.letters import CODE, FIGURE, IMAGES, PUBLICATION, TABLE, bare_letter, full_letter, link, p, text

BUNDLED_SHEET = (BUNDLED / SHEET).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def theme_without_table(theme):
    """The bundled theme without a style table, so that premailer styles every email."""
    return replace(theme, attributes={"ltr": marked(), "rtl": marked()}, sheet=BUNDLED_SHEET)


def elements(html: str) -> list[tuple[str, dict[str, str], dict[str, str], str]]:
    """Tag, attributes, declarations and text of every element of the body."""
    found = []
    for element in lxml.html.fromstring(html).find("body").iter():
        if not isinstance(element.tag, str):
            continue
        attributes = {name: value for name, value in element.attrib.items() if name not in {"class", "style"}}
        declarations = dict(
            [part.strip() for part in declaration.split(":", 1)]
            for declaration in element.get("style", "").replace(", ", ",").split(";")
            if declaration.strip()
        )
        words = "".join((element.text or "", element.tail or "")).split()
        found.append((element.tag, attributes, declarations, " ".join(words)))
    return found


def test_the_shipped_table_is_the_one_that_premailer_makes_of_the_shipped_style_sheet():
    """If this fails, make it again (see docs/guide/theme.md) and look at the email."""
    assert (BUNDLED / SHIPPED).read_text(encoding="utf-8") == dump(make_table(BUNDLED_SHEET), BUNDLED_SHEET)


def test_an_email_styled_by_the_table_equals_one_styled_by_premailer(theme, theme_without_table):
    assert elements(render_email(full_letter(), theme)) == elements(render_email(full_letter(), theme_without_table))


WORDS = st.text("abc é<&\"'日本", min_size=1, max_size=12).filter(str.strip)
LEAVES = st.one_of(
    st.builds(lambda words: p(words, link("https://x.example/?a=1&b={{ city | a b }}", words)), WORDS),
    st.sampled_from([FIGURE, TABLE, CODE, CodeBlock("plain <text>")]),
    st.builds(lambda words: Heading(5, text(words), ""), WORDS),
)


def _nested(blocks):
    several = st.lists(blocks, min_size=1, max_size=3).map(tuple)
    items = st.lists(st.builds(ListItem, several, st.sampled_from([None, True])), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(lambda made, ordered, tight: List(made, ordered, 1, tight), items, st.booleans(), st.booleans()),
        st.builds(lambda made, words: Quotation(made, text(words, link("https://y.example", "y"))), several, WORDS),
        st.builds(lambda made, words: Directive("callout", text(words), blocks=made), several, WORDS),
        st.builds(lambda made, words: Directive("event", text(words), {"place": "Ghent"}, blocks=made), several, WORDS),
    )


@settings(max_examples=40)
@given(st.lists(st.recursive(LEAVES, _nested, max_leaves=8), min_size=1, max_size=4))
def test_any_nesting_of_blocks_is_styled_by_the_table_as_by_premailer(theme, theme_without_table, blocks):
    letter = bare_letter(*blocks, images=IMAGES)
    assert elements(render_email(letter, theme)) == elements(render_email(letter, theme_without_table))


@pytest.mark.parametrize(
    "sheet",
    [
        "p { margin: 0 }",
        "td.right, th { color: red }",
        ".item > p { margin: 0 }",
        ".figure a, .attribution a { color: red }",
        "/* p:first-child */ hr { margin: 0 }",
    ],
)
def test_rules_for_tags_and_containers_need_no_inliner(sheet):
    assert is_expressible(sheet)


@pytest.mark.parametrize(
    "sheet",
    [
        "p + p { text-indent: 1em }",
        "p:first-child { font-size: 20px }",
        ".item p { margin: 0 }",
        ".item > a { color: red }",
        "li a { color: red }",
        "* { margin: 0 }",
        ".nowhere > p { margin: 0 }",
        "p.nothing { margin: 0 }",
        "a[href] { color: red }",
        "@media print { p { margin: 0 } }",
    ],
)
def test_other_rules_need_an_inliner(sheet):
    assert not is_expressible(sheet)


def test_sibling_selectors_of_a_workspace_are_inlined_by_premailer(own):
    sheet = "p { margin: 0 0 20px }\np + p { text-indent: 1.5em; color: var(--accent) }\ntd { color: var(--soft) }\n"
    (own / SHEET).write_text(sheet, encoding="utf-8")
    own_theme = load_theme(PUBLICATION, (own, BUNDLED))
    assert own_theme.sheet
    html = render_email(full_letter(), own_theme)
    assert html.count("text-indent:1.5em;color:#a6341b") >= 1
    assert "x-zone" not in html
    assert "x-run" not in html
    assert "<!--#" not in html
    # The tables around a callout or a figure belong to the templates. A style sheet for prose does not apply to them.
    assert html.count("color:#5c6168") < html.count("<td")
    assert "&amp;y=2026" in html
    first = bare_letter(p("One."), p("Two.", link("https://x.example/?q={{ city | New York }}&r=1", "x")))
    html = render_email(first, own_theme)
    assert '<p style="margin:0 0 20px">One.</p>' in html
    assert "text-indent:1.5em" in html[html.index("One.") :]


def test_an_own_style_sheet_is_inlined_once_and_cached(own, tmp_path, monkeypatch):
    (own / SHEET).write_text("p { margin: 0 0 11px; color: var(--ink) }", encoding="utf-8")
    cache = tmp_path / "cache"
    first = load_theme(PUBLICATION, (own, BUNDLED), cache)
    kept = list(cache.glob("styles-*.json"))
    assert len(kept) == 1
    monkeypatch.setattr("newsletter.render.email.inliner.make_table", lambda sheet: pytest.fail("made again"))
    again = load_theme(PUBLICATION, (own, BUNDLED), cache)
    assert first.attributes["ltr"] == again.attributes["ltr"]
    assert again.attributes["ltr"]["p", "item"] == ' style="margin:0 0 11px;color:#1d2126"'


@pytest.mark.parametrize("kept", ["", "{}", "[]", '{"made_for": 1}', "\ufeff"])
def test_an_invalid_table_on_disk_is_replaced(own, tmp_path, kept):
    sheet = "p { margin: 7px }"
    (own / SHEET).write_text(sheet, encoding="utf-8")
    (tmp_path / f"styles-{fingerprint(sheet)}.json").write_text(kept, encoding="utf-8")
    theme = load_theme(PUBLICATION, (own, BUNDLED), tmp_path)
    assert theme.attributes["ltr"]["p", ""] == ' style="margin:7px"'


def test_an_unknown_token_is_named(own):
    (own / SHEET).write_text("p { color: var(--inc) }", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"prose\.css: var\(--inc\) is not a design token") as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    assert "ink" in caught.value.hint


def test_the_bundled_theme_never_imports_premailer():
    program = (
        "import sys; from newsletter.render.email import load_theme, render_email;"
        "from tests.render.letters import PUBLICATION, full_letter; from tests.render.email.conftest import BUNDLED;"
        "render_email(full_letter(), load_theme(PUBLICATION, (BUNDLED,)));"
        "assert not {'premailer', 'lxml', 'cssutils'} & set(sys.modules)"
    )
    root = BUNDLED.parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_protected_text_is_restored_unchanged():
    run = '<a href="https://x.example/?a=1&amp;b=\ufdd0name\ufdd1New York\ufdd2" title="a &quot;b&quot;">\ufdd0n\ufdd1\ufdd2</a>'
    assert inline([run, "plain", "<p>open"], "a{color:red}") == [
        run.replace(' title="a &quot;b&quot;"', ' title="a &quot;b&quot;" style="color:red"'),
        "plain",
        "<p>open</p>",
    ]


@pytest.mark.parametrize(
    ("tag", "style", "expected"),
    [
        ("ul", "margin:0 0 20px;padding:0 0 0 26px", "margin:0 0 20px;padding:0 26px 0 0"),
        ("li.task", "margin:0 0 8px -22px;list-style:none", "margin:0 -22px 8px 0;list-style:none"),
        ("td", "text-align:left;border-right:1px solid", "text-align:right;border-left:1px solid"),
        ("td.right", "padding:8px 0 8px 12px;text-align:right", "padding:8px 0 8px 12px;text-align:right"),
    ],
)
def test_styles_are_mirrored_for_right_to_left_scripts(tag, style, expected):
    assert mirrored(tag, style) == expected


def test_the_table_on_disk_is_sorted_json():
    kept = json.loads((BUNDLED / SHIPPED).read_text(encoding="utf-8"))
    assert list(kept["styles"]) == sorted(kept["styles"])
