"""FG: texts about pictures: alt text, caption and credit, and whether their files exist."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.facts.addresses import is_on_disk
from newsletter.check.facts.files import is_within, names_in, path_in
from newsletter.check.rule import WARNING, rule
from newsletter.check.rules.structure.items import wanted_items
from newsletter.check.wording import quoted
from newsletter.house.format import Need
from newsletter.language import primary_language
from newsletter.late import late
from newsletter.pictures.files import picture_file
from newsletter.suggest import did_you_mean
from newsletter.walk import figures_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.files import PictureUse
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Figure, Span

_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".heic")


@rule("FG101", "no-alt-text", "Pictures have alt text", "figures", gap=True)
def no_alt_text(context: CheckContext) -> Iterator[Diagnostic]:
    """FG101: a picture has no alt text."""
    for picture in context.pictures:
        if not picture.alt.strip():
            yield context.found(
                "FG101",
                picture.span,
                f"{picture.name} has no alt text",
                label="describe it for readers who cannot see it",
            )


@rule("FG102", "no-caption", "Figures have a caption", "figures", gap=True, keys=("figures.caption",))
def no_caption(context: CheckContext) -> Iterator[Diagnostic]:
    """FG102: a figure has no caption, or has one although the house format wants none."""
    need = context.house.caption
    for figure in context.figures:
        written = bool(plain_text(figure.caption).strip())
        if need is Need.REQUIRED and not written:
            message, label = "the figure has no caption", f"{context.asker} asks for one"
            advice = 'Write it as the title, `![alt](file.jpg "Caption")`, or in *emphasis* right below.'
        elif need is Need.FORBIDDEN and written:
            message, label, advice = "the figure has a caption", f"{context.asker} allows none", ""
        else:
            continue
        yield context.found(
            "FG102", figure.image.span, message, label=label, advice=advice, about=("figures", "caption")
        )


@rule(
    "FG103",
    "no-credit",
    "Figures have a credit",
    "figures",
    gap=True,
    keys=("figures.credit", "sections.NAME.items.credit"),
)
def no_credit(context: CheckContext) -> Iterator[Diagnostic]:
    """FG103: a figure, or the cover, has no credit, or has one although the house format wants none."""
    word = context.house.reading.credit_words[0] if context.house.reading.credit_words else "Photo"
    of_items = _credits_of_items(context)
    for figure in context.figures:
        written = bool(plain_text(figure.credit).strip())
        need, about = of_items.get(figure.span, (context.house.credit, ("figures", "credit")))
        if need is Need.REQUIRED and not written:
            message, label = "the figure has no credit", f"{context.asker} asks who made it"
            advice = f'End the caption with it: `![alt](file.jpg "Caption. {word}: Jane Roe")`. {_other_words(figure)}'
        elif need is Need.FORBIDDEN and written:
            message, label, advice = "the figure has a credit", f"{context.asker} allows none", ""
        else:
            continue
        yield context.found("FG103", figure.image.span, message, label=label, advice=advice, about=about)
    cover = context.issue.cover
    if cover is not None and context.house.credit is Need.REQUIRED and not cover.credit.strip():
        yield context.found(
            "FG103",
            context.issue.front.where_key("cover"),
            "the cover has no credit",
            label=f"{context.asker} asks who made it",
            advice="Add `credit: Jane Roe` to the cover.",
            about=("figures", "credit"),
        )


_WORD = late(r"(?:^|[.(\[–—|]\s*)(?P<word>[^\W\d_][\w ]{1,20}?)\s*[:：]\s*\S")
"""A word that may introduce a credit and that the house format does not know: `Foto: Jane Roe`, `A dam. Foto: Jane
Roe`."""


def _other_words(figure: Figure) -> str:
    """The advice on which words begin a credit, and the word in the caption that looks like one."""
    found = _WORD.search(plain_text(figure.caption))
    if found:
        word = found["word"]
        return f"If `{word}:` begins a credit here, add `credit_words: [{word}]` under `figures` of house.yaml."
    return "Other words for it are listed as `credit_words` under `figures` of house.yaml."


def _credits_of_items(context: CheckContext) -> dict[Span, tuple[Need, tuple[str, ...]]]:
    """The requirements of items for their figures, with the line of house.yaml that sets them."""
    return {
        figure.span: (one.wanted.credit, context.line_of(one.section, "items", "credit"))
        for one in wanted_items(context)
        if one.wanted.credit is not Need.OPTIONAL
        for figure in figures_in(one.item)
    }


@rule("FG104", "picture-missing", "Picture files exist", "files", gap=True)
def file_missing(context: CheckContext) -> Iterator[Diagnostic]:
    """FG104: the picture file does not exist."""
    yield from missing_files(context)
    for picture in context.pictures:
        if not picture.src:
            yield context.found("FG104", picture.span, f"{picture.name} has no address")


def missing_files(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings of FG104 whose address has a file name."""
    folder = context.issue.path.rpartition("/")[0]
    for picture in context.pictures:
        if not picture.src or picture.src not in context.files or context.files[picture.src] is not None:
            continue
        if is_on_disk(picture.src) or _leads_out(context, picture.src):
            continue
        yield context.found(
            "FG104",
            picture.src_span,
            f"there is no file {quoted(path_in(picture.src))}",
            label=f"looked for in {folder}/" if folder else "looked for in the workspace",
            advice=did_you_mean(path_in(picture.src), _pictures_in(context.folder)),
        )


@rule("FG105", "picture-outside", "Picture files are inside the workspace", "files")
def outside_workspace(context: CheckContext) -> Iterator[Diagnostic]:
    """FG105: the address leads outside of the workspace, or is a path on one person's computer."""
    for picture in context.pictures:
        on_disk = is_on_disk(picture.src)
        nowhere = picture.src in context.files and context.files[picture.src] is None
        if on_disk or (nowhere and _leads_out(context, picture.src)):
            yield context.found(
                "FG105",
                picture.src_span,
                f"{quoted(unquote(picture.src))} is outside the workspace",
                label=f"picture paths are relative to the {context.called}'s file" if on_disk else "",
                advice=f"Copy the picture into the {context.called}'s folder.",
            )


@rule("FG106", "not-a-picture", "Picture files can be read", "files")
def not_a_picture(context: CheckContext) -> Iterator[Diagnostic]:
    """FG106: the file is not a picture, or has a format that cannot be published."""
    faults = {src: picture_file(file).fault for src, file in context.files.items() if file is not None}
    for picture in context.pictures:
        if faults.get(picture.src):
            yield context.found("FG106", picture.src_span, f"{quoted(path_in(picture.src))} {faults[picture.src]}")


def _pictures_in(folder: Path) -> list[str]:
    return [name for name in names_in(folder) if name.lower().endswith(_PICTURES)]


def _leads_out(context: CheckContext, src: str) -> bool:
    """Whether the address, or a symbolic link on its way, leads out of the workspace."""
    return is_within(context.folder / path_in(src), context.root) is False


_FILE_NAME = late(r"[^\s/]+(?: [^\s/]+)*\.(?:jpe?g|png|gif|webp|svg|avif|heic|tiff?|bmp)", re.IGNORECASE)
_CAMERA = late(
    r"(?:img|dsc[nf]?|dscn|pxl|mvi|p|image|img_e|photo|picture|pic|screenshot|screen shot|screen_shot|bildschirmfoto|"
    r"schermafbeelding|unnamed|untitled|download|unsplash)[ _-]?(?:\d[\d _.:x@-]*(?:(?:at|um|om) [\d .:]+)?)?",
    re.IGNORECASE,
)
"""File names that cameras, phones and programs make."""

_OPENINGS = {
    "en": r"(?:this is )?(?:an? |the )?(?:image|picture|photo|photograph|pic) (?:of|showing|that shows|depicting) |"
    r"(?:image|picture|photo) ?: ",
    "nl": r"(?:dit is )?(?:een |de )?(?:afbeelding|foto|plaatje) (?:van|waarop|met) |(?:afbeelding|foto) ?: ",
    "de": r"(?:das ist )?(?:ein |eine |das |die )?(?:bild|foto|abbildung) (?:von|eines|einer|mit|zeigt) |(?:bild|foto) ?: ",
    "fr": r"(?:c.est )?(?:une |la |l.)?(?:image|photo|photographie) (?:de |d.|du |des |montrant )|(?:image|photo) ?: ",
    "es": r"(?:una |la )?(?:imagen|foto|fotografía) (?:de|del|que muestra) |(?:imagen|foto) ?: ",
    "it": r"(?:una |l.)?(?:immagine|foto|fotografia) (?:di|del|della|dei|delle|che mostra) |(?:immagine|foto) ?: ",
    "pt": r"(?:uma |a )?(?:imagem|foto|fotografia) (?:de|do|da|dos|das|que mostra) |(?:imagem|foto) ?: ",
    "pl": r"(?:zdjęcie|obraz|fotografia) (?:przedstawia(?:jące|jący|jąca)?|pokazuj(?:e|ące|ący|ąca)) |(?:zdjęcie|obraz|foto) ?: ",
    "cs": r"(?:obrázek|fotografie|fotka|snímek) (?:zobrazuj(?:e|ící)|ukazuj(?:e|ící)) |(?:obrázek|foto) ?: ",
    "sv": r"(?:en |ett )?(?:bild|foto|fotografi) (?:på|av|som visar) |(?:bild|foto) ?: ",
    "da": r"(?:et |en )?(?:billede|foto|fotografi) (?:af|der viser|som viser) |(?:billede|foto) ?: ",
    "nb": r"(?:et |en )?(?:bilde|foto|fotografi) (?:av|som viser) |(?:bilde|foto) ?: ",
    "fi": r"(?:kuva|valokuva),? (?:jossa|joka esittää) |(?:kuva|valokuva) ?: ",
    "ru": r"(?:на )?(?:картинке|фото|фотографии|изображении) (?:изображ[её]н[аоы]?|показан[аоы]?) |(?:фотография|изображение|картинка|фото) ?: ",
    "uk": r"(?:на )?(?:фото|світлині|зображенні|фотографії) (?:зображен[аоі]?|показан[аоі]?|зображено) |(?:фото|світлина|зображення) ?: ",
    "id": r"(?:sebuah )?(?:gambar|foto) (?:dari|yang menunjukkan|menunjukkan) |(?:gambar|foto) ?: ",
    "vi": r"(?:hình|ảnh|bức ảnh|hình ảnh) (?:chụp|về|của|cho thấy) |(?:hình|ảnh) ?: ",
}
_OPENINGS["no"] = _OPENINGS["nb"]
_ENDINGS = {
    "zh": r"的(?:图片|照片|圖片)",
    "ja": r"の(?:画像|写真)",
    "ko": r"(?:의)? ?(?:이미지|사진)",
    "tr": r"[ıiuü]n (?:fotoğrafı|resmi|görseli)",
    "hi": r" की (?:तस्वीर|फ़ोटो|छवि)",
}
_EVENT = re.compile(r"photo of the (?:day|week|month|year)", re.IGNORECASE)


@rule("FG107", "file-name-as-alt", "Alt text is not a file name", "figures")
def file_name_as_alt(context: CheckContext) -> Iterator[Diagnostic]:
    """FG107: the alt text is a file name."""
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
    """Whether the alt text is the file's own name and not made of words: `port_03-final`."""
    stem = PurePosixPath(path_in(picture.src)).stem
    return alt.casefold() == stem.casefold() and " " not in alt and re.search(r"[\d_-]", stem) is not None


@rule("FG108", "image-of", "Alt text begins with what the picture shows", "figures", severity=WARNING)
def image_of(context: CheckContext) -> Iterator[Diagnostic]:
    """FG108: the alt text begins with `image of` or the like, in the language of the issue."""
    code = primary_language(context.issue.language)
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


@rule("FG109", "caption-again", "Alt text does not repeat the caption", "figures", severity=WARNING)
def caption_again(context: CheckContext) -> Iterator[Diagnostic]:
    """FG109: alt text and caption are the same."""
    for figure in context.figures:
        alt, caption = _bare(figure.image.alt), _bare(plain_text(figure.caption))
        if alt and alt == caption:
            yield context.found(
                "FG109",
                figure.image.span,
                "alt text and caption are the same",
                label="describe the picture in the alt text, and say what it means in the caption",
            )


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
