"""What the name of an issue's folder or file says of it, where the house format gives names a form: `{date:yyyy-MM-dd}-{slug}`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from newsletter.house.forms import read_form
from newsletter.records import dataclass

if TYPE_CHECKING:
    from newsletter.house.format import HouseFormat
    from newsletter.language import Language


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
        return Named(number if isinstance(number, int) else None, _day(dict(day)) if isinstance(day, tuple) else None)
    return Named()


def _day(parts: dict[str, int]) -> date | None:
    """The date of its parts; None where one lacks, or where there is no such day."""
    try:
        return date(parts["year"], parts["month"], parts["day"])
    except (KeyError, ValueError):
        return None
