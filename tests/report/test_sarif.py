from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import RULES
from newsletter.diagnostics import Diagnostic, Edit, Fix, HouseLine, Severity
from newsletter.model import Span
from newsletter.report import Display, render

PATH = "issues/ports/index.md"
TEXT = "---\ntitle: Ports\n---\n\n## News\n\n### 1. Ports wait\n\n### 2. Ships sink\n"


@cache
def schema() -> jsonschema.Draft4Validator:
    text = (Path(__file__).parent / "sarif-2.1.0.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text))


def log(*findings: Diagnostic, sources: dict[str, str] | None = None, display: Display | None = None) -> dict:
    document = json.loads(render(findings, "sarif", sources or {}, display=display))
    schema().validate(document)
    return document["runs"][0]


def at(text: str, piece: str, code: str = "ST104", message: str = "no link", **more: object) -> Diagnostic:
    start = text.index(piece)
    span = Span(start, start + len(piece), text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    return replace(Diagnostic(PATH, span, code, message), **more)


def fingerprints(run: dict) -> list[str]:
    return [result["partialFingerprints"]["newsletter/v1"] for result in run["results"]]


def test_no_findings_give_a_successful_run():
    run = log()
    assert run["results"] == run["artifacts"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_a_finding_has_place_message_and_level():
    found = at(TEXT, "1. Ports wait", label="asked for", advice="Add it.", severity=Severity.WARNING)
    run = log(found, sources={PATH: TEXT})
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("ST104", "warning")
    assert result["message"]["text"] == "no link: asked for. Add it."
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": PATH, "uriBaseId": "%SRCROOT%", "index": 0}
    region = {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 18}
    assert place["region"] == region | {"snippet": {"text": "1. Ports wait"}}
    assert run["columnKind"] == "unicodeCodePoints"


def test_each_violated_rule_is_listed_once_with_its_page():
    run = log(at(TEXT, "1.", "ST109"), at(TEXT, "1.", "ST104"), at(TEXT, "2.", "ST104"), sources={PATH: TEXT})
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ST104", "ST109"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert rules[0]["name"] == "unlinked-title"
    assert rules[0]["help"]["markdown"].startswith("# ST104 · unlinked-title\n")
    assert "## Why" not in rules[0]["help"]["text"]


def test_with_a_documentation_site_a_rule_links_to_its_page(monkeypatch):
    (rule,) = log(at(TEXT, "1.", "ST104"))["tool"]["driver"]["rules"]
    assert "helpUri" not in rule, "the package names no address"
    monkeypatch.setattr("newsletter.check.families.documentation_url", lambda: "https://docs.example/press")
    monkeypatch.setattr("newsletter.check.families.__version__", "1.2.3")
    rules = log(at(TEXT, "1.", "ST104"), Diagnostic("house.yaml", Span(0, 0), "HF002", "twice"))
    assert [rule["helpUri"] for rule in rules["tool"]["driver"]["rules"]] == [
        "https://docs.example/press/1.2/rules/HF002/",
        "https://docs.example/press/1.2/rules/ST104/",
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_help_of_a_rule_has_no_relative_links(rule):
    (shown,) = log(Diagnostic(PATH, Span(0, 0), rule.code, "no"))["tool"]["driver"]["rules"]
    prose = re.sub(r"^(```+).*?^\1$|`[^`\n]+`", "", shown["help"]["markdown"], flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"\]\(([^)]*)\)", prose)
    assert [link for link in links if not link.startswith("https://")] == []
    assert len(shown["fullDescription"]["text"]) > 20
    off = rule.severity is Severity.OFF
    assert shown["defaultConfiguration"] == ({"enabled": False} if off else {"level": rule.severity})


def test_a_fix_is_included():
    fix = Fix((Edit(at(TEXT, "2").span, "7"), Edit(Span(len(TEXT), len(TEXT), 10, 1), "end")), "renumber it")
    (result,) = log(at(TEXT, "2.", fix=fix), sources={PATH: TEXT})["results"]
    (advice,) = result["fixes"]
    assert advice["description"] == {"text": "renumber it"}
    first, second = advice["artifactChanges"][0]["replacements"]
    assert first["insertedContent"] == {"text": "7"}
    assert first["deletedRegion"] == {"startLine": 9, "startColumn": 5, "endLine": 9, "endColumn": 6}
    assert second["deletedRegion"] == {"startLine": 10, "startColumn": 1, "endLine": 10, "endColumn": 1}


def test_a_configuration_error_is_a_failed_run():
    run = log(Diagnostic("newsletter.yaml", Span(0, 0), "CF011", "`titel` is not a known key"))
    assert run["invocations"] == [{"executionSuccessful": False}]


def test_paths_are_uris_relative_to_the_repository():
    found = replace(at(TEXT, "1."), path="issues/a b/ïndex.md")
    run = log(found, display=Display(path="letters/".__add__))
    assert run["artifacts"][0]["location"]["uri"] == "letters/issues/a%20b/%C3%AFndex.md"


def test_link_like_text_in_a_message_is_escaped():
    (result,) = log(at(TEXT, "1.", label="the briefing asks for `[title](source)` here"))["results"]
    assert "](" not in result["message"]["text"].replace("\\](", "")


def test_a_fingerprint_survives_moved_lines_and_renumbered_items():
    before = log(at(TEXT, "2. Ships sink", message="item 2 has no link"), sources={PATH: TEXT})
    moved = TEXT.replace("2. Ships", "3. Ships").replace("## News\n", "## News\n\nA new paragraph.\n")
    after = log(at(moved, "3. Ships sink", message="item 3 has no link"), sources={PATH: moved})
    assert fingerprints(before) == fingerprints(after)


def test_fingerprints_of_different_findings_differ():
    findings = [
        at(TEXT, "1. Ports wait"),
        at(TEXT, "2. Ships sink"),
        at(TEXT, "2. Ships sink", "ST109"),
        at(TEXT, "2. Ships sink", message="no author"),
        replace(at(TEXT, "2. Ships sink"), path="issues/other.md"),
    ]
    run = log(*findings, sources={PATH: TEXT, "issues/other.md": TEXT})
    assert len(set(fingerprints(run))) == len(findings)
    twins = "- Ports\n- Ports\n"
    run = log(at(twins, "Ports"), replace(at(twins, "Ports"), span=Span(10, 15, 2, 3)), sources={PATH: twins})
    first, second = fingerprints(run)
    assert first.partition(":")[0] == second.partition(":")[0]
    assert first != second


@given(st.text(), st.text(), st.text())
def test_any_text_gives_a_valid_log(path: str, message: str, label: str):
    shown = render([Diagnostic(path, Span(0, 0), "ST104", message, label=label)], "sarif", {})
    assert shown.isascii()
    schema().validate(json.loads(shown))


def test_the_line_of_the_house_format_is_a_related_location():
    asked = HouseLine("templates/letter/house.yaml", Span(30, 44, 5, 7), "link: required")
    run = log(
        at(TEXT, "1. Ports wait", asked=asked),
        sources={PATH: TEXT},
        display=Display(path=lambda path: f"letters/{path}"),
    )
    (related,) = run["results"][0]["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "letters/templates/letter/house.yaml"
    assert related["physicalLocation"]["region"] == {"startLine": 5, "startColumn": 7, "endLine": 5, "endColumn": 21}
    assert related["message"]["text"] == "asked for in line 5 of templates/letter/house.yaml: link: required"


def test_the_line_of_a_bundled_kind_is_described_in_words():
    asked = HouseLine("/opt/newsletter/templates/briefing/house.yaml", Span(30, 44, 5, 7), "link: required")
    (related,) = log(at(TEXT, "1. Ports wait", asked=asked), sources={PATH: TEXT})["results"][0]["relatedLocations"]
    assert related == {"message": {"text": "asked for in line 5 of templates/briefing/house.yaml: link: required"}}
