"""A picture file without its notes: the same frames, bit for bit, and nothing of who made it, when, where and with what."""

from __future__ import annotations

from newsletter.pictures.headers import past_blocks, past_head

_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT gAMA cHRM sRGB iCCP sBIT bKGD pHYs".split())
_WEBP_KEPT = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_EXIF_AND_XMP = 0x0C
"""In the flags of VP8X (RFC 9649 §2.7.1)."""
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""The application extensions of GIF that say how it plays or which colours are meant; others hold XMP and the like."""


def without_notes(content: bytes) -> bytes:
    """The GIF, PNG or WebP `content` with all that shows and nothing else; anything else as it is."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _bare_png(content)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return _bare_gif(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _bare_webp(content)
    return content


def _bare_png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] in _PNG_KEPT:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


def _bare_webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        chunk = content[at : at + 8 + size + (size & 1)]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_EXIF_AND_XMP]) + chunk[9:]
        if name in _WEBP_KEPT:
            kept.append(chunk)
        at += 8 + size + (size & 1)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _bare_gif(content: bytes) -> bytes:
    at = past_head(content)
    kept = [content[:at]]
    while at < len(content):
        end = at
        if content[at] == 0x21:  # an extension: FE is a comment, FF an application's own
            end = past_blocks(content, at + 2)
            comment = content[at + 1] == 0xFE
            foreign = content[at + 1] == 0xFF and content[at + 3 : at + 14] not in _GIF_KEPT
            if not (comment or foreign):
                kept.append(content[at:end])
        elif content[at] == 0x2C:  # a frame
            end = past_blocks(content, past_head(content, frame=at) + 1)
            kept.append(content[at:end])
        else:
            break
        at = end
    return b"".join((*kept, b";"))
