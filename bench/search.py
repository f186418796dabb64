"""Times searches among very many issues: `python -m bench.search [COUNT]`, 10,000 by default.

The words are distributed as in real texts: a few are in every issue, and very many are rare (Zipf).
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from bisect import bisect_left
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.archive.record import Record, load_record
from newsletter.archive.search.query import read_query
from newsletter.clock import clock
from newsletter.commands.indexing import FILE, open_index
from newsletter.commands.init import start_workspace
from newsletter.commands.search import search, search_link

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = 40_000
FIRST = date(1830, 1, 1)
RUNS = 7


def main() -> None:
    """Prints a Markdown table: the query, the number of matching passages, and the time."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder) / "letter"
        start_workspace(
            root,
            kind="briefing",
            title="On the water",
            email="water@letters.example",
            address="Sluisweg 7, Ghent",
            url="https://letters.example/",
            sender="Jo",
        )
        size = write(root, count)
        print(f"{count:,} issues, {size / 1e6:.0f} MB\n\n| what | took | |\n| --- | --- | --- |")
        begun = time.perf_counter()
        search(root, "w1", now=clock())
        took = time.perf_counter() - begun
        index = (root / FILE).stat().st_size / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"| the index, from nothing | {took:.1f} s | {index:.0f} MB on disk, {peak:.0f} MB of memory |")
        touched = sorted(root.glob("issues/*/index.md"))[count // 2]
        touched.write_text(touched.read_text(encoding="utf-8") + "\nMuch ado about a zugzwang.\n", encoding="utf-8")
        begun = time.perf_counter()
        found = search(root, "zugzwang", now=clock()).found.total
        print(f"| brought up to date, one issue changed | {time.perf_counter() - begun:.2f} s | {found} found |")
        _row("nothing changed: looking at every file", lambda: _opened(root))
        for asked in (
            "w9000",
            "w200",
            "w3",
            "w3 w5 w40",
            '"w3 w5"',
            "w12*",
            "w200 -w3",
            "w9000 w8000",
            "w200 after:1900 before:1910",
            "tag:t7",
            "link:site77.example w20",
        ):
            _ask(root, asked)
        _row("--link, from nothing to the answer", lambda: search_link(root, "https://site77.example/5/3", now=clock()))


def _opened(root: Path) -> str:
    with open_index(root, record=Record()) as index:
        return f"{len(index.marks()):,} known"


def _ask(root: Path, asked: str) -> None:
    with open_index(root, record=load_record(root)) as index:
        query = read_query(asked)

        def ask() -> str:
            found = index.search(query, limit=20)
            spread = " issues, in several passages" if found.spread else " passages"
            return f"{'over ' if found.more else ''}{found.total:,}{spread}"

        _row(f"`{asked}`", ask)


def _row(what: str, work: Callable[[], object]) -> None:
    taken = []
    result: object = ""
    for _ in range(RUNS):
        begun = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - begun)
    print(
        f"| {what} | {statistics.median(taken) * 1000:.1f} ms ({min(taken) * 1000:.1f}–{max(taken) * 1000:.1f}) | {result if isinstance(result, str) else ''} |",
        flush=True,
    )


def write(root: Path, count: int) -> int:
    """Writes `count` issues of about 2,500 words, and returns their size in bytes."""
    weights = [*accumulate(1 / (rank + 2) for rank in range(WORDS))]
    size = 0
    for number in range(1, count + 1):
        rng = random.Random(number)
        day = FIRST + timedelta(days=7 * number)
        folder = root / "issues" / f"{day.isoformat()}-issue-{number}"
        folder.mkdir(parents=True)
        text = _issue(rng, weights, number, day)
        size += len(text)
        (folder / "index.md").write_text(text, encoding="utf-8")
    return size


def _issue(rng: random.Random, weights: list[float], number: int, day: date) -> str:
    def prose(words: int) -> str:
        return " ".join(f"w{bisect_left(weights, rng.random() * weights[-1])}" for _ in range(words)).capitalize() + "."

    front = (
        f"---\ntitle: Issue {number} {prose(3)}\nnumber: {number}\ndate: {day.isoformat()}\nsummary: {prose(18)}\n"
        f"authors: [a{number % 5}]\ntags: [t{number % 11}]\n---\n"
    )
    parts = [
        front,
        prose(60),
        f"## {prose(5)[:-1]}\n",
        *(prose(100) for _ in range(8)),
        "## News\n",
    ]
    for item in range(1, 9):
        parts.append(f"### {item}. [{prose(6)[:-1]}](https://site{rng.randrange(3000)}.example/{number}/{item})\n")
        parts += [
            f"{prose(90)} [{prose(2)}](https://site{rng.randrange(3000)}.example/{rng.randrange(9)}/{item})"
            for _ in range(2)
        ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
