"""Measures inputs that were made to be slow: time and memory of `check` and `build`, as whole processes.

python -m bench.hostile              all of them
python -m bench.hostile comments     those with this word in their name
python -m bench.hostile --limit 60   a time limit of 60 seconds for each (default: 30)

A letter may have 2 MB of Markdown (`limits` in newsletter.yaml). Any 1 MB of text must be checked and built within 10
seconds and 500 MB, or refused with a finding that names the limit.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONT = "---\ntitle: A letter\ndate: 2026-10-01\nnumber: 7\nsummary: What it is about.\n---\n\n"
MEGABYTE = 1_000_000


def filled(piece: str, size: int = MEGABYTE, end: str = "") -> str:
    """A text of about `size` bytes."""
    return piece * max(1, size // len(piece.encode())) + end


BODIES = {
    "open links": lambda: filled("[a]("),
    "40,000 open links": lambda: "[a](" * 40_000,
    "open brackets": lambda: filled("["),
    "open pictures": lambda: filled("![a]("),
    "open comments": lambda: filled("<!--"),
    "20,000 open comments": lambda: "<!--" * 20_000,
    "comments": lambda: filled("<!-- a -->\n\n"),
    "marks in a heading": lambda: "## a" + filled("\u0301", 600_000) + "\n\nText.\n",
    "marks in a paragraph": lambda: "a" + filled("\u0301"),
    "right to left": lambda: filled("שלום עולם, "),
    "right to left, 48 KB": lambda: filled("שלום עולם, ", 48_000),
    "mixed directions": lambda: filled("שלום hello 12, "),
    "stars": lambda: filled("*"),
    "star words": lambda: filled("*a **b "),
    "underscores": lambda: filled("_a_ "),
    "tildes": lambda: filled("~~a "),
    "backticks": lambda: "".join("`" * (1 + number % 900) + " " for number in range(2000)),
    "quotations": lambda: filled(">", 3000) + " deep\n",
    "nested lists": lambda: "".join("  " * depth + "- a\n" for depth in range(900)),
    "list items": lambda: filled("- a\n"),
    "numbered items": lambda: filled("1. a\n"),
    "headings": lambda: filled("## a\n\n"),
    "items": lambda: "## News\n\n" + filled("### 1. [a](https://example.org/)\n\nText.\n\n"),
    "footnotes": lambda: filled("a[^1] ", 500_000) + "\n\n[^1]: b\n",
    "many footnotes": lambda: "".join(f"a[^{n}]\n\n[^{n}]: b\n\n" for n in range(20_000)),
    "definitions": lambda: "".join(f"[a{n}]: https://example.org/{n}\n" for n in range(25_000)),
    "references": lambda: "".join(f"[a{n}] " for n in range(100_000)),
    "table columns": lambda: "|" + "a|" * 20_000 + "\n|" + "-|" * 20_000 + "\n",
    "table rows": lambda: "|a|b|\n|-|-|\n" + filled("|a|b|\n"),
    "entities": lambda: filled("&amp;"),
    "open entities": lambda: filled("&#"),
    "tags": lambda: filled("<b>"),
    "open tags": lambda: filled("<a b="),
    "quotes": lambda: filled("\"'"),
    "addresses": lambda: filled("https://example.org/a "),
    "dots": lambda: filled("a."),
    "mail addresses": lambda: filled("a@b.c "),
    "at signs": lambda: filled("a@"),
    "fields": lambda: filled("{{ first_name | a }} "),
    "open fields": lambda: filled("{{"),
    "directives": lambda: filled("::: callout a\nb\n:::\n\n"),
    "open directives": lambda: filled("::: callout a\n", 100_000),
    "colons": lambda: filled(":::"),
    "one word": lambda: filled("a"),
    "one line": lambda: filled("word "),
    "blank lines": lambda: filled("\n"),
    "spaces": lambda: filled(" ") + "a",
    "tabs": lambda: filled("\t") + "a",
    "zero width": lambda: filled("a\u200b"),
    "emoji": lambda: filled("👩‍👩‍👧‍👦"),
    "Chinese": lambda: filled("**标题：**正文"),
    "digits": lambda: filled("1", 500_000),
    "doubled words": lambda: filled("the the "),
    "mojibake": lambda: filled("Ã©â€™"),
    "brackets in pairs": lambda: filled("(", 300_000) + filled(")", 300_000),
    "a picture a line": lambda: filled("![a](a.png)\n\n"),
}
"""Inputs with far more of something than any letter has. Most are refused (ST149)."""


def stretches(piece: str, each: int, times: int = 1) -> str:
    """`times` paragraphs, each with `each` copies of `piece`."""
    return f"{piece * each}\n\n" * times


WITHIN = {
    "links, as many as may be": lambda: stretches("[a](", 3_900, 2),
    "brackets, as many as may be": lambda: stretches("[", 3_900, 2),
    "pairs of brackets, as many as may be": lambda: "[" * 3_900 + "]" * 3_900,
    "pictures, as many as may be": lambda: stretches("![a](", 1_900),
    "pictures in brackets, as many as may be": lambda: stretches("[![a](", 1_900),
    "notes, as many as may be": lambda: stretches("^[a ", 1_900, 2),
    "backticks between brackets, as many as may be": lambda: stretches("[`a ", 3_900, 2),
    "destinations, as many as may be": lambda: stretches("[a](<b ", 1_900, 4),
    "titles, as many as may be": lambda: stretches("[a](b 'c ", 1_900, 4),
    "comments, as many as may be": lambda: stretches("<!--", 1_900, 5),
    "tags, as many as may be": lambda: stretches("<b>", 1_900, 5),
    "open tags, as many as may be": lambda: stretches("<a b='", 1_900, 5),
    "angles, as many as may be": lambda: stretches("<a ", 1_900, 5) + ">",
    "star words, as many as may be": lambda: stretches("*a **b ", 6_600),
    "underscores, as many as may be": lambda: stretches("_a ", 19_900),
    "marks of three kinds, as many as may be": lambda: stretches("*a _b ~~c ", 6_600),
    "tildes, as many as may be": lambda: stretches("~~a ", 19_900),
    "list items, as many as may be": lambda: "- a\n" * 7_900,
    "loose list items, as many as may be": lambda: "- a\n\n" * 3_900,
    "list items with lists, as many as may be": lambda: "- a\n  - b\n" * 3_900,
    "headings, as many as may be": lambda: "## a\n\n" * 3_900,
    "headings of items, as many as may be": lambda: (
        "## News\n\n" + "### 1. [a](https://example.org/)\n\nText.\n\n" * 1_900
    ),
    "paragraphs, as many as may be": lambda: "a\n\n" * 7_900,
    "pictures in lines, as many as may be": lambda: "![a](a.png)\n\n" * 1_900,
    "addresses, as many as may be": lambda: stretches("https://example.org/a ", 1_900, 3),
    "mail addresses, as many as may be": lambda: stretches("a@b.c ", 1_900, 3),
    "at signs, as many as may be": lambda: stretches("a" * 300 + "@", 1_900, 1),
    "footnotes, as many as may be": lambda: stretches("a[^1] ", 3_900) + "[^1]: b\n",
    "many footnotes, as many as may be": lambda: "".join(f"a[^{n}]\n\n[^{n}]: b\n\n" for n in range(1_900)),
    "unused footnotes, as many as may be": lambda: "".join(f"[^{n}]: b\n\n" for n in range(3_900)),
    "unknown footnotes, as many as may be": lambda: stretches("[^a{n}] ", 1_900),
    "references, as many as may be": lambda: "".join(f"[a{n}] " for n in range(3_900)) + "\n\n[b]: /c\n",
    "definitions, as many as may be": lambda: "".join(f"[a{n}]: https://example.org/{n}\n" for n in range(1_900)),
    "table rows, as many as may be": lambda: "|a|b|\n|-|-|\n" + "|a|b|\n" * 3_200,
    "table columns, as many as may be": lambda: (
        "|" + "a|" * 199 + "\n|" + "-|" * 199 + "\n" + ("|" + "a|" * 199 + "\n") * 40
    ),
    "a wide table, as many as may be": lambda: "|" + "a|" * 199 + "\n|" + "-|" * 199 + "\n" + "|a\n" * 6_000,
    "directives, as many as may be": lambda: "::: callout a\nb\n:::\n\n" * 1_900,
    "open directives, as many as may be": lambda: "::: callout a\n" * 990,
    "entities, as many as may be": lambda: stretches("&amp;", 9_900, 2),
    "fields, as many as may be": lambda: stretches("{{ first_name | a }}\n", 1_900, 2),
    "unknown fields, as many as may be": lambda: stretches("{{ frst_name | a }}\n", 1_900, 2),
    "quoted lines, as many as may be": lambda: "> a\n" * 3_900,
    "deep quotations, as many as may be": lambda: (">" * 60 + " a\n") * 60,
    "nested lists, as many as may be": lambda: "".join("  " * depth + "- a\n" for depth in range(5_000 // 4)),
    "lines, as many as may be": lambda: "word word\n" * 40_000,
    "hard breaks, as many as may be": lambda: "word  \n" * 40_000,
    "right to left in lines": lambda: "שלום עולם, hello 12\n\n" * 7_900,
    "combining marks on each letter": lambda: ("a" + "\u0301\u0316" * 45) * 5_000,
    "Chinese in bold, as many as may be": lambda: stretches("**标题：**正文", 4_900),
    "code, as many as may be": lambda: stretches("`a` ", 1_900, 5),
    "code of every length": lambda: stretches("".join("`" * n + " " for n in range(1, 88)), 1, 5),
    "fences, as many as may be": lambda: "```\na\n```\n\n" * 2_900,
    "HTML blocks, as many as may be": lambda: "<div>\n\n" * 3_900,
    "words, 1 MB": lambda: filled("Every letter has words, and this has more of them than a book. "),
    "sentences in paragraphs, 1 MB": lambda: filled(
        "Every letter has words, and this has more of them than a book. " * 10 + "\n\n"
    ),
    "front matter, as much as may be": lambda: "a",
}
"""Inputs that the limits allow, each just below one."""
BODIES |= WITHIN


def workspace(folder: Path, body: str) -> None:
    """A workspace with one letter."""
    (folder / "issues").mkdir()
    (folder / "newsletter.yaml").write_text(
        "title: Letters\nurl: https://letters.example/\nsender: {name: L, email: post@letters.example}\nkind: essay\n",
        encoding="utf-8",
    )
    (folder / "issues/2026-10-01-a.md").write_text(FRONT + body, encoding="utf-8")


def measure(command: str, folder: Path, limit: float) -> tuple[float, int, str]:
    """The seconds, the largest memory in megabytes, and the result as text."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1796000000"}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "newsletter", command, "-C", str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    os.set_blocking(process.stdout.fileno(), False)
    output, ended = b"", "too slow"
    while time.perf_counter() - started < limit:
        output = (output + (process.stdout.read() or b""))[-20_000:]
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            output = (output + (process.stdout.read() or b""))[-20_000:]
            code = os.waitstatus_to_exitcode(status)
            ended = "TRACEBACK" if b"Traceback" in output else f"exit {code}"
            process.returncode = code
            return time.perf_counter() - started, used.ru_maxrss // 1024, ended
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = -9
    return time.perf_counter() - started, used.ru_maxrss // 1024, ended


def main() -> None:
    """Prints a table with a row for each input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--limit", type=float, default=30)
    chosen = parser.parse_args()
    print("| input | check | build |\n| --- | --- | --- |")
    for name, body in BODIES.items():
        if all(word in name for word in chosen.words):
            with tempfile.TemporaryDirectory() as folder:
                workspace(Path(folder), body())
                cells = []
                for command in ("check", "build"):
                    seconds, megabytes, ended = measure(command, Path(folder), chosen.limit)
                    cells.append(f"{seconds:.1f} s, {megabytes} MB, {ended}")
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
