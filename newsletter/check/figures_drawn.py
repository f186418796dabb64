"""FG: what pictures lose on their way out: drawings that hold more than is drawn, words without a font, colours for print."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.figures_files import picture_files
from newsletter.check.wording import quoted
from newsletter.pictures.svg import MEDIA_TYPE as SVG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.pictures.svg import CleanSvg

_FONTS = "templates/theme/fonts"
"""Where a workspace has fonts of its own for the words of drawings."""
_NAMED = 8
"""Characters without a font that are named."""


def more_than_drawn(context: CheckContext) -> Iterator[Diagnostic]:
    """FG116: an SVG holds what is left out of it: scripts, pages within it, files from elsewhere."""
    for picture, known, header in picture_files(context):
        if header.media_type != SVG:
            continue
        lost = _cleaned(_file(context, picture.src), known.size).lost
        if lost:
            yield context.found(
                "FG116",
                picture.src_span,
                f"the SVG holds {_listed(lost)}, which readers do not get",
                label="an SVG goes out as what it draws",
                mend="Export it as plain SVG, with its pictures and fonts embedded.",
            )


def words_without_font(context: CheckContext) -> Iterator[Diagnostic]:
    """FG117: an SVG has words in a script that no font here has."""
    for picture, known, header in picture_files(context):
        if header.media_type != SVG:
            continue
        text = _cleaned(_file(context, picture.src), known.size).text
        missing = _without_font(context, text) if text and not text.isascii() else ""
        if missing:
            shown = " ".join(missing[:_NAMED]) + (" …" if len(missing) > _NAMED else "")
            yield context.found(
                "FG117",
                picture.src_span,
                f"there is no font for {quoted(shown)} in the SVG",
                label="in the e-mail, boxes stand in their place",
                mend=f"Save its words as paths, or put a font that has them into {_FONTS}/.",
            )


def colours_for_print(context: CheckContext) -> Iterator[Diagnostic]:
    """FG118: a picture is in the colours of printers."""
    for picture, _, header in picture_files(context):
        if header.printed:
            yield context.found(
                "FG118",
                picture.src_span,
                "the picture is in colours for print (CMYK)",
                label="on screens they come out otherwise, brighter or duller",
                mend="Save it in sRGB, and see whether you like it.",
            )


def _file(context: CheckContext, src: str) -> Path:
    file = context.files[src]
    assert file is not None  # noqa: S101 - picture_files gives those that are there
    return file


@lru_cache(maxsize=64)
def _cleaned(file: Path, _size: int) -> CleanSvg:
    from newsletter.pictures.svg import clean_svg

    return clean_svg(file.read_bytes())


def _without_font(context: CheckContext, text: str) -> str:
    from newsletter.bundled import templates_folder
    from newsletter.pictures.fonts import without_font

    folders = (context.root / _FONTS, templates_folder() / "theme" / "fonts")
    fonts = [file for folder in folders for file in sorted(folder.glob("*")) if file.suffix in {".ttf", ".otf", ".ttc"}]
    return without_font(text, fonts)


def _listed(things: tuple[str, ...]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
