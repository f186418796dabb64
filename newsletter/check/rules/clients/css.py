"""The features that CSS uses: declarations, style sheets, and the pictures they name.

Content of a rule counts only for the email clients that read the rule. Each use therefore lists the features that a
client must support to read it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.rules.clients.features import Feature, Where, signs
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOBODY, OTHERS, WORD, EVERYBODY = 0, 1, 2, 3
"""The clients that see a part of the email, as bits: Outlook on Windows, which lays out with Word, and all other clients."""


class FeatureUse(NamedTuple):
    """One use of a feature, and its place in the text."""

    feature: Feature
    shown: str
    """Its name in messages: `display: flex`, with backticks."""
    start: int
    end: int
    spared: bool = False
    """Whether a fallback works if the feature is missing: an earlier declaration, or a picture within the video."""
    guards: frozenset[str] = frozenset()
    """Slugs of the features that a client must support to read the use at all: `@media` around a rule, its selectors."""
    audience: int = EVERYBODY

    def moved(self, by: int, audience: int = EVERYBODY) -> FeatureUse:
        """The use, with its offsets moved by `by`, and seen only by the clients in `audience` that saw it before."""
        return self._replace(start=self.start + by, end=self.end + by, audience=self.audience & audience)


def uses_of(
    where: Where, name: str, start: int, end: int, guards: frozenset[str] = frozenset()
) -> Iterator[FeatureUse]:
    """The features whose sign is `name`."""
    for sign in signs(where, name):
        yield FeatureUse(sign.feature, sign.shown, start, end, guards=guards)


_DATA = re.compile(r"data:image/([a-z0-9]+)", re.IGNORECASE)
_ENDING = re.compile(r"\.([a-z0-9]{2,5})\Z", re.IGNORECASE)


def picture_uses(address: str) -> Iterator[FeatureUse]:
    """The picture formats in an address, with their offsets. The query is ignored: `photo.webp?width=600` is WebP."""
    address = address.strip()
    names: tuple[str, ...] = ()
    if data := _DATA.match(address):
        names = ("data", data[1].lower())
    elif ending := _ENDING.search(re.split("[?#]", address, maxsplit=1)[0]):
        names = (ending[1].lower(),)
    for name in names:
        yield from uses_of(Where.PICTURE, name, 0, len(address))


_DECLARATION = re.compile(
    r"""(?<![\w-])([\w-]++)\s*+:((?:[^;"'()]++|"[^"]*+"|'[^']*+'|\((?:[^()"']++|"[^"]*+"|'[^']*+'|\([^()]*+\))*+\)|["'()])*+)"""
)
_FUNCTION = late(r"([a-z-]+)\(", re.IGNORECASE)
_UNIT = re.compile(r"(?<![\w#.-])[+-]?(?:\d+\.?|\.)\d*([a-z]+|%)", re.IGNORECASE)
_WORD = re.compile(r"!\s*important|(?<![\w-])[a-z]+(?:-[a-z]+)+(?![\w(-])|(?<![\w-])initial(?![\w-])", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'|(?<=url\()[^)]*""", re.IGNORECASE)
_URL = re.compile(r"""url\(\s*["']?([^"')]*)""", re.IGNORECASE)
_BEHIND = frozenset(
    {"css-background-image", "css-linear-gradient", "css-radial-gradient", "css-conic-gradient", "html-background"}
)
"""The features for which a plain colour is a fallback."""


@lru_cache(maxsize=4096)
def declaration_uses(style: str) -> tuple[FeatureUse, ...]:
    """The features that a list of declarations uses, by their offsets in it.

    A use is spared if it only matters to a box that is not shown, or if an earlier declaration of the same property
    works without it.
    """
    found: list[FeatureUse] = []
    earlier: dict[str, set[str]] = {}
    for declaration in _DECLARATION.finditer(style.replace("&quot;", '"     ')):
        name, value = declaration[1].lower(), declaration[2]
        uses = list(_declared(name, value, declaration.start(), declaration.start(2), declaration.end()))
        slugs = {use.feature.slug for use in uses}
        if name in earlier:
            uses = [use if use.feature.slug in earlier[name] else use._replace(spared=True) for use in uses]
            earlier[name] &= slugs
        else:
            earlier[name] = slugs
        found += uses
    return tuple(spare(found, has_ground="background-color" in earlier))


def spare(uses: Sequence[FeatureUse], *, has_ground: bool) -> Iterator[FeatureUse]:
    """The uses of one box. Some are marked as spared: the box is hidden, or a plain colour replaces the background."""
    hidden = any(use.feature.slug == "css-display-none" for use in uses)
    for use in uses:
        slug = use.feature.slug
        spared = (hidden and slug != "css-display-none") or (has_ground and slug in _BEHIND)
        yield use._replace(spared=True) if spared and not use.spared else use


def _declared(name: str, value: str, start: int, value_start: int, end: int) -> Iterator[FeatureUse]:
    for sign in signs(Where.PROPERTY, name):
        if sign.value is None:
            yield FeatureUse(sign.feature, sign.shown, start, end)
        elif found := sign.value.search(value):
            shown = f"`{name}: {found[0].strip().rstrip('(').lower()}`"
            shown = shown.replace(": url`", ": url()`").replace("`background: url", "`background: … url")
            yield FeatureUse(sign.feature, shown, start, end)
    plain = _QUOTED.sub(lambda text: " " * len(text[0]), value)
    if "(" in value:
        for found in _FUNCTION.finditer(plain):
            yield from _at(found, Where.FUNCTION, _function(found[1].lower(), plain[found.end() :]), value_start)
        for found in _URL.finditer(value):
            if not name.startswith("src"):
                yield from (use.moved(value_start + found.start()) for use in picture_uses(found[1]))
    for found in _UNIT.finditer(plain):
        yield from _at(found, Where.UNIT, found[1].lower(), value_start)
    if "-" in plain or "!" in plain or "initial" in plain:
        for found in _WORD.finditer(plain):
            yield from _at(found, Where.WORD, "!important" if found[0][0] == "!" else found[0].lower(), value_start)


def _at(found: re.Match[str], where: Where, name: str, by: int) -> Iterator[FeatureUse]:
    return uses_of(where, name, by + found.start(), by + found.end())


def _function(name: str, rest: str) -> str:
    # rgb() with an alpha value is rgba() by another name.
    arguments = rest.partition(")")[0]
    return "rgba" if name == "rgb" and ("/" in arguments or arguments.count(",") > 2) else name


_STEP = re.compile(
    r"""(/\*.*?(?:\*/|\Z))|"[^"\n]*+"|'[^'\n]*+'|\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|([{};])""", re.DOTALL
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT = re.compile(r"\s*@([\w-]+)")
_ASKED = re.compile(r"\(\s*([\w-]+)")
_GROUPS = frozenset({"media", "supports", "layer", "container", "document", "-moz-document"})
"""At-rules that contain other rules."""
_MJML = "noinput.mj-"
"""Part of a selector in MJML's own accordion and menu. Both are open in clients where nothing can be clicked."""
_CLICKED = "css-pseudo-class-checked"
_THUNDERBIRD = ".moz-text-html"
"""The class of the element in which Thunderbird shows an email.

A rule with this class is written for Thunderbird and has no effect elsewhere.
"""


class _Block(NamedTuple):
    """A brace that is open."""

    kind: str
    """group, rule, or skipped."""
    guards: frozenset[str]
    start: int
    """The start of its content."""


@lru_cache(maxsize=64)
def sheet_uses(css: str) -> tuple[FeatureUse, ...]:
    """The features that a style sheet uses, by their offsets in it. Broken style sheets are read, too."""
    uses = _read_sheet(css)
    if _MJML in css:
        return tuple(use._replace(spared=True) if use.feature.slug == _CLICKED else use for use in uses)
    return tuple(uses)


def query_uses(query: str) -> Iterator[FeatureUse]:
    """The media features in a media query."""
    for asked in _ASKED.finditer(query):
        yield from _at(asked, Where.MEDIA, asked[1].lower(), 0)


def _read_sheet(css: str) -> Iterator[FeatureUse]:
    blocks = [_Block("group", frozenset({"html-style"}), 0)]
    start = 0
    for step in _STEP.finditer(css):
        if step[1]:
            yield from uses_of(Where.SELECTOR, "/*", step.start(), step.end(), blocks[-1].guards)
        elif step[2] == "{":
            uses, block = _opened(css[start : step.start()], start, step.end(), blocks[-1])
            yield from uses
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
    """The features in the text before a brace, and the block that begins there."""
    prelude = _COMMENT.sub(_blank, prelude)
    if outer.kind == "skipped":
        return [], _Block("skipped", outer.guards, end)
    if at := _AT.match(prelude):
        name = at[1].lower()
        uses = [*uses_of(Where.AT_RULE, name, offset + at.start(1) - 1, offset + at.end(1), outer.guards)]
        if name == "media":
            uses += [use.moved(offset)._replace(guards=outer.guards) for use in query_uses(prelude)]
        guards = outer.guards | {use.feature.slug for use in uses}
        return uses, _Block("group" if name in _GROUPS else "skipped", guards, end)
    if all(_THUNDERBIRD in selector for selector in prelude.split(",")):
        return [], _Block("skipped", outer.guards, end)
    uses = [*_selector_uses(prelude, offset, outer.guards)]
    guards = outer.guards | _needed(prelude)
    if outer.kind == "rule":
        uses += uses_of(Where.SELECTOR, "&", offset, offset + len(prelude), outer.guards)
        guards |= {"css-nesting"}
    return uses, _Block("rule", guards, end)


def _closed(css: str, block: _Block, end: int) -> Iterator[FeatureUse]:
    if block.kind != "rule":
        return
    inner = css.find("{", block.start, end)
    if inner >= 0:  # nested rules are read by themselves; only the text before them is read here
        end = max(css.rfind(";", block.start, inner), block.start)
    for use in declaration_uses(_COMMENT.sub(_blank, css[block.start : end])):
        yield use.moved(block.start)._replace(guards=block.guards)


def _blank(comment: re.Match[str]) -> str:
    return " " * len(comment[0])


def _statement(text: str, offset: int, guards: frozenset[str]) -> Iterator[FeatureUse]:
    if at := _AT.match(text):
        for use in uses_of(Where.AT_RULE, at[1].lower(), offset + at.start(1) - 1, offset + len(text), guards):
            # A web font has the fonts after it in the list as fallback.
            yield use._replace(spared=use.spared or "font" in text.lower())


_BRACKETS = re.compile(r"\[[^\]]*\]")
_ARGUMENTS = re.compile(r"\([^()]*\)")
_PSEUDO = re.compile(r"(::?)([a-z-]+)", re.IGNORECASE)
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
    ("grouping", re.compile(",")),
)
"""The parts of selectors, once the insides of brackets are removed."""


def _selector_uses(prelude: str, offset: int, guards: frozenset[str]) -> Iterator[FeatureUse]:
    selector = prelude.strip()
    start = offset + prelude.find(selector)
    for feature, shown in _features(selector):
        yield FeatureUse(feature, shown, start, start + len(selector), guards=guards)


@lru_cache(maxsize=1024)
def _features(selector: str) -> tuple[tuple[Feature, str], ...]:
    """The features in a selector, each with its name in messages."""
    plain = _without_insides(selector)
    found = [
        (sign.feature, f"`{pseudo[0]}`")
        for pseudo in _PSEUDO.finditer(plain)
        for sign in signs(Where.PSEUDO, pseudo[2].lower())
    ]
    bare = _PSEUDO.sub("", plain)
    parts = [name for name, pattern in _PARTS if pattern.search(bare)]
    found += [(sign.feature, sign.shown) for part in parts for sign in signs(Where.SELECTOR, part)]
    return tuple(found)


@lru_cache(maxsize=1024)
def _needed(prelude: str) -> frozenset[str]:
    """The features that a client needs to apply the rule to anything: those of its simplest selector."""
    selectors = _without_insides(prelude).split(",")
    return min((frozenset(feature.slug for feature, _ in _features(each.strip())) for each in selectors), key=len)


def _without_insides(selector: str) -> str:
    return _ARGUMENTS.sub("", _BRACKETS.sub("[]", selector))
