"""How findings are shown: `full` with the source line, `concise` one a line, `json` for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import in_order
from newsletter.report.full import render_concise, render_full
from newsletter.report.json import render_json
from newsletter.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from newsletter.diagnostics import Diagnostic

    Format = Callable[[tuple[Diagnostic, ...], Mapping[str, str], bool], str]

FORMATS: Mapping[str, Format] = {"full": render_full, "concise": render_concise, "json": render_json}
"""By the name that `--output-format` takes."""


def render(diagnostics: Iterable[Diagnostic], fmt: str, sources: Mapping[str, str], *, colour: bool = False) -> str:
    """The findings in the format `fmt`, by file and place; ends with a line end, or is empty where nothing is to be said.

    `sources` has the text of each file by its path; a finding in another file is shown without its line. Raises KeyError
    for a format that is not in FORMATS.
    """
    return FORMATS[fmt](in_order(diagnostics), sources, colour)


__all__ = ["FORMATS", "render", "summary"]
