"""Writing systems: the script of a language, its direction, its digits, and words of one script within another.

Scripts are named by their ISO 15924 code in lower case: `latn`, `arab`, `hans`. Directions are those of the Unicode
Bidirectional Algorithm (UAX #9), numbering systems those of BCP 47's `-u-nu-`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.late import late

RIGHT_TO_LEFT = frozenset(("arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg", "mand", "samr"))
_WRITTEN_IN = {
    "arab": "ar ckb fa ks ps sd ug ur",
    "armn": "hy",
    "beng": "as bn",
    "cyrl": "be bg kk ky mk mn ru sr tg uk",
    "deva": "hi mr ne sa",
    "ethi": "am ti",
    "geor": "ka",
    "grek": "el",
    "gujr": "gu",
    "guru": "pa",
    "hans": "zh",
    "hant": "yue",
    "hebr": "he iw yi",
    "jpan": "ja",
    "khmr": "km",
    "knda": "kn",
    "kore": "ko",
    "laoo": "lo",
    "mlym": "ml",
    "mymr": "my",
    "nkoo": "nqo",
    "orya": "or",
    "rohg": "rhg",
    "sinh": "si",
    "syrc": "arc syr",
    "taml": "ta",
    "telu": "te",
    "thaa": "dv",
    "thai": "th",
    "tibt": "bo dz",
}
_SCRIPTS = {language: script for script, languages in _WRITTEN_IN.items() for language in languages.split()}
"""The script of a language whose tag has none (CLDR, likely subtags); Latin for all others."""
_TRADITIONAL = frozenset(("tw", "hk", "mo"))
"""Regions where Chinese is written in traditional characters."""

_ZEROS = {
    "latn": "0",
    "arab": "٠",
    "arabext": "۰",
    "adlm": "𞥐",
    "beng": "০",
    "deva": "०",
    "fullwide": "０",
    "gujr": "૦",
    "guru": "੦",
    "khmr": "០",
    "knda": "೦",
    "laoo": "໐",
    "mlym": "൦",
    "mymr": "၀",
    "nkoo": "߀",
    "olck": "᱐",
    "orya": "୦",
    "tamldec": "௦",
    "telu": "౦",
    "thai": "๐",
    "tibt": "༠",
}
"""The zero of each numbering system whose ten digits are consecutive in Unicode."""
DIGITS = {name: "".join(chr(ord(zero) + digit) for digit in range(10)) for name, zero in _ZEROS.items()}
DIGITS["hanidec"] = "〇一二三四五六七八九"
"""The digits from zero to nine, by numbering system."""
LIST_STYLES = {"arab": "arabic-indic", "arabext": "persian", "beng": "bengali", "deva": "devanagari", "thai": "thai"}
"""The CSS names as `list-style-type` (CSS Counter Styles 3), as far as email clients know them."""

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_NOT_STRONG = "\u0591-\u05c7\u0600-\u0607\u060c\u0610-\u061a\u064b-\u066d\u0670\u06d4\u06d6-\u06ed\u06f0-\u06f9"
"""Marks, digits and punctuation of those blocks that have no direction of their own."""
_RIGHT = late(f"(?![{_NOT_STRONG}])[{_RTL}]")
_ANY_RIGHT = late(f"[{_RTL}]")
_LEFT = late(f"(?![{_RTL}])[^\\W\\d_]")
_STRONG = late(f"(?![{_NOT_STRONG}])[{_RTL}]|[^\\W\\d_]")
_UPRIGHT = late(
    f"[{_RTL}\u0900-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_PLAIN = re.compile("[\x00-\u058f\u2000-\u2bff]*")
"""Text without any character of a script that runs from right to left."""
FOREIGN = 4
"""A passage is set in the other direction if at most one in this many of its letters has the letter's own direction."""

ISOLATES, POP = {"ltr": "\u2066", "rtl": "\u2067"}, "\u2069"
"""LEFT-TO-RIGHT ISOLATE, RIGHT-TO-LEFT ISOLATE and POP DIRECTIONAL ISOLATE."""


@lru_cache(maxsize=64)
def script_of(tag: str) -> str:
    """The script of a language (BCP 47), such as `latn`, `arab` or `hant`."""
    language, *subtags = without_extensions(tag).lower().split("-")
    written = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), "")
    if written == "hani":
        return "hans"
    if written:
        return {"aran": "arab", "hrkt": "jpan", "hang": "kore"}.get(written, written)
    if language == "zh" and _TRADITIONAL.intersection(subtags):
        return "hant"
    return _SCRIPTS.get(language, "latn")


def direction_of(tag: str) -> str:
    """`ltr` or `rtl`, from the script of a language (BCP 47)."""
    return "rtl" if script_of(tag) in RIGHT_TO_LEFT else "ltr"


def without_extensions(tag: str) -> str:
    """A BCP 47 tag without its extensions: `ar-EG` of `ar-EG-u-nu-latn`."""
    return re.split(r"[-_][0-9A-Za-z](?=[-_])", tag, maxsplit=1)[0].replace("_", "-")


def numbering_of(tag: str) -> str:
    """The numbering system that a tag sets with `-u-nu-…` (UTS #35); empty if it sets none."""
    found = re.search(r"-u-(?:.*-)?nu-([a-z0-9]{3,8})", tag.lower().replace("_", "-"))
    return found[1] if found else ""


def has_right_to_left(text: str) -> bool:
    """Whether any letter of `text` runs from right to left."""
    return not text.isascii() and _ANY_RIGHT.search(text) is not None and _RIGHT.search(text) is not None


def other_direction(text: str, direction: str) -> str:
    """The direction of `text` if it differs from the direction around it; else empty.

    The first letter decides, as for `dir="auto"`, except for a sentence that only begins with a foreign name.
    """
    if _PLAIN.fullmatch(text):
        return "ltr" if direction == "rtl" and _LEFT.search(text) else ""
    first = _STRONG.search(text)
    if first is None or (_RIGHT.match(first[0]) is None) == (direction == "ltr"):
        return ""
    right, left = len(_RIGHT.findall(text)), len(_LEFT.findall(text))
    own, other = (left, right) if direction == "ltr" else (right, left)
    return ("rtl" if direction == "ltr" else "ltr") if own * FOREIGN <= own + other else ""


def isolated(text: str, direction: str) -> str:
    """`text` between Unicode's isolates if its direction differs from the direction around it; otherwise unchanged.

    So the text and the punctuation and numbers beside it are shown in the right order: in plain text, in attributes,
    and in programs that drop markup.
    """
    other = other_direction(text, direction)
    return f"{ISOLATES[other]}{text}{POP}" if other else text


def is_upright(text: str) -> bool:
    """Whether `text` is in a script without italics: Arabic, Hebrew, Chinese, Japanese, Korean, Indic, Thai."""
    return _PLAIN.fullmatch(text) is None and len(_UPRIGHT.findall(text)) * 2 > len(_STRONG.findall(text))
