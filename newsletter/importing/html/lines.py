"""Inline content of a page: normalizes text and emphasis so that Markdown keeps their meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4.element import NavigableString, Tag

from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WRAPPERS = frozenset(
    "[document] html body div section article main header footer aside center table tbody thead tfoot tr td th caption colgroup col "
    "figure figcaption details summary dl dt dd fieldset legend address hgroup picture noscript nav form menu dir font-block x-root".split()
)
"""Elements that only contain blocks: they are removed, and the blocks stay. Data tables are converted before."""
BLOCKS = frozenset(
    {
        *HEADINGS,
        "p",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "hr",
        "x-figure",
        "x-missing",
        "x-note",
        "x-gallery",
        "x-button",
        "x-audio",
        "x-video",
        "x-post",
        "x-paywall",
        "x-footnote",
        "x-callout",
        "x-block",
        "x-head",
        "x-only",
        "x-markdown",
    }
) | (WRAPPERS - {"picture", "[document]"})


def spread(node: Tag) -> list[Any]:
    """The content of an element for one line. Its blocks are separated by spaces."""
    children: list[Any] = []
    for child in list(node.children):
        if isinstance(child, Tag) and child.name in BLOCKS and child.name not in {"x-figure", "br"}:
            children += [NavigableString(" "), *spread(child), NavigableString(" ")]
        else:
            children.append(child)
    return children


def text_of(nodes: Iterable[Any]) -> str:
    """The text of some nodes in one line."""
    return " ".join("".join(node.get_text() if isinstance(node, Tag) else str(node) for node in nodes).split())


def text_in(element: Tag | None) -> str:
    """The text of an element in one line; empty if it is None."""
    return " ".join(element.get_text(" ").split()) if element is not None else ""


def is_visible(node: Any) -> bool:
    """Whether a node has visible content."""
    if isinstance(node, Tag):
        return (
            node.name in {"x-figure", "x-missing", "x-ref"}
            or bool(node.get_text(strip=True))
            or node.find(["x-figure", "x-missing", "x-ref"]) is not None
        )
    return bool(str(node).strip())


def mark_by_style(node: Tag) -> str:
    """The emphasis that the style of a `span` gives: `strong`, `em` or none."""
    if node.name not in {"span", "font"}:
        return ""
    style = re.sub(r"\s", "", str(node.get("style") or "").lower())[:2000]
    if re.search(r"font-weight:(?:bold|[6-9]00)", style):
        return "strong"
    return "em" if "font-style:italic" in style else ""


def without_inner(name: str, nodes: list[Any]) -> list[Any]:
    """The nodes without nested elements of the same name: bold inside bold is only bold."""
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, Tag) and node.name == name:
            found += list(node.children)
        else:
            if isinstance(node, Tag):
                for inner in node.find_all(name):
                    inner.unwrap()
            found.append(node)
    return found


_OPENING = late("^[\\s\"'“‘(\\[«¿¡„]+")
_CLOSING = late("[\\s:;,.!?\"'”’)\\]»…]+$")


def edges_of(nodes: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
    """The nodes in three parts: blanks and line breaks before, content, blanks and line breaks after.

    Markdown needs the blanks outside the emphasis.
    """
    before: list[Any] = []
    after: list[Any] = []
    nodes = list(nodes)
    while (nodes and not isinstance(nodes[0], Tag)) or (nodes and nodes[0].name == "br"):
        first = nodes[0]
        if isinstance(first, Tag):
            before.append(nodes.pop(0))
            continue
        text = str(first)
        kept = text.lstrip()
        if text != kept:
            before.append(NavigableString(" "))
        if kept:
            nodes[0] = NavigableString(kept)
            break
        nodes.pop(0)
    while (nodes and not isinstance(nodes[-1], Tag)) or (nodes and nodes[-1].name == "br"):
        last = nodes[-1]
        if isinstance(last, Tag):
            after.insert(0, nodes.pop())
            continue
        text = str(last)
        kept = text.rstrip()
        if text != kept:
            after.insert(0, NavigableString(" "))
        if kept:
            nodes[-1] = NavigableString(kept)
            break
        nodes.pop()
    return before, nodes, after


def trimmed(nodes: list[Any]) -> list[Any]:
    """The nodes without blanks and line breaks at the edges; empty if there is no visible content."""
    _, kept, _ = edges_of([node for node in nodes if isinstance(node, Tag) or str(node)])
    return kept if any(is_visible(node) for node in kept) else []


def joined_up(nodes: list[Any]) -> list[Any]:
    """The nodes of a line, with adjacent elements of the same kind joined and repeated blanks removed."""
    found: list[Any] = []
    for node in nodes:
        last = found[-1] if found else None
        if not isinstance(node, Tag):
            text = str(node)
            if last is None or (isinstance(last, Tag) and last.name == "br"):
                text = text.lstrip(" ")
            if last is not None and not isinstance(last, Tag):
                text = str(found.pop()) + text
            text = re.sub(" {2,}", " ", text)
            if text:
                found.append(NavigableString(text))
            continue
        if node.name == "br" and last is not None and not isinstance(last, Tag):
            found[-1] = NavigableString(str(last).rstrip(" "))
        same = isinstance(last, Tag) and last.name == node.name and node.name in {"strong", "em", "del"}
        if isinstance(last, Tag) and (same or (last.name == node.name == "a" and last["href"] == node["href"])):
            for child in list(node.children):
                last.append(child)
            continue
        found.append(node)
    return _outside(found)


def _outside(nodes: list[Any]) -> list[Any]:
    """The nodes, with punctuation moved out of emphasis if Markdown would not end the emphasis there: `**So:**we`."""
    found: list[Any] = []
    for at, node in enumerate(nodes):
        following = nodes[at + 1] if at + 1 < len(nodes) else None
        if not isinstance(node, Tag) or node.name not in {"strong", "em", "del"}:
            found.append(node)
            continue
        last_character = _last_character(found)
        next_character = _first_character(following)
        first = node.contents[0] if node.contents else None
        if last_character.isalnum() and isinstance(first, NavigableString) and (out := _OPENING.match(str(first))):
            found.append(NavigableString(out[0]))
            first.replace_with(str(first)[out.end() :])
        last = node.contents[-1] if node.contents else None
        moved = ""
        if next_character.isalnum() and isinstance(last, NavigableString) and (out := _CLOSING.search(str(last))):
            moved = out[0]
            last.replace_with(str(last)[: out.start()])
        if is_visible(node):
            found.append(node)
        if moved:
            found.append(NavigableString(moved))
    return found


def _last_character(nodes: list[Any]) -> str:
    text = (nodes[-1].get_text() if isinstance(nodes[-1], Tag) else str(nodes[-1])) if nodes else ""
    return text[-1:] or " "


def _first_character(node: Any) -> str:
    if node is None or (isinstance(node, Tag) and node.name == "br"):
        return " "
    return ((node.get_text() if isinstance(node, Tag) else str(node))[:1]) or " "
