"""A letter read for the features it uses, as each of its readers' programs gets it.

The same reader serves for templates and for an author's own HTML: it takes what it is given for pieces of HTML, and nothing is
too broken for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.rules.clients.index import entries
from newsletter.check.rules.clients.sheets import (
    EVERYBODY,
    NOBODY,
    OTHERS,
    WORD,
    FeatureUse,
    declaration_marks,
    picture_marks,
    query_marks,
    sheet_marks,
    spared_by_ground,
)
from newsletter.check.rules.clients.signs import Where
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rules.clients.index import Entry

_VERSION = 16
"""Of Outlook 2016, 2019 and the last one that lays out with Word."""
_CONDITION = re.compile(r"\s*\[if\s+([^\]]*)\]", re.IGNORECASE)
_CONDITION_TOKEN = re.compile(r"\(|\)|!|&|\||(?:(lt|lte|gt|gte)\s+)?(mso|true|[a-z]+)(?:\s+([\d.]+))?", re.IGNORECASE)
_COMPARED = {
    "": lambda version: version == _VERSION,
    "lt": lambda version: version > _VERSION,
    "lte": lambda version: version >= _VERSION,
    "gt": lambda version: version < _VERSION,
    "gte": lambda version: version <= _VERSION,
}


def condition_of(comment: str) -> str | None:
    """`mso | IE` of `[if mso | IE]>…`; None for what is an ordinary comment."""
    found = _CONDITION.match(comment)
    return found[1].strip() if found else None


@lru_cache(maxsize=64)
def is_for_word(condition: str) -> bool:
    """Whether Outlook on Windows takes `condition` for true; of one that cannot be read, it is taken to be false."""
    said = "".join(_said(token) for token in _CONDITION_TOKEN.finditer(condition))
    before = ""
    while before != said:
        before = said
        said = said.replace("!0", "1").replace("!1", "0").replace("(0)", "0").replace("(1)", "1")
        said = re.sub(r"([01])&([01])", lambda found: "1" if found[1] == found[2] == "1" else "0", said)
        if "&" not in said:
            said = re.sub(r"([01])\|([01])", lambda found: "1" if "1" in found[0] else "0", said)
    return said == "1"


def _said(token: re.Match[str]) -> str:
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


# ── A letter read for the features it uses, as each of its readers' programs gets it ──────────────────────────────────
# The same reader serves for templates and for an author's own HTML: it takes what it is given for pieces of HTML, and nothing is
# too broken for it.


_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<!(?P<bang>\[[^>]*)>"
    r"|<(?:mj-)?style\b(?P<about>[^>]*)>(?P<css>.*?)(?:</(?:mj-)?style\s*>|\Z)"
    r"""|<(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>(?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_MEDIA = re.compile(r"""\bmedia\s*=\s*["']?([^"'>]*)""", re.IGNORECASE)
_STANDS_IN = late(r"<(?:a|img|p)\b", re.IGNORECASE)
"""What a program shows that knows no `<video>`: its own content."""
_WITH_CONTENT = frozenset({"video", "audio", "object"})
_PICTURES = frozenset({"src", "background", "poster"})


def scan(html: str, audience: int = EVERYBODY) -> Iterator[tuple[int, int, tuple[FeatureUse, ...]]]:
    """Offset, audience and marks of each tag and style element of `html`; the marks' own offsets count from there."""
    shown = [audience]
    for token in _TOKEN.finditer(html):
        name = token["name"]
        if name is not None:
            marks = tag_marks(name, token["attributes"])
            if marks:
                if name.lower() in _WITH_CONTENT:
                    marks = _with_content(marks, html, name, token.end())
                yield token.start("attributes"), shown[-1], marks
        elif (css := token["css"]) is not None:
            yield token.start("about"), shown[-1], _style_marks(token["about"])
            yield from _styled(css, token["about"], token.start("css"), shown[-1])
        else:
            comment = token["comment"]
            yield from _conditional(token["bang"] if comment is None else comment, token, shown)


def marks_in(html: str) -> Iterator[FeatureUse]:
    """Every mark of `html`, at its place."""
    for offset, audience, marks in scan(html):
        for mark in marks:
            yield mark.moved(offset, audience)


def _conditional(
    said: str, token: re.Match[str], shown: list[int]
) -> Iterator[tuple[int, int, tuple[FeatureUse, ...]]]:
    """A comment: what Outlook alone reads in it; or where what all but Outlook read begins, or ends."""
    if said.strip().lower().startswith(("<![endif]", "[endif]")):
        if len(shown) > 1:
            shown.pop()
        return
    condition = condition_of(said)
    if condition is None:
        return
    word = WORD if is_for_word(condition) else NOBODY
    inside = said.partition("]>")[2]
    if token["comment"] is None or inside.strip() in {"<!", "<!--"}:  # <!--[if !mso]><!-->
        shown.append(shown[-1] & (OTHERS | word))
    elif word & shown[-1]:
        start = token.start("comment") + len(said) - len(inside)
        for offset, audience, marks in scan(inside, WORD):
            yield start + offset, audience, marks


def _styled(css: str, about: str, offset: int, audience: int) -> Iterator[tuple[int, int, tuple[FeatureUse, ...]]]:
    marks = sheet_marks(css)
    if media := _MEDIA.search(about):
        asked = [*query_marks(media[1])]
        guards = {"css-at-media", *(mark.feature.slug for mark in asked)}
        marks = tuple(mark._replace(guards=mark.guards | guards) for mark in marks)
    yield offset, audience, marks


@lru_cache(maxsize=256)
def _style_marks(about: str) -> tuple[FeatureUse, ...]:
    media = _MEDIA.search(about)
    asked = query_marks(media[1]) if media else ()
    return (*tag_marks("style", ""), *(mark._replace(start=-len("<style"), end=0) for mark in asked))


def _with_content(marks: tuple[FeatureUse, ...], html: str, name: str, start: int) -> tuple[FeatureUse, ...]:
    end = html.lower().find(f"</{name.lower()}", start)
    if end < 0 or not _STANDS_IN.search(html, start, end):
        return marks
    slug = f"html-{name.lower()}"
    return tuple(mark._replace(spared=True) if mark.feature.slug == slug else mark for mark in marks)


@lru_cache(maxsize=8192)
def tag_marks(name: str, attributes: str) -> tuple[FeatureUse, ...]:
    """The features that a tag uses, by their offsets in its attributes; those of the element itself stand before them."""
    where = entries()
    name = name.lower()
    places = {found[1].lower(): found for found in reversed([*_ATTRIBUTE.finditer(attributes)])}
    values = {key: found[2] or found[3] or found[4] or "" for key, found in places.items()}
    marks = [
        FeatureUse(entry.feature, _element_shown(entry, name, values), -len(name) - 1, 0)
        for entry in where[Where.ELEMENT].get(name, ())
        if entry.value is None or entry.value.match(values.get(entry.attribute, ""))
    ]
    for key, found in places.items():
        marks += _attribute_marks(name, key, values[key], found, where[Where.ATTRIBUTE].get(key, ()))
    return tuple(_spared(name, marks, values))


def _element_shown(entry: Entry, name: str, values: dict[str, str]) -> str:
    given = values.get(entry.attribute, "")
    return f'`<{name} {entry.attribute}="{given}">`' if given and entry.shown == f"`<{name}>`" else entry.shown


def _attribute_marks(
    name: str, key: str, value: str, found: re.Match[str], known: tuple[Entry, ...]
) -> Iterator[FeatureUse]:
    for entry in known:
        if entry.value is None or entry.value.search(value):
            yield FeatureUse(entry.feature, entry.shown, found.start(), found.end())
    start = max(found.start(2), found.start(3), found.start(4))
    if key == "style":
        yield from (mark.moved(start) for mark in declaration_marks(value))
    elif key in _PICTURES and (key != "src" or name in {"img", "v:fill", "v:imagedata"}):
        yield from (mark.moved(start) for mark in picture_marks(value))
    elif key == "href" and name in {"a", "area"}:
        for beginning, entries_ in entries()[Where.ADDRESS].items():
            if value.lower().startswith(beginning) and value != beginning:
                yield from (FeatureUse(entry.feature, entry.shown, start, start + len(value)) for entry in entries_)


def _spared(name: str, marks: list[FeatureUse], values: dict[str, str]) -> list[FeatureUse]:
    """The marks of one tag, of which some are served by what else stands on it."""
    if values.get("bgcolor") or "background-color" in values.get("style", ""):
        marks = spared_by_ground(marks)
    slugs = {mark.feature.slug for mark in marks}
    spare: set[str] = set()
    if "css-display-none" in slugs:  # nobody sees it, or only those to whom a style sheet shows it
        spare |= {slug for slug in slugs if slug.startswith("html-")}
    if "dir" in values:
        spare.add("css-direction")
    if name == "pre":  # keeps its lines by itself
        spare.add("css-white-space")
    if "font" in values.get("href", ""):  # fonts from elsewhere have those behind them in the list
        spare.add("html-link")
    return [mark._replace(spared=True) if mark.feature.slug in spare else mark for mark in marks]
