"""FG: alt texts that do not stand for the picture."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.wording import quoted
from newsletter.late import late
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext, PictureUse
    from newsletter.diagnostics import Diagnostic

_FILE_NAME = late(r"[^\s/]+(?: [^\s/]+)*\.(?:jpe?g|png|gif|webp|svg|avif|heic|tiff?|bmp)", re.IGNORECASE)
_CAMERA = late(
    r"(?:img|dsc[nf]?|dscn|pxl|mvi|p|image|img_e|photo|picture|pic|screenshot|screen shot|screen_shot|bildschirmfoto|"
    r"schermafbeelding|unnamed|untitled|download|unsplash)[ _-]?(?:\d[\d _.:x@-]*(?:(?:at|um|om) [\d .:]+)?)?",
    re.IGNORECASE,
)
"""The names that cameras, telephones and programs give."""

_OPENINGS = {
    "en": r"(?:this is )?(?:an? |the )?(?:image|picture|photo|photograph|pic) (?:of|showing|that shows|depicting) |"
    r"(?:image|picture|photo) ?: ",
    "nl": r"(?:dit is )?(?:een |de )?(?:afbeelding|foto|plaatje) (?:van|waarop|met) |(?:afbeelding|foto) ?: ",
    "de": r"(?:das ist )?(?:ein |eine |das |die )?(?:bild|foto|abbildung) (?:von|eines|einer|mit|zeigt) |(?:bild|foto) ?: ",
    "fr": r"(?:c.est )?(?:une |la |l.)?(?:image|photo|photographie) (?:de |d.|du |des |montrant )|(?:image|photo) ?: ",
    "es": r"(?:una |la )?(?:imagen|foto|fotografía) (?:de|del|que muestra) |(?:imagen|foto) ?: ",
}
_ENDINGS = {"zh": r"的(?:图片|照片|圖片)", "ja": r"の(?:画像|写真)", "ko": r"(?:의)? ?(?:이미지|사진)"}
_EVENT = late(r"photo of the (?:day|week|month|year)", re.IGNORECASE)


def file_name_as_alt(context: CheckContext) -> Iterator[Diagnostic]:
    """FG107: the alt text is the name of a file."""
    for picture in context.pictures:
        alt = picture.alt.strip()
        if alt and (_FILE_NAME.fullmatch(alt) or _CAMERA.fullmatch(alt) or _is_stem(alt, picture)):
            yield context.found(
                "FG107",
                picture.span,
                f"{quoted(alt)} is the name of a file, not an alt text",
                label="say what the picture shows",
            )


def _is_stem(alt: str, picture: PictureUse) -> bool:
    """Whether it is the file's own name, and one that nobody would say: `port_03-final`."""
    stem = PurePosixPath(unquote(re.split(r"[?#]", picture.src, maxsplit=1)[0])).stem
    return alt.casefold() == stem.casefold() and " " not in alt and re.search(r"[\d_-]", stem) is not None


def image_of(context: CheckContext) -> Iterator[Diagnostic]:
    """FG108: the alt text begins with `image of`, in the language of the issue."""
    code = context.issue.language.partition("-")[0].lower()
    opening = re.compile(_OPENINGS.get(code, _OPENINGS["en"]), re.IGNORECASE)
    ending = re.compile(_ENDINGS[code] + r"\Z") if code in _ENDINGS else None
    for picture in context.pictures:
        alt = picture.alt.strip()
        found = opening.match(alt) or (ending and ending.search(alt))
        if found and not _EVENT.match(alt):
            yield context.found(
                "FG108",
                picture.span,
                f"the alt text says {quoted(found[0].strip())}, which screen readers say anyway",
                label="begin with what it shows",
            )


def caption_again(context: CheckContext) -> Iterator[Diagnostic]:
    """FG109: alt text and caption are the same words."""
    for figure in context.figures:
        alt, caption = _bare(figure.image.alt), _bare(plain_text(figure.caption))
        if alt and alt == caption:
            yield context.found(
                "FG109",
                figure.image.span,
                "alt text and caption are the same",
                label="say in the one what it shows, in the other what it means",
            )


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
