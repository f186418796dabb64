"""The numbers of a publication, and the page that shows them."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from newsletter.archive.plots import statistics_page
from newsletter.archive.search.index import IndexedIssue
from newsletter.archive.statistics import sparkline, statistics_of

ISSUES = [
    IndexedIssue(
        f"issues/{number}.md",
        title,
        number=number,
        day=day,
        authors=[author],
        tags=["t"],
        words=words,
        items=3,
        links=number,
    )
    for number, (title, day, author, words) in enumerate(
        [
            ("One", "2023-01-06", "Ann", 100),
            ("Two <&>", "2023-01-13", "Bo", 300),
            ("Three", "2023-02-24", "Ann", 200),
            ("Four", "2024-01-05", "Ann", 400),
        ],
        1,
    )
]
LINKS = [
    ("example.org", "issues/1.md"),
    ("example.org", "issues/1.md"),
    ("b.example", "issues/2.md"),
    ("b.example", "issues/3.md"),
    ("x.example", "elsewhere.md"),
]


def test_words_links_authors_and_domains_are_counted() -> None:
    numbers = statistics_of(
        ISSUES[::-1],
        LINKS,
        {"issues/1.md": ["ST101", "ST101"], "issues/2.md": [], "issues/3.md": [], "issues/4.md": ["ST102"]},
    )
    assert [issue.days for issue in numbers.issues] == [None, 7, 42, 315]
    assert numbers.words == 1000
    assert numbers.kept == 0.5
    assert [(year.year, year.issues, year.words, year.days) for year in numbers.years] == [
        ("2023", 3, 200, 24.5),
        ("2024", 1, 400, 315),
    ]
    assert [(count.name, count.issues, count.times) for count in numbers.domains] == [
        ("b.example", 2, 2),
        ("example.org", 1, 2),
    ]
    assert [(count.name, count.issues, count.times) for count in numbers.authors] == [("Ann", 3, 700), ("Bo", 1, 300)]
    assert [count.name for count in numbers.rules] == ["ST101", "ST102"]
    cadence = numbers.cadence
    assert cadence is not None
    assert (cadence.median, cadence.longest, cadence.between, cadence.weekday, cadence.share) == (
        42,
        315,
        ("2023-02-24", "2024-01-05"),
        "Friday",
        1,
    )


def test_statistics_of_a_publication_without_dates_use_numbers() -> None:
    undated = [IndexedIssue(f"issues/{number}.md", "x", number=number, words=number) for number in (3, 1, 2)]
    numbers = statistics_of(undated, [])
    assert [issue.number for issue in numbers.issues] == [1, 2, 3]
    assert (numbers.years, numbers.cadence, numbers.kept) == ((), None, None)
    assert "<polyline" not in statistics_page("P", numbers)


@pytest.mark.parametrize(
    ("values", "bars"), [([0, 5, 10], "▁▅█"), ([], ""), ([0, 0], "▁▁"), ([1] * 200, "█" * 60), ([7], "█")]
)
def test_a_row_of_bars(values: list[float], bars: str) -> None:
    assert sparkline(values) == bars


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.labels += (given.get("aria-labelledby") or "").split()
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_complete_and_describes_its_plots_in_words() -> None:
    page = statistics_page("Letters & <more>", statistics_of(ISSUES, LINKS, {issue.path: [] for issue in ISSUES}))
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert set(tags.labels) <= set(tags.ids)
    assert page.count('role="img"') == page.count("<desc") == 5
    assert "Two &lt;&amp;&gt;: 300 words" in page
    assert "<script" not in page
    assert "http" not in page
    assert page == statistics_page(
        "Letters & <more>", statistics_of(ISSUES, LINKS, {issue.path: [] for issue in ISSUES})
    )


def test_statistics_of_no_issues_are_empty() -> None:
    assert "There are no issues yet" in statistics_page("P", statistics_of([], []))
