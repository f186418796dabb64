"""What is true of the publications that tests start: nothing that `newsletter init` would make up, which is never published."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TOLD = {
    "sender": "The editor",
    "email": "letters@letters.example",
    "address": "The letter, Sluisweg 7, 9000 Ghent, Belgium",
    "url": "https://letters.example/",
}
OPTIONS = tuple(f"--{name}={value}" for name, value in TOLD.items())
"""The same for the command line."""


def with_every_feed(root: Path) -> None:
    """Asks the newsletter.yaml of a new workspace for feeds of every kind."""
    settings = root / "newsletter.yaml"
    text = settings.read_text(encoding="utf-8")
    assert text.count("\nfeeds:\n") == 1
    asked = "  entries: 1\n  by: [tag, author, language]\n  campaign: mailchimp\n  hubs: https://hub.example/\n"
    settings.write_text(text.replace("\nfeeds:\n", f"\nfeeds:\n{asked}"), encoding="utf-8")
