"""Checks the links of issues on the web, using the results of earlier runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import WorldError
from newsletter.linkcheck import Memory, Policy, ask_all
from newsletter.names import in_address
from newsletter.project.cache import CACHE
from newsletter.project.project import open_project
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.config.workspace import IssueFile

FILE = f"{CACHE}/links.json"
_SAVED_EVERY = 20
_NOWHERE = frozenset({"dns", "timeout", "refused"})
"""The outcome of every request if there is no network."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The links of some issues and their answers."""

    answers: Mapping[str, LinkAnswer]
    """The answers by address, without its fragment."""
    asked: int
    """The number of addresses that were requested in this run."""
    refused: int
    """The number of addresses whose sites refuse programs (401, 403, 429 and the like).

    Such an answer does not show whether the page works.
    """


def ask_links(
    root: Path,
    files: Sequence[IssueFile],
    *,
    now: datetime,
    policy: Policy | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Asked:
    """Requests every web address in `files` that was not requested lately.

    Answers are saved during the run, so that an interrupted run can continue. `progress` gets how many are done, and of
    how many. Raises WorldError if no server can be reached at all.
    """
    addresses = tuple(dict.fromkeys(_addresses(root, files)))
    memory = Memory(root, FILE, now)
    answers = memory.fresh(addresses)
    open_ones = [address for address in addresses if address not in answers]
    new: dict[str, LinkAnswer] = {}
    try:
        for address, answer in ask_all(open_ones, policy or Policy()):
            new[address] = answer
            memory.add(address, answer)
            if progress:
                progress(len(new), len(open_ones))
            if not len(new) % _SAVED_EVERY:
                memory.save()
    finally:
        if _offline(new):
            memory.forget(new)
        if new:
            memory.save()
    if _offline(new):
        raise WorldError("none of the links can be reached", hint="Check your network connection.")
    answers = {address: (new.get(address) or answers[address]) for address in addresses}
    return Asked(answers, len(new), sum(map(_is_refused, answers.values())))


def _addresses(root: Path, files: Sequence[IssueFile]) -> Iterator[str]:
    from newsletter.check.facts.addresses import addresses_in, front_addresses
    from newsletter.check.facts.standing import snippet_links
    from newsletter.check.rules.links.live import asked_address
    from newsletter.walk import walk_inlines

    project = open_project(root)
    for file in files:
        parsed = project.read(file)
        language = project.language(parsed.issue.language)
        of_snippets = snippet_links(parsed.issue, parsed.house, project.publication, language)
        for use in (*addresses_in(walk_inlines(parsed.issue), parsed.house.never), *of_snippets):
            if use.address.on_web and "{{" not in use.href:
                yield asked_address(use.href)
        own_page = f"{project.publication.url}{in_address(parsed.issue.slug)}/"
        for use in front_addresses(parsed.issue, own_page):
            yield asked_address(use.href)


def _offline(answers: Mapping[str, LinkAnswer]) -> bool:
    return len(answers) > 2 and all(answer.trouble in _NOWHERE and not answer.hops for answer in answers.values())


def _is_refused(answer: LinkAnswer) -> bool:
    return 400 <= answer.status < 500 and answer.status not in {404, 410}
