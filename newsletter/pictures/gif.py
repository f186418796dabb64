"""Headers of GIF: the specification GIF89a."""

from __future__ import annotations

from newsletter.pictures.base import PictureHeader, UnreadablePictureError


def read_gif(content: bytes) -> PictureHeader:
    """The header of the GIF `content`; frames are counted by walking over them."""
    width, height = int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    frames, transparent = walk_gif(content, stop=2)
    if not frames:
        raise UnreadablePictureError("is cut off: the GIF holds no picture")
    return PictureHeader("image/gif", width, height, transparent=transparent, animated=frames > 1)


def walk_gif(content: bytes, stop: int = 1 << 30) -> tuple[int, bool]:
    """How many frames there are, counted up to `stop`, and whether one of them has a transparent colour."""
    frames, transparent = 0, False
    at = past_head(content)
    while at < len(content) and frames < stop:
        if content[at] == 0x21:  # an extension; F9 is the graphic control
            transparent |= content[at + 1] == 0xF9 and bool(content[at + 3] & 1)
            at = past_blocks(content, at + 2)
        elif content[at] == 0x2C:  # a frame
            frames += 1
            at = past_blocks(content, past_head(content, frame=at) + 1)
        else:
            break
    return frames, transparent


def past_head(content: bytes, frame: int = -1) -> int:
    """The offset behind the header of the file, or of the frame at `frame`, and its palette."""
    return 13 + _gif_palette(content[10]) if frame < 0 else frame + 10 + _gif_palette(content[frame + 9])


def _gif_palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def past_blocks(content: bytes, at: int) -> int:
    """The offset behind a row of sub-blocks, each of which starts with its length and the last of which is empty."""
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1
