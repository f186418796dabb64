"""FG: pictures: what is said of them, and the files they are."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.items import wanted_items
from newsletter.check.wording import did_you_mean, quoted
from newsletter.house.format import Need
from newsletter.late import late
from newsletter.pictures.files import picture_file
from newsletter.walk import figures_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Span

_ON_DISK = late(r"file:|[/\\](?![/\\])|[A-Za-z]:[/\\]|~/", re.IGNORECASE)
"""Addresses of files by their place on somebody's disk."""
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".heic")


def no_alt_text(context: CheckContext) -> Iterator[Diagnostic]:
    """FG101: a picture has no alt text."""
    for picture in context.pictures:
        if not picture.alt.strip():
            yield context.found(
                "FG101",
                picture.span,
                f"{picture.name} has no alt text",
                label="say what it shows, for those who do not see it",
            )


def no_caption(context: CheckContext) -> Iterator[Diagnostic]:
    """FG102: a figure has no caption, or one where none is wanted."""
    for figure in context.figures:
        written = bool(plain_text(figure.caption).strip())
        if context.house.caption is Need.REQUIRED and not written:
            yield context.found(
                "FG102",
                figure.image.span,
                "the figure has no caption",
                label=f"{context.asker} asks for one",
                mend='Write it as the title, `![alt](file.jpg "Caption")`, or in *emphasis* right below.',
            )
        elif context.house.caption is Need.FORBIDDEN and written:
            yield context.found(
                "FG102", figure.image.span, "the figure has a caption", label=f"{context.asker} has none"
            )


def no_credit(context: CheckContext) -> Iterator[Diagnostic]:
    """FG103: a figure, or the cover, does not say who made it; or says so where that is not wanted."""
    word = context.house.reading.credit_words[0] if context.house.reading.credit_words else "Photo"
    of_items = _credits_of_items(context)
    for figure in context.figures:
        written = bool(plain_text(figure.credit).strip())
        wanted = of_items.get(figure.span, context.house.credit)
        if wanted is Need.REQUIRED and not written:
            yield context.found(
                "FG103",
                figure.image.span,
                "the figure has no credit",
                label=f"{context.asker} asks who made it",
                mend=f'End the caption with it: `![alt](file.jpg "Caption. {word}: Jane Roe")`.',
            )
        elif wanted is Need.FORBIDDEN and written:
            yield context.found(
                "FG103", figure.image.span, "the figure has a credit", label=f"{context.asker} has none"
            )
    cover = context.issue.cover
    if cover is not None and context.house.credit is Need.REQUIRED and not cover.credit.strip():
        yield context.found(
            "FG103",
            context.issue.front.where_key("cover"),
            "the cover has no credit",
            label=f"{context.asker} asks who made it",
            mend="Add `credit: Jane Roe` to the cover.",
        )


def _credits_of_items(context: CheckContext) -> dict[Span, Need]:
    """What items ask of their own figures, where they ask anything."""
    return {
        figure.span: wanted.credit
        for _, _, item, wanted in wanted_items(context)
        if wanted.credit is not Need.OPTIONAL
        for figure in figures_in(item)
    }


def file_missing(context: CheckContext) -> Iterator[Diagnostic]:
    """FG104: there is no such file beside the issue."""
    for picture in context.pictures:
        if not picture.src:
            yield context.found("FG104", picture.span, f"{picture.name} has no address")
        elif picture.src in context.files and context.files[picture.src] is None:
            if _leads_out(context, picture.src):
                continue
            yield context.found(
                "FG104",
                picture.src_span,
                f"there is no file {quoted(_named(picture.src))}",
                label=f"looked for in {_shown_folder(context)}",
                mend=did_you_mean(_named(picture.src), _picture_names(_folder(context))),
            )


def outside_workspace(context: CheckContext) -> Iterator[Diagnostic]:
    """FG105: the address leads out of the workspace, or is a place on one person's disk."""
    for picture in context.pictures:
        on_disk = bool(_ON_DISK.match(picture.src))
        nowhere = picture.src in context.files and context.files[picture.src] is None
        if on_disk or (nowhere and _leads_out(context, picture.src)):
            yield context.found(
                "FG105",
                picture.src_span,
                f"{quoted(picture.src)} is outside the workspace",
                label="pictures are found relative to the issue's file" if on_disk else "",
                mend="Copy the picture into the issue's folder.",
            )


def not_a_picture(context: CheckContext) -> Iterator[Diagnostic]:
    """FG106: the file is no picture, or of a kind that cannot go out."""
    faults = {src: picture_file(file).fault for src, file in context.files.items() if file is not None}
    for picture in context.pictures:
        if faults.get(picture.src):
            yield context.found("FG106", picture.src_span, f"{quoted(_named(picture.src))} {faults[picture.src]}")


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _folder(context: CheckContext) -> Path:
    return (context.root / context.issue.path).parent


def _shown_folder(context: CheckContext) -> str:
    folder = context.issue.path.rpartition("/")[0]
    return f"{folder}/" if folder else "the workspace"


def _named(src: str) -> str:
    return unquote(re.split(r"[?#]", src, maxsplit=1)[0])


def _leads_out(context: CheckContext, src: str) -> bool:
    """Whether the address, or a symbolic link on its way, leads out of the workspace."""
    try:
        return not (_folder(context) / _named(src)).resolve().is_relative_to(context.root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _picture_names(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.lower().endswith(_PICTURES))  # noqa: PTH208 (names only)
    except OSError:
        return []
