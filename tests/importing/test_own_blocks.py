"""The blocks of an issue come back from its page, its email and the feed as they were written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.build.pipeline import build
from newsletter.importing.base import ImportedIssue
from newsletter.importing.registry import kind_of
from newsletter.importing.sources import ImportSource

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 12, 1, tzinfo=UTC)
YAML = """\
title: The Lock Keeper
url: https://letters.example/
sender: {name: The Lock Keeper, email: letters@letters.example}
address: 7 Lock Road, Ghent
language: LANGUAGE
kind: letter
"""
PICTURES = {"below": (300, 200), "trough": (300, 200), "above": (200, 300), "cover": (200, 300)}
BLOCKS = {
    "gallery": """\
::: gallery The lift in one week
ratio: 3:2
![The lift from below](below.png "On Monday. Photo: Jane Roe")
![The trough half way](trough.png "On Wednesday.")
![The upper canal](above.png)
:::""",
    "gallery in columns": """\
::: gallery
columns: 2
![The lift from below](below.png)
![The trough half way](trough.png)
![The upper canal](above.png)
![Cover](cover.png)
:::""",
    "beside": """\
::: beside
side: right
width: third
![Cover of The Control of Nature](cover.png "The cover. Photo: FSG")

**[The Control of Nature](https://example.org/book)** is about people who hold back rivers.

It has three parts.
:::""",
    "beside with a name": """\
::: beside Jane Roe
shape: round
![Jane Roe on deck](below.png)

She has kept the lock for thirty years.
:::""",
    "columns": """\
::: columns What moved this month
#### Up
- Freight on the Seine
- Grain

#### Down
- Coal
:::""",
    "stats in columns": """\
:::: columns
::: stat 436 million tonnes
change: +3.1 % on [2025](https://example.org/2025)
went through the port of Rotterdam.
:::

---

::: stat 12
ships waited at the lock.
:::
::::""",
    "stat": """\
::: stat −4 °C
change: −6 degrees
was the coldest night.
:::""",
    "bars": """\
::: chart Freight by port
type: bar
unit: Mt
source: [Port authorities](https://example.org/ports)

| Port | 2025 |
| --- | ---: |
| Rotterdam | 436.1 |
| Antwerp-Bruges | 278 |
:::""",
    "line": """\
::: chart Ships by month
type: line

| Month | Up | Down |
| --- | ---: | ---: |
| May | 1,200 | 900 |
| June | 1,310.5 | 870 |
| July | – | 910 |
:::""",
    "meter": """\
::: chart
type: meter
unit: €
max: 50

| Fund | Raised |
| --- | ---: |
| Roof | 20 |
| Bell | 45 |
:::""",
    "sparklines": """\
::: chart Water levels
type: sparkline
unit: cm

| Gauge | Mon | Tue | Wed |
| --- | ---: | ---: | ---: |
| Ghent | 1 | 2 | 3 |
| Temse | 4 | 2 | 6 |
:::""",
    "columns chart": """\
::: chart Freight by quarter
type: column

| Quarter | Freight |
| --- | ---: |
| Q1 | 10 |
| Q2 | 14 |
:::""",
    "button": """\
::: button [Read the whole report](https://example.org/report)
:::""",
    "callout": """\
::: callout Before you go
The lock is closed on Mondays.

- Bring a coat.
- Bring a map.
:::""",
    "callout with a list": """\
::: callout Bring with you
- a coat
- a map
:::""",
    "callout without a title": """\
::: callout
The water is **low**.
:::""",
    "sponsor": """\
::: sponsor [Ropes & Sons](https://ropes.example/)
Rope by the metre. [Order now](https://ropes.example/order).
:::""",
    "sponsor with a picture": """\
::: sponsor [Pilots](https://pilots.example/)
![A pilot climbs aboard](below.png)

Book a *pilot* by phone.
:::""",
    "quote card": """\
::: quote-card
The sea has no memory and no manners.

— a lock keeper, [3 March](https://example.org/keeper)
:::""",
    "divider": "::: divider ⁂",
    "event": """\
::: event [Open day](https://example.org/day) at the lock
date: 2026-12-05
time: 10:00 to 16:00
place: Sluisweg 7, Ghent
price: free, [donations](https://example.org/gifts) welcome
with: three keepers

Come early.
:::""",
    "event without facts": """\
::: event A walk

Along the river: as every year.
:::""",
    "table": """\
| Ship | Length | Flag | Note |
| --- | ---: | :---: | --- |
| Marit | 110 | BE | fast |
| Ida | 85 | NL | slow |""",
}
OUTPUTS = {"feed": "feeds/atom.xml", "page": "public/blocks/index.html", "email": "build/blocks/email.html"}


def built(root: Path, body: str, language: str = "en") -> Path:
    """A workspace with one issue, built."""
    home = root / "issues/2026-11-30-blocks"
    home.mkdir(parents=True)
    (root / "newsletter.yaml").write_text(YAML.replace("LANGUAGE", language), encoding="utf-8")
    (root / "templates/letter").mkdir(parents=True)
    (root / "templates/letter/house.yaml").write_text("name: Letter\n")
    for at, (name, size) in enumerate(PICTURES.items()):
        Image.new("RGB", size, (100, 150, 60 * at)).save(home / f"{name}.png")
    head = "---\ntitle: Every block\ndate: 2026-11-30\nsummary: Each block once.\n---\n\n"
    (home / "index.md").write_text(f"{head}{body}", encoding="utf-8")
    build(root, now=NOW, processes=1)
    return root


def imported(source: Path) -> str:
    with ImportSource(source) as opened:
        (issue,) = (one for one in kind_of(opened).read(opened).issues if isinstance(one, ImportedIssue))
    return re.sub(r"https://letters\.example/blocks/(\w+)-[0-9a-f]{8}\.\w+", r"\1.png", issue.body)


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A letter with every block, each under the heading that names it."""
    parts = (f"## The {name}\n\nText before.\n\n{block}\n\nText behind.\n" for name, block in BLOCKS.items())
    return built(tmp_path_factory.mktemp("blocks"), "\n".join(("Hello.\n", *parts)))


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_block_comes_back_as_it_was_written(letter: Path, output: str) -> None:
    body = imported(letter / OUTPUTS[output])
    found = dict(re.findall(r"^## The (.+)\n\nText before\.\n\n([\s\S]*?)\n\nText behind\.$", body, re.MULTILINE))
    assert found == BLOCKS


@pytest.mark.parametrize(
    "text", ["Tours are free on Sundays.", "Tours are *free*.\n\nOn Sundays:\n\n- in the morning\n- in the afternoon"]
)
def test_the_text_of_a_button_stays_in_it(tmp_path: Path, text: str) -> None:
    button = f"::: button [Book a tour](https://example.org/tour)\n{text}\n:::"
    root = built(tmp_path, f"Hello.\n\n{button}\n\nText behind.\n")
    for output in OUTPUTS.values():
        assert f"Hello.\n\n{button}\n\nText behind." in imported(root / output)


def test_a_table_in_a_button_comes_below_it(tmp_path: Path) -> None:
    button, table = "::: button [Book a tour](https://example.org/tour)", "| A | B |\n| --- | --- |\n| 1 | 2 |"
    root = built(tmp_path, f"Hello.\n\n{button}\n{table}\n:::\n\nText behind.\n")
    for output in OUTPUTS.values():
        assert f"{button}\n:::\n\n{table}\n\nText behind." in imported(root / output)


@pytest.mark.parametrize("language", ["de", "fr", "ar", "ja"])
def test_labels_of_any_language_stay_out(tmp_path: Path, language: str) -> None:
    names = ("sponsor", "stats in columns", "meter", "columns")
    body = "\n\n".join(BLOCKS[name] for name in names)
    root = built(tmp_path, f"Hello.\n\n{body}\n\nText behind.\n", language)
    for output in OUTPUTS.values():
        assert body in imported(root / output)


def test_a_callout_whose_text_begins_in_bold_keeps_it(tmp_path: Path) -> None:
    block = "::: callout\n**Low water** is no reason to stay at home.\n:::"
    root = built(tmp_path, f"Hello.\n\n{block}\n\nText behind.\n")
    for output in OUTPUTS.values():
        assert block in imported(root / output)


MARKED = [
    "gallery",
    "beside",
    "columns",
    "chart",
    "stat",
    "sponsor",
    "callout",
    "button",
    "quote-card",
    "divider",
    "event",
]


@pytest.mark.parametrize("name", MARKED)
def test_a_mark_around_something_else_loses_no_words(tmp_path: Path, name: str) -> None:
    page = tmp_path / "letter.html"
    page.write_text(
        f"<html><body><h1>A letter</h1><p>Before.</p><div data-block='{name}' data-type='x'><h3>Ships</h3>"
        "<ul><li>One</li><li>Two</li></ul><p>All <b>three</b> of them.</p></div><p>Behind.</p></body></html>"
    )
    body = imported(page)
    assert all(word in body for word in ("Before.", "Ships", "One", "Two", "three", "of them.", "Behind."))


CONTENTS = {
    "one word": "<p>Ships.</p>",
    "bold alone": "<p><strong>Ships sail.</strong></p>",
    "bold above": "<p><strong>Ships</strong></p><p>They sail.</p>",
    "a long first paragraph": f"<p>{'Ships sail. ' * 10}</p><p>They wait.</p>",
    "text and a rule": "<hr><p>Ships</p><hr>",
    "text without an element": "Ships sail.",
    "a quotation": "<blockquote><p>Ships sail.</p><p>They wait.</p></blockquote>",
    "a table": "<table><tr><th>Ships</th><th>Tons</th></tr><tr><td>Ada</td><td>12</td></tr></table>",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("name", MARKED)
def test_words_in_a_marked_element_are_imported_or_reported(tmp_path: Path, name: str, content: str) -> None:
    page = tmp_path / "letter.html"
    page.write_text(
        f"<html><body><h1>A letter</h1><p>Before.</p><div data-block='{name}'>{content}</div></body></html>"
    )
    with ImportSource(page) as source:
        (issue,) = (one for one in kind_of(source).read(source).issues if isinstance(one, ImportedIssue))
    known = issue.title + issue.body + "".join(note.message for note in issue.notes)
    words = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", content))
    assert [word for word in words if word not in known] == []
