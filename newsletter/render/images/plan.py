"""Pictures as readers get them: planned from their headers while a letter is laid out, made when it is written.

Each picture is published as new files. They have at most twice as many pixels as shown (for screens of double density).
They are upright, in sRGB, and without a camera's metadata about place and time. The author's file is never changed.
Every picture has one file that all email clients, feed readers and link previews show: JPEG, PNG or GIF. WebP, AVIF and
SVG have a second file in that format, for the web page. An animation has a third file: a still frame, for anyone who
sees no animations.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from newsletter.bundled import templates_folder
from newsletter.errors import UsageError
from newsletter.files import PICTURE_LIMIT, can_be_read, read_bytes, read_file
from newsletter.model import ImageFile
from newsletter.pictures import PictureHeader, UnreadablePictureError, find_picture, read_header
from newsletter.pictures.find import STILLS
from newsletter.pictures.svg import MEDIA_TYPE as SVG

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    Plans = dict[tuple[Path, int, bool, str, str], ImageFile | None]
    """The plans by file, room, mark, ground and crop; None for what is no picture. They are valid as long as no file
    changes."""

REVISION = 1
"""Increase this when the same picture would get different bytes: it changes all names, and so all caches."""

DENSITY = 2
"""The most pixels of the file per CSS pixel shown."""
FONTS = "templates/theme/fonts"
"""The folder of a workspace's own fonts for the text in its SVGs."""

_SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    SVG: "svg",
}
_KEPT_FOR_THE_WEB = frozenset({"image/webp", "image/avif", SVG})
_DOUBLE = re.compile(r"@2x$", re.IGNORECASE)
"""The ending of a file's stem for a picture made for screens of double density."""


class BrokenPictureError(UsageError):
    """The pixels of a picture are broken although its header is correct; `fault` continues a sentence after its file name."""

    def __init__(self, source: str, fault: str) -> None:
        super().__init__(f"{source} {fault}", hint="Save it again as PNG or JPEG.")
        self.source = source
        self.fault = fault

    def __reduce__(self) -> tuple[type[BrokenPictureError], tuple[str, str]]:
        """Makes the error picklable, so that a worker process can return it."""
        return BrokenPictureError, (self.source, self.fault)


def plan_images(
    srcs: Iterable[str],
    folder: Path,
    root: Path,
    *,
    shown_width: int = 560,
    mark: bool = False,
    ground: str = "",
    crop: str = "",
    plans: Plans | None = None,
) -> dict[str, ImageFile]:
    """Plans the local pictures among `srcs`, addresses as written in an issue in `folder`.

    `shown_width` is the width for them, in CSS pixels. A smaller picture is shown at its own size, never enlarged; one
    named `…@2x.png` at half of it. With `mark`, a play mark is drawn on them. `ground` is a fixed background colour,
    because email clients change theirs in dark mode. SVGs get it, because most have black lines on no background. Other
    pictures get it if they have transparency around dark parts. With `crop`, such as `3:2`, they are cut to that shape,
    except for drawings and animations. Files outside of `root`, missing files and files that are not pictures are left
    out: a check reports those. `plans` has the earlier plans and gets the new ones, so that no file is read again.
    """
    plans = {} if plans is None else plans
    planned = {}
    for src in dict.fromkeys(srcs):
        path = find_picture(src, folder, root)
        if path is None:
            continue
        wanted = (path, shown_width, mark, ground, crop)
        if wanted not in plans:
            plans[wanted] = _plan(path, root.resolve(), shown_width, mark=mark, ground=ground, crop=crop)
        image = plans[wanted]
        if image:
            planned[src] = image
    return planned


def _plan(path: Path, root: Path, shown_width: int, *, mark: bool, ground: str, crop: str = "") -> ImageFile | None:
    try:
        content = read_bytes(path, PICTURE_LIMIT)
        header = read_header(content)
    except (OSError, UnreadablePictureError):
        return None
    drawn = header.media_type == SVG
    crop = "" if drawn or header.animated else crop
    whole = cropped_size(header.width, header.height, crop)
    width = max(1, min(shown_width, round(whole[0] / (DENSITY if _DOUBLE.search(path.stem) else 1))))
    height = max(1, round(whole[1] * width / whole[0]))
    media_type = _media_type(header, mark=mark)
    moves = header.animated and not mark
    still = _still_of(path) if moves and media_type != "image/jpeg" else None
    ground = ground if drawn or header.transparent else ""
    for_dark = bool(ground) and not drawn
    how = _how(header, media_type, mark=mark, crop=crop, ground=f"{ground} where dark" if for_dark else ground)
    # Everything that affects the file is in its name, so that one address never has two contents: email clients and
    # their picture proxies keep what they fetched once.
    traits = [f"{REVISION} {width} {height} {media_type}{how}".encode(), content]
    if drawn and b"<text" in content:
        traits += [_font(font, root) for font in own_fonts(root)]
    if still:
        traits.append(read_bytes(still, PICTURE_LIMIT))
    digest = hashlib.sha256(b"\n".join(traits)).hexdigest()[:8]
    base = f"{_portable(_DOUBLE.sub('', path.stem))}-{digest}"
    for_web = header.media_type in _KEPT_FOR_THE_WEB and not mark
    pixels = (DENSITY * width, DENSITY * height) if drawn else _scaled(whole, width)
    return ImageFile(
        path.relative_to(root).as_posix(),
        f"{base}.{_SUFFIXES[media_type]}",
        width,
        height,
        media_type,
        web=f"{base}.{_SUFFIXES[header.media_type]}" if for_web else "",
        web_type=header.media_type if for_web else "",
        still=f"{base}-still.png" if moves and not drawn else "",
        still_source=still.relative_to(root).as_posix() if still else "",
        mark=mark,
        moves=moves,
        ground=ground,
        ground_for_dark=for_dark,
        pixel_width=pixels[0],
        pixel_height=pixels[1],
        crop=crop,
    )


def _how(header: PictureHeader, media_type: str, *, mark: bool, crop: str, ground: str) -> str:
    """The changes to a picture besides its size, as text that is hashed into its name."""
    how = " play" if mark else " moving" if header.animated else ""
    if header.animated and header.transparent and media_type == "image/gif" and header.media_type != media_type:
        how += " on nothing"
    if crop:
        how += f" cut to {crop}"
    return f"{how} on {ground}" if ground else how


def cropped_size(width: int, height: int, crop: str) -> tuple[int, int]:
    """The size of a picture that is cut to `crop`, such as `3:2`, around its middle; its whole size if there is no crop."""
    if not crop:
        return width, height
    across, down = map(int, crop.split(":"))
    return min(width, max(1, round(height * across / down))), min(height, max(1, round(width * down / across)))


def plan_drawing(svg: str, name: str, width: int, height: int) -> ImageFile:
    """Plans an SVG that the tool has drawn, `width` by `height` CSS pixels.

    It also gets a PNG, for clients that show no SVG.
    """
    digest = hashlib.sha256(f"{REVISION} {width} {height}\n{svg}".encode()).hexdigest()[:8]
    return ImageFile(
        "",
        f"{_portable(name)}-{digest}.png",
        width,
        height,
        "image/png",
        pixel_width=DENSITY * width,
        pixel_height=DENSITY * height,
        drawing=svg,
    )


def _scaled(whole: tuple[int, int], width: int) -> tuple[int, int]:
    """Width and height of the file made from this many pixels, shown at `width` CSS pixels."""
    scale = min(1.0, DENSITY * width / whole[0])
    return max(1, round(whole[0] * scale)), max(1, round(whole[1] * scale))


def _media_type(header: PictureHeader, *, mark: bool) -> str:
    """The format that every email client shows.

    It is JPEG for photographs, PNG for drawings and transparency, and GIF for animations. An animated PNG stays one: a
    program that does not play it shows its first frame.
    """
    if header.animated and header.media_type != SVG and not mark:
        return "image/png" if header.media_type == "image/png" else "image/gif"
    return "image/jpeg" if header.photographic else "image/png"


def _still_of(path: Path) -> Path | None:
    for suffix in STILLS:
        still = path.with_suffix(f".still.{suffix}")
        if can_be_read(still):
            return still.resolve()
    return None


def own_fonts(root: Path) -> tuple[Path, ...]:
    """The font files of the workspace at `root`, in order."""
    return tuple(
        sorted(file for file in (root / FONTS).glob("[!.]*") if file.suffix.lower() in {".ttf", ".otf", ".ttc"})
    )


def _font(font: Path, root: Path) -> bytes:
    return read_file(font, font.relative_to(root).as_posix(), PICTURE_LIMIT)


def _portable(stem: str) -> str:
    """Lower-case ASCII letters, digits and hyphens: the same file on every system, and an address without escapes."""
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[:40].strip("-") or "picture"


def file_names(image: ImageFile) -> tuple[str, ...]:
    """The files of a picture on the web."""
    return tuple(filter(None, (image.name, image.web, image.still)))


def mail_names(image: ImageFile) -> tuple[str, ...]:
    """The files of a picture that an email shows."""
    return tuple(filter(None, (image.name, image.still)))


_LOOKED_AT = 40
"""The size in CSS pixels at which an animation is made only to test whether that works."""


def picture_fault(path: Path, root: Path) -> str:
    """Why a build could not make the picture at `path`, although its header is correct.

    The text continues a sentence after the file name. Empty if a build can make it.
    """
    try:
        image = _plan(path, root, 560, mark=False, ground="")
        if image and image.moves and image.media_type != SVG:
            image = _plan(path, root, _LOOKED_AT, mark=False, ground="") or image
        if image:
            for name in mail_names(image):
                make_image(root, image, name)
    except BrokenPictureError as error:
        return error.fault
    except (OSError, UsageError):  # missing, or unreadable: other rules report that
        return ""
    return ""


def make_image(root: Path, image: ImageFile, name: str = "") -> bytes:
    """The bytes of one of the files of `image`, made from its source in the workspace at `root`.

    They depend on the source's content and on `image` alone. Raises UsageError if the source is missing,
    BrokenPictureError if its pixels are broken although its header is correct.
    """
    if image.drawing:
        from newsletter.render.images.vectors import draw

        return draw(image.drawing.encode(), (image.pixel_width, image.pixel_height), fonts=())
    still = bool(name) and name == image.still
    source = (image.still_source if still else "") or image.source
    try:
        content = read_bytes(root / source, PICTURE_LIMIT)
        header = read_header(content)
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}") from error
    except UnreadablePictureError as error:
        raise UsageError(f"{source} {error}") from error
    try:
        if header.media_type == SVG:
            return _from_svg(root, content, image, web=bool(name) and name == image.web)
        return _from_pixels(content, header, image, name or image.name)
    except UnreadablePictureError as error:
        raise BrokenPictureError(source, str(error)) from error


def _from_svg(root: Path, content: bytes, image: ImageFile, *, web: bool) -> bytes:
    from newsletter.pictures import clean_svg

    cleaned = clean_svg(content).content
    if web:
        return cleaned
    from newsletter.render.images.vectors import draw

    size = DENSITY * image.width, DENSITY * image.height
    own = (
        own_fonts(root) if b"<text" in content else ()
    )  # planning has read it; other files in the folder are not opened
    return draw(cleaned, size, fonts=(*own, *own_fonts_of_theme()), mark=image.mark, ground=image.ground)


@cache
def own_fonts_of_theme() -> tuple[Path, ...]:
    """The bundled fonts: with the widths of those that most drawings ask for, Arial and Helvetica."""
    return tuple(sorted((templates_folder() / "theme" / "fonts").glob("*.ttf")))


def _from_pixels(content: bytes, header: PictureHeader, image: ImageFile, name: str) -> bytes:
    moving = header.animated and not image.mark and name != image.still
    if moving and header.media_type in {"image/gif", "image/png", "image/webp"} and name.endswith(_suffix(header)):
        from newsletter.pictures.headers import without_notes

        return without_notes(content)
    size = _scaled(cropped_size(header.width, header.height, image.crop), image.width)
    from newsletter.render.images.pixels import Ground, animate, encode, typical_frame

    if moving:
        return animate(content, (image.width, image.height))
    if header.animated and name == image.still:
        return encode(content, header, size, "image/png", frame=typical_frame(content))
    ground = Ground(image.ground, only_for_dark=image.ground_for_dark)
    return encode(content, header, size, _suffix_type(name), mark=image.mark, ground=ground, cut=bool(image.crop))


def _suffix(header: PictureHeader) -> str:
    return _SUFFIXES[header.media_type]


def _suffix_type(name: str) -> str:
    suffix = name.rpartition(".")[2]
    return next(media_type for media_type, known in _SUFFIXES.items() if known == suffix)
