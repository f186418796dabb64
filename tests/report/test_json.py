from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from newsletter.diagnostics import Diagnostic, Edit, Fix, HouseLine, Severity
from newsletter.model import Span
from newsletter.report import Display, render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/findings.schema.json").read_text(encoding="utf-8"))


def as_json(findings: list[Diagnostic], sources: dict[str, str]) -> dict:
    document = json.loads(render(findings, "json", sources))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_the_schema_is_valid():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_no_findings_give_a_valid_document():
    assert as_json([], {}) == {"version": 1, "findings": [], "errors": 0, "warnings": 0}


def test_a_finding_has_its_rule_and_the_start_and_end_of_its_place():
    text = "one\ntwo three\nfour\n"
    finding = Diagnostic("a.md", Span(8, 18, 2, 5), "ST104", "no link", Severity.WARNING, "here", "Add it.")
    document = as_json([finding], {"a.md": text})
    assert document["findings"] == [
        {
            "code": "ST104",
            "name": "unlinked-title",
            "severity": "warning",
            "message": "no link",
            "label": "here",
            "help": "Add it.",
            "mend": "Add it.",
            "path": "a.md",
            "start": {"line": 2, "column": 5, "offset": 8},
            "end": {"line": 3, "column": 5, "offset": 18},
            "fix": None,
            "asked": None,
        }
    ]
    assert (document["errors"], document["warnings"]) == (0, 1)


def test_a_fix_has_the_places_of_its_edits():
    text = "one\ntwo three\n"
    fix = Fix((Edit(Span(4, 7, 2, 1), "2"), Edit(Span(13, 13, 2, 10), "!")), "count it")
    (finding,) = as_json([Diagnostic("a.md", Span(4, 7, 2, 1), "ST104", "no", fix=fix)], {"a.md": text})["findings"]
    here, behind = {"line": 2, "column": 1, "offset": 4}, {"line": 2, "column": 4, "offset": 7}
    end = {"line": 2, "column": 10, "offset": 13}
    edits = [{"start": here, "end": behind, "text": "2"}, {"start": end, "end": end, "text": "!"}]
    assert finding["fix"] == {"title": "count it", "edits": edits}


def test_without_the_source_a_place_is_on_one_line():
    document = as_json([Diagnostic("a.md", Span(8, 18, 2, 5), "ST104", "no link")], {})
    assert document["findings"][0]["end"] == {"line": 2, "column": 15, "offset": 18}


def test_statistics_are_included_on_request():
    findings = [Diagnostic("a.md", Span(at, at + 1), code, "no") for at, code in enumerate(("ST104", "ST101", "ST104"))]
    document = json.loads(render(findings, "json", {}, display=Display(statistics=True)))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["statistics"] == [
        {"code": "ST104", "name": "unlinked-title", "count": 2, "fixable": 0},
        {"code": "ST101", "name": "missing-section", "count": 1, "fixable": 0},
    ]


@given(st.text(), st.text())
def test_any_message_stays_valid_and_ascii(message: str, path: str):
    shown = render([Diagnostic(path, Span(0, 0), "ST104", message)], "json", {})
    assert shown.isascii()
    assert json.loads(shown)["findings"][0]["message"] == message


def test_the_line_of_the_house_format_is_part_of_a_finding():
    asked = HouseLine("templates/letter/house.yaml", Span(30, 44, 5, 7), "link: required")
    document = as_json([Diagnostic("a.md", Span(0, 1), "ST104", "no link", asked=asked)], {})
    assert document["findings"][0]["asked"] == {
        "path": "templates/letter/house.yaml",
        "start": {"line": 5, "column": 7, "offset": 30},
        "end": {"line": 5, "column": 21, "offset": 44},
        "text": "link: required",
    }
