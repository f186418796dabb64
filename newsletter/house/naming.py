"""What the name of an issue's folder or file says of it, where the house format gives names a form: `{date:yyyy-MM-dd}-{slug}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.house.forms import day_of, read_form
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from datetime import date

    from newsletter.house.format import HouseFormat
    from newsletter.language import Language


_DATED = late(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says."""

    number: int | None = None
    date: date | None = None


def read_name(house: HouseFormat, name: str, language: Language) -> Named:
    """The number and the date that the name of an issue says, by the first form that it fits."""
    for form in house.file_names:
        said = read_form(name, form, language)
        if said is None:
            continue
        values = {one.name: one.value for one in said}
        number, day = values.get("number"), values.get("date")
        return Named(number if isinstance(number, int) else None, day_of(dict(day)) if isinstance(day, tuple) else None)
    return Named()


def dated_name(name: str) -> date | None:
    """The date that a name begins with, whatever form it has: enough to know of which era an issue is."""
    match = _DATED.match(name)
    return day_of({part: int(digits) for part, digits in match.groupdict().items()}) if match else None
