"""`newsletter archive search`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.base import colours, from_here, in_workspace, plural, print_json, progress_on
from newsletter.clock import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from newsletter.archive.search.index import Hit, IndexedIssue, LinkHit
    from newsletter.commands.search import LinkSearch, Searched, States

    PathShown = Callable[[str], str]

DOMAIN_SHOWN = 5
"""The number of links to the same domain that are shown for a link."""


MINUS = "\N{MINUS SIGN}"
"""Replaces the hyphen of `-word` until the query is parsed, because click would take it for an option."""
_OPTIONS = frozenset({"-C", "-h"})


class _Search(click.Command):
    """A command that accepts `-word` as an argument."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        return super().parse_args(
            ctx,
            [
                f"{MINUS}{arg[1:]}"
                if at < end and arg[:1] == "-" and arg[1:2] not in {"", "-"} and arg not in _OPTIONS
                else arg
                for at, arg in enumerate(args)
            ],
        )


@click.command("search", cls=_Search)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--link", metavar="URL", help="Report whether this link, its page or its domain ran before.")
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="WORDS",
    help="Search only sections with these words in their heading.",
)
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Show at most this many results."
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@in_workspace
def command(
    words: tuple[str, ...],
    *,
    link: str | None,
    sections: tuple[str, ...],
    limit: int,
    as_json: bool,
    root: Path,
    here: Path,
) -> int:
    """Search all issues, including those that are only in archive/.

    Searches titles, text, captions, alt texts and links for WORDS. Case and accents do not matter. All words have to be in one
    passage: an item, or the other text of a section. If no passage has all of them, issues that have them are shown.

    \b
    "two words"       this exact phrase
    begin*            words with this beginning
    -word             passages without this word
    author:jane       issues by this author
    tag:cars          issues with this tag
    section:news      passages in a section with this word in its heading
    before:2024-03    issues dated before this day, month or year
    after:2024        issues dated on or after its first day
    link:example.org  passages with a link to this domain
    is:draft          issues in this state: draft, scheduled, ready, published,
                      revised, withdrawn; or with a part for paying readers: paid

    Exit codes: 0 something was found, 1 nothing was found. With --link: 0 the link or its page ran before, 1 it did not.
    """  # noqa: D301 - the backspace is for click: it leaves the lines as they are
    from newsletter.commands.search import search_link
    from newsletter.errors import UsageError

    del here
    with progress_on(sys.stderr, "Reading issues") as progress:
        if link is not None:
            if words or sections:
                raise UsageError(
                    "--link searches for one link only", hint="To combine it with words, write link:example.org"
                )
            ran = search_link(root, link, now=clock(), limit=limit, progress=progress)
            _show_link(ran, from_here(root), limit) if not as_json else print_json(_plain_links(ran, limit))
            return 0 if ran.ran else 1
        found = _search(root, words, sections, limit, progress)
    if as_json:
        print_json(_plain(found))
    else:
        _show(found, from_here(root))
    return 0 if found.found.hits else 1


def _search(
    root: Path,
    words: tuple[str, ...],
    sections: tuple[str, ...],
    limit: int,
    progress: Callable[[int, int], None] | None,
) -> Searched:
    """The result of a search. An argument with spaces is a phrase, or separate words if no issue has the phrase."""
    from newsletter.commands.search import search

    ask = partial(search, root, now=clock(), sections=sections, limit=limit, progress=progress)
    phrases = " ".join(f'"{word}"' if _may_be_phrase(word) else word for word in words)
    found = ask(phrases)
    plain = " ".join(words)
    return ask(plain) if phrases != plain and (found.found.spread or not found.found.hits) else found


def _may_be_phrase(word: str) -> bool:
    return " " in word.strip() and not set(word) & set('":*') and " -" not in word


def _show(searched: Searched, shown: PathShown) -> None:
    found = searched.found
    if not found.hits:
        click.echo("nothing was found", err=True)
        for word, meant in searched.nearest.items():
            click.echo(f"no issue has the word `{word}`. Did you mean `{meant}`?", err=True)
        return
    if found.spread:
        click.echo("No passage has all of these words. These issues have, in several:\n")
    for hit in found.hits:
        _show_hit(hit, searched, shown)
    count = f"{'more than ' if found.more else ''}{plural(found.total, 'issue' if found.spread else 'passage')}"
    rest = f"; the first {len(found.hits)} are shown (--limit)" if found.total > len(found.hits) else ""
    click.echo(f"{count}{rest}", err=True)


def _show_hit(hit: Hit, searched: Searched, shown: PathShown) -> None:
    from newsletter.archive.search.passages import TITLE
    from newsletter.archive.search.snippets import snippet_of, title_marks
    from newsletter.report.base import safe

    terms = searched.query.terms
    snippet = snippet_of(hit.passage, terms)
    section = "" if hit.passage.section == hit.passage.title else hit.passage.section
    title = " ".join((hit.passage.title or hit.issue.title).split())
    place = (
        click.style(f"{shown(hit.issue.path)}:{snippet.line}", fg="cyan")
        if colours(sys.stdout)
        else f"{shown(hit.issue.path)}:{snippet.line}"
    )
    click.echo(f"{place}  {_marked(_pieces(title, title_marks(title, terms)))}", color=colours(sys.stdout))
    click.echo(f"    {safe(_about(hit.issue, section, searched.states))}{_signs(hit, snippet.paid)}")
    if snippet.text and snippet.kind != TITLE:
        click.echo(f"    {_marked(snippet.pieces)}", color=colours(sys.stdout))
    click.echo()


def _about(issue: IndexedIssue, section: str, states: States) -> str:
    state = states.of(issue)
    gone = "no longer in issues/" if states.is_gone(issue) else ""
    number = "" if issue.number is None else f"No. {issue.number}"
    parts = (number, issue.day or "no date", issue.title, section, "" if state == "published" else state, gone)
    return " · ".join(" ".join(part.split()) for part in parts if part)


def _signs(hit: Hit, paid: bool) -> str:
    if paid:
        return " · for paying readers only"
    return " · in part for paying readers only" if hit.paid else ""


def _pieces(text: str, marks: Iterable[tuple[int, int]]) -> Iterable[tuple[str, bool]]:
    from newsletter.archive.search.folding import composed_text
    from newsletter.archive.search.snippets import HitSnippet

    return HitSnippet(composed_text(text), tuple(marks), 0).pieces


def _marked(pieces: Iterable[tuple[str, bool]]) -> str:
    """The text with the matches in bold, if the terminal supports it."""
    from newsletter.report.base import safe

    bold = colours(sys.stdout)
    return "".join(click.style(safe(text), bold=True) if hit and bold else safe(text) for text, hit in pieces)


def _show_link(ran: LinkSearch, shown: PathShown, limit: int) -> None:
    if not ran.ran:
        click.echo("this link has not run before")
    for what, hits in (("this link", ran.exact), ("the same page with another query or fragment", ran.page)):
        issues = len({hit.issue.path for hit in hits})
        _show_links(what, hits[:limit], (len(hits), issues), ran, shown)
    _show_links(f"other pages of {ran.host}", ran.domain[:DOMAIN_SHOWN], (ran.times, ran.issues), ran, shown)


def _show_links(
    what: str, hits: tuple[LinkHit, ...], counts: tuple[int, int], ran: LinkSearch, shown: PathShown
) -> None:
    from newsletter.report.base import safe

    times, issues = counts
    if not hits:
        return
    latest = ", the latest:" if times > len(hits) else ""
    click.echo(f"{what}: {plural(times, 'time')} in {plural(issues, 'issue')}{latest}")
    for hit in hits:
        paid = " · for paying readers only" if hit.link.paid else ""
        click.echo(
            f"  {shown(hit.issue.path)}:{hit.link.line}  {safe(' '.join(hit.link.text.split()) or hit.link.href)}"
        )
        click.echo(f"    {safe(_about(hit.issue, hit.passage.section, ran.states))}{paid}")
        if what != "this link":
            click.echo(f"    {safe(hit.link.href)}")


def _plain(searched: Searched) -> dict[str, Any]:
    from newsletter.commands.search import plain_hit

    found = searched.found
    return {
        "total": found.total,
        "more": found.more,
        "spread": found.spread,
        "hits": [plain_hit(hit, searched) for hit in found.hits],
    }


def _plain_links(ran: LinkSearch, limit: int) -> dict[str, Any]:
    from newsletter.commands.search import plain_link

    kinds = {"exact": ran.exact, "page": ran.page, "domain": ran.domain}
    totals = {"exact_total": len(ran.exact), "page_total": len(ran.page), "domain_total": ran.times}
    hits = {kind: [plain_link(hit, ran.states) for hit in hits[:limit]] for kind, hits in kinds.items()}
    return {"address": ran.address, "ran": ran.ran, **totals, **hits}
