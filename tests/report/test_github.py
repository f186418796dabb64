from __future__ import annotations

import re
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from newsletter.diagnostics import Diagnostic, HouseLine, Severity
from newsletter.model import Span
from newsletter.report import Display, render

PATH = "issues/ports/index.md"


def read(command: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as parsed by GitHub's runner: up to the first `::` after the properties, then unescaped."""
    match = re.fullmatch(r"::(\w+) ([^\n\r]*?)::([^\n\r]*)\n", command)
    assert match
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    return match[1], {name: unquote(value) for name, value in properties.items()}, unquote(match[3])


def test_a_finding_is_an_annotation_beside_its_line():
    found = Diagnostic(PATH, Span(4, 7, 2, 1), "ST104", "item 3 has no link", label="asked for", advice="Add one.")
    assert render([found], "github", {PATH: "one\ntwo\n"}) == (
        f"::error file={PATH},line=2,col=1,endLine=2,endColumn=4,title=ST104::item 3 has no link: asked for%0AAdd one.\n"
    )


def test_a_warning_is_a_warning_annotation():
    found = Diagnostic(PATH, Span(0, 1), "ST117", "no HTML", Severity.WARNING)
    assert render([found], "github", {}).startswith("::warning file=")


def test_an_annotation_over_several_lines_has_no_columns():
    found = Diagnostic(PATH, Span(0, 6), "ST104", "no link")
    assert render([found], "github", {PATH: "one\ntwo\n"}) == (
        f"::error file={PATH},line=1,endLine=2,title=ST104::no link\n"
    )


def test_paths_are_relative_to_the_repository():
    found = Diagnostic(PATH, Span(0, 1), "ST104", "no link")
    shown = render([found], "github", {}, display=Display(path="letters/".__add__))
    assert "file=letters/issues/ports/index.md," in shown


def test_no_findings_give_no_commands():
    assert render([], "github", {}) == ""


@given(st.text(), st.text(), st.text())
def test_no_text_can_end_or_begin_a_command(path: str, message: str, advice: str):
    shown = render([Diagnostic(path, Span(0, 0), "ST104", message, advice=advice)], "github", {})
    kind, properties, output = read(shown)
    assert kind == "error"
    assert properties["file"] == path
    assert properties["title"] == "ST104"
    assert output == "\n".join(filter(None, (message, advice)))


def test_an_annotation_ends_with_the_line_of_the_house_format():
    asked = HouseLine("templates/letter/house.yaml", Span(30, 44, 5, 7), "link: required")
    found = Diagnostic(PATH, Span(4, 7, 2, 1), "ST104", "item 3 has no link", asked=asked)
    _, _, output = read(
        render([found], "github", {PATH: "one\ntwo\n"}, display=Display(path=lambda path: f"letters/{path}"))
    )
    assert output == "item 3 has no link\nasked for by letters/templates/letter/house.yaml:5: link: required"
