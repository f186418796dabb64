"""How large the e-mail is, and which of its sections make it so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsletter.preview.views import Proof

BUDGET = 102 * 1024
"""Bytes of HTML after which Gmail cuts a letter off."""


def size_of(proof: Proof) -> dict[str, Any]:
    """Bytes of the e-mail as it goes out, and of its parts in their order, where they are known."""
    html = proof.exported
    total = len(html.encode())
    parts = [{"name": name, "bytes": count} for name, count in proof.part_sizes]
    return {"bytes": total, "budget": BUDGET, "parts": parts, "links": html.count("<a ")}
