"""Beside, columns, stat, quote-card, divider and toc, each in every output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsletter.model import BLOCK_NAMES
from tests.render.rendered import render_all

if TYPE_CHECKING:
    from pathlib import Path

BESIDE = """::: beside A *person* of the week
{}
![Ada at her lock](tall.png "Photo: Bob")

**Ada** keeps the lock.
:::
"""
COLUMNS = """::: columns What moved
- Up: [freight](https://a.example/)

---

- Down: coal
:::
"""
STAT = "::: stat 436 million t\nchange: +3.1 % on [2025](https://a.example/)\nwent through the port.\n:::\n"
CARD = "::: quote-card\nThe sea has no memory.\n\n— a lock keeper, [3 March](https://a.example/)\n:::\n"


# ── beside ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_picture_is_beside_the_text_and_comes_first_in_reading_order(tmp_path: Path):
    made = render_all(tmp_path, BESIDE.format("side: right"))
    assert made.codes == []
    for html in (made.email, made.page):
        assert (
            html.index("Ada at her lock") < html.index("<strong", html.index("Ada at her lock")) < html.index("keeps")
        )
    assert '<div class="beside quarter end">' in made.page
    # The row has the opposite direction, and each cell that of the issue.
    assert '<td dir="rtl"' in made.email
    assert '<div class="w25" dir="ltr"' in made.email


def test_left_is_the_start_of_lines(tmp_path: Path):
    arabic = BESIDE.format("side: left").replace("keeps the lock", "تحرس القفل كل يوم").replace("Ada", "آدا")
    made = render_all(tmp_path, arabic.replace("A *person* of the week", "شخصية الأسبوع"), language="ar")
    assert 'dir="rtl"><tr><td width="25%"' in made.email
    assert '<div class="beside quarter">' in made.page


def test_a_portrait_is_cropped_to_a_circle(tmp_path: Path):
    made = render_all(tmp_path, BESIDE.format("shape: round\nwidth: third"))
    assert [(image.width, image.height) for src, image in made.images.items() if "#" in src] == [(300, 300)]
    assert "border-radius:50%" in made.email
    assert '<div class="beside third round">' in made.page
    assert 'class="w33"' in made.email
    assert 'class="w67"' in made.email


def test_text_and_feed_have_the_picture_first(tmp_path: Path):
    made = render_all(tmp_path, BESIDE.format(""))
    assert "*A _person_ of the week*\n\n[Ada at her lock (Photo: Bob)]\n\n*Ada* keeps the lock." in made.text
    assert made.feed.index("<figure>") < made.feed.index("keeps the lock")


def test_without_a_picture_the_block_is_text(tmp_path: Path):
    made = render_all(tmp_path, "::: beside\nOnly text.\n:::\n")
    assert "Only text." in made.email
    assert 'class="beside' not in made.page


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_columns_are_separated_by_a_rule(tmp_path: Path):
    made = render_all(tmp_path, COLUMNS)
    assert made.codes == []
    assert made.email.count('class="w50"') == 2
    assert '<div class="columns of-2">' in made.page
    assert "*What moved*\n\n- Up: freight [1]\n\n- Down: coal" in made.text
    assert "<hr" not in made.feed


def test_columns_may_each_have_a_heading(tmp_path: Path):
    made = render_all(tmp_path, "::: columns\n#### Up\n- a\n#### Down\n- b\n#### Same\n- c\n:::\n")
    assert made.email.count('class="w33"') == 3
    assert '<div class="columns of-3">' in made.page


def test_a_stat_may_be_in_a_column(tmp_path: Path):
    inner = STAT.replace(":::", "::::")
    made = render_all(tmp_path, f"::: columns\n{inner}\n---\n\n{inner}:::\n")
    assert made.codes == []
    assert made.page.count('<div class="stat">') == 2


# ── stat ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_number_is_large_with_its_change_and_label(tmp_path: Path):
    made = render_all(tmp_path, STAT)
    assert made.codes == []
    assert re.search(r'<p class="big" style="--em:[\d.]+">436 million t</p>', made.page)
    assert '<span class="way" aria-hidden="true">▲' in made.page
    assert "▲" in made.email
    assert "*436 million t* (+3.1 % on 2025 [1])\nwent through the port." in made.text
    assert "<p><strong>436 million t</strong> (+3.1 % on" in made.feed


@pytest.mark.parametrize(("figure", "size"), [
    ("72 m", 44),
    ("436 million tonnes of freight a year", 34),
    ("436 million tonnes of freight in a single year and more", 30),
    ("Donaudampfschifffahrtselektrizitätengesellschaft", 22),
])  # fmt: skip
def test_the_size_of_a_number_depends_on_its_length(tmp_path: Path, figure: str, size: int):
    email = render_all(tmp_path, f"::: stat {figure}\nis what it is.\n:::\n").email
    assert f'font-size:{size}px;line-height:{size + 6}px;letter-spacing:-.01em">{figure}' in email


def test_a_number_in_a_column_is_not_broken(tmp_path: Path):
    one = ":::: stat 436,100,000\ntonnes\n::::\n"
    email = render_all(tmp_path, f"::::: columns\n{one}\n---\n\n{one}\n---\n\n{one}:::::\n").email
    assert email.count('font-size:26px;line-height:32px;letter-spacing:-.01em">436,100,000') == 3


@pytest.mark.parametrize(("change", "mark"), [("−2", "▼"), ("-2", "▼"), ("+2", "▲"), ("as before", "")])
def test_the_sign_of_a_change_becomes_an_arrow(tmp_path: Path, change: str, mark: str):
    page = render_all(tmp_path, f"::: stat 72 m\nchange: {change}\nis how high it climbs.\n:::\n").page
    assert [one for one in "▲▼" if one in page] == ([mark] if mark else [])


def test_a_repeated_or_misspelt_key_is_reported_at_its_line(tmp_path: Path):
    made = render_all(tmp_path, "::: stat 72 m\nchnge: +1\nchange: +2\nchange: +3\nis high.\n:::\n")
    assert [(one.code, one.message) for one in made.found] == [
        ("ST181", "the stat has no `chnge`"),
        ("ST181", "`change` is repeated"),
    ]
    assert "+3" not in made.page


# ── quote-card ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_quote_card_has_an_address_for_sharing(tmp_path: Path):
    made = render_all(tmp_path, CARD)
    assert made.codes == []
    assert '<figure class="quote-card" id="quote:the-sea-has-no-memory">' in made.page
    assert 'href="https://letters.example/tides/#quote:the-sea-has-no-memory"' in made.email
    assert "> The sea has no memory.\n> — a lock keeper, 3 March [1]" in made.text
    assert "<blockquote>" in made.feed


@pytest.mark.parametrize("card", [
    "::: quote-card Ada Roe\nThe sea has no memory.\n:::\n",
    "::: quote-card\n> The sea has no memory.\n> — Ada Roe\n:::\n",
    "::: quote-card\nThe sea has no memory.\n— Ada Roe\n:::\n",
])  # fmt: skip
def test_the_source_of_a_quote_card_has_three_notations(tmp_path: Path, card: str):
    assert "> The sea has no memory.\n> — Ada Roe" in render_all(tmp_path, card).text


# ── divider and toc ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("closing", ["", ":::\n"])
def test_a_divider_and_a_toc_need_no_end(tmp_path: Path, closing: str):
    body = f"A.\n\n::: divider\n{closing}\nB.\n\n## One\n\nC.\n\n::: toc\n{closing}\n## Two\n\nD.\n"
    made = render_all(tmp_path, body)
    assert made.codes == []
    assert "<hr />" in made.page
    assert '<a href="#two">Two</a>' in made.page
    assert "* * *" in made.text
    assert "*In this issue*\n\n- One\n- Two" in made.text
    assert 'href="#one"' in made.email
    assert "#one" not in made.feed


def test_a_divider_in_a_callout_does_not_close_it(tmp_path: Path):
    made = render_all(tmp_path, "::: callout Box\nA.\n\n::: divider ⁂\n\nB.\n:::\n\nC.\n")
    assert made.codes == []
    assert '<p class="divider">⁂</p>\n<p>B.</p>\n</aside>' in made.page


def test_a_toc_is_numbered_like_the_items(tmp_path: Path):
    made = render_all(tmp_path, "::: toc Read\n\n## News\n\n### 1. First\n\nA.\n\n### 2. Second\n\nB.\n")
    assert "*Read*\n\n1. First\n2. Second" in made.text
    assert '<span class="numeral">2</span> <a href="#second">Second</a>' in made.page


# ── Blocks without the content that they are made for ───────────────────────────────────────────────────────────────

UNFIT = (
    "",
    "Words.",
    "---",
    "- a\n- b",
    "> q",
    "#### H",
    "```\ncode\n```",
    "![a](wide.png)",
    "![a](gone.png)",
    "| a |\n|---|",
    "| a | b |\n|---|---|\n| x | 0 |",
    "columns: 0\nratio: 0:0\nmax: 0\nwidth: no\ndate: never\nlength: 0",
    "::: gallery\n:::",
)
"""Contents of a block: nothing, content of other blocks, and settings that cannot be."""


@pytest.mark.parametrize("argument", ["", " Words", " [words](https://a.example/)"])
@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_a_block_with_any_content_has_every_output(tmp_path: Path, name: str, argument: str):
    made = render_all(tmp_path, "\n".join(f"::: {name}{argument}\n{content}\n:::\n" for content in UNFIT))
    assert all((made.email, made.page, made.text, made.feed))


def test_a_gallery_without_pictures_is_its_text(tmp_path: Path):
    made = render_all(tmp_path, "::: gallery One week\nWords.\n:::\n")
    assert "gallery" not in made.page.partition("<main")[2]
    for output in (made.page, made.text, made.feed, made.email):
        assert "Words." in output
