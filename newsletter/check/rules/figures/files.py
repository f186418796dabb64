"""FG: picture files that are too large, and formats that email clients do not show."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.blocks.pictures import SHOWN
from newsletter.check.facts.addresses import parts_of
from newsletter.check.facts.hosts import is_host, unreachable_host
from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import count_of, listed, quoted
from newsletter.files import PICTURE_LIMIT, read_bytes, stamp_of
from newsletter.late import late
from newsletter.model import Directive
from newsletter.pictures import UnreadablePictureError
from newsletter.pictures.files import picture_file
from newsletter.pictures.svg import MEDIA_TYPE as SVG
from newsletter.records import dataclass
from newsletter.walk import figures_in, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.files import PictureUse
    from newsletter.diagnostics import Diagnostic
    from newsletter.files import Stamp
    from newsletter.pictures import PictureHeader
    from newsletter.pictures.svg import CleanSvg

HEAVY = 10_000
"""The size in kilobytes from which a picture file is too large, if the house format sets no limit."""
HEAVY_ANIMATION = 2_000
"""The size in kilobytes from which an animation is too large: it is sent without being made smaller."""
LONG_ANIMATION = 200
"""The number of frames from which an animation is too long."""
NARROW = 560
"""The width of the text column in CSS pixels, if newsletter.yaml does not set it.

A narrower picture is not enlarged.
"""
MARGIN = 40
"""The margin on each side of the column, in CSS pixels."""

_BECOME_GIF = frozenset({"image/webp", "image/avif"})
_ANIMATIONS = _BECOME_GIF | {"image/gif", "image/png"}
_GIF_DENSITY = 0.3
"""The rough size of a GIF made from an animation, in bytes per pixel and frame.

Drawings are smaller, photographs larger.
"""

_REMOTE = late(r"https?://[^?#]*\.(svgz?|webp|avif|heic|tiff?|bmp)(?:[?#]|\Z)", re.IGNORECASE)
_SUFFIX = {
    SVG: "svg",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
}
_DOUBLE = re.compile(r"@2x\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture whose file could be read."""

    use: PictureUse
    file: Path
    size: int
    """Bytes."""
    header: PictureHeader


def read_pictures(context: CheckContext) -> Iterator[ReadPicture]:
    """The pictures whose files can be read, each file once."""
    seen = set()
    for use in context.pictures:
        file = context.files.get(use.src)
        if file is None or file in seen:
            continue
        seen.add(file)
        known = picture_file(file)
        if known.header is not None:
            yield ReadPicture(use, file, known.size, known.header)


@rule("FG110", "heavy-picture", "Picture files are not too large", "files", severity=WARNING, keys=("figures.weight",))
def too_heavy(context: CheckContext) -> Iterator[Diagnostic]:
    """FG110: the picture file is too large. Readers get a smaller copy, except of an animation."""
    most = context.house.pictures.weight or HEAVY
    for picture in read_pictures(context):
        size, header = picture.size, picture.header
        if size > most * 1000 and not (header.animated and size > HEAVY_ANIMATION * 1000):
            sharp = 2 * _column(context)
            needed = f"; readers get it {sharp:,} pixels wide at most" if header.width > sharp else ""
            yield context.found(
                "FG110",
                picture.use.src_span,
                f"the file is {_megabytes(size)}; the limit is {_megabytes(most * 1000)}",
                label=f"{header.width:,} × {header.height:,} pixels{needed}",
                advice="Save a smaller file: it stays in the history of the workspace for ever.",
            )


def _column(context: CheckContext) -> int:
    """The width of the text column in CSS pixels, from newsletter.yaml."""
    width = context.publication.theme.width
    return width - 2 * MARGIN if width else NARROW


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000)} kB"


@rule("FG111", "small-picture", "Pictures are wide enough", "files", severity=WARNING, keys=("figures.width",))
def too_small(context: CheckContext) -> Iterator[Diagnostic]:
    """FG111: a figure is narrower than the column, or than the house format asks."""
    asked, column = context.house.pictures.width, _column(context)
    own_place = {figure.image.src for figure in context.figures}
    beside_others = frozenset(_in_rows(context))
    for picture in read_pictures(context):
        width = picture.header.width
        if picture.use.src not in own_place or width >= (asked or column):
            continue
        if not asked and width >= SHOWN and picture.use.src in beside_others:
            continue
        if not asked and (picture.header.media_type == SVG or _DOUBLE.search(picture.file.stem)):
            continue  # sharp at any size, or named `@2x` and shown at half its width
        place = (
            f"{context.asker} asks for {asked:,}"
            if asked
            else f"the column is {column} pixels wide; {2 * column:,} look sharp on every screen"
        )
        yield context.found(
            "FG111", picture.use.src_span, f"the picture is {count_of(width, 'pixel')} wide", label=place
        )


def _in_rows(context: CheckContext) -> Iterator[str]:
    """The addresses of pictures that fill only a part of the column: in galleries, beside text, and of sponsors."""
    for block in walk_blocks(context.issue):
        if isinstance(block, Directive) and block.name in {"gallery", "beside", "sponsor"}:
            yield from (figure.image.src for figure in figures_in(block.blocks))


@rule(
    "FG112",
    "picture-format",
    "Pictures have a format that email clients show",
    "files",
    severity=WARNING,
    keys=("figures.formats",),
)
def poor_format(context: CheckContext) -> Iterator[Diagnostic]:
    """FG112: the format is one that email clients do not show, or that the house format does not allow."""
    allowed = context.house.pictures.formats
    for picture in read_pictures(context):
        media_type = picture.header.media_type
        suffix = _SUFFIX.get(media_type, media_type.rpartition("/")[2])
        if allowed and suffix not in allowed:
            yield context.found(
                "FG112",
                picture.use.src_span,
                f"the picture is {_article(suffix)}",
                label=f"{context.asker} has {', '.join(allowed)}",
            )
    yield from _on_the_web(context)


_MANY = 4
"""From this many pictures of one format on, one finding reports all of them."""


def _on_the_web(context: CheckContext) -> Iterator[Diagnostic]:
    """Pictures on other hosts, which are not converted, with the format in their file name."""
    kinds: dict[str, list[PictureUse]] = {}
    for use in context.pictures:
        found = _REMOTE.match(use.src)
        kind = found[1].lower() if found else ""
        if found and kind not in context.house.pictures.formats:
            kinds.setdefault(kind, []).append(use)
    for kind, pictures in kinds.items():
        many = f"; {len(pictures)} pictures in this issue, starting with this one" if len(pictures) >= _MANY else ""
        where = f"Save it next to the {context.called}: the build turns it into a format that every email client shows."
        for use in pictures[:1] if many else pictures:
            yield context.found(
                "FG112",
                use.src_span,
                f"many email clients do not show {_article(kind)}{many}",
                label="a picture on the web is sent as it is",
                advice=where if kind not in {"svg", "svgz"} else f"Save it as PNG next to the {context.called}.",
            )


def _article(suffix: str) -> str:
    return {"svg": "an SVG", "svgz": "an SVG", "avif": "an AVIF"}.get(suffix, f"a {suffix.upper()}")


@rule("FG113", "heavy-animation", "Animations are short and small", "files", severity=WARNING)
def heavy_animation(context: CheckContext) -> Iterator[Diagnostic]:
    """FG113: an animation is too large or too long, as it is or as the GIF made from it."""
    most = f"at most {_megabytes(HEAVY_ANIMATION * 1000)} and {LONG_ANIMATION} frames"
    for picture in read_pictures(context):
        size, header = picture.size, picture.header
        if not header.animated or header.media_type not in _ANIMATIONS:
            continue
        frames = _frames(picture.file, size)
        largest, made = size, ""
        if header.media_type in _BECOME_GIF:
            width = min(_column(context), header.width)
            largest = max(largest, round(frames * width * width * header.height / header.width * _GIF_DENSITY))
            made = "about " if largest > size else ""
        if largest > HEAVY_ANIMATION * 1000 or frames > LONG_ANIMATION:
            what = "as the GIF that email clients play, the animation is" if made else "the animation is"
            yield context.found(
                "FG113",
                picture.use.src_span,
                f"{what} {made}{_megabytes(largest)} in {count_of(frames, 'frame')}",
                label=most,
                advice="Make it shorter or smaller, or link to a video and show one frame of it.",
            )


def _frames(file: Path, size: int) -> int:
    from newsletter.pictures.headers import frames_in

    try:
        return frames_in(read_bytes(file, PICTURE_LIMIT)) if size < 50_000_000 else 0
    except OSError:
        return 0


@rule("FG114", "data-picture", "Pictures are files or web addresses, not `data:`", "figures")
def data_picture(context: CheckContext) -> Iterator[Diagnostic]:
    """FG114: the address of a picture contains the picture itself (`data:`)."""
    for picture in context.pictures:
        if picture.src[:5].lower() == "data:":
            yield context.found(
                "FG114",
                picture.span,
                f"{picture.name} is a `data:` address, which email clients do not show",
                label="they show its alt text instead",
                advice=f"Save it as a file next to the {context.called}.",
            )


@rule("FG115", "picture-by-http", "Pictures on the web use https", "figures", severity=WARNING, keys=("links.http",))
def plain_http(context: CheckContext) -> Iterator[Diagnostic]:
    """FG115: a picture is loaded over plain http."""
    for picture in context.pictures:
        if picture.src[:5].lower() != "http:" or context.house.links.http:
            continue
        host = parts_of(picture.src).host
        if is_host(host) and not unreachable_host(host):
            yield context.found(
                "FG115",
                picture.src_span,
                f"{picture.name} uses `http:`",
                label="many email clients do not load it",
                advice=f"Try `https://{host}`, or save it next to the {context.called}.",
            )


_FONTS = "templates/theme/fonts"
"""The folder of a workspace's own fonts for text in drawings."""
_NAMED = 8
"""The most characters without a font that a message names."""


@rule("FG116", "more-than-drawn", "SVGs contain only what they draw", "files", severity=WARNING)
def more_than_drawn(context: CheckContext) -> Iterator[Diagnostic]:
    """FG116: an SVG has parts that are not drawn: scripts, embedded pages, files on other hosts."""
    for picture, svg in _drawings(context):
        if svg.lost:
            yield context.found(
                "FG116",
                picture.src_span,
                f"the SVG contains {listed(svg.lost)}, which readers do not get",
                label="readers get only the drawing",
                advice="Export it as plain SVG, with its pictures and fonts embedded.",
            )


@rule("FG117", "no-font", "There is a font for all text in SVGs", "files", severity=WARNING)
def words_without_font(context: CheckContext) -> Iterator[Diagnostic]:
    """FG117: an SVG has text in a script for which there is no font."""
    for picture, svg in _drawings(context):
        missing = "" if svg.text.isascii() else _without_font(context, svg.text)
        if missing:
            shown = " ".join(missing[:_NAMED]) + (" …" if len(missing) > _NAMED else "")
            yield context.found(
                "FG117",
                picture.src_span,
                f"there is no font for {quoted(shown)} in the SVG",
                label="the email shows boxes instead",
                advice=f"Convert its text to paths, or add a font that has these characters to {_FONTS}/.",
            )


@rule("FG118", "colours-for-print", "Pictures use colours for screens", "files", severity=WARNING)
def colours_for_print(context: CheckContext) -> Iterator[Diagnostic]:
    """FG118: a picture has the colours of print (CMYK)."""
    for picture in read_pictures(context):
        if picture.header.printed:
            yield context.found(
                "FG118",
                picture.use.src_span,
                "the picture uses print colours (CMYK)",
                label="screens show them brighter or duller",
                advice="Save it in sRGB, and check how it looks.",
            )


def _drawings(context: CheckContext) -> Iterator[tuple[PictureUse, CleanSvg]]:
    """The SVGs, each with the drawing that readers get."""
    for picture in read_pictures(context):
        if picture.header.media_type == SVG:
            with suppress(OSError, UnreadablePictureError):  # FG106 reports it
                yield picture.use, _cleaned(picture.file, stamp_of(picture.file))


@lru_cache(maxsize=64)
def _cleaned(file: Path, _changed: Stamp | None) -> CleanSvg:
    from newsletter.pictures import clean_svg

    return clean_svg(read_bytes(file, PICTURE_LIMIT))


def _without_font(context: CheckContext, text: str) -> str:
    from newsletter.bundled import templates_folder
    from newsletter.pictures.fonts import without_font

    folders = (context.root / _FONTS, templates_folder() / "theme" / "fonts")
    fonts = [
        file for folder in folders for file in sorted(folder.glob("[!.]*")) if file.suffix in {".ttf", ".otf", ".ttc"}
    ]
    return without_font(text, fonts)
