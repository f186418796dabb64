"""Each different tag of an email, looked at once, shows the uses that the whole HTML shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.rules.clients.html import parts_once, scan

PIECES = (
    '<div style="display: flex">',
    "</div>",
    '<img src="a.webp" loading="lazy">',
    "<p style='color: rgb(1 2 3)'>",
    '<a title=">" style="gap: 1px">',
    "<video><source src='a.mp4'></video>",
    "<style>@media (prefers-color-scheme: dark) { p { gap: 1px } }</style>",
    "<!--[if mso]><table style='display: grid'><![endif]-->",
    "<!--[if !mso]><!-->",
    "<!--<![endif]-->",
    "<![if !mso]>",
    "<![endif]>",
    "<!-- note <p style='gap: 1px'> -->",
    "<span",
    "words > and < words",
)


def shown(html: str) -> set[object]:
    return {(seen_by, use) for _, seen_by, uses in scan(html) for use in uses}


def shown_by_parts(html: str) -> set[object]:
    parts = parts_once(html)
    return {(seen_by, use) for text, audience in parts for _, seen_by, uses in scan(text, audience) for use in uses}


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_parts_show_the_uses_of_the_whole(html):
    assert shown_by_parts(html) == shown(html)


@pytest.mark.parametrize("piece", [piece for piece in PIECES if "style" in piece and "note" not in piece])
def test_the_pieces_with_styles_have_uses(piece):
    assert shown(piece)
