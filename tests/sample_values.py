"""The values of publications in tests. With the placeholders from `newsletter init`, nothing could be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE_VALUES = {
    "sender": "The editor",
    "email": "letters@letters.example",
    "address": "The letter, Sluisweg 7, 9000 Ghent, Belgium",
    "url": "https://letters.example/",
}
OPTIONS = tuple(f"--{name}={value}" for name, value in SAMPLE_VALUES.items())
"""The same as options of the command line."""

YAML = """\
title: Letters
url: https://letters.example/
sender: {name: L, email: l@letters.example}
kind: letter
address: Sluisweg 7, Ghent
"""
"""A newsletter.yaml with little more than it must have."""


def with_every_feed(root: Path) -> None:
    """Adds feeds of every kind to the newsletter.yaml of a new workspace."""
    settings = root / "newsletter.yaml"
    text = settings.read_text(encoding="utf-8")
    assert text.count("\nfeeds:\n") == 1
    asked = "  entries: 1\n  by: [tag, author, language]\n  campaign: mailchimp\n  hubs: https://hub.example/\n"
    settings.write_text(text.replace("\nfeeds:\n", f"\nfeeds:\n{asked}"), encoding="utf-8")
