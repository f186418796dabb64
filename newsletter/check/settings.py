"""Which findings count and how much: severities, select and ignore, and what the issue itself ignores."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.check.ignores import ignored_places
from newsletter.diagnostics import Diagnostic, Severity, in_order
from newsletter.errors import ConfigurationError, UsageError
from newsletter.model import NOWHERE
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from newsletter.house.format import HouseFormat
    from newsletter.model import Issue, Path
    from newsletter.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run asks for. Everything is said by prefixes of codes: `ST`, `ST1`, `ST104`."""

    select: tuple[str, ...] = ()
    """Empty: all rules."""
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Of newsletter.yaml; they stand over those of the house format."""

    def wants(self, code: str) -> bool:
        """Whether findings of `code` count: the longest prefix decides, and of two equal ones the ignored."""
        selected = _longest(code, self.select) if self.select else 0
        return selected is not None and ((ignored := _longest(code, self.ignore)) is None or selected > ignored)


def settings_for(
    workspace: Workspace, known: Collection[str], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Settings:
    """The settings of a run, from newsletter.yaml and the command line. `known` are the codes of all rules.

    `select` of the command line starts anew: what newsletter.yaml selects and ignores counts no more. `ignore` of the
    command line comes on top of what newsletter.yaml ignores.

    Raises UsageError for a prefix of the command line that fits no rule, ConfigurationError for one of newsletter.yaml.
    """
    for option, prefixes in (("--select", select), ("--ignore", ignore)):
        for prefix in prefixes:
            if not _fits(prefix, known):
                msg = f"{option} {prefix}: no rule begins with {prefix}"
                raise UsageError(msg, hint="`newsletter rule` lists all rules")
    _refuse_unknown(workspace, known)
    chosen = select or workspace.select
    left_out = (*(() if select else workspace.ignore), *ignore)
    severities = {prefix.upper(): Severity(weight) for prefix, weight in workspace.severities.items()}
    return Settings(tuple(map(str.upper, chosen)), tuple(map(str.upper, left_out)), severities)


def apply_settings(
    diagnostics: Iterable[Diagnostic], issue: Issue, settings: Settings, house: HouseFormat
) -> tuple[Diagnostic, ...]:
    """The findings in `issue` that count, each at its weight, in order and each once.

    Doing so twice changes nothing.
    """
    places = ignored_places(issue)
    counting = []
    for found in diagnostics:
        severity = weight_of(found.code, found.severity, settings, house)
        if severity is Severity.OFF or not settings.wants(found.code):
            continue
        if found.path == issue.path and any(place.covers(found) for place in places):
            continue
        counting.append(found if severity is found.severity else found.with_severity(severity))
    return in_order(counting)


def weight_of(code: str, given: Severity, settings: Settings, house: HouseFormat) -> Severity:
    """How much findings of `code` weigh: as newsletter.yaml says, else as the house format does, else as `given`."""
    for severities in (settings.severities, house.severities):
        length = _longest(code, severities)
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
            mend="`newsletter rule` lists all rules.",
        )
        for prefix, path in named
        if not _fits(prefix, known)
    )
    if faults:
        msg = "newsletter.yaml names rules that do not exist"
        raise ConfigurationError(msg, faults)
