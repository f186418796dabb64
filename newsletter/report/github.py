"""Findings as workflow commands of GitHub Actions: each becomes an annotation beside its line.

The runner reads them from the output of a step: docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.report.base import end_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.diagnostics import Diagnostic, HouseLine
    from newsletter.report.base import Display


def render_github(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], display: Display) -> str:
    """`::error file=…,line=…,col=…,endLine=…,endColumn=…,title=ST104::message`, one per line."""
    return "".join(_command(found, sources.get(found.path), display) + "\n" for found in diagnostics)


def _command(found: Diagnostic, text: str | None, display: Display) -> str:
    line, column = end_of(found.span, text)
    properties: dict[str, object] = {"file": display.path(found.path), "line": found.span.line}
    # An annotation over several lines has no columns, because GitHub rejects those.
    properties |= (
        {"col": found.span.column, "endLine": line, "endColumn": column}
        if line == found.span.line
        else {"endLine": line}
    )
    properties["title"] = found.code
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = found.message + (f": {found.label}" if found.label else "")
    asked = _asked(found.asked, display) if found.asked else ""
    return f"::{found.severity} {listed}::{_data(chr(10).join(filter(None, (message, found.advice, asked))))}"


def _asked(asked: HouseLine, display: Display) -> str:
    """The line of house.yaml. A bundled kind is in no repository, so it is named by its folder."""
    path = "/".join(asked.path.split("/")[-3:]) if asked.path.startswith("/") else display.path(asked.path)
    return f"asked for by {path}:{asked.span.line}: {asked.text}"


def _data(text: str) -> str:
    """A message, escaped as the runner unescapes it: a line end in it would end the command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The value of a property. Commas and colons are escaped as well, because they would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
