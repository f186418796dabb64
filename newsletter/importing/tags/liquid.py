"""Liquid in the Markdown of Jekyll and Eleventy: fills in known values; everything else is kept and reported by line.

It is not a complete template engine: it knows the few tags and filters that letters use. Output, includes and loops
have limits. An unknown tag raises no error; it stays in the text.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from newsletter.check.rules.structure.fields import foreign_tags
from newsletter.digits import whole_number
from newsletter.importing.base import ImportNote
from newsletter.importing.mapped import MappedText, TextChange
from newsletter.importing.markup import commented
from newsletter.importing.tags.liquid_nodes import DEEPEST, LiquidNode, parsed_liquid
from newsletter.importing.tags.liquid_places import is_alone, link_around
from newsletter.importing.tags.merge_tags import KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

READER_WORDS = re.compile(r"paid|member|premium|subscri|private|tier|patron|supporter|donor|logged|user", re.IGNORECASE)
"""Words in a condition, or in the name of a tag, that may select readers."""
_KNOWN = frozenset("include include_relative include_cached render post_url link assign capture for".split())
_VALUE = re.compile(
    r"""\s*(?:"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:(?:\.[\w-]+)|\[[^\]]*\])*))\s*"""
)
_PARAMETER = re.compile(r"""([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s,]+)""")
_MOST = 1_000_000
"""The largest total output of a text's includes and loops, in characters."""
_MOST_ROUNDS = 200
_PICTURE_INCLUDE = re.compile(r"(?:^|[/_-])(?:image|img|figure|fig|picture|photo)s?(?:[._-]|$)", re.IGNORECASE)
_COMPUTED = frozenset("excerpt content next previous url id path collection output".split())
"""The variables of a page that the generator computes, in addition to the front matter."""
_UNKNOWN = "its value is unknown"
_MISSING = object()


class Unresolved(Exception):  # noqa: N818 - no error: a reason to keep a tag as it is
    """The value of a tag or an output cannot be known. `str(error)` is the reason."""


class LiquidSite:
    """The variables and functions of a site for the Liquid in its pages."""

    def __init__(
        self,
        site: Mapping[str, Any],
        include: Callable[[str], str | None],
        address: Callable[[str, str], str],
        picture: Callable[[Mapping[str, str]], str],
    ) -> None:
        """`site` is the site's configuration; `include` returns the text of an include, or None if it is missing.

        `address` returns the address for `post_url` or `link` (the first argument) and their target, or an empty text.
        `picture` returns Markdown for a picture, from the parameters of a missing include for pictures.
        """
        self.site = site
        self.include = include
        self.address = address
        self.picture = picture


def resolved(
    text: MappedText, page: Mapping[str, Any], site: LiquidSite, place: str
) -> tuple[MappedText, list[ImportNote]]:
    """The text with its Liquid filled in as far as possible, and notes on everything left out, changed or kept.

    A tag that cannot be filled in and is alone in its line becomes a comment, which is never published.
    """
    if "{%" not in text.text and "{{" not in text.text:
        return text, []
    run = _LiquidRun(site, {"page": page, "site": site.site})
    notes: list[ImportNote] = []
    changes: list[TextChange] = []
    for node in _without_roots(parsed_liquid(text.text), text.text, site):
        if node.start < run.done:
            continue
        where = f"{place}:{text.line(node.start)}"
        changes += run.changes_for(node, text.text, where, notes)
    apart = [
        change for change in changes if not any(start < change.start and change.end < end for start, end in run.undone)
    ]
    return text.changed(sorted(apart)), notes


_ROOT = re.compile(r"site\.(?:url|baseurl)(?:\s*\|\s*relative_url)?")


def _without_roots(nodes: Sequence[LiquidNode], text: str, site: LiquidSite) -> list[LiquidNode]:
    """The nodes without `{{ site.url }}` before the address of an imported page: that address is complete."""
    following = None
    ordered: list[LiquidNode] = []
    for node in reversed(nodes):
        if (
            _is_root(node)
            and following is not None
            and following.kind in {"post_url", "link"}
            and not text[node.end : following.start].replace("/", "").strip("{}siteurlba. ")
            and site.address(following.kind, following.content).startswith("../")
        ):
            ordered.append(LiquidNode("comment", "", node.start, node.end))
        else:
            ordered.append(node)
        following = following if _is_root(node) else node
    return ordered[::-1]


def _is_root(node: LiquidNode) -> bool:
    return node.kind == "output" and _ROOT.fullmatch(node.content.strip()) is not None


class _LiquidRun:
    """The Liquid of one text: its variables, and the characters that it may still produce."""

    def __init__(self, site: LiquidSite, scope: dict[str, Any]) -> None:
        self.site = site
        self.scope = scope
        self.left = _MOST
        self.done = 0
        """The end of the last link that became a comment."""
        self.undone: list[tuple[int, int]] = []
        """The addresses of links that became comments. Nothing inside them is changed."""

    def changes_for(self, node: LiquidNode, text: str, where: str, notes: list[ImportNote]) -> Iterator[TextChange]:
        """The changes for a top-level node of the text."""
        if node.kind == "text":
            return
        shown = " ".join(text[node.start : node.end].split())
        shown = shown if len(shown) < 70 else f"{shown[:66]}…"
        try:
            become = self.filled(node, text, 0)
        except Unresolved as reason:
            if node.kind == "output" and any(tag.name for tag in foreign_tags(text[node.start : node.end], KNOWN)):
                return  # a personal field, which issues can contain, too
            if node.kind == "for" and _outputs_its_entries(node, text):
                notes.append(ImportNote(where, f"{shown}: the list it repeats is unknown", "kept"))
                yield TextChange(node.start, node.end, f"<!-- {commented(text[node.start : node.end])} -->")
                return
            if node.branches and node.kind != "capture":
                yield from self._opened(node, text, where, notes)
                return
            if node.kind not in {"output", "unclosed", *_KNOWN} and READER_WORDS.search(node.kind):
                notes.append(ImportNote(where, f"{shown} is now a part for paying readers", "changed"))
                yield TextChange(
                    node.start, node.end, "\n\n:::\n\n" if node.kind.startswith("end") else "\n\n::: only paid\n\n"
                )
                return
            if found := link_around(text, node.start, node.end):
                start, middle, end = found
                message = f"the link “{text[start + 1 : middle][:60]}” is a comment now, because of {shown}: {reason}"
                notes.append(ImportNote(where, message, "kept"))
                self.done = end
                self.undone.append((middle, end))
                yield TextChange(start, start + 1, "")
                yield TextChange(middle, end, f"<!-- a link to {commented(text[middle + 2 : end - 1])} -->")
                return
            notes.append(ImportNote(where, f"{shown}: {reason}", "kept"))
            if is_alone(text, node.start, node.end):
                yield TextChange(node.start, node.end, f"<!-- {commented(text[node.start : node.end])} -->")
            return
        if node.kind == "comment" and text[slice(*node.inner)].strip():
            notes.append(ImportNote(where, "a Liquid comment", "left out"))
        elif node.kind in {"if", "unless"} and len(become.strip()) < len(text[slice(*node.inner)].strip()):
            notes.append(ImportNote(where, f"{shown}: the branches that do not apply", "left out"))
        elif node.kind == "include":
            notes.append(ImportNote(where, f"{shown}: replaced by the content it includes", "changed"))
        yield TextChange(node.start, node.end, become)

    def _opened(self, node: LiquidNode, text: str, where: str, notes: list[ImportNote]) -> Iterator[TextChange]:
        """Removes the tags of a condition or loop that cannot be computed, and keeps all branches.

        If the text may have been for some readers only, it is now for paying readers: a mistake costs an edit, never a
        leak.
        """
        tag = " ".join(text[node.start : node.inner[0]].split())
        kept = any(READER_WORDS.search(condition) for _, condition, _ in node.branches)
        what = "it is now for paying readers only" if kept else "all of it is kept"
        notes.append(ImportNote(where, f"{tag}: its condition is unknown, so {what}", "changed"))
        opens, closes = ("\n\n::: only paid\n", "\n:::\n\n") if kept else ("", "")
        at = node.start
        for _, _, nodes in node.branches:
            for inner in nodes:
                if inner.start > at:
                    yield TextChange(at, inner.start, opens)
                    opens = ""
                yield from self.changes_for(inner, text, where, notes)
                at = inner.end
        yield TextChange(at, node.end, "" if opens else closes)

    def filled(self, node: LiquidNode, text: str, depth: int) -> str:
        """The output of a node. Raises Unresolved if it cannot be known."""
        match node.kind:
            case "text":
                return node.content
            case "output":
                return _written(self.value(node.content))
            case "comment":
                return ""
            case "raw":
                return text[slice(*node.inner)]
            case "highlight":
                return _fenced(text[slice(*node.inner)], node.content)
            case "assign" | "set":
                name, _, expression = node.content.partition("=")
                self.scope[name.strip()] = self.value(expression)
                return ""
            case "capture":
                self.scope[node.content.strip("\"' ")] = self._all(node.branches[0][2], text, depth)
                return ""
            case "if" | "unless":
                return self._chosen(node, text, depth)
            case "for":
                return self._looped(node, text, depth)
            case "include" | "include_relative" | "render" | "include_cached":
                return self._included(node, depth)
            case "image" | "img" | "figure" | "picture" if words := re.findall(r"\"([^\"]*)\"|'([^']*)'", node.content):
                src, alt, *_ = [one or other for one, other in words] + [""]
                named = dict(_PARAMETER.findall(node.content))
                given = (
                    {"src": src, "alt": alt} if not named else {key: value.strip("\"'") for key, value in named.items()}
                )
                if picture := self.site.picture(given):
                    return picture
            case "post_url" | "link":
                if address := self.site.address(node.kind, node.content):
                    return address
                raise Unresolved("there is no such page in the source")
        raise Unresolved("the tag has no meaning here")

    def _all(self, nodes: Sequence[LiquidNode], text: str, depth: int) -> str:
        return "".join(self.filled(inner, text, depth) for inner in nodes)

    def _chosen(self, node: LiquidNode, text: str, depth: int) -> str:
        for kind, condition, nodes in node.branches:
            if kind == "else" or self._holds(condition) is not (kind == "unless"):
                return self._all(nodes, text, depth)
        return ""

    def _looped(self, node: LiquidNode, text: str, depth: int) -> str:
        found = re.match(r"(\w+)\s+in\s+(\S+)\s*$", node.content)
        values = self.value(found[2]) if found else None
        if not found or not isinstance(values, list) or len(values) > _MOST_ROUNDS:
            raise Unresolved("the list it repeats is unknown")
        parts = []
        for value in values:
            self.scope[found[1]] = value
            parts.append(self._all(node.branches[0][2], text, depth))
            self._spend(len(parts[-1]))
        return "".join(parts)

    def _included(self, node: LiquidNode, depth: int) -> str:
        name, _, rest = node.content.partition(" ")
        name = name.strip("\"',")
        given = {key: self._parameter(value) for key, value in _PARAMETER.findall(rest)}
        content = self.site.include(name) if depth < DEEPEST else None
        if content is None:
            if _PICTURE_INCLUDE.search(name) and (
                shown := self.site.picture({k: _written(v) for k, v in given.items()})
            ):
                return shown
            raise Unresolved("the file it includes is not in the source")
        self._spend(len(content))
        outer = self.scope.get("include")
        self.scope["include"] = given
        try:
            return self._all(parsed_liquid(content), content, depth + 1).strip("\n")
        finally:
            self.scope["include"] = outer

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unresolved("its output is too long")

    def _parameter(self, written: str) -> Any:
        return written[1:-1] if written[:1] in "\"'" else self.value(written)

    def value(self, expression: str) -> Any:
        """The value of an expression with its filters. Raises Unresolved if it cannot be known."""
        first, *filters = _apart(expression)
        value = self._operand(first)
        for one in filters:
            name, _, arguments = one.strip().partition(":")
            value = self._filtered(value, name.strip(), [self._operand(part) for part in _arguments(arguments)])
        if value is _MISSING:
            raise Unresolved(_UNKNOWN)
        return value

    def _operand(self, written: str) -> Any:
        found = _VALUE.fullmatch(written)
        if not found:
            raise Unresolved("it cannot be read")
        if found[4] is None:
            return next(part for part in found.groups() if part is not None)
        if found[4] in {"true", "false", "nil", "null", "blank", "empty"}:
            return {"true": True, "false": False}.get(found[4])
        return self._named(found[4])

    def _named(self, name: str) -> Any:
        path = re.sub(r"\[[\"']?([^\]\"']*)[\"']?\]", r".\1", name).split(".")
        if path[0] not in self.scope:
            raise Unresolved(_UNKNOWN)
        if path[0] == "page" and path[1:2] and path[1] in _COMPUTED and path[1] not in self.scope["page"]:
            return _MISSING
        value: Any = self.scope[path[0]]
        for step in path[1:]:
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and (index := whole_number(step)) is not None and index < len(value):
                value = value[index]
            elif isinstance(value, list) and step == "size":
                value = len(value)
            else:
                return _MISSING if path[0] == "site" else None
        return value

    def _filtered(self, value: Any, name: str, given: Sequence[Any]) -> Any:
        if name == "default":
            return given[0] if given and value in (_MISSING, None, "", False) else value
        if value is _MISSING:
            return _MISSING
        text = _written(value)
        base = str(self.site.site.get("baseurl") or "").rstrip("/")
        simple: dict[str, Callable[[], Any]] = {
            "url": lambda: text,
            "relative_url": lambda: base + "/" + text.lstrip("/"),
            "absolute_url": lambda: str(self.site.site.get("url") or "").rstrip("/") + base + "/" + text.lstrip("/"),
            "prepend": lambda: _written(given[0]) + text,
            "append": lambda: text + _written(given[0]),
            "replace": lambda: text.replace(_written(given[0]), _written(given[1])),
            "upcase": text.upper,
            "downcase": text.lower,
            "capitalize": text.capitalize,
            "strip": text.strip,
            "strip_newlines": lambda: text.replace("\n", ""),
            "markdownify": lambda: value,
            "smartify": lambda: value,
            "escape": lambda: escape(text),
            "escape_once": lambda: text,
            "xml_escape": lambda: escape(text),
            "cgi_escape": lambda: quote(text, safe=""),
            "url_encode": lambda: quote(text, safe=""),
            "join": lambda: (_written(given[0]) if given else " ").join(map(_written, value)),
            "first": lambda: value[0] if value else None,
            "last": lambda: value[-1] if value else None,
            "size": lambda: len(value),
            "strip_html": lambda: re.sub(r"<[^>]*>", "", text),
        }
        if name not in simple:
            raise Unresolved(f"the filter `{name}` is unknown")
        try:
            return simple[name]()
        except (IndexError, TypeError) as error:
            raise Unresolved("it cannot be read") from error

    def _holds(self, condition: str) -> bool:
        for either in re.split(r"\s+or\s+", condition):
            if all(self._is_true(one) for one in re.split(r"\s+and\s+", either)):
                return True
        return False

    def _is_true(self, condition: str) -> bool:
        found = re.fullmatch(r"(.+?)\s*(==|!=|contains)\s*(.+)", condition.strip())
        if not found:
            return self.value(condition) not in (None, False)
        left, right = self.value(found[1]), self.value(found[3])
        if found[2] == "contains":
            return _written(right) in (left if isinstance(left, list) else _written(left))
        return (_written(left) == _written(right)) is (found[2] == "==")


def _apart(expression: str) -> list[str]:
    """An expression, split at each `|` outside quotation marks."""
    return re.findall(r"(?:[^|\"']|\"[^\"]*\"|'[^']*')+", expression) or [""]


def _arguments(written: str) -> list[str]:
    return [part for part in re.findall(r"(?:[^,\"']|\"[^\"]*\"|'[^']*')+", written) if part.strip()]


def _written(value: Any) -> str:
    if value is None or value is _MISSING:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return "".join(map(_written, value)) if isinstance(value, list) else str(value)


def _fenced(code: str, options: str) -> str:
    language = (options.split() or [""])[0]
    fence = "```" if "```" not in code else "~~~~~"
    return f"\n{fence}{language}\n{code.strip(chr(10))}\n{fence}\n"


def _outputs_its_entries(node: LiquidNode, text: str) -> bool:
    """Whether a loop outputs the values of its list, so that it is useless without them."""
    name = node.content.split(" ", 1)[0]
    return re.search(rf"\{{\{{-?\s*{re.escape(name)}\b", text[slice(*node.inner)]) is not None
