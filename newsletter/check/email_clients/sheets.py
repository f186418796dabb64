"""Style sheets: what features their rules use, and what a mail program has to know to read each rule at all."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.email_clients.declarations import declaration_marks
from newsletter.check.email_clients.index import entries
from newsletter.check.email_clients.marks import Mark
from newsletter.check.email_clients.signs import Where
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.email_clients.signs import Feature

_STEP = re.compile(
    r"""(/\*.*?(?:\*/|\Z))|"[^"\n]*+"|'[^'\n]*+'|\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|([{};])""", re.DOTALL
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT = re.compile(r"\s*@([\w-]+)")
_ASKED = re.compile(r"\(\s*([\w-]+)")
_GROUPS = frozenset({"media", "supports", "layer", "container", "document", "-moz-document"})
"""Rules that hold rules."""
_MJML = "noinput.mj-"
"""In the style sheets of MJML's own accordion and menu, which stand open where nothing can be clicked."""
_CLICKED = "css-pseudo-class-checked"
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ARGUMENTS = re.compile(r"\([^()]*\)")
_PSEUDO = re.compile(r"::?([a-z-]+)", re.IGNORECASE)
_PARTS = (
    ("attribute", re.compile(r"\[")),
    ("id", re.compile(r"#[\w-]")),
    ("class", re.compile(r"\.[\w-]")),
    ("universal", re.compile(r"\*")),
    ("type", re.compile(r"(?:^|[\s>+~])[a-z]", re.IGNORECASE)),
    ("child", re.compile(r">")),
    ("adjacent", re.compile(r"\+")),
    ("sibling", re.compile(r"~")),
    ("descendant", re.compile(r"[\w\]*)-]\s+[\w.#\[*:]")),
    ("chaining", re.compile(r"[\w-][.#][\w-]")),
)
"""What selectors are made of, once the insides of brackets are gone."""


@dataclass(frozen=True, slots=True)
class _Block:
    """An open brace."""

    kind: str
    """group, rule, or skipped."""
    guards: frozenset[str]
    start: int
    """Of what is in it."""


@lru_cache(maxsize=64)
def sheet_marks(css: str) -> tuple[Mark, ...]:
    """The features that a style sheet uses, by their offsets in it. Nothing is too broken to be read."""
    marks = _marks(css)
    if _MJML in css:
        return tuple(mark._replace(spared=True) if mark.feature.slug == _CLICKED else mark for mark in marks)
    return tuple(marks)


def query_marks(query: str) -> Iterator[Mark]:
    """The features that a media query asks for."""
    where = entries()
    for asked in _ASKED.finditer(query):
        for entry in where[Where.MEDIA].get(asked[1].lower(), ()):
            yield Mark(entry.feature, entry.shown, asked.start(), asked.end())


def _marks(css: str) -> Iterator[Mark]:
    blocks = [_Block("group", frozenset({"html-style"}), 0)]
    start = 0
    for step in _STEP.finditer(css):
        if step[1]:
            yield from _named("/*", step.start(), step.end(), blocks[-1].guards)
        elif step[2] == "{":
            marks, block = _opened(css[start : step.start()], start, step.end(), blocks[-1])
            yield from marks
            blocks.append(block)
            start = step.end()
        elif step[2] == "}":
            if len(blocks) > 1:
                yield from _closed(css, blocks.pop(), step.start())
            start = step.end()
        elif step[2] == ";":
            if blocks[-1].kind == "group":
                yield from _statement(css[start : step.start()], start, blocks[-1].guards)
            start = step.end()
    while len(blocks) > 1:  # a brace that is never closed
        yield from _closed(css, blocks.pop(), len(css))


def _opened(prelude: str, offset: int, end: int, outer: _Block) -> tuple[list[Mark], _Block]:
    """What stands before a brace, and the block that begins there."""
    prelude = _COMMENT.sub(lambda comment: " " * len(comment[0]), prelude)
    if outer.kind == "skipped":
        return [], _Block("skipped", outer.guards, end)
    if at := _AT.match(prelude):
        name = at[1].lower()
        marks = [*_at_rule(name, offset + at.start(1) - 1, offset + at.end(1), outer.guards)]
        if name == "media":
            marks += [mark.moved(offset)._replace(guards=outer.guards) for mark in query_marks(prelude)]
        guards = outer.guards | {mark.feature.slug for mark in marks}
        return marks, _Block("group" if name in _GROUPS else "skipped", guards, end)
    marks = [*_selector_marks(prelude, offset, outer.guards)]
    guards = outer.guards | _needed(prelude)
    if outer.kind == "rule":
        nested = [*_named("&", offset, offset + len(prelude), outer.guards)]
        return marks + nested, _Block("rule", guards | {"css-nesting"}, end)
    return marks, _Block("rule", guards, end)


def _closed(css: str, block: _Block, end: int) -> Iterator[Mark]:
    if block.kind != "rule":
        return
    inner = css.find("{", block.start, end)
    if inner >= 0:  # rules within: each is read by itself, and what stands before them is read here
        end = max(css.rfind(";", block.start, inner), block.start)
    body = _COMMENT.sub(lambda comment: " " * len(comment[0]), css[block.start : end])
    for mark in declaration_marks(body):
        yield mark.moved(block.start)._replace(guards=block.guards)


def _statement(text: str, offset: int, guards: frozenset[str]) -> Iterator[Mark]:
    at = _AT.match(text)
    if at:
        for mark in _at_rule(at[1].lower(), offset + at.start(1) - 1, offset + len(text), guards):
            # Fonts from elsewhere have those behind them in the list.
            yield mark._replace(spared=mark.spared or "font" in text.lower())


def _at_rule(name: str, start: int, end: int, guards: frozenset[str]) -> Iterator[Mark]:
    for entry in entries()[Where.AT_RULE].get(name, ()):
        yield Mark(entry.feature, entry.shown, start, end, guards=guards)


def _named(part: str, start: int, end: int, guards: frozenset[str]) -> Iterator[Mark]:
    for entry in entries()[Where.SELECTOR].get(part, ()):
        yield Mark(entry.feature, entry.shown, start, end, guards=guards)


def _selector_marks(prelude: str, offset: int, guards: frozenset[str]) -> Iterator[Mark]:
    selector = prelude.strip()
    start = offset + prelude.find(selector)
    for feature, shown in _features(selector):
        yield Mark(feature, shown, start, start + len(selector), guards=guards)


@lru_cache(maxsize=1024)
def _features(selector: str) -> tuple[tuple[Feature, str], ...]:
    where = entries()
    plain = _ARGUMENTS.sub("", _BRACKETS.sub("[]", selector))
    found = [
        (entry.feature, f"`:{name[1]}`" if name[0][1] != ":" else f"`::{name[1]}`")
        for name in _PSEUDO.finditer(plain)
        for entry in where[Where.PSEUDO].get(name[1].lower(), ())
    ]
    bare = _PSEUDO.sub("", plain)
    parts = [name for name, pattern in _PARTS if pattern.search(bare)]
    if "," in bare:
        parts.append("grouping")
    found += [(entry.feature, entry.shown) for part in parts for entry in where[Where.SELECTOR].get(part, ())]
    return tuple(found)


@lru_cache(maxsize=1024)
def _needed(prelude: str) -> frozenset[str]:
    """What a program has to know to apply a rule to anything: what its plainest selector is made of."""
    plain = _ARGUMENTS.sub("", _BRACKETS.sub("[]", prelude))
    return min((_slugs(selector) for selector in plain.split(",")), key=len)


def _slugs(selector: str) -> frozenset[str]:
    return frozenset(feature.slug for feature, _ in _features(selector.strip()))
