"""The facts of Can I email that come with the tool: which email clients support each feature.

Made by docs/clients.py.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = Path(__file__).with_name("support.json")


@dataclass(frozen=True, slots=True)
class Support:
    """The clients that support one feature and those that lack it, by key.

    For a client in neither, nothing is known.
    """

    missing: frozenset[str]
    partial: frozenset[str]
    unknown: frozenset[str]
    tested: str
    """The day of the test: 2026-05-13."""


@dataclass(frozen=True, slots=True)
class SupportTable:
    """The table, loaded."""

    updated: str
    """The day of the newest fact."""
    package: str
    """The source: the npm package and its version."""
    clients: tuple[str, ...]
    """The keys of the clients, in the order of the letters in a row."""
    rows: Mapping[str, str]
    """The day of the test and one letter per client, by the slug of the feature: `css-display-flex`."""


@cache
def facts() -> SupportTable:
    """The table that comes with the tool. The first call reads it."""
    kept = json.loads(SHIPPED.read_text(encoding="utf-8"))
    source = kept["source"]
    return SupportTable(source["updated"], source["package"], tuple(kept["clients"]), kept["features"])


@cache
def support(slug: str) -> Support:
    """The clients that support and lack a feature. Raises KeyError if the table does not have it."""
    tested, letters = facts().rows[slug].split(" ")
    by_letter: dict[str, set[str]] = {"y": set(), "n": set(), "a": set(), "u": set()}
    for client, letter in zip(facts().clients, letters, strict=True):
        by_letter[letter].add(client)
    return Support(frozenset(by_letter["n"]), frozenset(by_letter["a"]), frozenset(by_letter["u"]), tested)


def caniemail_page(slug: str) -> str:
    """The address of a feature's page at Can I email."""
    return f"https://www.caniemail.com/features/{slug}/"
