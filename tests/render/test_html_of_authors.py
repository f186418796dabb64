"""HTML of the author, if the house format allows it: hidden content stays hidden, `<pre>` and list numbers are kept."""

from __future__ import annotations

import pytest

from newsletter.markdown.hidden import is_hiding
from tests.markdown.reading import Read
from tests.services.outputs import Outputs, Renderer


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return Renderer(tmp_path_factory.mktemp("html"))


def all_outputs(made: Outputs) -> tuple[str, ...]:
    return made.body, made.text, made.page, made.feed


HIDDEN = [
    '<div style="display:none">secret</div>',
    "<div style='color: red; DISPLAY : none !important'>secret</div>",
    '<p style="display:none">secret',
    '<p style="visibility: hidden">secret</p>',
    '<div style="opacity:0.0">secret</div>',
    '<div style="font-size:0px;line-height:0">secret</div>',
    '<div style="max-height:0;overflow:hidden;mso-hide:all">secret</div>',
    '<div style="text-indent:-9999px">secret</div>',
    '<div style="position:absolute;left:-10000px">secret</div>',
    '<div style="position:absolute;clip:rect(0 0 0 0)">secret</div>',
    '<div style="color:transparent">secret</div>',
    "<div hidden>secret</div>",
    '<section hidden="hidden">secret</section>',
    '<div title="a > b" style="display:none">secret</div>',
    '<div><div style="display:none"><div>secret</div> secret</div></div>',
    '<ul><li style="display:none">secret<li>shown</ul>',
    '<table><tr><td style="display:none">secret</td><td>shown</td></tr></table>',
    '<img src="https://x.example/secret.png" alt="secret" style="display:none">',
    '<style>.gone, #x { display: none }</style>\n<div class="a gone">secret</div><div id=x>secret</div>',
    "<template>secret</template>",
    "<dialog>secret</dialog>",
    "<div><datalist><option>secret</option></datalist></div>",
    '<div style="display:none">\n\nsecret *words* and [a link](https://secret.example)\n\n- secret\n\n</div>',
    '<div style="display:none">\nsecret {{ first_name | secret }}\n</div>',
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_content_hidden_by_a_removed_style_stays_hidden(renderer: Renderer, hidden: str) -> None:
    made = renderer.outputs(f"Before.\n\n{hidden}\n\nAfter.")
    for written in all_outputs(made):
        assert "secret" not in written
        assert "Before." in written
        assert "After." in written
        assert "shown" in written or "shown" not in hidden


@pytest.mark.parametrize("hidden", ['<span style="display:none">secret *x* `secret`</span>', "<b hidden>secret</b>", '<span style="font-size:0">[secret](https://x.example)</span>', '<div style="display:none">secret</div>'])  # fmt: skip
@pytest.mark.parametrize("around", ["One {} two.", "*One {} two.*", "- One {} two.", "> One {} two.", "## One {} two.", "| One {} two. |\n|---|\n| a |"])  # fmt: skip
def test_hidden_inline_content_stays_hidden(renderer: Renderer, hidden: str, around: str) -> None:
    for written in all_outputs(renderer.outputs(around.replace("{}", hidden))):
        assert "secret" not in written
        assert "One" in written
        assert "two." in written


@pytest.mark.parametrize("html", ['<div style="display:block">words</div>', '<div style="opacity:0.5">words</div>', '<div style="font-size:0.9em">words</div>', '<div style="height:0">words</div>', '<div class="hidden-gem">words</div>', "<dialog open>words</dialog>", '<div aria-hidden="true">words</div>', '<div title="hidden">words</div>', '<p data-hides="">words</p>', "<style>@media print { div { display: none } }</style>\n<div>words</div>"])  # fmt: skip
def test_other_styles_do_not_hide_content(renderer: Renderer, html: str) -> None:
    for written in all_outputs(renderer.outputs(html)):
        assert "words" in written


def test_html_that_hides_all_that_follows_is_reported() -> None:
    read = Read('Before.\n\n<div style="display:none">\n\nsecret\n\n## Next\n\nseen', allow_html=True)
    assert [(code, line) for code, line, _, _ in read.found()] == [("ST116", 3)]
    assert read.issue.sections[0].blocks


@pytest.mark.parametrize(("style", "hides"), [("display:none", True), ("display:none-such", False), ("visibility:collapse", True), ("opacity:.0", True), ("opacity:00", True), ("opacity:1", False), ("overflow:hidden;height:0px", True), ("overflow:hidden", False), ("left:-9999px", False), ("position:fixed;top:-999em", True), ("/* x */display:/* y */none", True), ("", False), (";;:", False)])  # fmt: skip
def test_hiding_styles_are_recognized(style: str, hides: bool) -> None:
    assert is_hiding(style) is hides


# ── Plain text ──────────────────────────────────────────────────────────────────────────────────────────────────────


def plain_text_of(renderer: Renderer, html: str) -> str:
    text = renderer.outputs(f"Before.\n\n{html}\n\nAfter.").text
    return text.partition("Before.\n\n")[2].partition("\n\nAfter.")[0]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<pre>\n a  b\n   c   <b>d</b>\n</pre>", "     a  b\n       c   d"),
        ("<pre>a\n<!-- -->\n  b</pre>", "    a\n\n      b"),
        ("<pre>{{ first_name | x }}  y</pre>", "    [[first_name:x:TEXT]]  y"),
        ("<div>a<pre>b  c</pre>d</div>", "a\n\n    b  c\n\nd"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
        ('<ol><li value="7">a</li><li>b</li></ol>', "7. a\n8. b"),
        ("<ol reversed><li>a<li>b</ol>", "2. a\n1. b"),
        ('<ol start="-1"><li>a<li>b<li>c</ol>', "-1. a\n0. b\n1. c"),
        ('<ol type="a" start="26"><li>a<li>b</ol>', "z. a\naa. b"),
        ('<ol type="I" start="4"><li>a<li>b</ol>', "IV. a\nV. b"),
        ('<ol><li>a<ol type="i"><li>b<li>c</ol><li>d</ol>', "1. a\n   i. b\n   ii. c\n2. d"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>", "1. a\n\n   b\n\n2. c"),
        ("<ol><li>a<br>b</li></ol>", "1. a\n   b"),
        ("<ol><li></li></ol><p>a</p>", "1.\n\na"),
        (f"<ol><li>{'word ' * 20}</li></ol>", f"1. {'word ' * 13}word\n   {'word ' * 5}word"),
    ],
)
def test_pre_and_list_numbers_are_kept_in_plain_text(renderer: Renderer, html: str, text: str) -> None:
    assert plain_text_of(renderer, html) == text


def test_html_outputs_keep_list_numbers(renderer: Renderer) -> None:
    made = renderer.outputs('<ol start="3" type="a" reversed><li value="7">a</li></ol>')
    for written in (made.body, made.page, made.feed):
        assert '<li value="7">' in written
        assert 'type="a"' in written
        assert 'start="3"' in written
