"""Formats of pictures, by the addresses of those in the letter: of `<img>`, `background` and `url()`."""

from __future__ import annotations

from newsletter.check.rules.clients.signs import Feature, Harm, picture

_GONE = "no picture is shown"
_SAVE = "Save it as JPEG or PNG."

PICTURES = (
    Feature("image-avif", Harm.LOST, (picture("avif", shown="an AVIF picture"),), _GONE, _SAVE),
    Feature("image-webp", Harm.LOST, (picture("webp", shown="a WebP picture"),), _GONE, _SAVE),
    Feature("image-heif", Harm.LOST, (picture("heif", "heic", shown="a HEIF picture"),), _GONE, _SAVE),
    Feature(
        "image-svg", Harm.LOST, (picture("svg", shown="an SVG picture"),), _GONE, "Save it as PNG, twice as large."
    ),
    Feature("image-tiff", Harm.LOST, (picture("tiff", "tif", shown="a TIFF picture"),), _GONE, _SAVE),
    Feature("image-bmp", Harm.LOST, (picture("bmp", shown="a BMP picture"),), _GONE, _SAVE),
    Feature("image-ico", Harm.LOST, (picture("ico", shown="an ICO picture"),), _GONE, _SAVE),
    Feature("image-mp4", Harm.LOST, (picture("mp4", shown="a video as a picture"),), _GONE, "Use an animated GIF."),
    Feature(
        "image-base64",
        Harm.LOST,
        (picture("data", shown="a picture written into the letter as Base64"),),
        _GONE,
        "Keep it as a file beside the issue.",
    ),
    Feature("image-apng", Harm.LESS, (picture("apng", shown="an animated PNG"),), "its first frame stands still"),
    Feature("image-gif", Harm.LOST, (picture("gif", shown="a GIF"),), _GONE, _SAVE),
    Feature("image-jpg", Harm.LOST, (picture("jpg", "jpeg", shown="a JPEG"),), _GONE),
    Feature("image-png", Harm.LOST, (picture("png", shown="a PNG"),), _GONE),
)
