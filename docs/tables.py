"""Markdown tables and code for the generated pages of docs/."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table, followed by an empty line."""
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"
    yield ""


def code(text: str) -> str:
    """`text` as Markdown code, even if it contains backticks."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"
