"""All other picture formats: read through Pillow, or refused with a suggestion."""

from __future__ import annotations

from newsletter.pictures.headers import MAX_PIXELS, PictureHeader, UnreadablePictureError, guard

FORMATS = ("AVIF", "BMP", "TIFF")
"""The formats that Pillow may open. Its rarer readers are not used, because most of its security holes were in them."""

UNPACKING_FAILS = (OSError, SyntaxError, ValueError, EOFError)
"""The exceptions that Pillow raises, depending on the format, for broken or incomplete pixels."""


def read_other(content: bytes) -> PictureHeader:
    """The header of a picture in one of FORMATS. Raises UnreadablePictureError for any other file."""
    if content[:2] == b"\x1f\x8b":
        raise UnreadablePictureError("is compressed as a whole, as .svgz is: save it as plain SVG")
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftyphevc"}:
        raise UnreadablePictureError("is a HEIC photo from a phone: save it as JPEG")
    return _through_pillow(content)


def _through_pillow(content: bytes) -> PictureHeader:
    import warnings
    from io import BytesIO

    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Incomplete files are reported below.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise UnreadablePictureError("is not a picture, or its format is not supported") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UnreadablePictureError(f"is too large: the limit is {MAX_PIXELS:,} pixels") from error
    guard(*image.size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            upright = ImageOps.exif_transpose(image)
            transparent = upright.has_transparency_data
            drawn = transparent or upright.getcolors(4096) is not None
    except UNPACKING_FAILS as error:
        raise UnreadablePictureError(f"cannot be read: {error}") from error
    return PictureHeader(
        image.get_format_mimetype() or "",
        *upright.size,
        transparent=transparent,
        animated=image.format == "AVIF" and getattr(image, "n_frames", 1) > 1,
        photographic=not drawn,
        printed=image.mode == "CMYK",
    )
