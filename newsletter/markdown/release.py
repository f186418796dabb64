"""Whether the front matter lets an issue be published: one answer for the archive, feeds, preview and all outputs.

Our own key is `draft`. The keys of other tools count the same, because they held the letter back there. An issue must
not be published only because a key is unknown here. Anything but a clear yes is a no.
"""

from __future__ import annotations

import re
from contextlib import suppress
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
"""Keys that hold an issue back, unless they say no. (Jekyll, Hugo, Eleventy, Hexo, Pelican, Zola, Lektor, beehiiv …)"""
_SHOWS = frozenset(
    """
    published ispublished publish ispublic public dgpublish released isreleased live islive visible isvisible listed ready
    approved discoverable online publishdate publisheddate publishedat publishedon publishat publishon publishtime
    publicationdate pubdate releasedate releaseat scheduled scheduledfor scheduledat scheduleat scheduledate scheduledtime
    sendat senddate sendon goliveat
    """.split()
)
"""Keys that release an issue, unless they are empty, say no, or have a day later than its date."""
_WRITES = frozenset("permalink render output".split())
"""Keys that keep a page from being written if they say no; an empty value has no effect."""
_STATES = frozenset(
    """
    status poststatus publishstatus publishingstatus publicationstatus reviewstatus state poststate publishstate workflow
    workflowstate stage phase visibility audience access accesslevel emailtype
    """.split()
)
"""Keys with a word for the state of an issue, or for its audience."""
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
"""Hugo's form: `build: {render: never}`."""
_DRAFT_LIKE = re.compile(r"d\w{3,6}")
_SEPARATORS = re.compile(r"[\W_]+")


def release_day(moment: datetime | None, name: str) -> date | None:
    """The publication day of an issue, from its front matter, else from the name of its file or folder."""
    if moment is not None:
        return moment.date()
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None


def held_by(values: Mapping[str, object], day: date | None, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    """The front matter fields that hold their issue back, by their paths. `day` is that of the issue, in `zone`."""
    for name, value in values.items():
        if name in _NESTED and isinstance(value, dict):
            yield from ((name, inner) for inner in value if _is_held(_key(inner), value[inner], day, zone))
        elif _is_held(_key(name), value, day, zone):
            yield (name,)


def is_about_release(name: str) -> bool:
    """Whether a key decides if its issue may be published."""
    key = _key(name)
    return key == DRAFT or key in _HIDES or key in _SHOWS or _is_slip(key)


def only_holds(name: str, value: object) -> bool:
    """Whether an entry only holds its issue back: `published: false`, `status: draft`; no day, no readers."""
    key = _key(name)
    if key == "type" or key in _STATES:
        return isinstance(value, str) and _key(value) in _DRAFTS
    if key in _SHOWS:
        return value is False
    return (is_draft(name) or key == DRAFT or key in _HIDES) and (
        value is True or (key == DRAFT and value in (None, ""))
    )


def without_release(values: Mapping[str, object]) -> Mapping[str, object]:
    """The entries of a front matter that are not about publishing."""
    return {name: value for name, value in values.items() if _key(name) != DRAFT and not only_holds(name, value)}


def is_draft(name: str) -> bool:
    """Whether a key is our own `draft`, in any spelling or with a typo."""
    key = _key(name)
    return key in {"isdraft", "drafted", "draftuntil"} or _is_slip(key)


def _key(name: str) -> str:
    """A key in normalised spelling: `is-draft`, `is_draft` and `isDraft` are the same."""
    return _SEPARATORS.sub("", name).casefold()


def _is_held(key: str, value: object, day: date | None, zone: tzinfo) -> bool:
    if key == DRAFT or key in _HIDES or _is_slip(key):
        return not (value is False or (key != DRAFT and _is_no(value)))
    if key in _SHOWS:
        return value is None or value == "" or _is_no(value) or _is_held_word(value) or _is_later(value, day, zone)
    if key in _WRITES:
        return _is_no(value)
    if key == "type":  # `type: review` means a book review
        return isinstance(value, str) and _key(value) in _DRAFTS
    return key in _STATES and (value is False or _is_held_word(value))


def _is_slip(key: str) -> bool:
    """Whether a key is a typo of `draft`: nobody who writes `darft: true` wants the issue published."""
    if key in _DRAFTS:
        return True
    if not _DRAFT_LIKE.fullmatch(key) or key[:4] in {"date", "desc"}:
        return False
    from newsletter.suggest import closest

    return bool(closest(key, (DRAFT,), cutoff=0.75))


def _is_no(value: object) -> bool:
    return value is False or (isinstance(value, (int, str)) and str(value).strip().casefold() in _NO)


def _is_held_word(value: object) -> bool:
    """Whether a value contains a word that holds an issue back: `in review`, `[private]`, `not-ready`."""
    if isinstance(value, list):
        return any(map(_is_held_word, value))
    return isinstance(value, str) and not _HELD.isdisjoint([*_SEPARATORS.split(value.casefold()), _key(value)])


def _is_later(value: object, day: date | None, zone: tzinfo) -> bool:
    """Whether a value is a day later than the issue's own date."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return False
    if isinstance(value, datetime):
        value = _day_of(value, zone)
    return isinstance(value, date) and (day is None or value > day)


def _day_of(moment: datetime, zone: tzinfo) -> date:
    if moment.tzinfo:
        with suppress(OverflowError):  # in another zone, it may be a day before the year 1 or after 9999
            return moment.astimezone(zone).date()
    return moment.date()
