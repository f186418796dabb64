"""Markdown made up by Hypothesis: blocks in blocks, every construct of the dialect, each with a number of its own.

What is made says which constructs it holds, so that a test can ask for each of them by the words it is written in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

WORDS = (
    "plain",
    "words",
    "größer",
    "日本語",
    "한국어",
    "🎉",
    "e\u0301",
    "𠮷野家",
    "a*b",
    "snake_case",
    "1.5",
    "–",
    "x|y",
)
DEFINITIONS = '\n\n[ref]: https://e.org/ref "Its title"\n[Other Ref]: <other page.html>\n[^note]: The note.\n'


@dataclass
class Writing:
    """The lines of a text, and the inline constructs that stand in it as they are written."""

    lines: list[str]
    constructs: list[str] = field(default_factory=list)


class Numbers:
    """A new number each time."""

    def __init__(self) -> None:
        self.next = count(1).__next__


def construct(draw, number: int) -> str:
    """One inline construct, told from all others by its number."""
    forms = (
        "[w{n}](https://e.org/{n})",
        '[w{n} *em*](https://e.org/{n} "t{n}")',
        "[w{n}](<a b{n}.html>)",
        "[w{n}](https://e.org/?m={{{{ email }}}}&n={n})",
        "[w{n} {{{{ first_name | there }}}}](/{n})",
        "[w{n}][ref]",
        "![alt {n}](p{n}.png)",
        "![alt *{n}*](p{n}.png 'Title \\' {n}')",
        "[![alt {n}](p{n}.png)](https://e.org/{n})",
        "<https://e.org/{n}>",
        "<n{n}@e.org>",
        "https://e.org/{n}",
        "`code {n}`",
        "``co`de {n}``",
        "{{{{ first_name | friend {n} }}}}",
        "{{{{email}}}}",
        "*em {n}*",
        "**strong {n}**",
        "~~gone {n}~~",
        "[^note]",
        "^[a note {n}]",
    )
    return draw(st.sampled_from(forms)).format(n=number)


@st.composite
def sentences(draw, numbers: Numbers, *, lines: int = 1) -> Writing:
    """Words and constructs, on one line or more."""
    found = Writing([])
    for _ in range(draw(st.integers(1, lines))):
        parts = ["So"]
        for _ in range(draw(st.integers(0, 4))):
            if draw(st.booleans()):
                parts.append(draw(st.sampled_from((*WORDS, "&amp;", "\\*", "&#x41;", "<!-- aside -->"))))
            else:
                raw = construct(draw, numbers.next())
                found.constructs.append(raw)
                parts.append(raw)
        found.lines.append(" ".join(parts) + draw(st.sampled_from(("", ".", "。", "  "))))
    found.lines[-1] = found.lines[-1].rstrip()
    return found


def _paragraph(draw, numbers, depth):
    return draw(sentences(numbers, lines=3))


def _heading(draw, numbers, depth):
    found = draw(sentences(numbers))
    mark = draw(st.sampled_from(("#", "##", "###", "### 1.", "######")))
    return Writing([f"{mark} {found.lines[0]}{draw(st.sampled_from(('', ' ##', '  ')))}"], found.constructs)


def _setext(draw, numbers, depth):
    found = draw(sentences(numbers, lines=2))
    return Writing([*found.lines, draw(st.sampled_from(("===", "---")))], found.constructs)


def _table(draw, numbers, depth):
    rows, constructs = [], []
    columns = draw(st.integers(1, 3))
    for _ in range(draw(st.integers(1, 3))):
        cells = [draw(sentences(numbers)) for _ in range(columns)]
        texts = [cell.lines[0].rstrip().replace("|", "\\|") for cell in cells]
        rows.append("| " + " | ".join(draw(st.sampled_from((text, text, ""))) for text in texts) + " |")
        constructs += [raw.replace("|", "\\|") for cell in cells for raw in cell.constructs]
    lines = [rows[0], "|" + "---|" * columns, *rows[1:]]
    return Writing(lines, [raw for raw in constructs if any(raw in row for row in rows)])


def _figure(draw, numbers, depth):
    number = numbers.next()
    title = draw(st.sampled_from(("", f' "Caption {number}. Photo: Jane {number}"', f' "Only {number}"')))
    raw = f"![alt {number}](fig{number}.jpg{title})"
    if draw(st.booleans()):
        raw = f"[{raw}](https://e.org/{number})"
    return Writing([raw], [raw])


def _code(draw, numbers, depth):
    return Writing(["```python", "[no](link)", "", "{{ email }}", "```"])


def _list(draw, numbers, depth):
    found = Writing([])
    marker = draw(st.sampled_from(("- ", "* ", "1. ", "10) ", "-\t", "- [x] ")))
    indent = "    " if marker == "-\t" else "  " if marker == "- [x] " else " " * len(marker)
    if indent == "    " and draw(st.booleans()):
        indent = "\t"
    for _ in range(draw(st.integers(1, 2))):
        inner = draw(blocks(numbers, depth - 1))
        found.lines.append(marker + inner.lines[0])
        found.lines += [indent + line if line else "" for line in inner.lines[1:]]
        if draw(st.booleans()):
            found.lines.append("")
        found.constructs += inner.constructs
    return found


def _quotation(draw, numbers, depth):
    inner = draw(blocks(numbers, depth - 1))
    mark = draw(st.sampled_from(("> ", ">\t") if any(line[:1].isspace() for line in inner.lines) else ("> ", ">")))
    lines = [mark + line if line else mark.rstrip() for line in inner.lines]
    if draw(st.booleans()):
        lines += [">", "> — Somebody"]
    return Writing(lines, inner.constructs)


def _directive(draw, numbers, depth):
    inner = draw(blocks(numbers, depth - 1))
    return Writing(["::: callout Mind this", *inner.lines, "", ":::"], inner.constructs)


def _comment(draw, numbers, depth):
    return Writing(draw(st.sampled_from((["<!-- note -->"], ["<!-- a", "", "b -->"], ["<!-- a -->  <!-- b -->"]))))


LEAVES = (_paragraph, _paragraph, _heading, _setext, _table, _figure, _code, _comment)
CONTAINERS = (_list, _quotation, _directive)


@st.composite
def blocks(draw, numbers: Numbers, depth: int) -> Writing:
    """A few blocks, with blank lines between."""
    found = Writing([])
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(LEAVES + (CONTAINERS if depth > 0 else ())))
        part = kind(draw, numbers, depth)
        found.lines += [*([""] if found.lines else []), *part.lines]
        found.constructs += part.constructs
    return found


@st.composite
def documents(draw) -> Writing:
    """A whole text, sometimes with front matter, with the line ends of Windows or a byte order mark."""
    found = draw(blocks(Numbers(), 3))
    text = "\n".join(found.lines) + DEFINITIONS
    if draw(st.booleans()):
        text = f"---\ntitle: A title\n---\n{text}"
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.booleans()):
        text = "\ufeff" + text
    return Writing([text], found.constructs)
