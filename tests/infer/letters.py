"""Generated publications with a house format of their own, and letters that follow it, except for deliberate mistakes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "harbour kettle ferry winter garden ledger copper signal window market bridge lantern river engine".split()
HEADINGS = ("In short", "What we read", "Jobs and calls", "A picture", "Letters to us", "Until next week")
SHAPES = ("prose", "bullet", "linked", "heading", "lead")
CONFIGURATION = """\
title: Harbour letters
url: https://letters.example/
sender: {name: Harbour letters, email: letters@letters.example}
kind: weekly
"""


@dataclass(frozen=True)
class Part:
    """A section of a generated house format."""

    heading: str
    shape: str
    optional: bool = False
    since: int = 1
    """The number of the first letter that has it."""


@dataclass(frozen=True)
class Made:
    """A generated publication."""

    parts: tuple[Part, ...]
    letters: int
    titled: bool
    """Whether titles have a pattern."""
    summary: bool
    dated: bool
    """Whether the heading of the first section contains the month."""
    seed: int
    slips: tuple[str, ...] = field(default=())
    """Kinds of mistakes, each in a letter of its own."""


@st.composite
def publications(draw: st.DrawFn, *, slips: bool = False) -> Made:
    """Publications of 20 to 26 letters."""
    headings = draw(st.lists(st.sampled_from(HEADINGS), min_size=2, max_size=4, unique=True))
    letters = draw(st.integers(20, 26))
    parts = []
    for place, heading in enumerate(headings):
        since = draw(st.sampled_from((1, 1, 1, 9))) if place else 1
        optional = since == 1 and draw(st.booleans())
        parts.append(Part(heading, draw(st.sampled_from(SHAPES)), optional, since))
    kinds = st.lists(st.sampled_from(("gone", "misspelt", "moved", "fieldless", "stray")), max_size=3, unique=True)
    return Made(
        tuple(parts),
        letters,
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.integers(0, 2**16)),
        tuple(draw(kinds)) if slips else (),
    )


def write_letters(made: Made, root: Path) -> None:
    """Writes the workspace of a publication."""
    (root / "newsletter.yaml").write_text(CONFIGURATION, encoding="utf-8")
    (root / "issues").mkdir()
    for number in range(1, made.letters + 1):
        slip = made.slips[number // 5] if number % 5 == 0 and number // 5 < len(made.slips) else ""
        name = f"{_day(number).isoformat()}-letter-{number}"
        (root / "issues" / f"{name}.md").write_text(letter(made, number, slip), encoding="utf-8")


def _day(number: int) -> date:
    return date(2023, 1, 6) + timedelta(days=7 * number)


def letter(made: Made, number: int, slip: str = "") -> str:
    """One letter, with a mistake of the kind `slip` if it is given."""
    chance = random.Random(made.seed * 1000 + number)
    title = f"Letter {number}: {_text(chance, 3)}" if made.titled else _text(chance, 4).capitalize()
    lines = ["---", f'title: "{title}"', f"number: {number}", f"date: {_day(number).isoformat()}"]
    if made.summary and slip != "fieldless":
        lines.append(f"summary: {_text(chance, 9)}")
    lines += ["stray: 1"] if slip == "stray" else []
    lines += ["---", "", _text(chance, 25), ""]
    parts = [
        _part(made, place, part, number, chance)
        for place, part in enumerate(made.parts)
        if number >= part.since and not (part.optional and (number + place) % 3 == 0)
    ]
    if slip == "gone" and len(parts) > 1:
        parts = parts[1:]
    if slip == "moved":
        parts = parts[::-1]
    text = "\n".join([*lines, *parts])
    return text.replace("## ", "## Nx ", 1) if slip == "misspelt" else text


def _part(made: Made, place: int, part: Part, number: int, chance: random.Random) -> str:
    heading = f"{part.heading}, {_day(number):%B %Y}" if made.dated and place == 0 else part.heading
    count = chance.randint(2, 5)
    match part.shape:
        case "bullet":
            body = "\n".join(f"- {_text(chance, 8)}." for _ in range(count))
        case "linked":
            body = "\n".join(f"- [{_text(chance, 4)}]({_address(chance)}) {_text(chance, 6)}" for _ in range(count))
        case "heading":
            body = "\n\n".join(
                f"### [{_text(chance, 4)}]({_address(chance)})\n\n{_text(chance, 30)}." for _ in range(count)
            )
        case "lead":
            body = "\n\n".join(f"**{_text(chance, 2)}.** {_text(chance, 12)}." for _ in range(count))
        case _:
            body = f"{_text(chance, chance.randint(40, 90))}."
    return f"## {heading}\n\n{body}\n"


def _text(chance: random.Random, words: int) -> str:
    # No word twice in a row, because a rule would find it.
    chosen: list[str] = []
    while len(chosen) < words:
        word = chance.choice(WORDS)
        if not chosen or chosen[-1] != word:
            chosen.append(word)
    return " ".join(chosen)


def _address(chance: random.Random) -> str:
    return f"https://news.example/{chance.choice(WORDS)}/{chance.randint(1, 99999)}"
