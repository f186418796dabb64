"""The facts of Can I email as they are shipped: per feature, which mail programs support it. Made by docs/clients.py."""

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
    """How clients take one feature, as sets of their keys. Of what is in neither, it is supported or nobody knows."""

    missing: frozenset[str]
    partial: frozenset[str]
    unknown: frozenset[str]
    tested: str
    """When, in the form 2026-05-13."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The table, loaded."""

    updated: str
    """The day of the newest fact."""
    package: str
    """Where they are from: the npm package and its version."""
    support: Mapping[str, Support]
    """By the slug of the feature: `css-display-flex`."""


@cache
def facts() -> Facts:
    """The table that came with the tool; read when it is first asked for."""
    kept = json.loads(SHIPPED.read_text(encoding="utf-8"))
    clients = kept["clients"]
    support = {slug: _support(clients, *row.split(" ")) for slug, row in kept["features"].items()}
    return Facts(kept["source"]["updated"], kept["source"]["package"], support)


def page_of(slug: str) -> str:
    """Where Can I email tells about a feature."""
    return f"https://www.caniemail.com/features/{slug}/"


def _support(clients: list[str], tested: str, letters: str) -> Support:
    def with_letter(wanted: str) -> frozenset[str]:
        return frozenset(client for client, letter in zip(clients, letters, strict=True) if letter == wanted)

    return Support(with_letter("n"), with_letter("a"), with_letter("u"), tested)
