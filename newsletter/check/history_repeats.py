"""HS: what ran before: a link, a picture, a title, a text of the front matter.

What ran in several earlier issues is standing matter, no news: it is not told.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from stat import S_ISREG
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.history_record import FIELDS, pictures_in, said, same_address, section_key, stories_in
from newsletter.check.wording import quoted
from newsletter.model import LinkForm
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import stat_result
    from pathlib import Path

    from newsletter.check.base import CheckContext
    from newsletter.check.history_record import PastIssue
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Link

STANDING = 3
"""What ran in so many earlier issues stands in the letter on purpose."""
COPIED = 4
"""From so many repeated stories on, when they are most of the issue, it is told once: the issue was copied."""
_LONG_TITLE = 24
"""Characters from which on two titles are hardly the same by chance."""
_LONG_TEXT = 12


def story_ran(context: CheckContext) -> Iterator[Diagnostic]:
    """HS101: the link of a story was that of a story in an earlier issue."""
    if context.past is None:
        return
    stories = list(_stories(context))
    repeated = [(link, ran[-1]) for link in stories if (ran := _ran(context, link))]
    if len(repeated) >= COPIED and len(repeated) * 2 > len(stories):
        yield from _copied(context, repeated, len(stories))
        return
    for link, issue in repeated:
        line = issue.line_of(same_address(link.href))
        yield context.found(
            "HS101",
            link.span if link.form is LinkForm.REFERENCE or not link.href_span.end else link.href_span,
            f"this link ran in {issue.called} already",
            label=f"{issue.path}:{line}",
            mend="Say what is new about it, or leave it out.",
        )


def _copied(context: CheckContext, repeated: list[tuple[Link, PastIssue]], stories: int) -> Iterator[Diagnostic]:
    """Most stories ran before: copied from one issue, that is one mistake; gathered from several, it is a look back."""
    source = max((issue for _, issue in repeated), key=lambda issue: sum(other is issue for _, other in repeated))
    from_there = [link for link, issue in repeated if issue is source]
    if len(from_there) * 2 > stories:
        yield context.found(
            "HS101",
            from_there[0].span,
            f"{len(from_there)} of the {stories} links ran in {source.called} already, this the first",
            label=f"{source.path}:{source.line_of(same_address(from_there[0].href))}",
            mend="Replace what was copied from there.",
        )


def _stories(context: CheckContext) -> Iterator[Link]:
    """Each story once, without the publication's own pages, the home pages of others, and sections of things that stay."""
    own = urlsplit(context.publication.url).netloc.lower().removeprefix("www.")
    seen = set()
    for section, found, items in zip(context.issue.sections, context.matched, context.items, strict=True):
        if context.past is None or context.past.repeats(section_key(section, found)):
            continue
        for link in stories_in(section, found, items, context.house):
            address = same_address(link.href)
            if "/" in address and not f"{address}/".startswith(f"{own}/") and address not in seen:
                seen.add(address)
                yield link


def _ran(context: CheckContext, link: Link) -> list[PastIssue]:
    ran = context.past.with_story(same_address(link.href)) if context.past else []
    return ran if len(ran) < STANDING else []


def picture_ran(context: CheckContext) -> Iterator[Diagnostic]:
    """HS102: a picture, by its address or by the content of its file, was in an earlier issue."""
    seen = set()
    for name, span in pictures_in(context.issue) if context.past else ():
        ran = [] if name in seen else _pictured(context, name)
        seen.add(name)
        if 0 < len(ran) < STANDING:
            issue, there = ran[-1]
            yield context.found(
                "HS102",
                span,
                f"this picture was in {issue.called} already",
                label=f"{issue.path}:{issue.pictures[there]}",
                mend="Take another picture.",
            )


def _pictured(context: CheckContext, name: str) -> list[tuple[PastIssue, str]]:
    """The earlier issues that had a picture, each with what it is called there."""
    past, root = context.past, context.root
    if past is None:
        return []
    ran = {issue.path: (issue, name) for issue in past.with_picture(name)}
    content = "" if name.startswith("//") else _content(root, name)
    for issue in past.with_picture_of(_size(root, name), lambda other: _size(root, other)) if content else ():
        there = next((other for other in issue.pictures if _content(root, other) == content), "")
        if there:
            ran.setdefault(issue.path, (issue, there))
    return sorted(ran.values(), key=lambda pair: pair[0].order)


def _size(root: Path, name: str) -> int:
    """Bytes of a picture's file; 0 where there is none here."""
    found = _state(root, name)
    return found.st_size if found else 0


def _content(root: Path, name: str) -> str:
    """A fingerprint of a picture's file; empty where there is none here."""
    found = _state(root, name)
    return _fingerprint(root / name, found.st_size, found.st_mtime_ns) if found and found.st_size else ""


def _state(root: Path, name: str) -> stat_result | None:
    try:
        found = None if name.startswith(("/", "../")) else (root / name).stat()
    except (OSError, ValueError):
        return None
    return found if found and S_ISREG(found.st_mode) else None


@lru_cache(maxsize=4096)
def _fingerprint(file: Path, size: int, changed: int) -> str:  # noqa: ARG001 - of this very state of the file
    return blake2b(file.read_bytes(), digest_size=16).hexdigest()


def title_ran(context: CheckContext) -> Iterator[Diagnostic]:
    """HS103: an item's title was one of an earlier issue, or the issue's title was an earlier one's."""
    past, issue = context.past, context.issue
    if past is None:
        return
    ran = past.with_text("title", said(issue.title)) if issue.title else []
    if 0 < len(ran) < STANDING:
        yield context.found(
            "HS103", issue.front.where("title"), f"{ran[-1].called} has this title already", label=ran[-1].path
        )
    repeated = {same_address(link.href) for link in _stories(context) if _ran(context, link)}
    for item in (item for items in context.items for item in items):
        title = said(plain_text(item.title))
        told = item.link is not None and same_address(item.link.href) in repeated
        ran = past.with_title(title) if len(title) >= _LONG_TITLE and not told else []
        if 0 < len(ran) < STANDING:
            yield context.found(
                "HS103",
                item.title_span,
                f"an item of {ran[-1].called} had this title already",
                label=f"{ran[-1].path}:{ran[-1].titles[title]}",
            )


def text_copied(context: CheckContext) -> Iterator[Diagnostic]:
    """HS107: a text of the front matter is that of an earlier issue."""
    if context.past is None:
        return
    for name in FIELDS:
        text = getattr(context.issue, name)
        if name == "title" or len(text) < _LONG_TEXT:
            continue
        ran = context.past.with_text(name, said(text))
        if 0 < len(ran) < STANDING:
            yield context.found(
                "HS107",
                context.issue.front.where(name),
                f"the {name} is still that of {ran[-1].called}: {quoted(text, 40)}",
                label=ran[-1].path,
                mend="Write one for this issue.",
            )
