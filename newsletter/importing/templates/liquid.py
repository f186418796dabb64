"""Liquid in the Markdown of Jekyll and Eleventy: fills in known values; everything else is kept and reported by line.

It is not a complete template engine: it knows the few tags and filters that letters use. Output, includes and loops
have limits. An unknown tag raises no error; it stays in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from newsletter.check.rules.structure.fields import foreign_tags
from newsletter.importing.base import ImportNote
from newsletter.importing.mapped import MappedText, TextChange
from newsletter.importing.templates.merge_tags import KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_TOKEN = re.compile(r"\{%(-?)\s*(.*?)\s*(-?)%\}|\{\{(?![<%{])(-?)\s*(.*?)\s*(-?)\}\}", re.DOTALL)
_ENDS = {name: f"end{name}" for name in ("comment", "raw", "highlight", "capture", "if", "unless", "for")}
READER_WORDS = re.compile(r"paid|member|premium|subscri|private|tier|patron|supporter|donor|logged|user", re.IGNORECASE)
"""Words in a condition, or in the name of a tag, that may select readers."""
_KNOWN = frozenset("include include_relative include_cached render post_url link assign capture for".split())
_VERBATIM = frozenset({"comment", "raw", "highlight"})
_BRANCHES = frozenset({"elsif", "else"})
_VALUE = re.compile(
    r"""\s*(?:"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:(?:\.[\w-]+)|\[[^\]]*\])*))\s*"""
)
_PARAMETER = re.compile(r"""([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s,]+)""")
_DEEPEST = 12
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


class _Node(NamedTuple):
    kind: str
    """`text`, `output`, `unclosed`, or the name of a tag."""
    content: str
    """The text, the expression, or the arguments of the tag."""
    start: int
    end: int
    """The offset after it, and after its end tag if it has one."""
    inner: tuple[int, int] = (0, 0)
    """The offsets at which the body of a block tag begins and ends."""
    branches: tuple[tuple[str, str, tuple[_Node, ...]], ...] = ()
    """For a block tag: the keyword (`if`, `elsif`, `else`), the condition and the nodes of each branch."""


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
    for node in _without_roots(_parsed(text.text), text.text, site):
        if node.start < run.done:
            continue
        where = f"{place}:{text.line(node.start)}"
        changes += run.changes_for(node, text.text, where, notes)
    apart = [
        change for change in changes if not any(start < change.start and change.end < end for start, end in run.undone)
    ]
    return text.changed(sorted(apart)), notes


_ROOT = re.compile(r"site\.(?:url|baseurl)(?:\s*\|\s*relative_url)?")


def _without_roots(nodes: Sequence[_Node], text: str, site: LiquidSite) -> list[_Node]:
    """The nodes without `{{ site.url }}` before the address of an imported page: that address is complete."""
    following = None
    ordered: list[_Node] = []
    for node in reversed(nodes):
        if (
            _is_root(node)
            and following is not None
            and following.kind in {"post_url", "link"}
            and not text[node.end : following.start].replace("/", "").strip("{}siteurlba. ")
            and site.address(following.kind, following.content).startswith("../")
        ):
            ordered.append(_Node("comment", "", node.start, node.end))
        else:
            ordered.append(node)
        following = following if _is_root(node) else node
    return ordered[::-1]


def _is_root(node: _Node) -> bool:
    return node.kind == "output" and _ROOT.fullmatch(node.content.strip()) is not None




def _parsed(text: str) -> tuple[_Node, ...]:
    tokens = list(_TOKEN.finditer(text))
    return _nodes(_Tokens(text, tokens, _matched(tokens)), 0, len(tokens), 0, len(text), 0)


class _Tokens(NamedTuple):
    text: str
    found: Sequence[re.Match[str]]
    matched: Mapping[int, Sequence[int]]
    """The tags that divide and close a block, by the index of the tag that opens it."""


def _name(token: re.Match[str]) -> str:
    return (token[2] or "").split(None, 1)[0] if (token[2] or "").strip() else ""


def _matched(tokens: Sequence[re.Match[str]]) -> dict[int, list[int]]:
    """The tags that divide and close each block, by the index of the opening tag.

    A tag without a partner is not included. Each tag is visited once.
    """
    found: dict[int, list[int]] = {}
    open_tags: list[tuple[int, str, list[int]]] = []
    waiting: Counter[str] = Counter()
    last = {_name(token): at for at, token in enumerate(tokens)}
    verbatim = ""
    for at, token in enumerate(tokens):
        name = _name(token)
        if verbatim:
            if name == _ENDS[verbatim]:
                found[open_tags.pop()[0]] = [at]
                verbatim = ""
        elif name in _VERBATIM:
            if last.get(_ENDS[name], -1) > at:
                verbatim = name
                open_tags.append((at, name, []))
        elif name in _ENDS:
            open_tags.append((at, name, []))
            waiting[name] += 1
        elif name in _BRANCHES and open_tags and open_tags[-1][1] in {"if", "unless"}:
            open_tags[-1][2].append(at)
        elif name.startswith("end") and waiting[name[3:]]:
            while True:
                opened, kind, branches = open_tags.pop()
                waiting[kind] -= 1
                if kind == name[3:]:
                    found[opened] = [*branches, at]
                    break
    return found


def _nodes(tokens: _Tokens, at: int, end: int, start: int, stop: int, depth: int) -> tuple[_Node, ...]:
    """The nodes of `text[start:stop]`, from the tokens `at` to `end - 1`."""
    nodes: list[_Node] = []
    while at < end:
        token = tokens.found[at]
        begin, after = _trimmed(tokens.text, token)
        if begin > start:
            nodes.append(_Node("text", tokens.text[start:begin], start, begin))
        following = at + 1
        if token[2] is None:
            node = _Node("output", token[5], begin, after)
        elif at in tokens.matched and depth < _DEEPEST:
            node = _block(tokens, at, depth)
            following = tokens.matched[at][-1] + 1
        else:
            name = _name(token)
            kind = "unclosed" if name in _ENDS else name
            node = _Node(kind, " ".join(token[2].split()).partition(" ")[2], begin, after)
        nodes.append(node)
        at, start = following, max(node.end, start)
    if start < stop:
        nodes.append(_Node("text", tokens.text[start:stop], start, stop))
    return tuple(nodes)


def _block(tokens: _Tokens, at: int, depth: int) -> _Node:
    text, parts = tokens.text, [at, *tokens.matched[at]]
    name, last = _name(tokens.found[at]), tokens.found[parts[-1]]
    begin, start = _trimmed(text, tokens.found[at])
    content = tokens.found[at][2].removeprefix(name).strip()
    inner = start, last.start()
    if name in _VERBATIM:
        return _Node(name, content, begin, _trimmed(text, last)[1], inner)
    branches = []
    for here, following in pairwise(parts):
        token = tokens.found[here]
        body, stop = _trimmed(text, token)[1], max(_trimmed(text, tokens.found[following])[0], 0)
        nodes = _nodes(tokens, here + 1, following, body, max(stop, body), depth + 1)
        branches.append((_name(token), token[2].removeprefix(_name(token)).strip(), nodes))
    return _Node(name, content, begin, _trimmed(text, last)[1], inner, tuple(branches))


def _trimmed(text: str, token: re.Match[str]) -> tuple[int, int]:
    """The start and end of a token, including the white space that its hyphens remove."""
    start, end = token.span()
    if token[1] or token[4]:
        start -= len(text[:start]) - len(text[:start].rstrip()) if start < 200 else _blanks_before(text, start)
    if token[3] or token[6]:
        end += len(text[end : end + 200]) - len(text[end : end + 200].lstrip())
    return start, end


def _blanks_before(text: str, start: int) -> int:
    before = text[start - 200 : start]
    return len(before) - len(before.rstrip())




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

    def changes_for(self, node: _Node, text: str, where: str, notes: list[ImportNote]) -> Iterator[TextChange]:
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
            if found := _link_around(text, node.start, node.end):
                start, middle, end = found
                message = f"the link “{text[start + 1 : middle][:60]}” is a comment now, because of {shown}: {reason}"
                notes.append(ImportNote(where, message, "kept"))
                self.done = end
                self.undone.append((middle, end))
                yield TextChange(start, start + 1, "")
                yield TextChange(middle, end, f"<!-- a link to {commented(text[middle + 2 : end - 1])} -->")
                return
            notes.append(ImportNote(where, f"{shown}: {reason}", "kept"))
            if _alone(text, node.start, node.end):
                yield TextChange(node.start, node.end, f"<!-- {commented(text[node.start : node.end])} -->")
            return
        if node.kind == "comment" and text[slice(*node.inner)].strip():
            notes.append(ImportNote(where, "a Liquid comment", "left out"))
        elif node.kind in {"if", "unless"} and len(become.strip()) < len(text[slice(*node.inner)].strip()):
            notes.append(ImportNote(where, f"{shown}: the branches that do not apply", "left out"))
        elif node.kind == "include":
            notes.append(ImportNote(where, f"{shown}: replaced by the content it includes", "changed"))
        yield TextChange(node.start, node.end, become)

    def _opened(self, node: _Node, text: str, where: str, notes: list[ImportNote]) -> Iterator[TextChange]:
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

    def filled(self, node: _Node, text: str, depth: int) -> str:
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

    def _all(self, nodes: Sequence[_Node], text: str, depth: int) -> str:
        return "".join(self.filled(inner, text, depth) for inner in nodes)

    def _chosen(self, node: _Node, text: str, depth: int) -> str:
        for kind, condition, nodes in node.branches:
            if kind == "else" or self._holds(condition) is not (kind == "unless"):
                return self._all(nodes, text, depth)
        return ""

    def _looped(self, node: _Node, text: str, depth: int) -> str:
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

    def _included(self, node: _Node, depth: int) -> str:
        name, _, rest = node.content.partition(" ")
        name = name.strip("\"',")
        given = {key: self._parameter(value) for key, value in _PARAMETER.findall(rest)}
        content = self.site.include(name) if depth < _DEEPEST else None
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
            return self._all(_parsed(content), content, depth + 1).strip("\n")
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
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
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


_ADDRESS = r"(?:\{\{[^{}\n]*+\}\}|\{%[^{}\n]*+\}|[^\s(){}<>])*+"
_LINK_BEFORE = re.compile(_ADDRESS)
_LINK_AFTER = re.compile(_ADDRESS + r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)")
_LONGEST_LINK = 600
"""The longest text or address of a link, in characters."""


def _link_around(text: str, start: int, end: int) -> tuple[int, int, int] | None:
    """The link in whose address `text[start:end]` is: its start, the end of its text, and its end.

    None if there is none.
    """
    line = max(text.rfind("\n", 0, start) + 1, start - 2 * _LONGEST_LINK)
    middle = text.rfind("](", max(line, start - _LONGEST_LINK), start)
    if middle < 0 or not _LINK_BEFORE.fullmatch(text, middle + 2, start):
        return None
    after = _LINK_AFTER.match(text, end, end + _LONGEST_LINK)
    opens = _opening(text, line, middle)
    return (opens, middle, after.end()) if after and opens >= 0 else None


def _opening(text: str, line: int, middle: int) -> int:
    """The offset of the bracket that the one at `middle` closes; -1 if there is none or it belongs to a picture."""
    depth = 1
    for at in range(middle - 1, line - 1, -1):
        depth += {"]": 1, "[": -1}.get(text[at], 0) * (text[at - 1 : at] != "\\")
        if not depth:
            return at if text[at - 1 : at] != "!" else -1
    return -1


def _outputs_its_entries(node: _Node, text: str) -> bool:
    """Whether a loop outputs the values of its list, so that it is useless without them."""
    name = node.content.split(" ", 1)[0]
    return re.search(rf"\{{\{{-?\s*{re.escape(name)}\b", text[slice(*node.inner)]) is not None


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else is on the lines of `text[start:end]`."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end : (text.find("\n", end) + len(text) + 1) % (len(text) + 1)] if "\n" in text[end:] else text[end:]
    return not before.strip() and not after.strip()


def commented(text: str) -> str:
    """The text in a form that cannot end an HTML comment."""
    return " ".join(text.replace("--", "- -").replace(">", "\u203a").split())
