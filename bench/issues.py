"""Generated issues of a realistic size: about 2,500 words, 38 links, seven items.

The same number gives the same issue everywhere.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WORDS = (
    "the river lock water gate barge canal port tide harbour crane bridge keel dredger sluice quay pilot current weir "
    "level basin towpath dike polder pump mill channel estuary ship cargo ballast summit reservoir delta flood spring "
    "winter engineer opened closed rose fell carried built measured moved a an of to in for with and by at from under "
    "over between years tonnes metres hours every first second new old long slow deep narrow wide steady quiet"
).split()
FIRST = date(2001, 1, 1)
WEEKLY = 1300
"""Up to this many issues are weekly. More are daily from 1995 on, so that they are in the past, too."""
CLOSE = "That is all for this month. Write to [the editor](mailto:editor@letters.example) with what was missed."


def write_issues(root: Path, count: int) -> None:
    """Writes `count` distinct issues into the workspace at `root`."""
    for number in range(1, count + 1):
        weekly = count <= WEEKLY
        day = FIRST + timedelta(days=7 * number) if weekly else date(1995, 1, 1) + timedelta(days=number)
        folder = root / "issues" / f"{day.isoformat()}-issue-{number}"
        folder.mkdir(parents=True)
        (folder / "index.md").write_text(issue(number, day), encoding="utf-8")


def issue(number: int, day: date) -> str:
    """One issue in the format of the bundled briefing."""
    rng = random.Random(number)
    parts = [
        "---",
        f"title: Issue {number} on the water",
        f"subtitle: {_sentence(rng, 12)}",
        f"number: {number}",
        f"date: {day.isoformat()}",
        f"summary: {_sentence(rng, 18)}",
        "authors: [editor]",
        "tags: [water, engineering]",
        "---",
        "",
        _paragraph(rng, 60, 0),
        "",
        f"## {_sentence(rng, 6)[:-1]}",
        "",
        *_paragraphs(rng, 8, 105, 1),
        f"> {_sentence(rng, 24)}",
        f"> — {_sentence(rng, 3)[:-1]}, [a report](https://example.org/{number}/quote)",
        "",
        f"## News from the water – {day:%B %Y}",
        "",
    ]
    for item in range(1, 8):
        parts += [f"### {item}. [{_sentence(rng, 7)[:-1]}](https://example.org/{number}/{item})", ""]
        parts += _paragraphs(rng, 2, 92, 1)
        if item == 3:
            parts += ["- " + _sentence(rng, 14), "- **" + _sentence(rng, 3) + "** " + _sentence(rng, 11), ""]
        if item == 5:
            parts += ["| Lock | Rise | Year |", "| --- | ---: | --- |"]
            parts += [f"| {_word(rng)} | {rng.randint(2, 40)} m | {rng.randint(1700, 2020)} |" for _ in range(4)] + [""]
        if item == 7:
            parts += [f"- **{_sentence(rng, 2)}** {_link(rng, number)} {_sentence(rng, 12)}" for _ in range(7)] + [""]
    parts += ["## Until next month", "", CLOSE, ""]
    return "\n".join(parts)


def _paragraphs(rng: random.Random, count: int, words: int, links: int) -> list[str]:
    return [line for _ in range(count) for line in (_paragraph(rng, words, links), "")]


def _paragraph(rng: random.Random, words: int, links: int) -> str:
    text = [_sentence(rng, 15) for _ in range(words // 15)]
    for _ in range(links):
        text.insert(rng.randrange(len(text)), _link(rng, words))
    if rng.random() < 0.5:
        text.append(f"It was **{rng.randint(3, 900)} metres** and *{_word(rng)}*.")
    return " ".join(text)


def _link(rng: random.Random, salt: int) -> str:
    return f"[{_word(rng)} {_word(rng)}](https://example.com/{salt}/{rng.randrange(10**6)})"


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(_word(rng) for _ in range(words)).capitalize() + "."


def _word(rng: random.Random) -> str:
    return rng.choice(WORDS)
