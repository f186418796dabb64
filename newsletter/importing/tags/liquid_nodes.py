"""Parses Liquid into nodes with their places. Never raises: a block that is not closed is a node of its own."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


_OPENING = re.compile(r"\{%|\{\{(?![<%{])")
_TOKEN = re.compile(r"\{%(-?)(.*?)(-?)%\}|\{\{(-?)(.*?)(-?)\}\}", re.DOTALL)
_ENDS = {name: f"end{name}" for name in ("comment", "raw", "highlight", "capture", "if", "unless", "for")}
_VERBATIM = frozenset({"comment", "raw", "highlight"})
_BRANCHES = frozenset({"elsif", "else"})
DEEPEST = 12
"""The deepest that blocks and includes may be nested."""


class LiquidNode(NamedTuple):
    """A text, an output, or a tag, which may have a body."""

    kind: str
    """`text`, `output`, `unclosed`, or the name of a tag."""
    content: str
    """The text, the expression, or the arguments of the tag."""
    start: int
    end: int
    """The offset after it, and after its end tag if it has one."""
    inner: tuple[int, int] = (0, 0)
    """The offsets at which the body of a block tag begins and ends."""
    branches: tuple[tuple[str, str, tuple[LiquidNode, ...]], ...] = ()
    """For a block tag: the keyword (`if`, `elsif`, `else`), the condition and the nodes of each branch."""


def parsed_liquid(text: str) -> tuple[LiquidNode, ...]:
    """The nodes of a text, in order. They cover all of it."""
    tokens = list(_tokens_in(text))
    return _nodes(_Tokens(text, tokens, _matched(tokens)), 0, len(tokens), 0, len(text), 0)


def _tokens_in(text: str) -> Iterator[re.Match[str]]:
    """The tags and outputs of a text. Those that are not closed are text, and are not searched to the end of it."""
    last = {"{%": text.rfind("%}"), "{{": text.rfind("}}")}
    done = 0
    while opening := _OPENING.search(text, done):
        done = opening.end()
        if last[opening[0]] >= done and (token := _TOKEN.match(text, opening.start())):
            yield token
            done = token.end()


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


def _nodes(tokens: _Tokens, at: int, end: int, start: int, stop: int, depth: int) -> tuple[LiquidNode, ...]:
    """The nodes of `text[start:stop]`, from the tokens `at` to `end - 1`."""
    nodes: list[LiquidNode] = []
    while at < end:
        token = tokens.found[at]
        begin, after = _trimmed(tokens.text, token)
        if begin > start:
            nodes.append(LiquidNode("text", tokens.text[start:begin], start, begin))
        following = at + 1
        if token[2] is None:
            node = LiquidNode("output", token[5].strip(), begin, after)
        elif at in tokens.matched and depth < DEEPEST:
            node = _block(tokens, at, depth)
            following = tokens.matched[at][-1] + 1
        else:
            name = _name(token)
            kind = "unclosed" if name in _ENDS else name
            node = LiquidNode(kind, " ".join(token[2].split()).partition(" ")[2], begin, after)
        nodes.append(node)
        at, start = following, max(node.end, start)
    if start < stop:
        nodes.append(LiquidNode("text", tokens.text[start:stop], start, stop))
    return tuple(nodes)


def _block(tokens: _Tokens, at: int, depth: int) -> LiquidNode:
    text, parts = tokens.text, [at, *tokens.matched[at]]
    name, last = _name(tokens.found[at]), tokens.found[parts[-1]]
    begin, start = _trimmed(text, tokens.found[at])
    content = tokens.found[at][2].strip().removeprefix(name).strip()
    inner = start, last.start()
    if name in _VERBATIM:
        return LiquidNode(name, content, begin, _trimmed(text, last)[1], inner)
    branches = []
    for here, following in pairwise(parts):
        token = tokens.found[here]
        body, stop = _trimmed(text, token)[1], max(_trimmed(text, tokens.found[following])[0], 0)
        nodes = _nodes(tokens, here + 1, following, body, max(stop, body), depth + 1)
        branches.append((_name(token), token[2].strip().removeprefix(_name(token)).strip(), nodes))
    return LiquidNode(name, content, begin, _trimmed(text, last)[1], inner, tuple(branches))


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
