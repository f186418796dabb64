"""Rules about the front matter: names, and the time of a revision."""

from __future__ import annotations

import unicodedata

import pytest

from newsletter.commands.check import check_issues
from newsletter.config.workspace import issue_files


@pytest.mark.parametrize(
    ("entry", "expected"), [("Null", "`Null` means no value in YAML"), ("~", "`~` means"), ("[a]", "no name")]
)
def test_an_entry_that_is_not_a_name_is_reported(checker, entry: str, expected: str) -> None:
    found = checker.check(f"---\ntitle: Ports\ndate: 2024-01-31\nauthors: [Jane Roe, {entry}]\n---\n\nText.\n")
    assert [
        (one.code, one.span.line, one.span.column, expected in one.message) for one in found if one.code == "FM103"
    ] == [("FM103", 4, 21, True)]


def test_choices_are_compared_with_the_written_value(checker) -> None:
    checker.house("front: {versions: {type: list, choices: [3.10, '007', x]}, tags: {choices: [3.10]}}")
    head = "---\ntitle: Ports\ndate: 2024-01-31\n"
    assert not [
        one
        for one in checker.check(f"{head}versions: [3.10, 007]\ntags: [3.10]\n---\n\nText.\n")
        if one.code == "FM106"
    ]
    found = [one for one in checker.check(f"{head}versions: [3.1, 7]\n---\n\nText.\n") if one.code == "FM106"]
    assert [one.message for one in found] == ["`versions.1` cannot be `3.1`", "`versions.2` cannot be `7`"]


def test_an_unknown_author_is_reported_at_its_place(checker) -> None:
    found = checker.check("---\ntitle: Ports\ndate: 2024-01-31\nauthors: [~, pascal, pascla, 007]\n---\n\nText.\n")
    assert [(one.span.column, one.message) for one in found if one.code == "FM109"] == [
        (22, "newsletter.yaml has no author `pascla`"),
        (30, "newsletter.yaml has no author `007`"),
    ]


REVISED = {
    "date: 2024-01-31\nupdated: 2024-01-30": "before the issue's date, 2024-01-31",
    "date: 2024-01-31\nupdated: 2023-02-01 09:30": "before the issue's date",
    "date: 2024-01-31 09:30\nupdated: 2024-01-31 09:00": "before the issue's date, 2024-01-31 09:30",
    "date: 2024-01-31T00:30:00+02:00\nupdated: 2024-01-30": "before the issue's date",
    "date: 2024-01-31\nupdated: 2026-09-22": "in the future",
    "date: 2024-01-31\nupdated: 2099-01-01 10:00": "in the future",
    "updated: 2026-09-21 09:30": "in the future",
    "date: 2026-12-31\nupdated: 2027-01-01": "in the future",
    "date: 2024-01-31\nupdated: 2024-01-31": "",
    "date: 2024-01-31 09:30\nupdated: 2024-01-31": "",
    "date: 2024-01-31\nupdated: 2024-01-31 00:00": "",
    "date: 2024-01-31\nupdated: 2026-09-21": "",
    "updated: 2024-01-31": "",
    "date: 2024-01-31\nupdated:": "",
    "date: 2024-01-31\nupdated: soon": "",
}


@pytest.mark.parametrize(("front", "expected"), REVISED.items())
def test_a_revision_date_is_neither_before_the_issue_nor_in_the_future(
    checker, monkeypatch: pytest.MonkeyPatch, front: str, expected: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1789982800")  # 2026-09-21 09:26:40
    checker.configure()
    checker.write("issues/letter/index.md", f"---\ntitle: Ports\n{front}\n---\n\nText.\n")
    found = check_issues(checker.root, issue_files(checker.root), select=["FM150"]).diagnostics
    assert [(expected in one.message, one.message) for one in found] == ([(True, found[0].message)] if expected else [])
    assert {one.span.line for one in found} <= {3, 4}


@pytest.mark.parametrize("key", ["tags", "authors"])
@pytest.mark.parametrize("shape", ["[{}, x, {}]", "\n  - {}\n  - {}", "[{{name: {}}}, {}]"])
def test_a_name_in_two_spellings_is_reported_and_counted_once(checker, key: str, shape: str) -> None:
    names = [unicodedata.normalize(form, "Renée Café") for form in ("NFC", "NFD")]
    for pair in (names, names[::-1]):
        text = f"---\ntitle: Ports\ndate: 2024-01-31\n{key}: {shape.format(*pair)}\n---\n\nText.\n"
        found = [one for one in checker.check(text) if one.code == "FM151"]
        assert len(found) == 1
        assert getattr(checker.read("issues/letter/index.md")[1], key).count(names[0]) == 1
    assert not [one for one in checker.check(text.replace(names[0], names[1])) if one.code == "FM151"]
