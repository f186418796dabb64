"""The format of a picture, by its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.email_clients.index import entries
from newsletter.check.email_clients.marks import Mark
from newsletter.check.email_clients.signs import Where
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA = late(r"data:image/([a-z0-9]+)", re.IGNORECASE)
_ENDING = late(r"\.([a-z0-9]{2,5})\Z", re.IGNORECASE)


def picture_marks(address: str) -> Iterator[Mark]:
    """The formats that an address tells, at its offsets. Of `photo.webp?width=600`, the path counts."""
    address = address.strip()
    formats = entries()[Where.PICTURE]
    names: tuple[str, ...] = ()
    if data := _DATA.match(address):
        names = ("data", data[1].lower())
    elif ending := _ENDING.search(re.split("[?#]", address, maxsplit=1)[0]):
        names = (ending[1].lower(),)
    for name in names:
        for entry in formats.get(name, ()):
            yield Mark(entry.feature, entry.shown, 0, len(address))
