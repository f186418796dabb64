from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.check import Settings, apply_settings, settings_for
from newsletter.config.publication import Publication, Sender, Workspace
from newsletter.diagnostics import Diagnostic, Severity
from newsletter.errors import ConfigurationError, UsageError
from newsletter.house.format import HouseFormat
from newsletter.model import Issue, Note, Paragraph, Section, Span, YamlDocument

FRONT = YamlDocument({}, {}, {})
HOUSE = HouseFormat("letter", "Letter", "templates/letter/house.yaml")
AT_THE_TOP = Span(0, 30, 1, 1)
PUBLICATION = Publication("Letters", "https://letters.example/", Sender("Letters", "a@letters.example"))


def issue(*notes: Note, **parts: object) -> Issue:
    return Issue("a.md", "a", "letter", FRONT, notes=notes, **parts)


def found(code: str, start: int = 0, line: int = 1) -> Diagnostic:
    return Diagnostic("a.md", Span(start, start + 1, line, 1), code, "wrong")


def workspace(**said: object) -> Workspace:
    return Workspace(Path(), PUBLICATION, **said)


def codes_left(settings: Settings, *codes: str) -> list[str]:
    return [one.code for one in apply_settings(map(found, codes), issue(), settings, HOUSE)]


@pytest.mark.parametrize(
    ("select", "ignore", "kept"),
    [
        ((), (), ["FG103", "ST104", "ST108"]),
        (("ST",), (), ["ST104", "ST108"]),
        ((), ("ST1",), ["FG103"]),
        (("ST",), ("ST104",), ["ST108"]),
        (("ST104",), ("ST",), ["ST104"]),
        (("ST",), ("ST",), []),
    ],
)
def test_the_longest_prefix_wins_and_ignore_wins_a_tie(select, ignore, kept):
    assert codes_left(Settings(select, ignore), "ST104", "ST108", "FG103") == kept


@pytest.mark.parametrize(
    ("newsletter_yaml", "house_yaml", "weight"),
    [
        ({}, {}, Severity.ERROR),
        ({}, {"ST": Severity.WARNING}, Severity.WARNING),
        ({}, {"ST": Severity.WARNING, "ST104": Severity.ERROR}, Severity.ERROR),
        ({"ST": Severity.WARNING}, {"ST104": Severity.ERROR}, Severity.WARNING),
        ({"FG": Severity.OFF}, {}, Severity.ERROR),
        ({"ST104": Severity.OFF}, {"ST104": Severity.ERROR}, None),
    ],
)
def test_newsletter_yaml_overrides_the_house_format(newsletter_yaml, house_yaml, weight):
    house = HouseFormat("letter", "Letter", "house.yaml", severities=house_yaml)
    kept = apply_settings([found("ST104")], issue(), Settings(severities=newsletter_yaml), house)
    assert [one.severity for one in kept] == ([weight] if weight else [])


def test_applying_settings_twice_changes_nothing():
    settings = Settings(ignore=("FG",), severities={"ST": Severity.WARNING})
    once = apply_settings([found("ST104"), found("FG101"), found("ST104")], issue(), settings, HOUSE)
    assert len(once) == 1
    assert apply_settings(once, issue(), settings, HOUSE) == once


# ── From newsletter.yaml and the command line ───────────────────────────────────────────────────────────────────────


def test_select_on_the_command_line_replaces_the_configuration():
    settings = settings_for(workspace(select=("FG",), ignore=("ST104",)), select=["ST"])
    assert (settings.select, settings.ignore) == (("ST",), ())


def test_ignore_on_the_command_line_is_added_to_the_configuration():
    settings = settings_for(workspace(select=("ST",), ignore=("ST104",)), ignore=["st108"])
    assert (settings.select, settings.ignore) == (("ST",), ("ST104", "ST108"))


def test_severities_of_newsletter_yaml_are_converted():
    assert settings_for(workspace(severities={"ST": "warning"})).severities == {"ST": Severity.WARNING}


@pytest.mark.parametrize("prefix", ["XX", "ST999", "104", ""])
def test_a_prefix_on_the_command_line_that_matches_no_rule_is_refused(prefix: str):
    with pytest.raises(UsageError, match="no rule begins with"):
        settings_for(workspace(), select=[prefix])
    with pytest.raises(UsageError, match="--ignore"):
        settings_for(workspace(), ignore=[prefix])


def test_prefixes_of_newsletter_yaml_that_match_no_rule_are_reported_with_their_place():
    place = Span(30, 35, 3, 12)
    spans = {(): Span(0, 60), ("check", "ignore", 1): place}
    with pytest.raises(ConfigurationError, match="rules that do not exist") as raised:
        settings_for(workspace(ignore=("ST", "SX104"), severities={"QQ": "off"}, spans=spans))
    first, second = raised.value.diagnostics
    assert (first.path, first.span, first.message) == ("newsletter.yaml", place, "no rule begins with `SX104`")
    assert second.message == "no rule begins with `QQ`"


# ── comments ────────────────────────────────────────────────────────────────────────────────────────────────────────


def ignoring(text: str, where: Span = AT_THE_TOP, **parts: object) -> Issue:
    return issue(Note(text, where), **parts)


def kept(letter: Issue, *findings: Diagnostic) -> list[tuple[str, int]]:
    return [(one.code, one.span.line) for one in apply_settings(findings, letter, Settings(), HOUSE)]


def test_a_comment_on_its_own_line_applies_to_the_next_block():
    blocks = (Paragraph((), Span(32, 60, 3, 1)), Paragraph((), Span(62, 80, 6, 1)))
    letter = ignoring("check: ignore ST104", opening=blocks)
    assert kept(letter, found("ST104", 32, 3), found("ST104", 50, 4), found("ST104", 62, 6)) == [("ST104", 6)]


def test_a_comment_before_a_section_applies_to_its_heading():
    section = Section((), (Paragraph((), Span(50, 60, 5, 1)),), span=Span(32, 60, 3, 1), title_span=Span(35, 40, 3, 4))
    letter = ignoring("check: ignore ST", sections=(section,))
    assert kept(letter, found("ST108", 35, 3), found("ST112", 50, 5)) == [("ST112", 5)]


def test_a_comment_within_a_line_applies_only_to_that_line():
    blocks = (Paragraph((), Span(0, 60, 1, 1)), Paragraph((), Span(62, 80, 4, 1)))
    letter = ignoring("check: ignore ST104", Span(20, 50, 1, 21), opening=blocks)
    assert kept(letter, found("ST104", 2, 1), found("ST104", 55, 2), found("ST104", 62, 4)) == [
        ("ST104", 2),
        ("ST104", 4),
    ]


def test_a_comment_at_the_end_applies_to_what_is_missing_there():
    assert kept(ignoring("check: ignore ST101"), found("ST101", 31, 2)) == []


def test_ignore_file_applies_to_the_whole_file():
    letter = ignoring("check: ignore-file FG103, FM", Span(500, 530, 40, 1))
    assert kept(letter, found("FM104"), found("FG103", 900, 80), found("FG101", 900, 80)) == [("FG101", 80)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("check: ignore ST104", {"ST104"}),
        ("check:ignore st104", {"ST104"}),
        ("check: ignore ST104, FG101", {"ST104", "FG101"}),
        ("check: ignore ST104,FG101", {"ST104", "FG101"}),
        ("check: ignore ST104 FG101", {"ST104", "FG101"}),
        ("check: ignore ST", {"ST104", "ST108"}),
        ("check: ignore ST104: FG101 is another matter", {"ST104"}),
        ("check: ignore ST104 - the source is offline", {"ST104"}),
        ("check: ignore\nST104", {"ST104"}),
        ("check: ignore", set()),
        ("check: ignroe ST104", set()),
        ("to check: ignore ST104", set()),
        ("ST104", set()),
    ],
)
def test_a_comment_ignores_the_listed_codes(text: str, codes: set[str]):
    everything = {"ST104", "ST108", "FG101"}
    findings = [found(code, 5) for code in sorted(everything)]
    assert everything - {code for code, _ in kept(ignoring(text), *findings)} == codes
