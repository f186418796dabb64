"""How many frames an animated picture has, without unpacking any."""

from __future__ import annotations

from newsletter.pictures.gif import walk_gif
from newsletter.pictures.png import chunks_of_png


def frames_in(content: bytes) -> int:
    """The frames of a GIF, an animated PNG or an animated WebP; 1 for anything else, or where it is cut off."""
    try:
        if content.startswith((b"GIF87a", b"GIF89a")):
            return walk_gif(content)[0] or 1
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            start, size = chunks_of_png(content).get(b"acTL", (0, 0))
            return int.from_bytes(content[start : start + 4], "big") if size >= 4 else 1
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp_frames(content) or 1
    except IndexError:
        pass
    return 1


def _webp_frames(content: bytes) -> int:
    frames, at = 0, 12
    while at + 8 <= len(content):
        frames += content[at : at + 4] == b"ANMF"
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + (size & 1)
    return frames
