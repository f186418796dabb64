"""The linter: what an issue has, against what its house format asks. Findings are values; nothing here raises for them."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from newsletter.check import context as _context
from newsletter.check import settings as _settings
from newsletter.check.context import CheckContext
from newsletter.check.facts.history import OtherIssue
from newsletter.check.facts.mail import Mail
from newsletter.check.facts.standing import found_in_snippets, found_reading_snippets
from newsletter.check.families import page_of
from newsletter.check.registry import CODES, RULES, rule_of
from newsletter.check.rule import Rule
from newsletter.check.rules import figures, links, structure, text
from newsletter.check.settings import Settings, apply_settings, weight_of
from newsletter.diagnostics import Severity
from newsletter.house.lines import with_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.check.facts.history import History
    from newsletter.check.facts.published import PublishedFacts
    from newsletter.config.publication import Publication
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat
    from newsletter.language import Language
    from newsletter.markdown.source import Source
    from newsletter.model import Issue

    _Severities = tuple[tuple[str, Severity], ...]

__all__ = [
    "RULES",
    "CheckContext",
    "Mail",
    "OtherIssue",
    "Rule",
    "Settings",
    "apply_settings",
    "check",
    "check_context",
    "errors_in",
    "findings_in_mail",
    "is_broken",
    "make_context",
    "page_of",
    "rule_of",
    "rules_of_mail",
    "settings_for",
]

_OF_SNIPPETS = figures.OF_SNIPPETS | links.OF_SNIPPETS | structure.OF_SNIPPETS | text.OF_SNIPPETS

BROKEN_FRONT = frozenset(f"FM{number:03}" for number in range(1, 11)) - {"FM002", "FM005"} | {"FM131"}
"""Faults after which the front matter's fields are not all known: none is said to be missing then."""

# Neither knows the rules; these functions do, for everybody else.
make_context = partial(_context.make_context, codes=CODES)
settings_for = partial(_settings.settings_for, known=CODES)


def check(
    issue: Issue,
    house: HouseFormat,
    *,
    source: Source,
    language: Language,
    root: Path,
    publication: Publication,
    others: Sequence[OtherIssue] = (),
    settings: Settings | None = None,
    found: Sequence[Diagnostic] = (),
    live: Mapping[str, LinkAnswer] | None = None,
    history: History | None = None,
    mail: Mail | None = None,
    published: PublishedFacts | None = None,
) -> tuple[Diagnostic, ...]:
    """Every finding in `issue` that counts by `settings`, in order.

    `found` is what was found while reading it: it goes in, and what could not be read is not found wrong once more.
    Where the issue is a draft, what is still missing from it is a warning.
    `live` is what the web said about addresses, by address without its fragment: without it, no rule speaks of that.
    `others` are the publication's issues (this one among them or not), and `history` is what ran in them: without it, the
    rules about that are silent. `published` is what the record says about it. `mail` is the email as it goes out: without it, those about the email are. `root` is the
    workspace, for picture files.
    """
    context = make_context(
        issue,
        house,
        source=source,
        language=language,
        root=root,
        publication=publication,
        others=others,
        broken_front=is_broken(found),
        live=live,
        history=history,
        mail=mail,
        published=published,
    )
    return check_context(context, settings or Settings(), found)


def is_broken(found: Iterable[Diagnostic]) -> bool:
    """Whether a front matter was read so badly that nobody can say what is missing from it."""
    return any(fault.code in BROKEN_FRONT for fault in found)


def check_context(
    context: CheckContext, settings: Settings, found: Sequence[Diagnostic] = ()
) -> tuple[Diagnostic, ...]:
    """As `check`, of an issue for which everything is computed already."""
    unreadable = {fault.span.start for fault in found if _of_front(fault)}
    diagnostics = [
        finding
        for rule, weight in counting(settings, context.house, draft=context.issue.draft)
        if context.mail is not None or rule.family != "EM"
        for finding in _findings(rule, weight, context)
        if not (_of_front(finding) and finding.span.start in unreadable)
    ]
    diagnostics += _in_snippets(context, counting(settings, context.house))
    counting_ones = apply_settings([*found, *diagnostics], context.issue, settings, context.house)
    return tuple(with_lines(one, context.house) for one in counting_ones)


def errors_in(context: CheckContext, settings: Settings, found: Sequence[Diagnostic] = ()) -> tuple[Diagnostic, ...]:
    """Of `check_context`, the errors alone, and nothing of the email: rules that would only warn are not asked, which halves the time."""
    diagnostics = [
        finding
        for rule, weight in counting(settings, context.house, draft=context.issue.draft)
        if rule.family != "EM"
        and weight_of(rule.code, weight, settings.severities, context.house.severities) is Severity.ERROR
        for finding in _findings(rule, weight, context)
    ]
    diagnostics += _in_snippets(context, counting(settings, context.house))
    told = apply_settings([*found, *diagnostics], context.issue, settings, context.house)
    return tuple(finding for finding in told if finding.severity is Severity.ERROR)


def findings_in_mail(context: CheckContext, rules: Iterable[tuple[Rule, Severity]]) -> tuple[Diagnostic, ...]:
    """The findings of `rules` about the email, each at the severity beside it. Other settings are still to be applied."""
    return tuple(finding for rule, weight in rules for finding in _findings(rule, weight, context))


def rules_of_mail(settings: Settings, house: HouseFormat) -> tuple[tuple[Rule, Severity], ...]:
    """The rules about the email that count, with their severities."""
    return tuple((rule, weight) for rule, weight in counting(settings, house) if rule.family == "EM")


def counting(settings: Settings, house: HouseFormat, *, draft: bool = False) -> tuple[tuple[Rule, Severity], ...]:
    """The rules that count by `settings`, with the severity of their findings if no configuration gives another."""
    own, of_house = tuple(settings.severities.items()), tuple(house.severities.items())
    return _counting(settings.select, settings.ignore, own, of_house, draft)


@lru_cache(maxsize=16)
def _counting(
    select: tuple[str, ...], ignore: tuple[str, ...], own: _Severities, of_house: _Severities, draft: bool
) -> tuple[tuple[Rule, Severity], ...]:
    """The same for many issues, and not quick to compute for each."""
    return tuple(_counted(Settings(select, ignore, dict(own)), dict(of_house), draft=draft))


def _counted(settings: Settings, of_house: Mapping[str, Severity], *, draft: bool) -> Iterator[tuple[Rule, Severity]]:
    for rule in RULES:
        if rule.function is None or not settings.wants(rule.code):
            continue
        weight = rule.weight(draft=draft)
        if weight is Severity.OFF and rule.code in settings.select:  # A rule that is selected by its full code runs.
            weight = Severity.WARNING
        if weight_of(rule.code, weight, settings.severities, of_house) is not Severity.OFF:
            yield rule, weight


def _findings(rule: Rule, weight: Severity, context: CheckContext) -> Iterator[Diagnostic]:
    if rule.function is not None:
        for finding in rule.function(context):
            yield finding if finding.severity is weight else finding.with_severity(weight)


def _in_snippets(context: CheckContext, rules: Iterable[tuple[Rule, Severity]]) -> Iterator[Diagnostic]:
    """The findings in snippets, at the same severity in drafts."""
    finders = [partial(_findings, rule, weight) for rule, weight in rules if rule.code in _OF_SNIPPETS]
    yield from found_reading_snippets(context)
    yield from found_in_snippets(context, finders)


def _of_front(finding: Diagnostic) -> bool:
    return finding.code.startswith("FM")
