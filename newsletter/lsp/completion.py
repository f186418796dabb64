"""What an editor offers while an issue is being written: where the cursor is says what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.lsp.completion_body import offered_in_body
from newsletter.lsp.completion_front import offered_in_front
from newsletter.lsp.front import in_front

if TYPE_CHECKING:
    from newsletter.lsp.desk import Look
    from newsletter.lsp.findings import Client
    from newsletter.lsp.offers import Offer

TRIGGERS = ("#", " ", ":", "{", "(", "[", "^", ",", "/", "!")
"""What brings up the list without being asked for: each opens one of the things that can be completed."""


def complete(look: Look, client: Client, params: types.CompletionParams) -> types.CompletionList:
    """What can be written at a place, the likeliest first."""
    offset = look.buffer.offset(params.position)
    offered = offered_in_front if in_front(look.buffer.text, offset) else offered_in_body
    offers = list(offered(look, offset))
    return types.CompletionList(False, [_item(offer, place, look, client) for place, offer in enumerate(offers)])


def _item(offer: Offer, place: int, look: Look, client: Client) -> types.CompletionItem:
    snippet = client.snippets and offer.snippet
    text = offer.snippet if snippet else offer.text
    about = types.MarkupContent(types.MarkupKind.Markdown, offer.about) if offer.about else None
    return types.CompletionItem(
        label=offer.label or offer.text.strip(),
        kind=offer.kind,
        detail=offer.detail or None,
        documentation=about,
        sort_text=f"{place:04}",
        filter_text=offer.text,
        insert_text_format=types.InsertTextFormat.Snippet if snippet else None,
        text_edit=types.TextEdit(
            look.buffer.range(offer.start, offer.end), (text or "").replace("\n", look.buffer.line_end)
        ),
    )
