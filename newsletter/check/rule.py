"""A rule: a function that finds one kind of mistake, and its record, written as a decorator above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic

    Finder = Callable[[CheckContext], Iterator[Diagnostic]]
    """Yields a finding for each place where what the rule asks is not so."""

WARNING = Severity.WARNING
"""The severity of rules that give advice."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement for an issue or a configuration file. Calling it with a context returns its findings."""

    code: str
    """The code, `ST104`. It is never used for another rule."""
    name: str
    """The name, in kebab-case: `item-without-link`."""
    summary: str
    """The subject of the rule, one line without a full stop."""
    reads: str
    """The data that it reads: "front matter", "structure", "figures", "files", "links", "the web", "text", "the
    export", "newsletter.yaml", "house.yaml"."""
    function: Finder | None = None
    """None if the findings are made while the issue is read."""
    severity: Severity = Severity.ERROR
    """The severity if no configuration sets one."""
    gap: bool = False
    """Whether it reports something that is missing. In a draft, such findings are warnings."""
    page: str = ""
    """The name of its page in docs/rules/; if empty, the page is named after the code."""
    fixable: bool = False
    """Whether at least some of its findings have a fix for `newsletter check --fix`."""
    keys: tuple[str, ...] = ()
    """The keys of house.yaml that set the requirement, as docs/reference/ names them: `sections.NAME.items.link`."""
    settings: tuple[str, ...] = ()
    """The keys of newsletter.yaml that set it: `email.limit`."""
    since: str = "0.1"
    """The first version with the rule."""

    def __call__(self, context: CheckContext) -> Iterator[Diagnostic]:
        """The findings; none if they are made while the issue is read."""
        return self.function(context) if self.function is not None else iter(())

    def default_severity(self, *, draft: bool) -> Severity:
        """Its default severity, for a draft or for a finished issue."""
        return Severity.WARNING if draft and self.gap else self.severity

    @property
    def family(self) -> str:
        """The letters of the code: `ST`."""
        return self.code.rstrip("0123456789")

    @property
    def page_name(self) -> str:
        """The name of its file in docs/rules/."""
        return self.page or f"{self.code}.md"


def rule(
    code: str,
    name: str,
    summary: str,
    reads: str,
    *,
    severity: Severity = Severity.ERROR,
    gap: bool = False,
    fixable: bool = False,
    keys: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
    since: str = "0.1",
) -> Callable[[Finder], Rule]:
    """A decorator that makes a function a rule; the fields are those of Rule.

    The rule must also be listed in its family's tuple.
    """

    def of(function: Finder) -> Rule:
        return Rule(
            code,
            name,
            summary,
            reads,
            function,
            severity,
            gap=gap,
            fixable=fixable,
            keys=keys,
            settings=settings,
            since=since,
        )

    return of
