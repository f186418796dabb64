"""The type, size and length of the recording of a `::: audio`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.digits import whole_number
from newsletter.late import late

if TYPE_CHECKING:
    from newsletter.model import Directive

TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
}
"""The media type of a recording by the ending of its file."""
MEDIA_TYPE = late(r"audio/[a-z0-9][a-z0-9.+-]*", re.IGNORECASE)
"""The media type of a recording (RFC 6838 §4.2)."""
MOST_BYTES = 10**12
"""No recording is that large; a number with more digits is a typo."""


def media_type_of(audio: Directive, href: str) -> str:
    """The type of a recording from the issue, or else from its file extension; empty if unknown."""
    given = audio.fields.get("type", "").strip().lower()
    if given:
        return given if MEDIA_TYPE.fullmatch(given) else ""
    path = re.split(r"[?#]", href)[0]
    return TYPES.get(path.rpartition(".")[2].lower(), "")


def bytes_of(audio: Directive) -> int:
    """The size of a recording in bytes as the issue gives it; 0 if it does not, or if it is not a number."""
    given = re.sub(r"[\s,._'’]", "", audio.fields.get("bytes", ""))
    size = whole_number(given)
    return size if size and size < MOST_BYTES else 0


_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")
_HOURS = (
    "h|ore?\\b|uur|u\\b|std|stunde|godz|hodin|tim|tunti|saat|jam|giờ|час|год|ч\\b|ساع|שע|घंट|घण्ट|時間|小时|小時|시간"
)
_MINUTES = "m\\b|min|dk|dakika|menit|phút|мин|хв|м\\b|دق|דק|मिनट|分|분"
_SECONDS = "s\\b|sec|sek|seg|sn\\b|saniye|detik|giây|сек|ثاني|שני|सेकंड|秒|초"
_UNITS = late(rf"(\d{{1,4}})\s*(?:(?P<hours>{_HOURS})|(?P<minutes>{_MINUTES})|(?P<seconds>{_SECONDS}))", re.IGNORECASE)
_IN_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}


def seconds_of(length: str) -> int:
    """The seconds in a length such as `3:40`, `1:02:03`, `12 minutes` or `1 h 5 min`, in any of the languages.

    0 if it cannot be read.
    """
    length = length.strip()[:100]
    if clock := _CLOCK.fullmatch(length):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    found = list(_UNITS.finditer(length))
    units = [next(unit for unit in _IN_SECONDS if each[unit]) for each in found]
    if len(set(units)) < len(units):
        return 0  # “20 to 25 minutes, or 10 minutes in short” is no length
    return sum(int(each[1]) * _IN_SECONDS[unit] for each, unit in zip(found, units, strict=True))
