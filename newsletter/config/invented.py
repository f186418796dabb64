"""The values that `newsletter init` invents. They cannot be mistaken for real ones, and the tool recognizes them later.

While one is in newsletter.yaml, nothing is published or exported. An issue with an invented postal address breaks the
law of most countries, and a button that leads nowhere loses the trust of readers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.config.publication import Workspace
    from newsletter.model import Path

CODE = "CF017"
HOST = "change-me.example"
"""The host of every invented address. (`letters.example` is a newsletter's own address in this tool's examples, tests and sample.)"""
TITLE = "The title of the letter"
URL = f"https://{HOST}/"
EMAIL = f"letters@{HOST}"
ADDRESS = "Street 1, 1000 Town, Country"
AUTHOR = "The name of who writes"
_TEXTS = frozenset(
    (
        TITLE,
        ADDRESS,
        AUTHOR,
        # Values of earlier versions.
        "One sentence about what readers get, and how often.",
        "A line or two about who writes this letter.",
    )
)
_ADDRESSED = re.compile(rf"(?:^|[/@.]){re.escape(HOST)}(?![\w.-]*\w)", re.IGNORECASE)
_ADVICE = {
    "address": "Write the postal address that the law requires.",
    "url": "Write where the folder public/ will be served.",
    "email": "Write the sender's email address.",
    "reply_to": "Write the address for replies, or remove the line.",
}


def is_invented(value: str) -> bool:
    """Whether `newsletter init` invented a value of newsletter.yaml."""
    return " ".join(value.split()) in _TEXTS or bool(_ADDRESSED.search(value))


def invented_in(workspace: Workspace) -> tuple[Diagnostic, ...]:
    """A finding for each value of newsletter.yaml that `newsletter init` invented, in the order of the file."""
    return tuple(
        Diagnostic(
            CONFIGURATION,
            workspace.spans[path],
            CODE,
            f"`{'.'.join(map(str, path))}` is still an example value from `newsletter init`",
            label="you cannot publish or export with it",
            advice=_ADVICE.get(str(path[-1]), "Write the real value, or remove the line."),
        )
        for path, value in sorted(_texts(workspace), key=lambda found: workspace.spans[found[0]].start)
        if is_invented(value)
    )


def _texts(workspace: Workspace) -> Iterator[tuple[Path, str]]:
    """The texts of newsletter.yaml by their paths."""
    for path in workspace.spans:
        value: object = workspace.publication
        for part in path:
            value = value.get(part) if isinstance(value, Mapping) else getattr(value, str(part), None)
        if isinstance(value, str):
            yield path, value
