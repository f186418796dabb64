"""The pages at old addresses that readers may have saved.

The page of a withdrawn issue says that it was withdrawn. The page at a former address redirects. Some hosts read a file
of redirects instead, whose lines are made here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.archive.redirects import written_path
from newsletter.names import in_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.archive.record import Record, Trace
    from newsletter.archive.redirects import Redirect
    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.render.page import PageTheme

NETLIFY, CLOUDFLARE, APACHE = "netlify", "cloudflare", "apache"
FILES = {NETLIFY: "_redirects", CLOUDFLARE: "_redirects", APACHE: ".htaccess"}
"""The redirect file that a host reads at the top of the site, by the name of the host in newsletter.yaml."""


def trace_page(publication: Publication, language: Language, theme: PageTheme, to: str, title: str) -> str:
    """The page of an address that no issue has: it redirects to the slug `to`, or says that the issue was withdrawn."""
    return theme.fill(
        "trace.html",
        publication=publication,
        language=language,
        face=theme.face(language.code),
        words=language.words,
        home="../",
        headline=language.words["moved" if to else "withdrawn"],
        to=in_address(to) if to else "",
        title=title,
    )


def titles_of(record: Record) -> Mapping[str, str]:
    """The titles of the issues that are not withdrawn, by slug."""
    return {issue.slug: issue.title for issue in record.standing}


def redirects(publication: Publication, traces: Sequence[Trace], former: Sequence[Redirect] = ()) -> str:
    """The file of redirects in the format of the publication's host; empty without a host or without redirects.

    `former` are the former addresses that issues name themselves.
    """
    host = publication.archive.redirects
    if host not in FILES:
        return ""
    moved = [(in_address(slug), in_address(to)) for slug, to in traces if to]
    path = urlsplit(publication.url).path
    lines: list[str] = []
    for slug, to in moved:
        if host == NETLIFY:
            # `!`: redirects even if a page exists at this address (docs.netlify.com, Redirects, Shadowing).
            lines.append(f"{path}{slug}/* {path}{to}/:splat 301!")
        elif host == CLOUDFLARE:
            # This host always redirects, and does not support `!`. It accepts only 100 redirects with a pattern
            # (developers.cloudflare.com, Redirects).
            lines += [f"{path}{slug}{end} {path}{to}/ 301" for end in ("", "/")]
        else:
            lines.append(f'RedirectPermanent "{path}{slug}/" "{publication.url}{to}/"')
    for one in former:
        # A star and a colon would have a special meaning there.
        old, new = written_path(one.old).replace("*", "%2A").replace(":", "%3A"), written_path(one.new)
        if host == APACHE:
            lines.append(f'RedirectPermanent "{path}{old}" "{publication.url}{new}"')
        else:
            lines.append(f"{path}{old} {path}{new} 301{'!' if host == NETLIFY else ''}")
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))
