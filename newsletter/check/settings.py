"""The findings that are reported, and their severity, by `severity`, `select` and `ignore` and by comments in the issue."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic, Ordered, Severity, in_order
from newsletter.errors import ConfigurationError, UsageError
from newsletter.late import late
from newsletter.model import NOWHERE, Directive, List, Quotation
from newsletter.records import dataclass
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsletter.config.publication import Workspace
    from newsletter.house.format import HouseFormat
    from newsletter.model import Issue, Note, Path, Span

_COMMAND = re.compile(r"check:\s*(?P<word>\S*)\s*(?P<rest>.*)", re.DOTALL)
_CODE = late(r"[A-Z]{2}\d{0,3}", re.IGNORECASE)
_TO_THE_END = 1 << 60


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """A comment that begins with `check:`."""

    word: str
    """`ignore`, `ignore-file`, or an unknown word."""
    codes: tuple[str, ...]
    """The codes as written. A reason may follow them."""
    note: Note

    @property
    def understood(self) -> bool:
        """Whether the word is known."""
        return self.word in {"ignore", "ignore-file"}


@dataclass(frozen=True, slots=True)
class IgnoredPlace:
    """A place where findings with some codes are ignored."""

    prefixes: tuple[str, ...]
    start: int
    end: int
    line: int = 0
    """A line on which findings are ignored, too, even before `start`."""

    def covers(self, found: Diagnostic) -> bool:
        """Whether `found` is ignored here."""
        here = self.start <= found.span.start <= self.end or found.span.line == self.line
        return here and found.code.startswith(self.prefixes)


def ignore_comments(issue: Issue) -> Iterator[IgnoreComment]:
    """The comments of `issue` that begin with `check:`, in order."""
    for note in issue.notes:
        match = _COMMAND.match(note.text)
        if match:
            yield IgnoreComment(match["word"], _leading_codes(match["rest"]), note)


def ignored_places(issue: Issue) -> tuple[IgnoredPlace, ...]:
    """The places where comments of `issue` have an effect.

    `ignore` has an effect on its own line. If it is alone on the line, it also has an effect on the next block.
    """
    comments = [comment for comment in ignore_comments(issue) if comment.understood and comment.codes]
    if not comments:
        return ()
    stretches = sorted(_stretches(issue))
    return tuple(_place(comment, stretches) for comment in comments)


def _place(comment: IgnoreComment, stretches: list[tuple[int, int, bool]]) -> IgnoredPlace:
    prefixes = tuple(code.upper() for code in comment.codes)
    span = comment.note.span
    if comment.word == "ignore-file":
        return IgnoredPlace(prefixes, 0, _TO_THE_END)
    within = any(leaf and start <= span.start <= end for start, end, leaf in stretches)
    return IgnoredPlace(prefixes, span.start, span.end if within else _end_of_next(span, stretches), span.line)


def _end_of_next(span: Span, stretches: list[tuple[int, int, bool]]) -> int:
    following = [(start, -end) for start, end, _ in stretches if start >= span.end]
    return -min(following)[1] if following else _TO_THE_END


def _stretches(issue: Issue) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each block and heading, and whether it directly contains text."""
    for section in issue.sections:
        yield section.title_span.start, section.title_span.end, True
        for item in section.items:
            yield item.title_span.start, item.title_span.end, True
    for block in walk_blocks(issue):
        yield block.span.start, block.span.end, not isinstance(block, (List, Quotation, Directive))


def _leading_codes(text: str) -> tuple[str, ...]:
    """The codes in a list: the text up to a colon, or up to the first word that neither follows a comma nor looks like a code."""
    codes: list[str] = []
    listed = True
    for word in text.replace(",", ", ").split():
        if not listed and not _CODE.fullmatch(word.rstrip(",:.")):
            break
        listed = word.endswith(",")
        if word.strip(",:."):
            codes.append(word.strip(",:."))
        if word.endswith(":"):
            break
    return tuple(codes)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run, by beginnings of codes: `ST`, `ST1`, `ST104`."""

    select: tuple[str, ...] = ()
    """Empty for all rules."""
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """The severities in newsletter.yaml, which override those in the house format."""

    def wants(self, code: str) -> bool:
        """Whether findings with `code` are reported.

        The longest matching prefix decides; if both are equally long, `ignore` does.
        """
        selected = _longest(code, self.select) if self.select else 0
        return selected is not None and ((ignored := _longest(code, self.ignore)) is None or selected > ignored)


def settings_for(
    workspace: Workspace, *, known: Collection[str], select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Settings:
    """The settings of a run, from newsletter.yaml and the command line.

    `known` are the codes of all rules. `select` on the command line replaces `select` and `ignore` of newsletter.yaml.
    `ignore` on the command line is added to that of newsletter.yaml. Raises UsageError for a prefix on the command line
    that matches no rule, and ConfigurationError for one in newsletter.yaml.
    """
    for option, prefixes in (("--select", select), ("--ignore", ignore)):
        for prefix in prefixes:
            if not _fits(prefix, known):
                msg = f"{option} {prefix}: no rule begins with {prefix}"
                raise UsageError(msg, hint="`newsletter rule` lists all rules.")
    _refuse_unknown(workspace, known)
    chosen = select or workspace.select
    left_out = (*(() if select else workspace.ignore), *ignore)
    severities = {prefix.upper(): Severity(severity) for prefix, severity in workspace.severities.items()}
    return Settings(tuple(map(str.upper, chosen)), tuple(map(str.upper, left_out)), severities)


def apply_settings(diagnostics: Iterable[Diagnostic], issue: Issue, settings: Settings, house: HouseFormat) -> Ordered:
    """The findings in `issue` that are reported, with their severity, in order and without repetition.

    The function is idempotent.
    """
    places = ignored_places(issue)
    counting = []
    for found in diagnostics:
        severity = severity_of(found.code, found.severity, settings.severities, house.severities)
        if severity is Severity.OFF or not settings.wants(found.code):
            continue
        if found.path == issue.path and any(place.covers(found) for place in places):
            continue
        counting.append(found if severity is found.severity else found.with_severity(severity))
    return in_order(counting)


def severity_of(code: str, given: Severity, own: Mapping[str, Severity], of_house: Mapping[str, Severity]) -> Severity:
    """The severity of findings with `code`: from newsletter.yaml, else from the house format, else `given`."""
    for severities in (own, of_house):
        length = _longest(code, severities) if severities else None
        if length is not None:
            return severities[code[:length]]
    return given


def _longest(code: str, prefixes: Iterable[str]) -> int | None:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=None)


def _fits(prefix: str, known: Collection[str]) -> bool:
    return bool(prefix) and any(code.startswith(prefix.upper()) for code in known)


def _refuse_unknown(workspace: Workspace, known: Collection[str]) -> None:
    named: list[tuple[str, Path]] = [
        *((prefix, ("check", "select", index)) for index, prefix in enumerate(workspace.select)),
        *((prefix, ("check", "ignore", index)) for index, prefix in enumerate(workspace.ignore)),
        *((prefix, ("check", "severity", prefix)) for prefix in workspace.severities),
    ]
    faults = tuple(
        Diagnostic(
            "newsletter.yaml",
            workspace.spans.get(path, NOWHERE),
            "CF012",
            f"no rule begins with `{prefix}`",
            advice="`newsletter rule` lists all rules.",
        )
        for prefix, path in named
        if not _fits(prefix, known)
    )
    if faults:
        msg = "newsletter.yaml names rules that do not exist"
        raise ConfigurationError(msg, faults)
