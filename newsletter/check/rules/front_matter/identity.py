"""FM: date, slug, number and authors, compared with the file name, the other issues, and newsletter.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.files import file_stem
from newsletter.check.rule import rule
from newsletter.check.wording import quoted
from newsletter.config.site_paths import file_of, site_path
from newsletter.hints import HINT
from newsletter.house.forms import NUMBER, StatedValue, Value, agree, day_of, fill_form, read_form, read_name
from newsletter.house.headings import date_values, period_for, written_period
from newsletter.house.patterns import PERIOD, fields_in
from newsletter.markdown.front_matter import names_in
from newsletter.names import composed, same_file_key
from newsletter.period import read_period
from newsletter.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.history import OtherIssue
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Path, Span

_DATED = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?:-(?P<slug>.+))?")
_CHOSEN = frozenset(("title", "any"))
"""The fields that the writer is free to choose, and that are written nowhere else."""


class Statement(NamedTuple):
    """A source of a field's value: a field of the front matter, or the name of the folder or file."""

    called: str
    """The name in messages: `title`, or "the name"."""
    place: Span
    stated: StatedValue
    about: tuple[str, ...]
    """The line of house.yaml with its pattern, else that of the name's pattern."""


def disagreements(context: CheckContext, name: str) -> Iterator[Diagnostic]:
    """FM107: the values read from the front matter and from `name`, the name of the folder or file, differ."""
    for field, sources in _by_field(context, name).items():
        # The value that most sources have counts as right; in a tie, that of the name.
        truth = max(sources, key=lambda source: sum(agree(source.stated.value, one.stated.value) for one in sources))
        for source in sources:
            if not agree(source.stated.value, truth.stated.value):
                by_name = _NAME in (source.called, truth.called) and field != FILE
                yield context.found(
                    "FM107",
                    source.place,
                    f"{_claim(source, field)}, and {_claim(truth, field)}",
                    label=f"`{name}`" if by_name else "",
                    advice="Correct the one that is wrong.",
                    about=source.about,
                )


def _claim(source: Statement, field: str) -> str:
    written = quoted(source.stated.written, 40)
    if field == FILE:
        return f"{source.called} is {written}"
    return f"{source.called} says {'number ' if field == NUMBER else ''}{written}"


_NAME, FILE = "the name", "file"


def _by_field(context: CheckContext, name: str) -> dict[str, list[Statement]]:
    """The sources of each field, for fields with two sources or more of which at least one has a pattern."""
    found: dict[str, list[Statement]] = {}
    for source in (*_of_name(context, name), *_own(context), *_of_forms(context)):
        if source.stated.name not in _CHOSEN:
            found.setdefault(source.stated.name, []).append(source)
    by_form = {source.stated.name for source in _of_forms(context)} | (
        {source.stated.name for source in _of_name(context, name)} if context.house.file_names else set()
    )
    return {field: sources for field, sources in found.items() if len(sources) > 1 and field in by_form}


def _own(context: CheckContext) -> Iterator[Statement]:
    """The values in the fields of the issue with that name."""
    front = context.issue.front
    number = front.values.get("number")
    if isinstance(number, int) and not isinstance(number, bool):
        yield _statement(context, "number", StatedValue("number", number, str(number)))
    if context.issue.date is not None and "date" in front.values:
        day = context.issue.date.date()
        yield _statement(context, "date", StatedValue("date", _parts(day.isoformat()), day.isoformat()))
    yield from _periods(context)
    slug = front.values.get("slug")
    if isinstance(slug, str) and slug and not HINT.search(slug):
        yield _statement(context, "slug", StatedValue("slug", slug, slug))


def _periods(context: CheckContext) -> Iterator[Statement]:
    """The issue's value for each period in the patterns of its house format: from its field, else from its name or its date."""
    own = read_period(context.issue.front.values.get(PERIOD))
    given = own or read_name(context.house, file_stem(context.issue.path), context.language).period
    day = context.issue.date.date() if context.issue.date is not None and "date" in context.issue.front.values else None
    forms = (*context.house.file_names, *(form for field in context.house.fields for form in field.forms))
    for piece in dict.fromkeys(piece for form in forms for piece in fields_in(form) if piece.field == PERIOD):
        if piece.pattern and (found := period_for(piece, given, day)):
            text = written_period(piece, found, context.language)
            value = tuple(sorted(date_values(text, piece.pattern, context.language.calendar).items()))
            yield _statement(
                context, "date" if given is None else PERIOD, StatedValue(piece.key, value, text, piece.argument)
            )


def _statement(context: CheckContext, field: str, stated: StatedValue) -> Statement:
    return Statement(f"`{field}`", context.issue.front.where(field), stated, _form_of(context, field))


def _form_of(context: CheckContext, field: str = "") -> tuple[str, ...]:
    """The line of house.yaml with the pattern of a front-matter field, else that of the name."""
    if any(wanted.name == field and wanted.forms for wanted in context.house.fields):
        return ("front", field, "form")
    return ("file_name",) if context.house.file_names else ()


def _parts(iso: str) -> Value:
    year, month, day = (int(part) for part in iso.split("-"))
    return (("day", day), ("month", month), ("year", year))


def _of_forms(context: CheckContext) -> Iterator[Statement]:
    for (field, *_), text, forms in formed_texts(context):
        stated = first_fitting(context, text, forms) or ()
        for one in stated:
            if one.name != field:
                yield _statement(context, str(field), one)


def _of_name(context: CheckContext, name: str) -> Iterator[Statement]:
    """The values in the name, by its patterns; if the house format has none, the date at its beginning."""
    if context.house.file_names:
        stated: Sequence[StatedValue] = first_fitting(context, name, context.house.file_names) or ()
    else:
        dated = _DATED.fullmatch(name)
        stated = (StatedValue("date", _parts(dated["date"]), dated["date"]),) if dated else ()
    for one in (*stated, StatedValue(FILE, name, name)):
        yield Statement(_NAME, context.start, one, _form_of(context))


def formed_texts(context: CheckContext) -> Iterator[tuple[Path, str, Sequence[str]]]:
    """Each text of the front matter that has a pattern."""
    for wanted in context.house.fields:
        text = context.issue.front.values.get(wanted.name)
        if wanted.forms and isinstance(text, str) and text and not HINT.search(text):
            yield (wanted.name,), text, wanted.forms


def first_fitting(context: CheckContext, text: str, forms: Sequence[str]) -> tuple[StatedValue, ...] | None:
    """The values in a text by the first pattern that it matches; None if it matches none."""
    readings = (read_form(text, form, context.language) for form in forms)
    return next((stated for stated in readings if stated is not None), None)


def misshapen_name(context: CheckContext, name: str) -> Iterator[Diagnostic]:
    """FM107: the name does not match the pattern in the house format."""
    forms = context.house.file_names
    if forms and first_fitting(context, name, forms) is None:
        yield context.found(
            "FM107",
            context.start,
            f"the name {quoted(name)} does not have the form that {context.asker} asks for",
            label=f"such as {quoted(expected(context, forms[0], name))}",
            advice="Rename the folder or file.",
            about=("file_name",),
        )


def expected(context: CheckContext, form: str, name: str) -> str:
    """A pattern filled in for this issue, as far as the values are known."""
    known: dict[str, object] = {}
    for source in (*_of_name(context, name), *_own(context), *_of_forms(context)):
        value = source.stated.value
        known.setdefault(source.stated.name, day_of(dict(value)) if isinstance(value, tuple) else value)
    known[PERIOD] = context.issue.period
    return fill_form(form, known, context.language)


_NUMBERED = re.compile(r"(?:(?:issue|number|no|nr)[-_.]?)?0*(?P<number>\d{1,3})", re.IGNORECASE)
_KEY = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


@rule(
    "FM107",
    "file-name",
    "Date, slug and number match the file name",
    "front matter",
    keys=("file_name", "front.NAME.form"),
)
def file_name(context: CheckContext) -> Iterator[Diagnostic]:
    """FM107: date, slug or number differs from that in the folder or file name."""
    name = file_stem(context.issue.path)
    yield from misshapen_name(context, name)
    yield from disagreements(context, name)
    for field, message, advice in _unlike_name(context, name) if not context.house.file_names else ():
        place, about = context.issue.front.where(field), _form_of(context, field)
        yield context.found("FM107", place, message, label=f"`{name}`", advice=advice, about=about)


def _unlike_name(context: CheckContext, name: str) -> Iterator[tuple[str, str, str]]:
    """Each field that differs from a name without a pattern: the field, what is wrong, and how to fix it."""
    issue = context.issue
    dated, numbered = _DATED.fullmatch(name), _NUMBERED.fullmatch(name)
    slug, day = issue.front.values.get("slug"), issue.date.date().isoformat() if issue.date is not None else ""
    if dated and day and day != dated["date"]:
        message = f"the issue is dated {day}, and its name says {dated['date']}"
        yield "date", message, "Correct the date or rename the folder."
    # The author may choose another slug. One that begins with a date was copied from a name, of this issue or another.
    if dated and isinstance(slug, str) and _DATED.fullmatch(slug) and slug != name:
        message = f"the slug is {quoted(slug)}, and the name is {quoted(name)}"
        # The name after its date is the slug if there is no `slug`: the same for many issues called `update`.
        yield "slug", message, f"Write `slug: {name}`, or rename the folder."
    if numbered and issue.number is not None and issue.number != (number := int(numbered["number"])):
        message = f"the issue has number {issue.number}, and its name says {number}"
        taken = next((one for one in context.others if one.number == number and one.path != issue.path), None)
        advice = f"Rename the folder: {taken.path} has number {number}." if taken else ""
        yield "number", message, advice or "Correct the number or rename the folder."


@rule("FM108", "duplicate-issue", "No other issue has this number, slug or former address", "all issues")
def duplicate(context: CheckContext) -> Iterator[Diagnostic]:
    """FM108: another issue has the same number, the same slug or the same former address."""
    issue, slug = context.issue, context.issue.slug.casefold()
    others = [other for other in context.others if other.path != issue.path]
    same_number = next((other for other in others if issue.number is not None and other.number == issue.number), None)
    if same_number:
        place, label = issue.front.where("number"), f"{same_number.path} has it"
        yield context.found(
            "FM108", place, f"number {issue.number} is taken", label=label, advice="Give one of the two another number."
        )
    same_slug = next((other for other in others if slug and other.slug.casefold() == slug), None)
    if same_slug:
        written = "slug" in issue.front.values
        yield context.found(
            "FM108",
            issue.front.where("slug") if written else context.start,
            f"the slug {quoted(issue.slug)} is taken",
            label=_that_of(same_slug.path, issue.path),
            advice="" if written else "Rename the folder, or give the issue its own `slug`.",
        )
    if "former" in issue.front.values:
        yield from _same_former(context, others)


def _same_former(context: CheckContext, others: Sequence[OtherIssue]) -> Iterator[Diagnostic]:
    """The former addresses that are the page of another issue, or at which another issue redirects its readers, too."""
    url, front = context.publication.url, context.issue.front
    pages = {_file_at(f"{other.slug}/"): f"it is the page of {other.path}" for other in reversed(others)}
    for other in reversed(others):
        pages |= {_file_at(site_path(old, url)): f"{other.path} has it" for old in other.former}
    given = front.values["former"]
    places: list[Path] = [("former", at) for at in range(len(given))] if isinstance(given, list) else [("former",)]
    for place in places:
        written = front.text(*place)
        path = site_path(written, url)
        if path and (label := pages.get(_file_at(path))):
            message, advice = (
                f"the former address {quoted(written)} is taken",
                "Remove it from the issue that never had it.",
            )
            yield context.found("FM108", front.where(*place), message, label=label, advice=advice)


def _file_at(path: str) -> str:
    return same_file_key(file_of(path))


def _that_of(other: str, path: str) -> str:
    if composed(other) == composed(path):
        return "there is a second folder of this name that differs only in how its characters are encoded (Unicode normalization)"
    return f"{other} has it"


@rule(
    "FM109",
    "unknown-author",
    "Authors are keys in newsletter.yaml or plain names",
    "front matter",
    settings=("authors",),
)
def unknown_author(context: CheckContext) -> Iterator[Diagnostic]:
    """FM109: an author is written like a key, and newsletter.yaml has no such author.

    A full name (`Jane Roe`) is allowed, for guests. A word that looks like a key, or is close to one, is taken for a
    typo.
    """
    known = context.publication.authors
    names = {composed(author.name) for author in known.values()}
    for author, place in names_in(context.issue.front, "authors"):
        if author in known or author in names:
            continue
        near = closest(author, known)
        if near or _KEY.fullmatch(author):
            yield context.found(
                "FM109",
                context.issue.front.where(*place),
                f"newsletter.yaml has no author {quoted(author)}",
                label=f"did you mean `{near}`?" if near else "",
                advice="" if near else "Add the author to newsletter.yaml, or write the full name.",
            )
