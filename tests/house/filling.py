"""An author who fills in a draft exactly where its hints are, and changes nothing else."""

from __future__ import annotations

import re
from itertools import count, cycle, islice

from newsletter.hints import HINT

VOCABULARY = """quay crane ship tide canal lock barge freight pilot harbour gate north rope anchor mast keel storm chart light
bridge river cargo wind steel dock rail winter night crew engine""".split()

_RANGE = re.compile(r"(?:(\d+)–(\d+)|at least (\d+)|at most (\d+)|(\d+)) (words|characters|entries)\)")


def fill(draft: str) -> str:
    """The draft with each hint replaced by a suitable text, and without the line `draft: true`."""
    turn = count(1)
    text = re.sub(r"^draft: true.*\n", "", draft, flags=re.MULTILINE)
    notes = [match.span() for match in re.finditer(r"<!--.*?-->", text, re.DOTALL)]
    return HINT.sub(
        lambda hint: (
            hint[0] if any(start <= hint.start() < end for start, end in notes) else _written(hint[0], next(turn))
        ),
        text,
    )


def _written(hint: str, turn: int) -> str:
    wish = hint.removeprefix("TK(").removesuffix(")")
    limits = _RANGE.search(hint)
    if limits:
        low, _, at_least, at_most, exactly, unit = limits.groups()
        least = int(low or at_least or exactly or min(int(at_most), 12))
        return {"words": _words, "characters": _characters, "entries": lambda _, turn: f"entry{turn}"}[unit](
            least, turn
        )
    if wish.startswith("one of "):
        return wish.removeprefix("one of ").split(", ")[0]
    if wish == "address":
        return f"https://example.org/{turn}"
    if wish == "picture.jpg":
        return wish
    return _words(4, turn).rstrip(".")


def _words(number: int, turn: int) -> str:
    some = list(islice(cycle(VOCABULARY), turn, turn + number))
    return " ".join(some).capitalize() + "."


def _characters(number: int, turn: int) -> str:
    return _words(number, turn)[: number - 1].rstrip().ljust(number - 1, "y") + "."
