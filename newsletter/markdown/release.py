"""Whether the front matter lets an issue be published: one answer for the archive, the feeds, the preview, every output.

Our own word is `draft`. The words of other tools count the same, because a letter from such a tool was held back by
them: nothing is published because a word is unknown here. Anything but a clear yes is a no.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

DRAFT = "draft"
_DRAFTS = frozenset((DRAFT, "drafts"))
_HIDES = frozenset(
    """
    isdraft drafted draftuntil hidden ishidden hiddenfromfeed private isprivate unlisted wip unpublished unreleased
    unfinished incomplete expired expires expiresat expireson expiry expirydate expirationdate unpublishat unpublishon
    unpublishdate embargo embargoed embargountil future donotpublish dontpublish nopublish notready headless disabled deleted
    trash trashed ignored eleventyexcludefromcollections
    """.split()
)
"""Keys by which an issue is held back, unless they say no. (Jekyll, Hugo, Eleventy, Hexo, Pelican, Zola, Lektor, beehiiv …)"""
_SHOWS = frozenset(
    """
    published ispublished publish ispublic public dgpublish released isreleased live islive visible isvisible listed ready
    approved discoverable online publishdate publisheddate publishedat publishedon publishat publishon publishtime
    publicationdate pubdate releasedate releaseat scheduled scheduledfor scheduledat scheduleat scheduledate scheduledtime
    sendat senddate sendon goliveat
    """.split()
)
"""Keys by which an issue goes out, unless they are empty, say no, or name a day that is later than its date."""
_WRITES = frozenset("permalink render output".split())
"""Keys by which a page is not written if they say no; empty, they say nothing."""
_STATES = frozenset(
    """
    status poststatus publishstatus publishingstatus publicationstatus reviewstatus state poststate publishstate workflow
    workflowstate stage phase visibility audience access accesslevel emailtype
    """.split()
)
"""Keys that say by a word how far an issue is, or for whom it is."""
_HELD = frozenset(
    """
    draft drafts drafting wip private hidden unlisted unpublished scheduled schedule pending review reviewing inreview expired
    embargo embargoed future trash trashed deleted todo unfinished incomplete progress inprogress internal member members paid
    premium founding tiers protected disabled inactive unreleased not notready notpublished no off false never later idea
    planned outline writing editing confidential secret
    entwurf brouillon borrador bozza rascunho utkast udkast klad concept черновик 草稿 下書き 초안
    """.split()
)
"""Words in such a value that hold an issue back."""
_NO = frozenset("false no off n 0 never".split())
_NESTED = ("build", "_build")
"""Hugo's: `build: {render: never}`."""
_DRAFT_LIKE = re.compile(r"d\w{3,6}")
_UNSAID = re.compile(r"[\W_]+")


def release_day(moment: datetime | None, name: str) -> date | None:
    """The day on which an issue goes out, as its front matter says it, else the name of its file or folder."""
    if moment is not None:
        return moment.date()
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None


def held_by(values: Mapping[str, object], day: date | None, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    """The fields of a front matter that hold its issue back, by their paths. `day` is that of the issue, in `zone`."""
    for name, value in values.items():
        if name in _NESTED and isinstance(value, dict):
            yield from ((name, inner) for inner in value if _is_held(_key(inner), value[inner], day, zone))
        elif _is_held(_key(name), value, day, zone):
            yield (name,)


def is_about_release(name: str) -> bool:
    """Whether a key says if its issue may go out."""
    key = _key(name)
    return key == DRAFT or key in _HIDES or key in _SHOWS or _is_slip(key)


def only_holds(name: str, value: object) -> bool:
    """Whether an entry says no more than that its issue is held back: `published: false`, `status: draft`; no day, no readers."""
    key = _key(name)
    if key == "type" or key in _STATES:
        return isinstance(value, str) and _key(value) in _DRAFTS
    if key in _SHOWS:
        return value is False
    return (is_draft(name) or key == DRAFT or key in _HIDES) and (
        value is True or (key == DRAFT and value in (None, ""))
    )


def without_release(values: Mapping[str, object]) -> Mapping[str, object]:
    """The entries of a front matter that say something else than whether its issue may go out."""
    return {name: value for name, value in values.items() if _key(name) != DRAFT and not only_holds(name, value)}


def is_draft(name: str) -> bool:
    """Whether a key is our own `draft`, spelt or typed in some way."""
    key = _key(name)
    return key in {"isdraft", "drafted", "draftuntil"} or _is_slip(key)


def _key(name: str) -> str:
    """A key however it is spelt: `is-draft`, `is_draft` and `isDraft` are one."""
    return _UNSAID.sub("", name).casefold()


def _is_held(key: str, value: object, day: date | None, zone: tzinfo) -> bool:
    if key == DRAFT or key in _HIDES or _is_slip(key):
        return not (value is False or (key != DRAFT and _is_no(value)))
    if key in _SHOWS:
        return value is None or value == "" or _is_no(value) or _is_held_word(value) or _is_later(value, day, zone)
    if key in _WRITES:
        return _is_no(value)
    if key == "type":  # `type: review` is one of books
        return isinstance(value, str) and _key(value) in _DRAFTS
    return key in _STATES and (value is False or _is_held_word(value))


def _is_slip(key: str) -> bool:
    """Whether a key is `draft` mistyped: nobody who writes `darft: true` means the issue to go out."""
    if key in _DRAFTS:
        return True
    if not _DRAFT_LIKE.fullmatch(key) or key[:4] in {"date", "desc"}:
        return False
    from newsletter.suggest import closest

    return bool(closest(key, (DRAFT,), cutoff=0.75))


def _is_no(value: object) -> bool:
    return value is False or (isinstance(value, (int, str)) and str(value).strip().casefold() in _NO)


def _is_held_word(value: object) -> bool:
    """Whether a value has a word in it that holds back: `in review`, `[private]`, `not-ready`."""
    if isinstance(value, list):
        return any(map(_is_held_word, value))
    return isinstance(value, str) and not _HELD.isdisjoint([*_UNSAID.split(value.casefold()), _key(value)])


def _is_later(value: object, day: date | None, zone: tzinfo) -> bool:
    """Whether a value names a day on which the issue, by its own date, would be out already."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return False
    if isinstance(value, datetime):
        value = value.astimezone(zone).date() if value.tzinfo else value.date()
    return isinstance(value, date) and (day is None or value > day)
