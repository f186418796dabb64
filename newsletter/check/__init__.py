"""The linter: compares an issue with the requirements of its house format.

Findings are values; no function here raises an exception for one.
"""

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
from newsletter.check.settings import Settings, apply_settings, severity_of
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
"""Errors after which the fields of the front matter are not all known, so that none of them is reported as missing."""

# Modules that cannot import the rules call these functions.
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

    `found` are the findings of reading the issue. They are included, and what could not be read is not reported again.
    In a draft, what is still missing is a warning. `live` are the answers of the web, by address without fragment.
    `others` are the issues of the publication, with or without this one, and `history` is their content. `published` is
    the record of publication. `mail` is the finished email. `root` is the workspace, for picture files. Rules whose
    data is not given find nothing.
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
    """Whether the front matter could not be read, so that its missing fields are unknown."""
    return any(fault.code in BROKEN_FRONT for fault in found)


def check_context(
    context: CheckContext, settings: Settings, found: Sequence[Diagnostic] = ()
) -> tuple[Diagnostic, ...]:
    """The findings that `check` returns, for an issue whose context already exists."""
    unreadable = {fault.span.start for fault in found if _of_front(fault)}
    diagnostics = [
        finding
        for rule, severity in counting(
            settings, context.house, draft=context.issue.draft, mail=None if context.mail else False
        )
        for finding in _findings(rule, severity, context)
        if not (_of_front(finding) and finding.span.start in unreadable)
    ]
    diagnostics += _in_snippets(context, counting(settings, context.house))
    counting_ones = apply_settings([*found, *diagnostics], context.issue, settings, context.house)
    return tuple(with_lines(one, context.house) for one in counting_ones)


def errors_in(context: CheckContext, settings: Settings, found: Sequence[Diagnostic] = ()) -> tuple[Diagnostic, ...]:
    """The errors among the findings of `check_context`, without those about the email.

    Rules that only warn are not called, which halves the time.
    """
    diagnostics = [
        finding
        for rule, severity in counting(settings, context.house, draft=context.issue.draft)
        if rule.family != "EM"
        and severity_of(rule.code, severity, settings.severities, context.house.severities) is Severity.ERROR
        for finding in _findings(rule, severity, context)
    ]
    diagnostics += _in_snippets(context, counting(settings, context.house))
    kept = apply_settings([*found, *diagnostics], context.issue, settings, context.house)
    return tuple(finding for finding in kept if finding.severity is Severity.ERROR)


def findings_in_mail(context: CheckContext, rules: Iterable[tuple[Rule, Severity]]) -> tuple[Diagnostic, ...]:
    """The findings of `rules` about the email, each at the severity of its rule. The settings are not applied yet."""
    return tuple(finding for rule, severity in rules for finding in _findings(rule, severity, context))


def rules_of_mail(settings: Settings, house: HouseFormat) -> tuple[tuple[Rule, Severity], ...]:
    """The rules about the email that are not off, with their severities."""
    return counting(settings, house, mail=True)


def counting(
    settings: Settings, house: HouseFormat, *, draft: bool = False, mail: bool | None = None
) -> tuple[tuple[Rule, Severity], ...]:
    """The rules that are not off, with the default severity of their findings: all, or only those (not) about the email."""
    own, of_house = tuple(settings.severities.items()), tuple(house.severities.items())
    return _counting(settings.select, settings.ignore, own, of_house, draft, mail)


@lru_cache(maxsize=16)
def _counting(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    own: _Severities,
    of_house: _Severities,
    draft: bool,
    mail: bool | None,
) -> tuple[tuple[Rule, Severity], ...]:
    """The result of `counting`, remembered because it is the same for many issues."""
    counted = _counted(Settings(select, ignore, dict(own)), dict(of_house), draft=draft)
    return tuple((rule, severity) for rule, severity in counted if mail is None or (rule.family == "EM") is mail)


def _counted(settings: Settings, of_house: Mapping[str, Severity], *, draft: bool) -> Iterator[tuple[Rule, Severity]]:
    for rule in RULES:
        if rule.function is None or not settings.wants(rule.code):
            continue
        severity = rule.default_severity(draft=draft)
        if severity is Severity.OFF and rule.code in settings.select:  # a rule that is selected by its full code runs
            severity = Severity.WARNING
        if severity_of(rule.code, severity, settings.severities, of_house) is not Severity.OFF:
            yield rule, severity


def _findings(rule: Rule, severity: Severity, context: CheckContext) -> Iterator[Diagnostic]:
    if rule.function is not None:
        for finding in rule.function(context):
            yield finding if finding.severity is severity else finding.with_severity(severity)


def _in_snippets(context: CheckContext, rules: Iterable[tuple[Rule, Severity]]) -> Iterator[Diagnostic]:
    """The findings in snippets. The severity does not depend on whether the issue is a draft."""
    finders = [partial(_findings, rule, severity) for rule, severity in rules if rule.code in _OF_SNIPPETS]
    yield from found_reading_snippets(context)
    yield from found_in_snippets(context, finders)


def _of_front(finding: Diagnostic) -> bool:
    return finding.code.startswith("FM")
