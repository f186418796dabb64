"""The row of an inbox: sender, subject and the beginning of the text, as email clients cut them.

Email clients cut by pixels, in fonts of their own, and differ by window and version. Here a column is half an em, about
the mean width of a letter. The numbers of visible characters are from these counts, which agree within a few (all read
on 2026-11-21):

- EmailTooltester, with a pangram on an iPhone 14: subject 48, preview 99 in two lines; the shortest subject of six
  devices is 33: https://www.emailtooltester.com/en/blog/email-subject-lines-character-limit/
- LetterCounter: subject 37 in Gmail's app, 60 in Outlook:
  https://lettercounter.org/blog/email-subject-line-length-guide
- Typecount: subject 64 in Apple Mail on a Mac, 38 in Outlook's app:
  https://typecount.com/blog/email-subject-line-length
- AcelleMail: preview 100 to 140 in Gmail, 40 to 70 in its app, 140 in Apple Mail, 50 to 70 in Outlook:
  https://knowledge.acellemail.com/articles/email-preheader-text-the-hidden-conversion-booster
- campaign.name: sender 20 to 25 on phones: https://campaign.name/tools/email-subject-line-tester/

The text after the subject is not only the preheader. Clients show the first words of the letter, in order. If the
preheader is short, they continue with the text, unless invisible characters after the preheader fill the row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.records import dataclass
from newsletter.render.columns import display_width

if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS = "…"
_GAP = re.compile("[ \u034f\u200b\u200c\ufeff]")
"""The characters at which a line may break: a space, and invisible characters after a preheader."""
_READ = 400
"""The most characters of a letter's text that any email client reads for the preview."""


@dataclass(frozen=True, slots=True)
class Program:
    """The layout of a row in an email client. Widths are in columns."""

    key: str
    name: str
    device: str
    """phone or desktop."""
    sender: int
    subject: int
    preview: int
    """The columns in one line of the preview."""
    lines: int = 1
    """The number of lines of the preview."""
    together: bool = False
    """Whether subject and preview share one line of `subject` columns.

    The preview then gets the columns after the subject.
    """


PROGRAMS = (
    Program("gmail", "Gmail", "phone", 25, 37, 40),
    Program("apple", "Apple Mail", "phone", 25, 48, 49, lines=2),
    Program("outlook", "Outlook", "phone", 25, 38, 42, lines=2),
    Program("gmail", "Gmail", "desktop", 20, 120, 120, together=True),
    Program("apple", "Apple Mail", "desktop", 30, 64, 70, lines=2),
    Program("outlook", "Outlook", "desktop", 30, 60, 60),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A letter as the inbox of an email client shows it."""

    program: Program
    sender: str
    subject: str
    own: tuple[str, ...]
    """The part of each preview line that comes from the preheader."""
    bleed: tuple[str, ...]
    """The part of each preview line that comes from the text of the letter."""


def rows(sender: str, subject: str, preheader: str, html: str, device: str) -> tuple[Row, ...]:
    """The rows of all email clients on a device. `html` is the letter as it is sent."""
    beginning = first_words(html)
    own = " ".join(preheader.split())
    # If the letter begins with another text (a template without a preview), all of it counts as text of the letter.
    kept = len(own) if own and beginning.startswith(own) else 0
    return tuple(_row(program, sender, subject, beginning, kept) for program in PROGRAMS if program.device == device)


def _row(program: Program, sender: str, subject: str, beginning: str, kept: int) -> Row:
    shown = cut(" ".join(subject.split()), program.subject)
    room = program.preview
    if program.together:
        room = max(program.subject - display_width(shown) - len(" - "), 0)
    own, bleed = [], []
    for line, start in lines(beginning, room, program.lines):
        mine = min(max(kept - start, 0), len(line))
        behind = line[mine:]
        if start + mine >= kept and not _SEEN.search(behind.rstrip(ELLIPSIS)):
            behind = ""  # Only invisible characters: blank, whatever its length.
        own.append(line[:mine].rstrip() if not behind else line[:mine])
        bleed.append(behind)
    return Row(program, cut(sender, program.sender), shown, tuple(own), tuple(bleed))


def cut(text: str, room: int) -> str:
    """`text`, or as much of it as fits into `room` columns with … at the end.

    Wide characters count as two columns, combining marks as none.
    """
    if display_width(text) <= room:
        return text
    return _fitting(text, room - 1).rstrip() + ELLIPSIS if room > 0 else ""


def lines(text: str, room: int, count: int) -> Iterator[tuple[str, int]]:
    """At most `count` lines of `text`, each with its start. The last line is cut if there is more text."""
    start = 0
    for number in range(1, count + 1):
        rest = text[start:]
        if not rest or room <= 0:
            return
        if number == count or display_width(rest) <= room:
            yield cut(rest, room), start
            return
        line = _fitting(rest, room)
        gaps = [gap.start() for gap in _GAP.finditer(line)]
        if gaps and gaps[-1] and not _GAP.match(rest, len(line)):
            line = line[: gaps[-1]]
        yield line, start
        start += len(line)
        start += len(text[start:]) - len(text[start:].lstrip(" "))


def _fitting(text: str, room: int) -> str:
    """As much of the start of `text` as fits into `room` columns."""
    end = min(len(text), room)  # Few characters have a width of zero.
    while end < len(text) and display_width(text[: end + 1]) <= room:
        end += 1
    while end and display_width(text[:end]) > room:
        end -= 1
    return text[:end]


_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_QUOTED = r"""(?:"[^"]*"|'[^']*'|[^"'>])*+"""
_NOT_READ = re.compile(f"<!--.*?-->|<(style|script|head|title)\\b.*?</\\1\\s*>|<{_QUOTED}>", re.DOTALL | re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_SEEN = re.compile(
    "[^\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ufeff]"
)
"""A visible character."""


def first_words(html: str) -> str:
    """The beginning of the text of a letter, hidden text included, as email clients use it for the preview.

    Invisible characters (no-break spaces, joiners, soft hyphens) are kept, because they take up room.
    """
    start = _BODY.search(html)
    at, beginning = start.end() if start else 0, ""
    while at < len(html) and len(beginning) < _READ:
        tag = _NOT_READ.search(html, at)
        end = tag.start() if tag else len(html)
        beginning += unescape(html[at:end]) + " "
        beginning = _SPACES.sub(" ", beginning).lstrip(" ")
        at = tag.end() if tag else len(html)
    return beginning[:_READ].rstrip(" ")
