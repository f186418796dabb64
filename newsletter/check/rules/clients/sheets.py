"""Style sheets: what features their rules use, and what a mail program has to know to read each rule at all."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.rules.clients.index import entries
from newsletter.check.rules.clients.signs import Feature, Where
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.rules.clients.index import Entry

NOBODY, OTHERS, WORD, EVERYBODY = 0, 1, 2, 3
"""Who sees a stretch of a letter, as bits: Outlook on Windows, which lays out with Word, and all other programs."""


class FeatureUse(NamedTuple):
    """A feature, and where in the text it stands."""

    feature: Feature
    shown: str
    """What a message calls it: `display: flex`, with backticks."""
    start: int
    end: int
    spared: bool = False
    """Whether what stands beside it serves where it is missing: an earlier declaration, a picture within the video."""
    guards: frozenset[str] = frozenset()
    """Slugs of what a program has to support to read it at all: `@media` around a rule, its selectors."""
    audience: int = EVERYBODY

    def moved(self, by: int, audience: int = EVERYBODY) -> FeatureUse:
        """The mark in a text in which its own begins at `by`; seen by `audience` of those who see its own."""
        return self._replace(start=self.start + by, end=self.end + by, audience=self.audience & audience)


# ── The format of a picture, by its address ───────────────────────────────────────────────────────────────────────────


_DATA = late(r"data:image/([a-z0-9]+)", re.IGNORECASE)
_ENDING = late(r"\.([a-z0-9]{2,5})\Z", re.IGNORECASE)


def picture_marks(address: str) -> Iterator[FeatureUse]:
    """The formats that an address tells, at its offsets. Of `photo.webp?width=600`, the path counts."""
    address = address.strip()
    formats = entries()[Where.PICTURE]
    names: tuple[str, ...] = ()
    if data := _DATA.match(address):
        names = ("data", data[1].lower())
    elif ending := _ENDING.search(re.split("[?#]", address, maxsplit=1)[0]):
        names = (ending[1].lower(),)
    for name in names:
        for entry in formats.get(name, ()):
            yield FeatureUse(entry.feature, entry.shown, 0, len(address))


# ── Declarations of CSS, in a style attribute or a rule: what features they use ───────────────────────────────────────


_DECLARATION = re.compile(
    r"""(?<![\w-])([\w-]++)\s*+:((?:[^;"'()]++|"[^"]*+"|'[^']*+'|\((?:[^()"']++|"[^"]*+"|'[^']*+'|\([^()]*+\))*+\)|["'()])*+)"""
)
_FUNCTION = late(r"([a-z-]+)\(", re.IGNORECASE)
_UNIT = re.compile(r"(?<![\w#.-])[+-]?(?:\d+\.?|\.)\d*([a-z]+|%)", re.IGNORECASE)
_WORD = re.compile(r"!\s*important|(?<![\w-])[a-z]+(?:-[a-z]+)+(?![\w(-])|(?<![\w-])initial(?![\w-])", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'|(?<=url\()[^)]*""", re.IGNORECASE)
_URL = late(r"""url\(\s*["']?([^"')]*)""", re.IGNORECASE)

_GROUNDS = frozenset(
    {"css-background-image", "css-linear-gradient", "css-radial-gradient", "css-conic-gradient", "html-background"}
)
"""What a plain colour stands in for."""


@lru_cache(maxsize=4096)
def declaration_marks(style: str) -> tuple[FeatureUse, ...]:
    """The features that a list of declarations uses, by their offsets in it.

    Spared are those that only matter to a box that is not shown, and those of which an earlier declaration of the same
    property does without.
    """
    found: list[FeatureUse] = []
    earlier: dict[str, set[str]] = {}
    names = set()
    for declaration in _DECLARATION.finditer(style.replace("&quot;", '"     ')):
        name, value = declaration[1].lower(), declaration[2]
        marks = list(_declared(name, value, declaration.start(), declaration.start(2), declaration.end()))
        slugs = {mark.feature.slug for mark in marks}
        if name in earlier:
            marks = [mark if mark.feature.slug in earlier[name] else mark._replace(spared=True) for mark in marks]
            earlier[name] &= slugs
        else:
            earlier[name] = slugs
        names.add(name)
        found += marks
    return tuple(_spare(found, {"css-background-color"} if "background-color" in names else set()))


def _spare(marks: Sequence[FeatureUse], beside: set[str]) -> Iterator[FeatureUse]:
    hidden = any(mark.feature.slug == "css-display-none" for mark in marks)
    for mark in marks:
        slug = mark.feature.slug
        spared = (hidden and slug != "css-display-none") or (slug in _GROUNDS and bool(beside))
        yield mark._replace(spared=True) if spared and not mark.spared else mark


def spared_by_ground(marks: Sequence[FeatureUse]) -> list[FeatureUse]:
    """The marks of an element that has a colour behind what it may not show."""
    return list(_spare(marks, {"html-bgcolor"}))


def _declared(name: str, value: str, start: int, value_start: int, end: int) -> Iterator[FeatureUse]:
    where = entries()
    for entry in where[Where.PROPERTY].get(name, ()):
        if entry.value is None:
            yield FeatureUse(entry.feature, entry.shown, start, end)
        elif found := entry.value.search(value):
            shown = f"`{name}: {found[0].strip().rstrip('(').lower()}`"
            shown = shown.replace(": url`", ": url()`").replace("`background: url", "`background: … url")
            yield FeatureUse(entry.feature, shown, start, end)
    plain = _QUOTED.sub(lambda text: " " * len(text[0]), value)
    if "(" in value:
        for found in _FUNCTION.finditer(plain):
            yield from _all(_function(found[1].lower(), plain[found.end() :]), found, value_start)
        for found in _URL.finditer(value):
            if not name.startswith("src"):
                yield from (mark.moved(value_start + found.start()) for mark in picture_marks(found[1]))
    for found in _UNIT.finditer(plain):
        yield from _all(where[Where.UNIT].get(found[1].lower(), ()), found, value_start)
    if "-" in plain or "!" in plain or "initial" in plain:
        for found in _WORD.finditer(plain):
            word = "!important" if found[0][0] == "!" else found[0].lower()
            yield from _all(where[Where.WORD].get(word, ()), found, value_start)


def _function(name: str, rest: str) -> tuple[Entry, ...]:
    # rgb() with an alpha value is rgba() by another name.
    arguments = rest.partition(")")[0]
    if name == "rgb" and ("/" in arguments or arguments.count(",") > 2):
        name = "rgba"
    return entries()[Where.FUNCTION].get(name, ())


def _all(found: tuple[Entry, ...], place: re.Match[str], by: int) -> Iterator[FeatureUse]:
    for entry in found:
        yield FeatureUse(entry.feature, entry.shown, by + place.start(), by + place.end())


# ── Style sheets: what features their rules use, and what a mail program has to know to read each rule at all ─────────


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
def sheet_marks(css: str) -> tuple[FeatureUse, ...]:
    """The features that a style sheet uses, by their offsets in it. Nothing is too broken to be read."""
    marks = _marks(css)
    if _MJML in css:
        return tuple(mark._replace(spared=True) if mark.feature.slug == _CLICKED else mark for mark in marks)
    return tuple(marks)


def query_marks(query: str) -> Iterator[FeatureUse]:
    """The features that a media query asks for."""
    where = entries()
    for asked in _ASKED.finditer(query):
        for entry in where[Where.MEDIA].get(asked[1].lower(), ()):
            yield FeatureUse(entry.feature, entry.shown, asked.start(), asked.end())


def _marks(css: str) -> Iterator[FeatureUse]:
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


def _opened(prelude: str, offset: int, end: int, outer: _Block) -> tuple[list[FeatureUse], _Block]:
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


def _closed(css: str, block: _Block, end: int) -> Iterator[FeatureUse]:
    if block.kind != "rule":
        return
    inner = css.find("{", block.start, end)
    if inner >= 0:  # rules within: each is read by itself, and what stands before them is read here
        end = max(css.rfind(";", block.start, inner), block.start)
    body = _COMMENT.sub(lambda comment: " " * len(comment[0]), css[block.start : end])
    for mark in declaration_marks(body):
        yield mark.moved(block.start)._replace(guards=block.guards)


def _statement(text: str, offset: int, guards: frozenset[str]) -> Iterator[FeatureUse]:
    at = _AT.match(text)
    if at:
        for mark in _at_rule(at[1].lower(), offset + at.start(1) - 1, offset + len(text), guards):
            # Fonts from elsewhere have those behind them in the list.
            yield mark._replace(spared=mark.spared or "font" in text.lower())


def _at_rule(name: str, start: int, end: int, guards: frozenset[str]) -> Iterator[FeatureUse]:
    for entry in entries()[Where.AT_RULE].get(name, ()):
        yield FeatureUse(entry.feature, entry.shown, start, end, guards=guards)


def _named(part: str, start: int, end: int, guards: frozenset[str]) -> Iterator[FeatureUse]:
    for entry in entries()[Where.SELECTOR].get(part, ()):
        yield FeatureUse(entry.feature, entry.shown, start, end, guards=guards)


def _selector_marks(prelude: str, offset: int, guards: frozenset[str]) -> Iterator[FeatureUse]:
    selector = prelude.strip()
    start = offset + prelude.find(selector)
    for feature, shown in _features(selector):
        yield FeatureUse(feature, shown, start, start + len(selector), guards=guards)


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
