"""Converts the headings of a letter to sections (`##`) and items (`###`).

Only the letter's own headings count; nothing is guessed. The highest level becomes `##`, the next one `###`. Headings
with numbers in sequence become items.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.importing.base import ImportNote
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ATX = re.compile(r"(#{1,6})[ \t]+(\S.*?)[ \t]*#*$")
_SETEXT = re.compile(r"(?!#|>|[-+*] |\d+[.)] |\||:::)(\S.*)\n(=+|-{2,})[ \t]*$")
_NUMBERED = re.compile(r"(?:\*\*|\[)*[ \t]*(\d{1,2})(?:\\?[.)]|、|:)[ \t]*(?=\S)")
_BOLD = re.compile(r"\*\*(?!\*)((?:[^*\n]|\\\*|\*(?!\*))+)\*\*[ \t]*[:：]?$")
_LINK_BOLD = re.compile(r"\[\*\*([^\n]+)\*\*\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)$")
_SINGLE_ENTRY = re.compile(r"(\d{1,2})\.[ \t]+(\S[^\n]*)$")
_LONGEST_TITLE = 200
_FENCE = re.compile(r"(?:[ >]*)(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Sectioned:
    """A letter with sections and items."""

    body: str
    lead: str = ""
    """In plain Markdown: the only heading of the highest level, if it is not the title. It is like a subtitle."""
    notes: tuple[ImportNote, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    level: int = 0
    """The level of a heading, 1 to 6; 0 for any other block."""

    @property
    def title(self) -> str:
        """The text of a heading, as Markdown."""
        return self.text.lstrip("#").strip()


def sectioned(markdown: str, *, title: str = "", place: str = "") -> Sectioned:
    """Converts the headings of `markdown`.

    A first heading that repeats `title` is left out, and so is a table of contents.
    """
    blocks = [_read(text) for text in blocks_of(markdown)]
    notes: list[ImportNote] = []
    blocks, lead = _without_title(blocks, title, place, notes)
    blocks = _with_headings(blocks)
    blocks = _with_loose_numbers(blocks)
    blocks = _with_numbered(blocks)
    blocks = _levelled(blocks)
    blocks = _without_contents(blocks, place, notes)
    body = "\n\n".join(_written(block) for block in blocks)
    return Sectioned(f"{body}\n" if body else "", lead, tuple(notes))


def blocks_of(markdown: str) -> Iterator[str]:
    """The blocks of a text, separated by blank lines. A fenced code block is one block."""
    piece: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and fence and found[1].startswith(fence) and line.strip(" >") == found[1]:
            fence = ""
        if line.strip() or fence:
            piece.append(line)
        elif piece:
            yield "\n".join(piece)
            piece = []
    if piece:
        yield "\n".join(piece)


def _read(text: str) -> _Part:
    if "\n" not in text and (found := _ATX.match(text)):
        return _Part(f"# {found[2]}", len(found[1]))
    if text.count("\n") == 1 and (found := _SETEXT.match(text)):
        return _Part(f"# {found[1].strip()}", 1 if found[2][0] == "=" else 2)
    return _Part(text)


def _written(block: _Part) -> str:
    return f"{'#' * block.level} {block.title}" if block.level else block.text


def plain(markdown: str) -> str:
    """One line of Markdown as plain words, for comparisons."""
    text = re.sub(r"!?\[((?:[^\[\]\\]|\\.)*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*_`\\#]+", "", text).split())


def _key(markdown: str) -> str:
    words = re.sub(r"^\s*\d{1,2}\s*[.)、:]\s*", "", plain(markdown))
    return re.sub(r"[\W_]+", "", words).casefold()


_MASTHEAD = 12
"""The number of blocks that may precede the title: logo, number, date."""
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Door|Di|Av|Af) (?:\[[^\]]{2,60}\]\([^)]*\)|[^.!?]{2,60})(?: · .{1,60})?$")


def _without_title(blocks: list[_Part], title: str, place: str, notes: list[ImportNote]) -> tuple[list[_Part], str]:
    first = next((at for at, block in enumerate(blocks) if block.level), None)
    if first is None:
        return blocks, ""
    heading = blocks[first]
    if title and first <= _MASTHEAD and _key(heading.title) == _key(title):
        above = [block.text for block in blocks[:first]]
        rest = blocks[first + 1 :]
        if above and sum(len(plain(text)) for text in above) <= 400:
            above_text = ", ".join(plain(text) for text in above if plain(text))
            notes.append(ImportNote(place, f"text above the title: {above_text[:160]}", "left out"))
            byline = next((at for at, block in enumerate(rest[:2]) if _BYLINE.match(block.text)), None)
            if byline is not None:
                notes.append(ImportNote(place, f"the author line: {plain(rest[byline].text)}", "left out"))
                rest = [*rest[:byline], *rest[byline + 1 :]]
            return rest, ""
        return [*blocks[:first], *rest], ""
    levels = [block.level for block in blocks if block.level]
    alone = heading.level == 1 and levels.count(1) == 1 and len(levels) > 1 and first == 0
    if alone and not _NUMBERED.match(heading.title):
        return blocks[1:], heading.title
    return blocks, ""


def _with_headings(blocks: list[_Part]) -> list[_Part]:
    """If a letter has no headings, its short paragraphs in bold become headings."""
    if any(block.level for block in blocks):
        return blocks
    bold = [at for at, block in enumerate(blocks) if _bold_title(block)]
    if len(bold) < 2 or any(at + 1 in bold for at in bold) or len(bold) > len(blocks) // 2 + 1:
        return blocks
    return [_Part(f"# {_bold_title(block)}", 2) if at in bold else block for at, block in enumerate(blocks)]


def _bold_title(block: _Part) -> str:
    """The text of a short paragraph that is entirely bold; empty for any other block."""
    if "\n" in block.text or len(block.text) > _LONGEST_TITLE:
        return ""
    if found := _LINK_BOLD.match(block.text):
        return f"[{found[1]}]({found[2]})"
    found = _BOLD.match(block.text)
    return found[1].strip().rstrip(":：") if found and not plain(found[1]).endswith((".", "。")) else ""


_LOOSE = re.compile(r"(\d{1,2})[ \t]+(?=[\[A-Z\u00c0-\uffff“\"‘'])")


def _with_loose_numbers(blocks: list[_Part]) -> list[_Part]:
    """Joins headings with their numbers. A layout may put a number above the heading, or into it without a dot."""
    alone = {
        at: int(block.text)
        for at, block in enumerate(blocks[:-1])
        if re.fullmatch(r"\d{1,2}", block.text) and blocks[at + 1].level
    }
    run = set(_sequence(sorted(alone.items())))
    if len(run) >= 3:
        return [
            replace(block, text=f"# {alone[at - 1]}. {block.title}") if at - 1 in run else block
            for at, block in enumerate(blocks)
            if at not in run
        ]
    within = {
        at: int(found[1]) for at, block in enumerate(blocks) if block.level and (found := _LOOSE.match(block.title))
    }
    run = set(_sequence(sorted(within.items())))
    if len(run) < 3 or len(run) < len(within):
        return blocks
    return [
        replace(block, text=f"# {within[at]}. {block.title[len(str(within[at])) :].strip()}") if at in run else block
        for at, block in enumerate(blocks)
    ]


def _with_numbered(blocks: list[_Part]) -> list[_Part]:
    """Makes items of titles numbered in sequence: headings, bold paragraphs, or lists of one entry each."""
    numbered = {at: titled for at in range(len(blocks)) if (titled := _number_of(blocks, at))}
    marked = [at for at in numbered if not _SINGLE_ENTRY.match(blocks[at].text)]
    run = _sequence([(at, numbered[at][0]) for at in marked])
    if len(run) < 2:
        run = _sequence([(at, numbered[at][0]) for at in numbered if at not in marked])
    if len(run) < 2 or (len(run) < 3 and not all(blocks[at].level for at in run)):
        return blocks
    deepest = max((block.level for at, block in enumerate(blocks) if block.level and at not in run), default=0)
    level = _item_level(blocks, run)
    found: list[_Part] = []
    for at, block in enumerate(blocks):
        if at in run:
            number, title = numbered[at]
            found.append(_Part(f"# {number}. {title}", level))
        else:
            found.append(block)
    return found if deepest < 6 else blocks


def _item_level(blocks: Sequence[_Part], run: Sequence[int]) -> int:
    """The level below the heading that precedes the items, so that they are in a section."""
    others = [block.level for at, block in enumerate(blocks) if block.level and at not in run and at < run[0]]
    other_levels = [block.level for at, block in enumerate(blocks) if block.level and at not in run]
    own = [blocks[at].level for at in run if blocks[at].level]
    if not others:
        return min(other_levels, default=2)
    above = others[-1]
    if own and own[0] > above:
        return own[0]
    return min(above + 1, 6)


def _number_of(blocks: Sequence[_Part], at: int) -> tuple[int, str] | None:
    """The number and the title of a block that is a numbered title, or None."""
    block = blocks[at]
    if len(block.text) > _LONGEST_TITLE + 200 or "\n" in block.text:
        return None
    if block.level:
        text = block.title
    elif bold := _bold_title(block):
        text = bold
    elif found := _SINGLE_ENTRY.match(block.text):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if following is None or following.level or _SINGLE_ENTRY.match(following.text) or len(plain(found[2])) > 120:
            return None
        return int(found[1]), re.sub(r"^\*\*(.+)\*\*$", r"\1", found[2])
    else:
        return None
    found = _NUMBERED.match(text)
    if not found:
        return None
    title = text[found.end() :]
    opened = text[: found.end()].count("[")
    return int(found[1]), ("[" * opened + title if opened else title)


def _sequence(numbers: Sequence[tuple[int, int]]) -> list[int]:
    """The positions of the longest run that counts 1, 2, 3 …; it may start at 1 again in another section."""
    found: list[int] = []
    expected = 1
    for at, number in numbers:
        if number == expected or (number == 1 and expected > 2):
            found.append(at)
            expected = number + 1
    return found


def _levelled(blocks: list[_Part]) -> list[_Part]:
    """Renumbers heading levels: the highest becomes `##`, the next `###`, and so on.

    Numbered titles are at most `###`.
    """
    levels = sorted({block.level for block in blocks if block.level})
    if not levels:
        return blocks
    rank = {level: min(2 + at, 6) for at, level in enumerate(levels)}
    return [replace(block, level=rank[block.level]) if block.level else block for block in blocks]


_ENTRY = re.compile(r"[ \t]*(?:[-*+]|\d{1,2}[.)])[ \t]+(.+)")


def _without_contents(blocks: list[_Part], place: str, notes: list[ImportNote]) -> list[_Part]:
    """Leaves out a table of contents: a list or paragraphs that repeat the headings. The tool makes its own."""
    titles = {_key(block.title) for block in blocks if block.level}
    found: list[_Part] = []
    at = run = 0
    while at < len(blocks):
        entries: list[_Part] = []
        if at >= run:  # not within a run of entries that is too short
            run = at
            while run < len(blocks) and not blocks[run].level and _is_entry(blocks[run].text, titles):
                run += 1
            entries = [block for block in blocks[at:run] if _key(block.text)]
        end = run
        if len(entries) < 3:
            listed = _listed(blocks[at], titles)
            end = at + 1 if listed else at
            entries = [blocks[at]] * listed
        if entries and end > at:
            notes.append(
                ImportNote(
                    place, f"a table of contents with {len(entries)} entries: newsletter makes its own", "left out"
                )
            )
            at = end
            continue
        found.append(blocks[at])
        at += 1
    return found


def _is_entry(text: str, titles: set[str]) -> bool:
    """Whether a paragraph is only the title of a heading below, or its number."""
    return (
        "\n" not in text
        and len(text) < 300
        and (re.fullmatch(r"\d{1,2}\\?[.)]?", text) is not None or _key(text) in titles)
    )


def _listed(block: _Part, titles: set[str]) -> int:
    """The number of entries of a list that repeats headings of the letter; 0 for any other block."""
    lines = block.text.split("\n")
    entries = [_ENTRY.match(line) for line in lines]
    if block.level or len(lines) < 3 or not all(entries):
        return 0
    known = sum(_key(entry[1]) in titles for entry in entries if entry)
    return len(lines) if known >= 3 and known >= 0.8 * len(lines) else 0
