"""One pass over an SVG: copies the parts that are drawn, leaves out the rest, and counts the cost of drawing.

In a few lines of SVG, elements can use one another so often that no program can draw it. Such a file is refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import field
from typing import TYPE_CHECKING
from xml.parsers import expat

from newsletter.pictures.headers import UnreadablePictureError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MOST = 200_000
"""The most elements drawn; each use of an element counts. Detailed maps have some ten thousand."""
FILTERS = 500
"""The most filter effects applied. Each costs as much as filling the whole picture."""
DEEPEST = 200
"""The deepest nesting of elements."""
_NUMBERS = {"numOctaves": 10, "order": 15}
"""Numbers in filters that increase their cost, and the highest value that a picture needs."""


@dataclass(slots=True)
class _Group:
    """An element with an id, or the whole document."""

    own: int = 0
    """The number of elements in it."""
    filters: int = 0
    uses: list[str] = field(default_factory=list)
    """The ids of elements that it draws again."""


class Cost:
    """Counts the cost while a file is read, and checks it at the end."""

    def __init__(self) -> None:
        self._whole = _Group()
        self._by_id: dict[str, _Group] = {}
        self._open: list[_Group | None] = []

    def opened(self, local: str, attributes: Mapping[str, str], referred: list[str]) -> None:
        """Counts one element. Raises UnreadablePictureError for one that is too deep."""
        name = attributes.get("id", "")
        group = self._by_id.setdefault(name, _Group()) if name else None
        self._open.append(group)
        if len(self._open) > DEEPEST:
            raise UnreadablePictureError(f"is nested too deeply: the limit is {DEEPEST} levels")
        if self._whole.own >= MOST:
            raise UnreadablePictureError(f"is too large: the limit is {MOST:,} elements")
        for around in (self._whole, *filter(None, self._open)):
            around.own += 1
            around.filters += local.startswith("fe")
            around.uses += referred
        for key, most in _NUMBERS.items():
            digits = "".join(filter(str.isdigit, attributes.get(key, "").partition(" ")[0].partition(".")[0]))
            if digits and int(digits[:9]) > most:
                raise UnreadablePictureError(f"asks for too much: {key} of {digits[:9]}; the limit is {most}")

    def closed(self) -> None:
        """The innermost open element ends."""
        self._open.pop()

    def refuse_bombs(self) -> None:
        """Raises UnreadablePictureError if drawing it would take too long."""
        self._expand(self._whole, {}, set())

    def _expand(self, group: _Group, known: dict[int, tuple[int, int]], within: set[int]) -> tuple[int, int]:
        """Elements and filters drawn for `group`, whatever it uses included."""
        mark = id(group)
        if mark in known:
            return known[mark]
        if mark in within:
            return 0, 0  # A circle, which no program draws.
        if len(within) > DEEPEST:
            raise UnreadablePictureError(f"would never be drawn: its parts use one another {DEEPEST} times over")
        within.add(mark)
        drawn, filters = group.own, group.filters
        for name in group.uses:
            if name in self._by_id:
                more = self._expand(self._by_id[name], known, within)
                drawn, filters = drawn + more[0], filters + more[1]
            if drawn > MOST:
                raise UnreadablePictureError(
                    f"would never be drawn: its parts use one another more than {MOST:,} times"
                )
            if filters > FILTERS:
                raise UnreadablePictureError(f"would never be drawn: it applies more than {FILTERS} filter effects")
        within.discard(mark)
        known[mark] = drawn, filters
        return known[mark]


SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

ELEMENTS = frozenset(
    """svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath image switch a
    marker linearGradient radialGradient stop pattern clipPath mask filter style view
    animate animateTransform animateMotion mpath set
    feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
    feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode
    feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence""".split()
)
_MOVING = frozenset({"animate", "animateTransform", "animateMotion", "set"})
_MISSED = {"script": "a script", "foreignObject": "a `foreignObject`"}
"""The removed elements that are reported. Editors' notes and metadata are removed without a report."""

_OURS = re.compile(r"#|data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
"""Addresses inside the file."""
_URL = re.compile(r"url\(\s*(?P<mark>['\"]?)(?P<address>[^'\")]*)(?P=mark)\s*\)", re.IGNORECASE)
_FONT = re.compile(r"data:(?:font/|application/(?:x-)?font|application/octet-stream)", re.IGNORECASE)
_FETCHES = (
    r"(?<![\w])(?:src|image|attr)\(|@import|image-set|cross-fade|expression\s*\(|javascript:|-moz-binding|behavior\s*:"
)
_RISKY = re.compile(rf"\\|{_FETCHES}", re.IGNORECASE)
"""Parts of a style sheet that could fetch or run something, or hide that they do.

See CSS Values 4 and Images 4: `src()`, `image()`, `image-set()`.
"""
_RISKY_VALUE = re.compile(rf"\\.*\(|{_FETCHES}", re.IGNORECASE | re.DOTALL)
"""A risk in an attribute. An escape is only one in the name of a function, before its `(`, which is never escaped."""
_NO_STYLE = re.compile(r"id|class|d|points|viewBox|lang|role|(?:aria|data)-.*")
"""Attributes that are never parsed as CSS."""
_NO_SIZE = re.compile(r"\s*(?:-|\+?(?:0+(?:\.0*)?|\.0+)(?![\d.]))")
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_ELSEWHERE = "a file from elsewhere"


@dataclass(slots=True)
class Drawing:
    """The result of reading an SVG."""

    root: dict[str, str] = field(default_factory=dict)
    """The attributes of the `svg` element."""
    animated: bool = False
    written: str = ""
    lost: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words in it."""
        return "".join(self.words)


def read_drawing(content: bytes, embedded: Callable[[bytes], object]) -> Drawing:
    """The SVG in the file `content`, cleaned.

    Raises UnreadablePictureError if it is broken, or too expensive to draw. `embedded` reads a picture within it, and
    raises UnreadablePictureError if it is not a picture.
    """
    reader = _SvgReader(embedded)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnreadablePictureError(
            f"is not a proper SVG: line {error.lineno}: {expat.errors.messages[error.code]}"
        ) from error
    except UnreadablePictureError:
        raise
    except ValueError as error:  # An unknown encoding.
        raise UnreadablePictureError(f"is not a proper SVG: {error}") from error
    if not reader.done:
        raise UnreadablePictureError("is not a proper SVG: it holds no `svg` element")
    reader.cost.refuse_bombs()
    reader.drawing.written = "".join(reader.parts)
    return reader.drawing


class _SvgReader:
    """Handles the events of expat."""

    def __init__(self, embedded: Callable[[bytes], object]) -> None:
        self.drawing = Drawing()
        self.parts: list[str] = []
        self.cost = Cost()
        self.done = False
        self._open: list[str] = []
        """The elements that are open, by local name."""
        self._skipped = 0
        """How many open elements are being left out, the outermost included."""
        self._style: list[str] | None = None
        self._embedded = embedded

    def entity(self, name: str, *_rest: object) -> None:
        """Refuses an entity of the file's own: a few lines of them unpack to gigabytes."""
        raise UnreadablePictureError(f"defines entities (`&{name};`), which are not read: save it as plain SVG")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        space, _, local = name.rpartition(" ")
        if self._skipped:
            self._skipped += 1
            return
        if not self._open and (space != SVG or local != "svg"):
            raise UnreadablePictureError("is not a proper SVG: its first element is no `svg` of SVG's namespace")
        if (
            self._style is not None
            or space != SVG
            or local not in ELEMENTS
            or (local in _MOVING and not _moves_safely(attributes))
        ):
            self._skipped = 1
            if space == SVG and local in _MISSED and self._open[-1] != "switch":  # It has another child to show.
                self.drawing.lost.append(_MISSED[local])
            return
        kept = dict(self._kept(local, attributes))
        if not self._open:
            self.drawing.root = kept
            kept["xmlns"] = SVG
            for side in ("width", "height"):  # zero and negative values count as no size
                if _NO_SIZE.match(kept.get(side, "1")):
                    del kept[side]
                elif side in kept:
                    kept[side] = kept[side].lower()  # units may be in capitals, but resvg does not accept that
        self.drawing.animated |= local in _MOVING
        self.cost.opened(local, kept, _referred(local, kept))
        self._open.append(local)
        self.parts.append(f"<{local}{''.join(f' {key}={_quoted(value)}' for key, value in kept.items())}>")
        if local == "style":
            self._style = []

    def end(self, _name: str) -> None:
        """Handles the end of an element."""
        if self._skipped:
            self._skipped -= 1
            return
        local = self._open.pop()
        if self._style is not None:
            self.parts.append(_escaped(self._safe_style("".join(self._style))))
            self._style = None
        self.cost.closed()
        self.parts.append(f"</{local}>")
        self.done = self.done or not self._open

    def characters(self, text: str) -> None:
        """Handles text: words, style sheets, and the white space between elements."""
        if self._skipped or not self._open:
            return
        if self._style is not None:
            self._style.append(text)
            return
        if self._open[-1] in {"text", "tspan", "textPath", "a"}:
            self.drawing.words.append(text)
        self.parts.append(_escaped(text))

    def _kept(self, local: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in attributes.items():
            space, _, key = name.rpartition(" ")
            if key.lower().startswith("on") and not space:
                self.drawing.lost.append("a script")
            elif key == "href" and space in {"", XLINK}:
                if local == "a":
                    continue  # Links in a picture do not work.
                if self._is_ours(local, value):
                    yield "href", value
                else:
                    self.drawing.lost.append(_ELSEWHERE)
            elif space == XML and key in {"space", "lang"}:
                yield f"xml:{key}", value
            elif (
                not space and _NAME.fullmatch(key) and key not in {"src", "xmlns", "base", "ping", "target", "download"}
            ):
                safe = self._safe_style(value, _RISKY if key == "style" else _RISKY_VALUE, key)
                if safe or not value:
                    yield key, safe

    def _is_ours(self, local: str, href: str) -> bool:
        """Whether an address is inside the file. A picture in it must be readable."""
        if href.startswith("#"):
            return local != "image"  # It would fetch the file again.
        if local not in {"image", "feImage"} or not _OURS.match(href):
            return False
        try:
            self._embedded(base64.b64decode(href.partition(",")[2], validate=False))
        except (UnreadablePictureError, binascii.Error):
            return False
        return True

    def _safe_style(self, css: str, risky: re.Pattern[str] = _RISKY, key: str = "") -> str:
        """A style sheet, or the attribute `key`, that fetches nothing; empty if that is not certain."""
        # An address that is never closed counts, too: after all complete addresses are removed, no `url(` may be left.
        if (not _NO_STYLE.fullmatch(key) and risky.search(css)) or (
            "url(" in css.lower() and "url(" in _URL.sub("", css).lower()
        ):
            self.drawing.lost.append("a style that fetches or runs something")
            return ""
        self.drawing.animated |= not key and "@keyframes" in css
        return _URL.sub(self._safe_url, css)

    def _safe_url(self, found: re.Match[str]) -> str:
        if _OURS.match(found["address"]) or _FONT.match(found["address"]):
            return found[0]
        self.drawing.lost.append(_ELSEWHERE)
        return "none"


def _moves_safely(attributes: dict[str, str]) -> bool:
    """Whether an animation only changes the appearance."""
    changed = attributes.get("attributeName", "").rpartition(":")[2].strip().lower()
    return changed not in {"href", "src", "style", "class"} and not changed.startswith("on")


def _referred(local: str, attributes: dict[str, str]) -> list[str]:
    """The ids that an element draws again, such as for `use`, patterns, masks, markers and filters."""
    found = [name for value in attributes.values() if "url(" in value for name in _REFERENCE.findall(value)]
    if local != "a" and attributes.get("href", "").startswith("#"):
        found.append(attributes["href"][1:])
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: str) -> str:
    plain = _escaped(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{plain}"'
