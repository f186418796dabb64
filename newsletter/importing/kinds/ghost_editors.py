"""Converts the formats of Ghost's editors (Lexical, Mobiledoc) to HTML, for posts without rendered HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from newsletter.importing.html.internal import internal_element
from newsletter.importing.kinds.ghost_cards import card

if TYPE_CHECKING:
    from collections.abc import Callable

_DEEPEST = 60
_BOLD, _ITALIC, _STRIKE, _CODE, _SUB, _SUP = 1, 2, 4, 16, 32, 64
"""The bits in the `format` of a Lexical text node."""


def html_of_lexical(document: Any, report: Callable[[str], None]) -> str:
    """A Lexical tree as HTML. `report` is called with the kind of each card that has no equivalent."""
    root = document.get("root") if isinstance(document, dict) else None
    return _children(root, report, 0) if isinstance(root, dict) else ""


def _children(node: dict[str, Any], report: Callable[[str], None], depth: int) -> str:
    if depth > _DEEPEST or not isinstance(node.get("children"), list):
        return ""
    return "".join(_lexical(child, report, depth + 1) for child in node["children"] if isinstance(child, dict))


def _lexical(node: dict[str, Any], report: Callable[[str], None], depth: int) -> str:
    kind = str(node.get("type", ""))
    match kind:
        case "text" | "extended-text":
            return _formatted(str(node.get("text", "")), node.get("format"))
        case "linebreak":
            return "<br>"
        case "paragraph":
            return f"<p>{_children(node, report, depth)}</p>"
        case "heading" | "extended-heading":
            tag = node.get("tag") if node.get("tag") in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
            return f"<{tag}>{_children(node, report, depth)}</{tag}>"
        case "quote" | "extended-quote" | "aside":
            return f"<blockquote><p>{_children(node, report, depth)}</p></blockquote>"
        case "list":
            tag = "ol" if node.get("listType") == "number" or node.get("tag") == "ol" else "ul"
            return f"<{tag}>{_children(node, report, depth)}</{tag}>"
        case "listitem":
            return f"<li>{_children(node, report, depth)}</li>"
        case "link" | "autolink":
            address = node.get("url")
            href = escape(address) if isinstance(address, str) else ""
            return f'<a href="{href}">{_children(node, report, depth)}</a>'
        case _:
            if node.get("children") or kind in {"at-link", "at-link-search", "zwnj"}:
                return _children(node, report, depth)
            return _for_some(node, card(kind, node, report))


def _for_some(node: dict[str, Any], html: str) -> str:
    """A card for certain readers, marked as in a page by Ghost."""
    seen = node.get("visibility")
    if not isinstance(seen, dict) or not html:
        return html
    web, mail = ({**one} if isinstance(one := seen.get(key), dict) else {} for key in ("web", "email"))
    if not web and not mail:  # the form before version 5.108
        segment = str(seen.get("segment") or "status:free,status:-free")
        web = {
            "nonMember": seen.get("showOnWeb", True),
            "memberSegment": segment if seen.get("showOnWeb", True) else "",
        }
        mail = {"memberSegment": segment if seen.get("showOnEmail", True) else ""}
    if not web.get("nonMember") and not web.get("memberSegment"):
        segment = str(mail.get("memberSegment") or "")
        readers = "email" if "status:free" in segment.split(",") else "paid"
        return internal_element("x-only", html, f' readers="{readers}"') if segment else ""
    begin = f'nonMember:{str(bool(web.get("nonMember"))).lower()} memberSegment:"{web.get("memberSegment") or ""}"'
    return f"<!--kg-gated-block:begin {begin} -->{html}<!--kg-gated-block:end-->"


def _formatted(text: str, flags: object) -> str:
    html = escape(text)
    bits = flags if isinstance(flags, int) else 0
    for bit, tag in ((_CODE, "code"), (_BOLD, "strong"), (_ITALIC, "em"), (_STRIKE, "s"), (_SUB, "sub"), (_SUP, "sup")):
        if bits & bit:
            html = f"<{tag}>{html}</{tag}>"
    return html


_MARKER, _ATOM = 0, 1
_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote aside ul ol li strong b em i s del code sub sup a u".split())


def html_of_mobiledoc(document: Any, report: Callable[[str], None]) -> str:
    """A Mobiledoc 0.3 document as HTML (github.com/bustle/mobiledoc-kit, MOBILEDOC.md)."""
    if not isinstance(document, dict):
        return ""
    sections = document.get("sections")
    return (
        "".join(_section(section, document, report) for section in sections if isinstance(section, list) and section)
        if isinstance(sections, list)
        else ""
    )


def _section(section: list[Any], document: dict[str, Any], report: Callable[[str], None]) -> str:
    try:
        match section[0]:
            case 1:
                tag = section[1] if section[1] in _TAGS else "p"
                return f"<{tag}>{_markers(section[2], document)}</{tag}>"
            case 2:
                return f'<img src="{escape(str(section[1]))}">'
            case 3:
                tag = "ol" if section[1] == "ol" else "ul"
                return f"<{tag}>{''.join(f'<li>{_markers(one, document)}</li>' for one in section[2])}</{tag}>"
            case 10:
                name, payload = document["cards"][section[1]][:2]
                return card(str(name), payload if isinstance(payload, dict) else {}, report)
    except (IndexError, KeyError, TypeError, ValueError):
        report("damaged")
    return ""


def _markers(markers: list[Any], document: dict[str, Any]) -> str:
    html = ""
    open_tags: list[str] = []
    for kind, opened, closed, value in markers:
        for index in opened:
            markup = document["markups"][index]
            tag = markup[0] if markup[0] in _TAGS else "span"
            href = dict(zip(markup[1][::2], markup[1][1::2], strict=False)).get("href", "") if len(markup) > 1 else ""
            html += f'<{tag} href="{escape(str(href))}">' if href else f"<{tag}>"
            open_tags.append(tag)
        html += (
            "<br>"
            if kind == _ATOM and document["atoms"][value][0] == "soft-return"
            else escape(str(value))
            if kind == _MARKER
            else ""
        )
        for _ in range(min(closed, len(open_tags))):
            html += f"</{open_tags.pop()}>"
    return html
