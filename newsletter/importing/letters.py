"""One letter of an export as an issue: from its text (HTML, Markdown or plain text) and its metadata."""

from __future__ import annotations

import re
from dataclasses import field, replace
from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.importing.addresses import bare_address, picture_address, split_address
from newsletter.importing.base import Cover, ImportedIssue, ImportNote, Skipped, SourcePicture
from newsletter.importing.charsets import without_surrogates
from newsletter.importing.markup import destination
from newsletter.importing.pictures import IssueFiles
from newsletter.importing.sections import plain, sectioned
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.importing.base import Counts
    from newsletter.importing.sources import ImportSource

_OPENED = re.compile(
    r"!\[(?:[^\[\]\\]|\\.)*\]\((?P<src>[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)(?: \"(?:[^\"\\]|\\.)*\")?\)(?:\n|$)"
)
"""A picture in the first block of a letter."""
_NUMBER = re.compile(
    r"(?:#|№|\b(?:issue|no|nr|number|vol|edition|episode|ausgabe|numéro|número|edición|numero)\b[. ]*(?:#|№)?)\s*(\d{1,4})(?![\d.,]\d)|第\s*(\d{1,4})\s*[期号回]",
    re.IGNORECASE,
)


def number_in(title: str) -> int | None:
    """The issue number in a title (`Tech Digest #3`, `Issue 12: Ports`, `第 8 期`), or None."""
    found = _NUMBER.search(title)
    return int(found[1] or found[2]) if found else None


def no_content(address: str) -> bytes | None:  # noqa: ARG001 - what `content_of` gives
    """None for every address: the `content_of` of a source without pictures."""
    return None


@dataclass(frozen=True, slots=True)
class ForeignLetter:
    """The metadata of one letter of an export."""

    source: str
    """Its name in the source, as in `ImportedIssue`."""
    title: str = ""
    base: str = ""
    """The address that relative addresses are resolved against."""
    content_of: Callable[[str], bytes | None] = no_content
    """Returns the bytes of a picture for an address in the letter, or None if the source does not have it."""
    whole_page: bool = False
    """Whether its HTML is a whole page of a site, not only the letter."""
    templated: bool = False
    """Whether its title is the subject of a mailing service, which may contain tags."""
    paid: bool = False
    """Whether it is for paying readers only; all of it, unless it contains a paywall."""
    cover: str = ""
    """The address of its cover picture."""
    cover_alt: str = ""
    cover_caption: str = ""
    number: int | None = None
    date: datetime | None = None
    slug: str = ""
    id: str = ""
    subtitle: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = ""
    draft: bool = False
    canonical: str = ""
    former: tuple[str, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    """Further fields of the front matter."""
    notes: tuple[ImportNote, ...] = ()


def from_html(letter: ForeignLetter, html: str) -> ImportedIssue | Skipped:
    """Converts a letter in HTML. Skipped if the HTML is too large or has no text."""
    from newsletter.importing.html.converting import markdown_of
    from newsletter.importing.html.page import TooLargeError
    from newsletter.importing.tags.conditions import unconditional

    issue_files = IssueFiles(letter.source)
    notes: list[ImportNote] = []
    try:
        made = markdown_of(
            unconditional(html, notes.append, letter.source),
            issue_files,
            place=letter.source,
            base=letter.base,
            content_of=letter.content_of,
            whole_page=letter.whole_page,
        )
    except TooLargeError as error:
        return Skipped(letter.source, str(error), fault=True)
    title = letter.title or (made.title if letter.whole_page else "")
    done = replace(
        letter,
        title=title,
        paid=letter.paid and not made.paywall,
        summary=letter.summary or _summary(made.preheader),
        notes=(*letter.notes, *dict.fromkeys(notes), *made.notes),
    )
    return _issue(done, made.body, made.before, issue_files)


def from_html_at_all(
    source: ImportSource, letters: Sequence[tuple[ForeignLetter, str] | Skipped]
) -> Iterator[ImportedIssue | Skipped]:
    """Converts letters in HTML, in order; skipped entries stay in their places.

    If the source is one file, there are no pictures beside it, so several processes share the work: a letter takes 5 ms
    or more.
    """
    from newsletter.project.workers import run_alone

    content_of = file_finder(source) if source.is_folder else no_content
    given = (one if isinstance(one, Skipped) else (replace(one[0], content_of=content_of), one[1]) for one in letters)
    return map(_made, given) if source.is_folder else run_alone(_made, list(given))


def _made(given: tuple[ForeignLetter, str] | Skipped) -> ImportedIssue | Skipped:
    return given if isinstance(given, Skipped) else from_html(*given)


def from_markdown(letter: ForeignLetter, markdown: str) -> ImportedIssue | Skipped:
    """Converts a letter that its service stores as Markdown with its own tags."""
    from newsletter.importing.mapped import MappedText
    from newsletter.importing.markdown.body import BodyPlace
    from newsletter.importing.markdown.converting import converted_body
    from newsletter.importing.tags.conditions import unconditional
    from newsletter.importing.tags.merge_tags import unlinked, with_fields, without_reserved, written

    issue_files = IssueFiles(letter.source)
    notes: list[ImportNote] = []

    def report(note: ImportNote) -> None:
        if note not in notes:
            notes.append(note)

    def picture(address: str, place: str) -> str:
        whole = picture_address(address, letter.base) or address
        return issue_files.add(SourcePicture(whole, letter.content_of(address)), place)

    plain = unlinked(unconditional(without_reserved(markdown), report, letter.source), report, letter.source)
    text = written(with_fields(plain, notes.append, letter.source))
    around = BodyPlace(letter.source, picture, lambda address: bare_address(address, letter.base), title=letter.title)
    made = converted_body(MappedText(text), around)
    done = replace(letter, title=letter.title or made.title, notes=(*letter.notes, *notes, *made.notes))
    return _issue(done, made.text, made.before, issue_files)


def from_text(letter: ForeignLetter, text: str) -> ImportedIssue | Skipped:
    """Converts a letter in plain text."""
    from newsletter.importing.plain_text.reading import markdown_of_text

    made = markdown_of_text(text, place=letter.source, title=letter.title)
    done = replace(
        letter,
        title=letter.title or made.title,
        subtitle=letter.subtitle or made.subtitle,
        fields={**letter.fields, "period": made.period} if made.period else letter.fields,
        notes=(*letter.notes, *made.notes),
    )
    return _issue(done, made.body, made.before, IssueFiles(letter.source), ready=True)


def _issue(
    letter: ForeignLetter, markdown: str, before: Counts, issue_files: IssueFiles, *, ready: bool = False
) -> ImportedIssue | Skipped:
    made = sectioned(markdown, title=letter.title, place=letter.source)
    body, lead = (markdown, "") if ready else (made.body, made.lead)
    notes = [*letter.notes, *(() if ready else made.notes)]
    if not body.strip():
        return Skipped(letter.source, "it has no text")
    title = _line(_without_tags(letter.title, letter, notes))
    subtitle = letter.subtitle
    if lead and not title:
        title = _line(plain(lead))
    elif lead and not subtitle:
        subtitle = _line(plain(lead))
        notes.append(
            ImportNote(letter.source, f"the heading above all others, “{subtitle}”, is the subtitle now", "changed")
        )
    elif lead:
        body = f"**{lead}**\n\n{body}"
    if not title:
        title = _untitled(letter)
        notes.append(ImportNote(letter.source, f"it has no title, so it is called “{title}”", "lost"))
    if letter.paid:
        body = f"::: paywall\n\n{body}"
        notes.append(
            ImportNote(letter.source, "all of it is for paying readers, so it begins with a paywall", "changed")
        )
    body, moved = _with_notes_beside(body)
    if moved:
        message = f"footnotes were after the paywall, but are used before it ({', '.join(moved)}): all readers get them, as they see their numbers"
        notes.append(ImportNote(letter.source, message, "kept"))
    cover = _cover(letter, issue_files)
    if cover and (opened := _OPENED.match(body)) and opened["src"] == destination(cover.image):
        body = body[opened.end() :].lstrip("\n")
        notes.append(ImportNote(letter.source, "the picture at the beginning is now the cover", "changed"))
    return ImportedIssue(
        title, body, letter.source,
        date=letter.date, number=letter.number if letter.number is not None else number_in(title), slug=letter.slug, id=letter.id,
        subtitle=_line(subtitle), summary=_line(letter.summary), tags=tuple(dict.fromkeys(filter(None, map(_line, letter.tags)))),
        authors=tuple(dict.fromkeys(filter(None, map(_line, letter.authors)))), language=letter.language, draft=letter.draft,
        canonical=letter.canonical, former=tuple(dict.fromkeys(filter(None, letter.former))), cover=cover, fields=letter.fields,
        pictures=dict(issue_files.contents), notes=(*notes, *issue_files.notes), before=before,
    )  # fmt: skip


_PAYWALL = "::: paywall\n"
_DEFINITION = re.compile(r"^\[\^([\w-]+)\]:.*(?:\n(?:[ \t]*\n)*(?: {4}|\t).*)*\n*", re.MULTILINE)
"""A footnote with all its lines, and the blank lines behind it."""


def _with_notes_beside(body: str) -> tuple[str, list[str]]:
    """The text with footnotes that are used before the paywall defined there, too, and the names of those."""
    free, wall, paid = body.partition(_PAYWALL)
    if not wall:
        return body, []
    used = set(re.findall(r"\[\^([\w-]+)\](?!:)", free))
    moved = {found[1]: found[0].rstrip() for found in _DEFINITION.finditer(paid) if found[1] in used}
    if not moved:
        return body, []
    rest = _DEFINITION.sub(lambda found: "" if found[1] in moved else found[0], paid).rstrip()
    above = "\n\n".join((free.rstrip(), *moved.values()))
    return f"{above}\n\n{wall}{rest}\n", list(moved)


def _without_tags(title: str, letter: ForeignLetter, notes: list[ImportNote]) -> str:
    """A title without the tags of its service: it is the same for all readers, also on the web."""
    from newsletter.importing.tags.merge_tags import without_tags

    bare = without_tags(title) if letter.templated else title
    if bare != title:
        notes.append(
            ImportNote(letter.source, f"the title was “{_line(title)}”: a title has no personal fields", "changed")
        )
    return bare


def _line(text: str) -> str:
    """The text in one line, without HTML tags and character references."""
    return " ".join(re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", unescape(text)).split())


def _summary(preheader: str) -> str:
    return preheader if 20 <= len(preheader) <= 300 and not re.search(r"\*\||\{\{|\{%|%%", preheader) else ""


def _untitled(letter: ForeignLetter) -> str:
    if letter.slug:
        return letter.slug.replace("-", " ").strip().capitalize()
    if letter.date:
        return f"{letter.date:%Y-%m-%d}"
    return letter.source.rpartition("/")[2].rpartition(".")[0] or letter.source


def _cover(letter: ForeignLetter, issue_files: IssueFiles) -> Cover | None:
    from newsletter.importing.credits import with_credit

    if not letter.cover:
        return None
    content = letter.content_of(letter.cover)
    name = issue_files.add(SourcePicture(picture_address(letter.cover, letter.base), content), letter.source)
    if not name:
        return None
    caption, at = with_credit(_line(letter.cover_caption))
    credit = caption[at:].partition(":")[2].strip() if at >= 0 else ""
    return Cover(name, _line(letter.cover_alt), (caption[:at] if at >= 0 else caption).strip(), credit)


def rows_of(source: ImportSource, name: str) -> list[Mapping[str, str]]:
    """The rows of a CSV file with a header, by column name in lower case. Raises EntryError if it is not a table."""
    import csv
    import io

    from newsletter.importing.sources import LARGEST_TEXT, EntryError

    text, _ = source.text(name)
    csv.field_size_limit(LARGEST_TEXT)
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.DictReader(io.StringIO(text.replace("\0", "")), delimiter=mark))
    except csv.Error as error:
        raise EntryError(f"it is not a table: {error}") from error
    return [
        {(key or "").strip().lower(): value or "" for key, value in row.items() if isinstance(value, (str, type(None)))}
        for row in rows
    ]


def json_of(source: ImportSource, name: str) -> object:
    """The content of a JSON file. Raises EntryError if it is not JSON."""
    import json

    from newsletter.importing.sources import EntryError

    text, _ = source.text(name)
    try:
        found = json.loads(text)
        return _whole(found) if _HALF.search(text) else found
    except RecursionError as error:
        raise EntryError("it is nested too deeply") from error
    except json.JSONDecodeError as error:
        whole = "cut off" if error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg else "not JSON"
        raise EntryError(f"it is {whole}: {error.msg}, line {error.lineno}, column {error.colno}") from error
    except ValueError as error:  # a number of more than 4,300 digits
        raise EntryError("it has a number that is too long") from error


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _whole(value: object) -> object:
    """A JSON value without halves of characters in its texts."""
    match value:
        case str():
            return without_surrogates(value)
        case list():
            return [_whole(one) for one in value]
        case dict():
            return {without_surrogates(key): _whole(one) for key, one in value.items()}
    return value


def texts(value: object) -> str:
    """A JSON value as text; empty if it is neither a string nor an integer."""
    return (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else ""
    )


def records(value: object) -> list[Mapping[str, object]]:
    """The objects in a JSON array; empty if the value is not an array."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def broken_records(value: object, place: str) -> list[Skipped]:
    """The entries of a JSON array that are no objects, so that `records` leaves them out."""
    return [
        Skipped(f"{place}:entry {count}", "it is not an entry but another kind of value", fault=True)
        for count, one in enumerate(value if isinstance(value, list) else [], 1)
        if not isinstance(one, dict)
    ]


def words(value: object) -> tuple[str, ...]:
    """The strings in a JSON array; empty if the value is not an array."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def named(source: ImportSource, name: str) -> list[str]:
    """The paths of all files with the file name `name`, those in higher folders first."""
    return sorted(
        (one for one in source.names() if one == name or one.endswith(f"/{name}")),
        key=lambda one: (one.count("/"), one),
    )


def unlisted(source: ImportSource, folder: str, ending: str, listed: set[str], table: str) -> Iterator[Skipped]:
    """The texts in a folder of an export that its table does not list, so that nothing is known about them."""
    for name in source.names():
        if name.startswith(folder) and name.endswith(ending) and name not in listed:
            yield Skipped(name, f"{table} does not list it: import it as a file of its own", fault=True)


def file_finder(source: ImportSource, near: str = "") -> Callable[[str], bytes | None]:
    """Returns a function that gives the bytes of a picture by its address.

    It reads the file at that path, or a file whose path ends with it. `near` is the folder that relative addresses are
    resolved against.
    """
    import posixpath
    from urllib.parse import unquote

    from newsletter.importing.sources import LARGEST_PICTURE, EntryError

    known = set(source.names())

    def content_of(address: str) -> bytes | None:
        try:
            path = unquote(split_address(address.replace("__GHOST_URL__", "")).path)
        except ValueError:
            return None
        plainer = re.sub(r"/size/w\d+(?:/format/\w+)?/", "/", path)
        for one in (posixpath.normpath(posixpath.join(near, path)), path.lstrip("/"), plainer.lstrip("/")):
            wanted = [name for name in (one, *_ends(known, one)) if name in known] if one not in {".", ""} else []
            for name in wanted:
                try:
                    return source.read(name, LARGEST_PICTURE)
                except EntryError:
                    continue
        return None

    return content_of


def _ends(known: set[str], path: str) -> list[str]:
    """At most one file whose path ends with `path`, if that has two parts or more."""
    return sorted(name for name in known if "/" in path and name.endswith(f"/{path}"))[:1]
