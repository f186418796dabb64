"""The features that HTML uses, as each email client reads it: an email, a template, or HTML in an issue.

The input may be a fragment, and may be broken.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.rules.clients.css import (
    EVERYBODY,
    NOBODY,
    OTHERS,
    WORD,
    FeatureUse,
    declaration_uses,
    picture_uses,
    query_uses,
    sheet_uses,
    spare,
    uses_of,
)
from newsletter.check.rules.clients.features import Where, feature_table, signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<!(?P<bang>\[[^>]*)>"
    r"|<(?:mj-)?style\b(?P<about>[^>]*)>(?P<css>.*?)(?:</(?:mj-)?style\s*>|\Z)"
    r"""|<(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>(?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""",
    re.DOTALL | re.IGNORECASE,
)
_MEDIA = re.compile(r"""\bmedia\s*=\s*["']?([^"'>]*)""", re.IGNORECASE)
_STANDS_IN = re.compile(r"<(?:a|img|p)\b", re.IGNORECASE)
"""The content that a client without `<video>` shows instead."""
_WITH_CONTENT = frozenset({"video", "audio", "object"})


def scan(html: str, audience: int = EVERYBODY) -> Iterator[tuple[int, int, tuple[FeatureUse, ...]]]:
    """The offset, audience and uses of each tag and style element of `html`.

    The offsets of the uses are relative to that offset.
    """
    shown = [audience]
    for token in _TOKEN.finditer(html):
        name = token["name"]
        if name is not None:
            uses = tag_uses(name, token["attributes"])
            if uses:
                if name.lower() in _WITH_CONTENT:
                    uses = _with_content(uses, html, name, token.end())
                yield token.start("attributes"), shown[-1], uses
        elif (css := token["css"]) is not None:
            yield token.start("about"), shown[-1], _style_uses(token["about"])
            yield token.start("css"), shown[-1], _styled(css, token["about"])
        else:
            inside = _inside(token["comment"], token["bang"], shown)
            start = token.end("comment") - len(inside)
            for offset, seen_by, uses in scan(inside, WORD) if inside else ():
                yield start + offset, seen_by, uses


_MARKUP = re.compile(
    r"<!--.*?-->|<!\[[^>]*>|<(?:mj-)?style\b[^>]*>.*?(?:</(?:mj-)?style\s*>|\Z)"
    r"""|<[a-zA-Z][^\s/>]*(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""",
    re.DOTALL | re.IGNORECASE,
)
"""Matches what `_TOKEN` matches, without groups."""
_CONTENT = re.compile(r"<(?:video|audio|object)(?![^\s/>])", re.IGNORECASE)


def parts_once(html: str, audience: int = EVERYBODY) -> Iterator[tuple[str, int]]:
    """Each different tag and style element of `html` once for each audience, in order. `scan` finds the uses in it.

    An element whose content counts comes with its content.
    """
    written = _MARKUP.findall(html)
    if any(map(_CONTENT.match, written)):
        yield html, audience
        return
    shown = [audience]
    seen: dict[int, set[str]] = {}
    known = seen.setdefault(audience, set())
    for text in written:
        if text in known:
            continue
        if not text.startswith("<!"):
            known.add(text)
            yield text, shown[-1]
        elif token := _TOKEN.match(text):
            if inside := _inside(token["comment"], token["bang"], shown):
                yield from parts_once(inside, WORD)
            known = seen.setdefault(shown[-1], set())


def uses_in(html: str) -> Iterator[FeatureUse]:
    """Every use of a feature in `html`, at its place."""
    for offset, audience, uses in scan(html):
        for use in uses:
            yield use.moved(offset, audience)


def _styled(css: str, about: str) -> tuple[FeatureUse, ...]:
    uses = sheet_uses(css)
    if media := _MEDIA.search(about):
        guards = {"css-at-media", *(use.feature.slug for use in query_uses(media[1]))}
        uses = tuple(use._replace(guards=use.guards | guards) for use in uses)
    return uses


@lru_cache(maxsize=256)
def _style_uses(about: str) -> tuple[FeatureUse, ...]:
    media = _MEDIA.search(about)
    asked = query_uses(media[1]) if media else ()
    return (*tag_uses("style", ""), *(use._replace(start=-len("<style"), end=0) for use in asked))


def _with_content(uses: tuple[FeatureUse, ...], html: str, name: str, start: int) -> tuple[FeatureUse, ...]:
    end = html.lower().find(f"</{name.lower()}", start)
    if end < 0 or not _STANDS_IN.search(html, start, end):
        return uses
    slug = f"html-{name.lower()}"
    return tuple(use._replace(spared=True) if use.feature.slug == slug else use for use in uses)


_VERSION = 16
"""The version number of Outlook 2016, 2019 and the last Outlook that lays out with Word."""
_CONDITION = re.compile(r"\s*\[if\s+([^\]]*)\]", re.IGNORECASE)
_CONDITION_TOKEN = re.compile(r"\(|\)|!|&|\||(?:(lt|lte|gt|gte)\s+)?(mso|true|[a-z]+)(?:\s+([\d.]+))?", re.IGNORECASE)
_COMPARED = {
    "": lambda version: version == _VERSION,
    "lt": lambda version: version > _VERSION,
    "lte": lambda version: version >= _VERSION,
    "gt": lambda version: version < _VERSION,
    "gte": lambda version: version <= _VERSION,
}


def _inside(comment: str | None, bang: str | None, shown: list[int]) -> str:
    """The HTML in a comment for Outlook; empty for other comments.

    Where a part for other clients begins or ends, `shown` changes: the audience of each part that is open.
    """
    text = (bang if comment is None else comment) or ""
    if text.strip().lower().startswith(("<![endif]", "[endif]")):
        if len(shown) > 1:
            shown.pop()
        return ""
    condition = _CONDITION.match(text)
    if condition is None:  # an ordinary comment
        return ""
    word = WORD if is_for_word(condition[1].strip()) else NOBODY
    inside = text.partition("]>")[2]
    if comment is None or inside.strip() in {"<!", "<!--"}:  # <!--[if !mso]><!-->
        shown.append(shown[-1] & (OTHERS | word))
        return ""
    return inside if word & shown[-1] else ""


@lru_cache(maxsize=64)
def is_for_word(condition: str) -> bool:
    """Whether Outlook on Windows takes `mso | IE` for true. A condition that cannot be read counts as false."""
    expression = "".join(_value_of(token) for token in _CONDITION_TOKEN.finditer(condition))
    before = ""
    while before != expression:
        before = expression
        expression = expression.replace("!0", "1").replace("!1", "0").replace("(0)", "0").replace("(1)", "1")
        expression = re.sub(r"([01])&([01])", lambda found: "1" if found[1] == found[2] == "1" else "0", expression)
        if "&" not in expression:
            expression = re.sub(r"([01])\|([01])", lambda found: "1" if "1" in found[0] else "0", expression)
    return expression == "1"


def _value_of(token: re.Match[str]) -> str:
    name = (token[2] or "").lower()
    if not name:
        return token[0]
    if name == "true":
        return "1"
    if name != "mso":
        return "0"
    try:
        version = float(token[3]) if token[3] else None
    except ValueError:
        return "0"
    return "1" if version is None or _COMPARED[(token[1] or "").lower()](version) else "0"


_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_PICTURES = frozenset({"src", "background", "poster"})


@lru_cache(maxsize=8192)
def tag_uses(name: str, attributes: str) -> tuple[FeatureUse, ...]:
    """The features that a tag uses, by their offsets in its attributes.

    Uses of the element itself have negative offsets.
    """
    name = name.lower()
    places = {found[1].lower(): found for found in reversed([*_ATTRIBUTE.finditer(attributes)])}
    values = {key: found[2] or found[3] or found[4] or "" for key, found in places.items()}
    uses = [*_element_uses(name, values)]
    for key, found in places.items():
        uses += _attribute_uses(name, key, values[key], found)
    return tuple(_spared(name, uses, values))


def _element_uses(name: str, values: Mapping[str, str]) -> Iterator[FeatureUse]:
    for sign in signs(Where.ELEMENT, name):
        given = values.get(sign.attribute, "")
        if sign.value is None or sign.value.match(given):
            plain = given and sign.shown == f"`<{name}>`"
            shown = f'`<{name} {sign.attribute}="{given}">`' if plain else sign.shown
            yield FeatureUse(sign.feature, shown, -len(name) - 1, 0)


def _attribute_uses(name: str, key: str, value: str, found: re.Match[str]) -> Iterator[FeatureUse]:
    for sign in signs(Where.ATTRIBUTE, key):
        if sign.value is None or sign.value.search(value):
            yield FeatureUse(sign.feature, sign.shown, found.start(), found.end())
    start = max(found.start(2), found.start(3), found.start(4))
    if key == "style":
        yield from (use.moved(start) for use in declaration_uses(value))
    elif key in _PICTURES and (key != "src" or name in {"img", "v:fill", "v:imagedata"}):
        yield from (use.moved(start) for use in picture_uses(value))
    elif key == "href" and name in {"a", "area"}:
        for beginning in feature_table().signs[Where.ADDRESS]:
            if value.lower().startswith(beginning) and value != beginning:
                yield from uses_of(Where.ADDRESS, beginning, start, start + len(value))


def _spared(name: str, uses: list[FeatureUse], values: Mapping[str, str]) -> list[FeatureUse]:
    """The uses of one tag. Some are marked as spared: another attribute of the tag is their fallback."""
    if values.get("bgcolor") or "background-color" in values.get("style", ""):
        uses = [*spare(uses, has_ground=True)]
    slugs = {use.feature.slug for use in uses}
    spared: set[str] = set()
    if "css-display-none" in slugs:  # hidden, or shown only by a style sheet
        spared |= {slug for slug in slugs if slug.startswith("html-")}
    if "dir" in values:
        spared.add("css-direction")
    if name == "pre":  # keeps its lines by itself
        spared.add("css-white-space")
    if "font" in values.get("href", ""):  # a web font has the fonts after it in the list as fallback
        spared.add("html-link")
    return [use._replace(spared=True) if use.feature.slug in spared else use for use in uses]


_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_DESIGN_TOKEN = re.compile(r"var\(--[a-z0-9-]+\)")
_COMPONENT = re.compile(r"""<(mj-[a-z-]+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
_COMPONENT_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_BRINGS = {
    "mj-accordion": ("html-input-checkbox", "css-pseudo-class-checked", "css-selector-adjacent-sibling"),
    "mj-hero": ("css-background-image", "html-background", "css-background-size", "css-background-position"),
    "mj-font": ("html-link", "css-at-import"),
}
"""Features in the HTML that MJML components become, where their attributes do not show them."""


@lru_cache(maxsize=256)
def template_uses(path: str, source: str) -> tuple[FeatureUse, ...]:
    """The features that a template uses, by their offsets in it."""
    plain = _JINJA.sub(_blank, source)
    if path.endswith("/prose.css"):
        # Its var() are design tokens. Its selectors are resolved by the tool, so no email client has to support them.
        uses = sheet_uses(_DESIGN_TOKEN.sub(_blank, plain))
        return tuple(
            use._replace(guards=frozenset()) for use in uses if not use.feature.slug.startswith("css-selector-")
        )
    if path.endswith(".css"):
        return sheet_uses(plain)
    return (*uses_in(plain), *_component_uses(plain))


def _component_uses(mjml: str) -> Iterator[FeatureUse]:
    """The declarations that attributes of components become; most have the same name."""
    for component in _COMPONENT.finditer(mjml):
        for slug in _BRINGS.get(component[1], ()):
            features = (feature for feature in feature_table().features if feature.slug == slug)
            yield from (FeatureUse(feature, "", *component.span()) for feature in features)
        for attribute in _COMPONENT_ATTRIBUTE.finditer(component[2]):
            start = component.start(2) + attribute.start()
            end = component.start(2) + attribute.end()
            for use in _declared_by(attribute[1], attribute[2] or attribute[3] or ""):
                yield use._replace(start=start, end=end)


def _declared_by(name: str, value: str) -> Iterator[FeatureUse]:
    if name in {"src", "background-url"}:
        yield from picture_uses(value)
    else:
        yield from declaration_uses(f"{name}:{value}")
    if name == "background-url":
        yield from declaration_uses("background-image:url(x)")


def _blank(found: re.Match[str]) -> str:
    # Same length and same lines: offsets stay those of the template.
    return re.sub(r"[^\n]", " ", found[0])
