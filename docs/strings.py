"""Writes the part of templates/theme/strings/*.yaml that comes from the Unicode CLDR: dates, lists, digits.

Run it with Babel installed, after you added a language or for a new version of the CLDR: `python docs/strings.py
[LANGUAGE…]`. Words are not changed; everything below the line `# ── CLDR` is written again. It also compares the
hand-written plural rules with those of the CLDR. Only this script needs Babel: the data of a language fits into thirty
lines of YAML, which the tool reads in a millisecond.
"""

# ruff: noqa: INP001, T201  (a script that talks to a terminal)
from __future__ import annotations

import re
import sys
from os.path import commonprefix
from typing import TYPE_CHECKING

import babel
from babel import localedata
from babel.core import get_cldr_version

from newsletter.bundled import templates_folder
from newsletter.language import load_language

if TYPE_CHECKING:
    from pathlib import Path

STRINGS = templates_folder() / "theme" / "strings"
MARK = "# ── CLDR"
WIDEST = 118
LEAST_DIGITS = {"es": "2", "pl": "2", "pt-PT": "2"}
"""The minimum number of digits before the first separator: `minimumGroupingDigits`, which Babel leaves out."""


def main(codes: list[str]) -> int:
    """Writes the files of `codes`, or all of them. Returns the number of plural rules that differ."""
    paths = [STRINGS / f"{code}.yaml" for code in codes] or sorted(STRINGS.glob("*.yaml"))
    for path in paths:
        words = path.read_text("utf-8").partition(MARK)[0].rstrip()
        path.write_text(f"{words}\n\n{generated(path.stem)}", "utf-8")
    return sum(disagreements(path) for path in paths)


def generated(code: str) -> str:
    """The part of the CLDR for a language as YAML; for a region or script, the differences from its language."""
    parent = code.partition("-")[0] if "-" in code else ""
    lines = [f"{MARK} {get_cldr_version()}, by docs/strings.py: not by hand ──"]
    numbers = numbering(code)
    if numbers != (numbering(parent) if parent else "latn"):
        lines.append(f"numbers: {numbers}")
    for name, part in (("dates", calendar), ("lists", lists), ("symbols", symbols)):
        own, general = part(code), part(parent) if parent else {}
        values = [f"  {key}: {flow(value)}" for key, value in own.items() if value and value != general.get(key)]
        lines += [f"{name}:", *values] if values else []
    return "\n".join(lines) + "\n"


def locale_of(code: str) -> babel.Locale:
    """The CLDR's data of a language, without data of others.

    Babel resolves aliases of root in place, in data that all languages share. So a language that is read later has
    names of an earlier one (2.18). To prevent that, the cached data is dropped.
    """
    localedata._cache.clear()  # noqa: SLF001  (there is no other way)
    return babel.Locale.parse(code, sep="-")


def numbering(code: str) -> str:
    """The numbering system that readers of a language expect."""
    return locale_of(code).default_numbering_system


def lists(code: str) -> dict[str, str | list[str]]:
    """The arguments of `newsletter.language.Lists`."""
    patterns = locale_of(code).list_patterns["standard"]
    return {"two": patterns["2"], "start": patterns["start"], "middle": patterns["middle"], "end": patterns["end"]}


def symbols(code: str) -> dict[str, str | list[str]]:
    """The arguments of `newsletter.language.numbers.Symbols`."""
    locale = locale_of(code)
    of_system = locale.number_symbols[locale.default_numbering_system]
    sizes = locale.decimal_formats[None].grouping
    pattern = re.sub(r"[#0,.]+", "{0}", locale.percent_formats[None].pattern)
    percent = pattern.replace("%", of_system.get("percentSign", "%"))
    percent = re.sub("[\u061c\u200e\u200f]", "", percent)
    money = locale.currency_formats["standard"].pattern.partition(";")[0]
    money = re.sub(r"[#0,.]+", "{0}", money).replace("¤", "{1}")
    found = {
        "decimal": of_system["decimal"],
        "group": of_system["group"].replace("\u202f", "\u00a0"),
        "percent": percent,
        "currency": re.sub("[\u061c\u200e\u200f]", "", money),
    }
    return {
        **found,
        **({"least": LEAST_DIGITS[code]} if code in LEAST_DIGITS else {}),
        **({"sizes": " ".join(map(str, sizes))} if sizes[0] != sizes[1] else {}),
    }


def calendar(code: str) -> dict[str, str | list[str]]:
    """The arguments of `newsletter.language.Calendar`. Stand-alone names are included only if they differ."""
    locale = locale_of(code)
    months, days = locale.months, locale.days
    names = {
        (context, width): [months[context][width][number] for number in range(1, 13)]
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
    }
    alone = {
        width: names["stand-alone", width] if names["stand-alone", width] != names["format", width] else []
        for width in ("wide", "abbreviated")
    }
    wide, wide_alone = ([days[context]["wide"][number] for number in range(7)] for context in ("format", "stand-alone"))
    return {
        "long": str(locale.date_formats["long"].pattern),
        "months": names["format", "wide"],
        "months_alone": alone["wide"],
        "months_short": names["format", "abbreviated"],
        "months_short_alone": alone["abbreviated"],
        "days": wide,
        "days_alone": wide_alone if wide_alone != wide else [],
        "days_short": [days["format"]["abbreviated"][number] for number in range(7)],
        "month_day": str(locale.datetime_skeletons["MMMMd"].pattern),
        "month_year": str(locale.datetime_skeletons["yMMMM"].pattern),
        "year": str(locale.datetime_skeletons["y"].pattern),
        "month_interval": "".join(locale.interval_formats["yMMMM"]["M"]).replace("\u2009", " "),
        **intervals(locale),
    }


def intervals(locale: babel.Locale) -> dict[str, str]:
    """The texts between two whole dates, and between two days of one month, from the patterns of the CLDR."""
    patterns = locale.interval_formats["yMMMd"]
    # The second date may be followed by text that the first does not have: `d MMM y – d MMM y рр.` in Ukrainian.
    between_dates = patterns["y"][0].removeprefix(commonprefix(patterns["y"]))  # noqa: RUF071  (of characters)
    between_days = patterns["d"][0].rpartition("d")[2]
    # Many email clients do not show thin spaces. Beside words they become normal spaces; between two numbers they are
    # left out.
    return {
        "interval": f"{{0}}{between_dates}{{1}}".replace("\u2009", " "),
        "day_interval": f"{{0}}{between_days}{{1}}".replace("\u2009", ""),
    }


def flow(value: str | list[str]) -> str:
    """A text or a list of texts as YAML, on one line if it fits."""
    if isinstance(value, str):
        # Direction marks and no-break spaces are invisible, so they are escaped.
        return '"' + value.replace("\u200f", "\\u200f").replace("\u00a0", "\\u00a0") + '"'
    line = "[" + ", ".join(f'"{name}"' if not name.isalpha() else name for name in value) + "]"
    return (
        line
        if len(line) < WIDEST - 20
        else line.replace(", ", ",\n    ").replace("[", "[\n    ").replace("]", ",\n  ]")
    )


def disagreements(path: Path) -> int:
    """The number of plural rules in a file that differ from the CLDR's for a whole number up to 200."""
    language = load_language(path.stem, [STRINGS.parent])
    rule = locale_of(path.stem).plural_form
    wrong = [number for number in range(200) if rule(number) != language.plural(number)]
    if wrong:
        print(f"{path.name}: the plural rules differ from the CLDR's for {wrong[:5]}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
