"""The plain-text part of the email, made from the model to be readable by itself.

It has 72 columns, numbered links with their addresses under each section, and tokens as placeholders (see tokens.py).
No line exceeds the 998 bytes of RFC 5322 §2.1.1. Only an address longer than that is broken, between angle brackets as
in RFC 3986, appendix C.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter import tokens
from newsletter.model import Opener
from newsletter.render.columns import display_width, finish, wrap
from newsletter.render.directives.embeds import embed_text
from newsletter.render.directives.table import directive_text
from newsletter.render.letter import AuthorBox, Contents, Opening, SectionPart, Standing, first_published
from newsletter.render.letter import byline as signed
from newsletter.render.markup import fit, unlinked
from newsletter.render.text_blocks import TextWriter, hanging, spaced, superscript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model import Footnote, Item, Section
    from newsletter.render.letter import Letter, Part

WIDTH = 72
LONGEST_LINE = 998
TOKEN_ROOM = 80
"""The bytes by which a token may grow when a service's own form replaces it."""
_UNCUT = re.compile(f"{tokens.OPEN}[^{tokens.CLOSE}]*{tokens.CLOSE}|.", re.DOTALL)
_RULE = "-" * WIDTH


def render_text(letter: Letter) -> str:
    """The letter as plain text: lines without trailing spaces, and one line end after the last."""
    letter = letter.shown_in("text")
    writer = TextWriter(letter, directive_text, embed_text)
    parts = [_masthead(letter), _title(letter)]
    parts += [_part(part, writer) for part in letter.parts]
    parts += [_footnotes(letter, writer), writer.take_addresses("end"), _footer(letter)]
    return finish(fit("\n".join(_short(line) for line in spaced(parts, gap=2))) + "\n")


def _masthead(letter: Letter) -> list[str]:
    """Name on the left, number and date on the right, the web address, and a line."""
    number = letter.issue.number
    numbered = letter.language.say("number", number=number) if number is not None else ""
    dateline = " · ".join(filter(None, [numbered, letter.date_text]))
    name = letter.language.isolated(letter.publication.title)
    room = WIDTH - display_width(name) - display_width(dateline)
    top = [f"{name}{' ' * room}{dateline}".rstrip()] if room > 1 else [*wrap(name, WIDTH), *wrap(dateline, WIDTH)]
    # The web page is the free edition: paying readers get a link to theirs, if the service shows it.
    paid = letter.edition == "paid"
    return [*top, tokens.placeholder(tokens.VIEW_IN_BROWSER, letter.page_url) if paid else letter.page_url, _RULE]


def _title(letter: Letter) -> list[str]:
    issue, language = letter.issue, letter.language
    title = _underlined(wrap(issue.title, WIDTH), "=") if issue.title else []
    byline = language.say("minutes", count=letter.minutes)
    if letter.byline:
        names = [language.isolated(author.name) for author in letter.byline]
        byline = f"{signed(names, language)} · {byline}"
    return spaced([title, wrap(issue.subtitle, WIDTH) if issue.subtitle else [], wrap(byline, WIDTH), _notice(letter)])


def _notice(letter: Letter) -> list[str]:
    """The note about the first publication, with its address on a separate line."""
    notice = first_published(letter, lambda text, _: letter.language.isolated(text))
    address = letter.issue.original.url if letter.issue.original else ""
    return [*wrap(notice, WIDTH), *([address] if address else [])] if notice else []


def _footer(letter: Letter) -> list[str]:
    publication, words, around = letter.publication, letter.language.words, letter.language.around
    ways = [
        around("labelled", label=words["unsubscribe"], text=tokens.placeholder(tokens.UNSUBSCRIBE)),
        around("labelled", label=words["preferences"], text=tokens.placeholder(tokens.PREFERENCES)),
        around("labelled", label=words["archive"], text=publication.url),
    ]
    reason = wrap(publication.reason or letter.language.say("reason", title=publication.title), WIDTH)
    return [_RULE, *spaced([reason, ways, wrap(publication.address, WIDTH) if publication.address else []])]


def _part(part: Part, writer: TextWriter) -> list[str]:
    match part:
        case Opening() | Standing():
            return spaced([writer.flowing(part.blocks, WIDTH), writer.take_addresses()])
        case Contents():
            return _contents(part, writer)
        case SectionPart():
            return _section(part, writer)
        case AuthorBox():
            boxes = ([author.name, *wrap(author.bio, WIDTH), writer.address(author.url)] for author in part.authors)
            return spaced([line for line in box if line] for box in boxes)


def _contents(contents: Contents, writer: TextWriter) -> list[str]:
    heading = _underlined(wrap(contents.heading, WIDTH), "-") if contents.heading else []
    lines = []
    numeral = writer.language.numeral
    room = max((len(f"{entry.number}. ") for entry in contents.entries if entry.number is not None), default=0)
    for entry in contents.entries:
        marker = f"{numeral(entry.number)}. ".rjust(room) if entry.number is not None else "- "
        lines += hanging(wrap(writer.inlines(unlinked(entry.title)), WIDTH - len(marker)), marker)
    return spaced([heading, lines])


def _section(part: SectionPart, writer: TextWriter) -> list[str]:
    section = part.section
    before_it = writer.noted()
    heading = _underlined(wrap(writer.inlines(section.title), WIDTH), "-") if _is_headed(section) else []
    blocks = writer.flowing(section.blocks, WIDTH)
    if section.blocks and not blocks and not section.items:
        writer.go_back(before_it)
        return []
    contents = _contents(part.contents, writer) if part.contents else []
    above = writer.take_addresses("item") if section.items else []
    before = spaced([heading, blocks, above, contents])
    first, *items = [_item(item, writer) for item in section.items] or [[]]
    # No separator between a section heading and its first story.
    opening = spaced([before, first], gap=2 if contents or blocks else 1)
    return spaced([spaced([opening, *items], gap=2), writer.take_addresses()])


def _is_headed(section: Section) -> bool:
    return section.opener is Opener.HEADING


def _item(item: Item, writer: TextWriter) -> list[str]:
    title = writer.inlines(item.title)
    marker = f"{writer.language.numeral(item.number)}. " if item.number is not None else ""
    return spaced(
        [
            hanging(wrap(title, WIDTH - len(marker)), marker),
            writer.flowing(item.blocks, WIDTH),
            writer.take_addresses("item"),
        ]
    )


def _footnotes(letter: Letter, writer: TextWriter) -> list[str]:
    if not letter.footnotes:
        return []
    heading = _underlined([letter.language.words["footnotes"]], "-")
    notes = [_footnote(note, writer) for note in letter.footnotes]
    # If one has several paragraphs, all are separated by blank lines.
    listed = spaced(notes) if any("" in lines for lines in notes) else [line for lines in notes for line in lines]
    return spaced([heading, listed, writer.take_addresses()])


def _footnote(note: Footnote, writer: TextWriter) -> list[str]:
    marker = f"{superscript(note.number, writer.language)} "
    return list(hanging(writer.notes(note.blocks, WIDTH - len(marker)), marker))


def _underlined(lines: list[str], mark: str) -> list[str]:
    return [*lines, mark * max(map(display_width, lines))]


def _short(line: str) -> str:
    """`line` in pieces short enough for email."""
    room = LONGEST_LINE - TOKEN_ROOM * line.count(tokens.OPEN)
    if len(line) * 4 <= room or len(line.encode()) <= room:
        return line
    before, scheme, address = line.partition("https://") if "https://" in line else line.partition("http://")
    if not scheme:
        return "\n".join(_pieces(line))
    address, space, after = address.partition(" ")
    return "\n".join((*_pieces(f"{before}<{scheme}{address}>"), *(_pieces(after) if space else ())))


def _pieces(text: str) -> Iterator[str]:
    """`text` in lines of at most this many bytes, without cutting a token."""
    piece, size = "", 0
    for found in _UNCUT.finditer(text):
        part = found[0]
        length = len(part.encode()) + (TOKEN_ROOM if part[0] == tokens.OPEN else 0)
        if size + length > LONGEST_LINE and piece:
            yield piece
            piece, size = "", 0
        piece, size = piece + part, size + length
    yield piece
