"""A rule: a function that looks for one kind of mistake, and its record, the decorator above it."""

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
"""The severity of the many rules that advise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement for an issue or a configuration file. Called with a context, it looks for its findings."""

    code: str
    """Never reused: `ST104`."""
    name: str
    """The name that people read, in kebab-case: `item-without-link`."""
    summary: str
    """The subject of the rule, one line without a full stop."""
    reads: str
    """The data that it reads: "front matter", "structure", "figures", "files", "links", "the web", "text", "the
    export", "newsletter.yaml", "house.yaml"."""
    function: Finder | None = None
    """None if the finding is made while reading, before there is anything to check."""
    severity: Severity = Severity.ERROR
    """Its severity if no configuration says otherwise."""
    gap: bool = False
    """Whether it finds what is not there yet: then it is a warning while the issue is a draft."""
    page: str = ""
    """The name of its page in docs/rules/; empty: the code's own."""
    fixable: bool = False
    """Whether its findings, all or some, come with a Fix that `newsletter check --fix` applies."""

    def __call__(self, context: CheckContext) -> Iterator[Diagnostic]:
        """The findings; none if they are made while the issue is read."""
        return self.function(context) if self.function is not None else iter(())

    def weight(self, *, draft: bool) -> Severity:
        """Its severity in a draft or in an issue that is to go out."""
        return Severity.WARNING if draft and self.gap else self.severity

    @property
    def family(self) -> str:
        """The letters of the code: `ST`."""
        return self.code.rstrip("0123456789")

    @property
    def page_name(self) -> str:
        """The file in docs/rules/ that explains it."""
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
) -> Callable[[Finder], Rule]:
    """Makes the function below it a rule; the fields are those of Rule. The family's tuple lists it, or it does not exist."""

    def of(function: Finder) -> Rule:
        return Rule(code, name, summary, reads, function, severity, gap=gap, fixable=fixable)

    return of
