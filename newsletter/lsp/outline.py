"""The outline of an issue: its sections and items, as a tree for navigation and as parts to fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.lsp.front_matter import front_end
from newsletter.markdown.items import items_of
from newsletter.walk import called, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.house.format import SectionFormat
    from newsletter.lsp.documents import CheckedIssue
    from newsletter.lsp.findings import EditorSupport
    from newsletter.model import Item, Section, Span

if TYPE_CHECKING:
    Part = tuple[Section, SectionFormat | None, tuple[Item, ...]]


def parts_of(look: CheckedIssue) -> Iterator[Part]:
    """Each section, its section in the house format, and its items in the form that the section gives them."""
    parsed = look.parsed
    for section, wanted in zip(parsed.issue.sections, parsed.matched or (), strict=True):
        items = section.items
        if wanted is not None and wanted.items is not None:
            items = items_of(section, wanted.items.shape)
        yield section, wanted, items


def symbols(
    look: CheckedIssue, client: EditorSupport, _: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """The sections and their items."""
    tree = [_section(part, look) for part in parts_of(look)]
    if client.tree:
        return tree
    flat = []
    for section in tree:
        flat.append(_flat(section, "", look))
        flat += [_flat(item, section.name, look) for item in section.children or ()]
    return flat


def _section(part: Part, look: CheckedIssue) -> types.DocumentSymbol:
    section, wanted, items = part
    children = [_symbol(plain_text(item.title), item.span, item.title_span, look, _ITEM) for item in items]
    detail = wanted.key if wanted else ""
    return _symbol(called(section), section.span, section.title_span, look, _SECTION, detail, children)


_SECTION, _ITEM = types.SymbolKind.Namespace, types.SymbolKind.String


def _symbol(
    name: str,
    whole: Span,
    title: Span,
    look: CheckedIssue,
    kind: types.SymbolKind,
    detail: str = "",
    children: list[types.DocumentSymbol] | None = None,
) -> types.DocumentSymbol:
    # A client rejects an empty name, and a title outside the whole range.
    start, end = max(title.start, whole.start), min(title.end, whole.end)
    return types.DocumentSymbol(
        name=name.strip() or "…",
        kind=kind,
        range=look.buffer.range_of(whole),
        selection_range=look.buffer.range(start, max(start, end)),
        detail=detail or None,
        children=children,
    )


def _flat(symbol: types.DocumentSymbol, container: str, look: CheckedIssue) -> types.SymbolInformation:
    place = types.Location(look.buffer.uri, symbol.range)
    return types.SymbolInformation(place, symbol.name, symbol.kind, container_name=container or None)


def folds(look: CheckedIssue, _client: EditorSupport, _: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """The front matter, the sections and the items."""
    text = look.parsed.source.text
    spans = [(0, len(text[: front_end(text)].rstrip()))]
    for section, _wanted, items in parts_of(look):
        spans.append((section.span.start, section.span.end))
        spans += [(item.span.start, item.span.end) for item in items]
    found = []
    for start, end in spans:
        first = look.buffer.position(start).line
        last = look.buffer.position(start + len(text[start:end].rstrip())).line
        if last > first:
            found.append(types.FoldingRange(first, last))
    return found
