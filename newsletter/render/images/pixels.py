"""The pixels of a picture, through Pillow: decoded, rotated upright, converted to sRGB, resized, encoded again.

Animations become GIFs for email clients that play nothing else, and one frame represents all of them.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFilter, ImageOps, ImageSequence

from newsletter.pictures import PictureHeader, UnreadablePictureError
from newsletter.pictures.headers import guard_frames, without_metadata, without_notes
from newsletter.pictures.other import FORMATS, UNPACKING_FAILS
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

QUALITY = 82
"""The JPEG quality at which a photograph at double density shows hardly any difference."""
AVIF_QUALITY = 66
"""The AVIF quality that looks about the same."""
MARK = 0.13
"""The radius of a play mark, as a share of the picture's shorter side."""
SAMPLE = 800
"""The size to which a picture is reduced to test whether its edge is dark, in pixels."""
OPAQUE = 64
"""From this opacity (of 255) on, a pixel counts as visible. Shadows are below it, or dark, which is harmless."""
DARK = 106
"""Below this grey of 255, contrast with the dark card is less than 3 : 1."""
MUCH = 0.2
COLOURS = 256
"""A drawing with at most this many colours keeps a palette when it is made smaller, so that its file stays small."""
SHADES = 64
"""From this many colours on, a drawing already has shades at its edges, and keeps its own palette."""

LOOKED_AT = 60
"""How many frames are compared, at even intervals."""
ENOUGH = 0.6
"""The first frame is used if it has at least this share of the detail of the richest frame."""
SHORTEST = 20
"""Milliseconds per frame: email clients and browsers replace shorter times with a tenth of a second."""
NOTHING = 255
"""The palette index of the transparent colour of a GIF."""

_FORMATS = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
}
_ANIMATED = (*FORMATS, "GIF", "PNG", "WEBP")
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The operation that turns a picture upright, by EXIF orientation."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The background behind the transparent parts of a picture."""

    colour: str = ""
    """`#rrggbb`; empty for none."""
    only_for_dark: bool = False
    """Not under pictures that are visible on a dark card, too."""

    def under(self, image: Image.Image) -> Image.Image:
        """`image` on the background; unchanged where it needs none."""
        if not self.colour or image.mode != "RGBA" or (self.only_for_dark and not is_dark_at_its_edge(image)):
            return image
        return Image.alpha_composite(Image.new("RGBA", image.size, self.colour), image).convert("RGB")


NO_GROUND = Ground()


def encode(
    content: bytes,
    header: PictureHeader,
    size: tuple[int, int],
    media_type: str,
    *,
    frame: int = 0,
    mark: bool = False,
    ground: Ground = NO_GROUND,
    cut: bool = False,
) -> bytes:
    """The picture in the file `content` at `size` pixels, as JPEG, PNG, WebP or AVIF.

    With `cut`, it is cut to that shape around its middle. `frame` is the frame of an animation. With `mark`, a play
    mark is drawn on it. `ground` is the background, if any. Raises UnreadablePictureError if its pixels cannot be
    decoded.
    """
    try:
        opened = _opened(content, header, _covering(header, size) if cut else size, frame)
        image = ground.under(in_srgb(opened))
        image = _cut(image, size) if cut else image
    except (*UNPACKING_FAILS, Image.DecompressionBombError) as error:
        raise UnreadablePictureError(f"is broken: {error}") from error
    colours = _few_colours(image) if media_type == "image/png" and not mark else []
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    if mark:
        return pack(marked(image), media_type)
    if media_type == "image/png" and colours:
        return _png(_indexed(image, colours))
    encoded = pack(image, media_type, lossless=not header.photographic)
    # A picture that needs no change may be compressed better already than a new encoding would be.
    ready = header.media_type == media_type and header.orientation == 1 and image is opened and not cut
    untouched = _untouched(content, opened, media_type) if ready else None
    return min(untouched or encoded, encoded, key=len)


def _covering(header: PictureHeader, size: tuple[int, int]) -> tuple[int, int]:
    """The size of the whole picture from which `size` is cut."""
    scale = max(size[0] / header.width, size[1] / header.height)
    return round(header.width * scale), round(header.height * scale)


def _cut(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of `image`, in the shape of `size`."""
    width = min(image.width, max(1, round(image.height * size[0] / size[1])))
    height = min(image.height, max(1, round(image.width * size[1] / size[0])))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def is_dark_at_its_edge(image: Image.Image) -> bool:
    """Whether much of a picture's border to transparency would hardly be visible on a dark background.

    Black lines and letters without a background consist of border, and so does a drawing with black outlines. A
    picture with its own background, such as a window with its shadow, has a border of that.
    """
    small = image.copy()
    small.thumbnail((SAMPLE, SAMPLE), Image.Resampling.BOX)
    seen = small.getchannel("A").point(lambda value: 255 if value >= OPAQUE else 0)
    ringed = Image.new("L", (small.width + 2, small.height + 2))
    ringed.paste(seen, (1, 1))
    inner = ringed.filter(ImageFilter.MinFilter(3)).crop((1, 1, small.width + 1, small.height + 1))
    counts = small.convert("L").histogram(mask=ImageChops.subtract(seen, inner))
    return sum(counts[:DARK]) > sum(counts) * MUCH


def _untouched(content: bytes, opened: Image.Image, media_type: str) -> bytes | None:
    """The file's own bytes without metadata; None if the metadata cannot be separated."""
    if media_type == "image/jpeg":
        return without_metadata(content)
    if media_type == "image/webp":
        return without_notes(content)
    noted = media_type == "image/png" or {"exif", "xmp", "icc_profile"} & opened.info.keys()
    return None if noted else content


def pack(image: Image.Image, media_type: str, *, lossless: bool = False) -> bytes:
    """The pixels of `image`, without metadata, as JPEG, PNG, WebP or AVIF."""
    if media_type == "image/png":
        return _png(image)
    if media_type == "image/jpeg":
        return _jpeg(image)
    out = BytesIO()
    if media_type == "image/webp":
        _without_info(image).save(out, "WEBP", quality=100 if lossless else QUALITY, lossless=lossless, method=5)
    else:
        # One thread, because the number of threads changes the bytes.
        _without_info(image).save(out, "AVIF", quality=90 if lossless else AVIF_QUALITY, speed=8, max_threads=1)
    return out.getvalue()


def marked(image: Image.Image) -> Image.Image:
    """The picture with a play mark in its middle: a white triangle in a dark disc, visible on any background."""
    width, height = image.size
    radius = max(8, round(min(width, height) * MARK))
    drawn = Image.new("RGBA", (8 * radius, 8 * radius))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((0, 0, 8 * radius - 1, 8 * radius - 1), fill=(20, 20, 22, 190))
    # A triangle looks centred where its centre of mass is.
    left, right, half = 4 * radius - 1.15 * radius, 4 * radius + 2.1 * radius, 1.9 * radius
    pen.polygon([(left, 4 * radius - half), (left, 4 * radius + half), (right, 4 * radius)], fill=(255, 255, 255, 255))
    disc = drawn.resize((2 * radius, 2 * radius), Image.Resampling.LANCZOS)
    ground = image.convert("RGBA")
    if min(width, height) >= 2 * radius:
        ground.alpha_composite(disc, ((width - 2 * radius) // 2, (height - 2 * radius) // 2))
    return ground if image.mode == "RGBA" else ground.convert("RGB")


def _opened(content: bytes, header: PictureHeader, size: tuple[int, int], frame: int) -> Image.Image:
    """The picture upright, in its stored colours.

    A JPEG may be reduced already, but never below `size`.
    """
    image = Image.open(BytesIO(content), formats=_FORMATS.get(header.media_type, FORMATS))
    if frame:
        image.seek(frame)
    if header.media_type not in _FORMATS:
        return ImageOps.exif_transpose(image)
    room = max(size) * 3 // 2
    image.draft(
        None, (room, room)
    )  # only JPEG can: it decodes at a half, a quarter or an eighth in a fraction of the time
    image.load()
    turn = _UPRIGHT.get(header.orientation)
    return image if turn is None else image.transpose(turn)


def in_srgb(image: Image.Image) -> Image.Image:
    """The picture in mode L, RGB or RGBA and in sRGB, the only colour space that every email client shows."""
    profile = image.info.get("icc_profile")
    plain = _plain(image)
    if profile:
        plain = _converted(plain, profile)
    return plain.convert("RGB") if plain.mode == "CMYK" else plain


def _plain(image: Image.Image) -> Image.Image:
    """The picture in mode L, RGB, RGBA or CMYK."""
    if image.mode in {"L", "RGB", "RGBA", "CMYK"} and not image.has_transparency_data:
        return image
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits: Pillow would clip values above 255
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    """The picture converted from its ICC `profile`.

    It is unchanged if the profile is sRGB, broken or for another colour mode.
    """
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if ImageCms.getProfileDescription(source).startswith("sRGB"):
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        result = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image
    if result is None:
        return image
    return result.convert("L") if image.mode == "L" else result


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    bare = _without_info(image if image.mode in {"L", "RGB"} else image.convert("RGB"))
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    out = BytesIO()
    _without_info(image).save(out, "PNG", optimize=True)
    return out.getvalue()


def _few_colours(image: Image.Image) -> list[Any]:
    """The colours of an opaque drawing, as RGB triples; empty if there are too many, or only greys."""
    counted = image.getcolors(COLOURS) if image.mode == "RGB" else None
    return [colour for _, colour in sorted(counted or [], key=str)]


def _indexed(image: Image.Image, colours: list[Any]) -> Image.Image:
    """The drawing with a palette of 256 colours; `colours` are those before it was made smaller."""
    if len(colours) < SHADES:
        return image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in colours for channel in colour])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def _without_info(image: Image.Image) -> Image.Image:
    """A copy with pixels only: Pillow would write comments, profiles and more from `info`."""
    bare = image.copy()
    bare.info = {}
    return bare


def animate(content: bytes, shown: tuple[int, int]) -> bytes:
    """The animation in the file `content` as a GIF in the size in which it is `shown`.

    It is not at double density, because a GIF is large already. Raises UnreadablePictureError if its frames are broken.
    """
    frames, durations = [], []
    try:
        with _opened_animation(content) as image:
            guard_frames(getattr(image, "n_frames", 1), *shown)
            loop = int(image.info.get("loop", 0))
            for frame in ImageSequence.Iterator(image):
                frames.append(in_srgb(frame.copy()).resize(shown, Image.Resampling.LANCZOS))
                durations.append(max(SHORTEST, round(frame.info.get("duration", 100))))
    except UNPACKING_FAILS as error:
        raise UnreadablePictureError(f"is broken: {error}") from error
    out = BytesIO()
    see_through = any(_is_see_through(frame) for frame in frames)
    frames = [_in_few_colours(frame, see_through=see_through) for frame in frames]
    how: dict[str, Any] = {"transparency": NOTHING, "optimize": False} if see_through else {"optimize": True}
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=loop, disposal=2, **how
    )
    return out.getvalue()


def _is_see_through(image: Image.Image) -> bool:
    return image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)


def _in_few_colours(image: Image.Image, *, see_through: bool) -> Image.Image:
    """One frame in 256 colours.

    In an animation that is `see_through` somewhere, one colour is transparent. Pixels that are mostly transparent
    become fully transparent.
    """
    colours = image.convert("RGB").quantize(NOTHING if see_through else 256, Image.Quantize.MEDIANCUT)
    if see_through and image.mode == "RGBA":
        colours.paste(NOTHING, mask=image.getchannel("A").point(lambda value: 255 if value < 128 else 0))
    return colours


def typical_frame(content: bytes) -> int:
    """The frame that represents the animation best: the first, unless it shows almost nothing yet.

    Raises UnreadablePictureError if its frames are broken.
    """
    try:
        with _opened_animation(content) as image:
            guard_frames(getattr(image, "n_frames", 1), *image.size)
            weights = list(_weights(image))
    except UNPACKING_FAILS as error:
        raise UnreadablePictureError(f"is broken: {error}") from error
    richest = max(weight for weight, _ in weights)
    if weights[0][0] >= ENOUGH * richest:
        return 0
    return next(number for weight, number in weights if weight >= 0.95 * richest)


def _weights(image: Image.Image) -> Iterator[tuple[float, int]]:
    """The amount of detail in each frame (bits per pixel), with its number."""
    count = int(getattr(image, "n_frames", 1))
    for number in range(0, count, max(1, count // LOOKED_AT)):
        image.seek(number)
        yield image.convert("L").resize((96, 96)).entropy(), number


def _opened_animation(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=_ANIMATED)
