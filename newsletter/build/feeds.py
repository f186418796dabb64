"""The feeds of a publication as files: each is rendered only when it is written, and only if its content has changed."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from newsletter.build.facts import PUBLIC_FOLDER, IssueFacts
from newsletter.errors import UsageError, WorldError
from newsletter.project.cache import digest
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.config.publication import Publication
    from newsletter.feeds.documents import FeedDocument
    from newsletter.feeds.identity import FeedLogo
    from newsletter.model import Published
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter
    from newsletter.services.base import Service
    from newsletter.writing import FileContent


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A published issue, with its texts by their hashes (see texts.py)."""

    facts: dict[str, Any]
    """`IssueFacts` as plain values."""
    text: str
    campaign: str = ""
    """The text for the feed of a campaign."""
    mark: str = ""
    """The hash of the facts, if it is known (see `mark_of`)."""


@dataclass(frozen=True, slots=True)
class FeedFiles:
    """The feeds of a publication."""

    outputs: Mapping[str, FileContent]
    """The feeds to write, by path relative to the workspace."""
    names: tuple[str, ...]
    """All of them, including those that are up to date."""
    keys: dict[str, str]
    """The hash of everything that each feed is made from, by name."""


def feed_files(
    project: Project,
    entries: Sequence[FeedEntry],
    text: Callable[[str], str | None],
    *,
    base: str = "",
    is_current: Callable[[str, str], bool] = lambda _name, _key: False,
    published: Sequence[Published] = (),
    marks: Sequence[str] = (),
) -> FeedFiles:
    """The feeds of the issues, which can be in any order. A feed is rendered when it is written.

    `published` are the issues of `entries`, in their order, if they are known already, and `marks` are their
    `entry_marks`. `text` returns a text by its
    hash. `is_current` returns whether a file was made from data with this hash, which includes `base`. Raises UsageError
    if two issues have the same id.
    """
    from newsletter.feeds import MAIN, feed_documents

    publication = project.publication
    issues = published or [_published(publication, entry) for entry in entries]
    known = {each.id: (each, entry) for each, entry in zip(issues, entries, strict=True)}
    if len(known) < len(entries):  # which is reported with their names
        feed_documents(publication, [_published(publication, entry) for entry in entries])
    made_from = dict(zip(known, marks or entry_marks(entries), strict=True))
    logo, outputs = _logo(project)
    keys = dict.fromkeys(outputs, "")
    for document in feed_documents(publication, [each for each, _ in known.values()]):
        held = {each.id: known[each.id][1] for each in document.entries}
        around = repr((document.previous, document.following, document.group and document.group.name))
        key = digest(base, around, logo.url if logo else "", *(made_from[each.id] for each in document.entries))
        make: Callable[[], bytes] = partial(_written, publication, document, held, text, logo)
        if document.path in MAIN:
            make = cache(make)  # It is written to two places.
        for name in _places(document.path, kept=document.path in MAIN):
            keys[name] = key
            if not is_current(name, key):
                outputs[name] = make
    return FeedFiles(outputs, tuple(keys), keys)


def entry_marks(entries: Sequence[FeedEntry]) -> tuple[str, ...]:
    """The hashes of each entry: of its facts and of its texts."""
    return tuple(f"{entry.mark or mark_of(entry.facts)}/{entry.text}/{entry.campaign}" for entry in entries)


def mark_of(facts: dict[str, Any]) -> str:
    """The hash of the facts of an issue."""
    return digest(json.dumps(facts, sort_keys=True))


LOGO_WIDTH, LOGO_HEIGHT = 144, 400
"""The largest size of a channel's picture in RSS 2.0, in CSS pixels."""


def _logo(project: Project) -> tuple[FeedLogo | None, dict[str, FileContent]]:
    """The publication's logo as readers show it beside a feed, and its file, which the email has too.

    None if it cannot be drawn (CF016).
    """
    from newsletter.project.letters import logo_of

    image = logo_of(project)
    if image is None:
        return None, {}
    from newsletter.build.pictures import picture_bytes
    from newsletter.feeds import FOLDER, address_of
    from newsletter.feeds.identity import FeedLogo

    try:
        content = picture_bytes(project.workspace.root, image, image.name)
    except UsageError:
        return None, {}
    scale = min(1.0, LOGO_WIDTH / image.width, LOGO_HEIGHT / image.height)
    shown = (max(1, round(side * scale)) for side in (image.width, image.height))
    name = f"{FOLDER}/{image.name}"
    return FeedLogo(address_of(project.publication, name), *shown), {f"{PUBLIC_FOLDER}/{name}": content}


def _published(publication: Publication, entry: FeedEntry) -> Published:
    return IssueFacts(**entry.facts).published(publication, "")


def _places(path: str, *, kept: bool) -> tuple[str, ...]:
    """The address at which a feed is served, and its path in git."""
    return (*([path] if kept else []), f"{PUBLIC_FOLDER}/{path}")


def _written(
    publication: Publication,
    document: FeedDocument,
    held: Mapping[str, FeedEntry],
    text: Callable[[str], str | None],
    logo: FeedLogo | None,
) -> bytes:
    from newsletter.feeds import write_document

    def text_of(entry: Published) -> str:
        asked = held[entry.id].campaign if document.campaign else held[entry.id].text
        found = text(asked)
        if found is None:
            raise WorldError(
                f"the text of {entry.slug} for the feeds disappeared during the build",
                hint="`newsletter build --fresh` makes it again.",
            )
        return found

    shown = _for_campaign(publication, document) if document.campaign else document
    return write_document(publication, shown, text_of, logo)


def campaign_text(project: Project, letter: Letter) -> str:
    """The letter for the feed of a campaign; empty if newsletter.yaml asks for none."""
    if not project.publication.feeds.campaign:
        return ""
    from newsletter.render.campaign import render_campaign
    from newsletter.services.filling import Filling

    return Filling(_service(project.publication), {}).html(render_campaign(letter))


def _for_campaign(publication: Publication, document: FeedDocument) -> FeedDocument:
    """The document with titles adapted to its service, which uses them as subjects."""
    from newsletter.services.filling import in_a_field

    service = _service(publication)
    entries = (
        replace(entry, title=in_a_field(service, entry.title), summary=in_a_field(service, entry.summary))
        for entry in document.entries
    )
    return replace(document, entries=tuple(entries))


def _service(publication: Publication) -> Service:
    from newsletter.services import service_named

    # The last step is for a letter that is delivered as a whole.
    return replace(service_named(publication.feeds.campaign), last_step=None)
