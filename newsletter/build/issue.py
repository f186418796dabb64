"""Makes one issue: from its file to the bytes of its outputs, in any process."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsletter.build.errors import context_for, errors_of, missing_from
from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER, IssueFacts, Made, with_standing
from newsletter.build.holding import leaks
from newsletter.config.site_paths import former_addresses
from newsletter.diagnostics import Diagnostic
from newsletter.errors import UsageError
from newsletter.files import PICTURE_LIMIT, decode, read_file
from newsletter.markdown.fields import at_fallbacks
from newsletter.model import Correction, Span
from newsletter.names import composed, same_file_key
from newsletter.project.letters import (
    PAID,
    attached_path,
    enclosures_of,
    has_paid_pictures,
    letter_of,
    render,
    render_email,
    shared_attachments,
)
from newsletter.project.parsed import named_pictures, needs_of, pictures_of_snippets
from newsletter.project.tags import feed_identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.build.facts import AsRecorded, BuildJob
    from newsletter.build.pictures import PictureFault
    from newsletter.config.publication import Publication
    from newsletter.config.workspace import IssueFile
    from newsletter.model import ImageFile, Issue
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.images.cards import CardText
    from newsletter.render.letter import Letter, Neighbour


BEGUN = 1000
"""The number of partly parsed issues that are kept in memory.

Parsing the start of a text again is cheap, but memory for ten thousand issues is not.
"""


def facts_of(
    project: Project, file: IssueFile, content: bytes | None = None
) -> tuple[IssueFacts, tuple[Diagnostic, ...]]:
    """The facts from the front matter alone, and the faults that keep the issue from being built.

    `content` is that of its file, if it was read already. Parsing the whole issue later continues from there.
    """
    given = () if content is None else decode(content, file.path)
    parsed = project.read_front(file, *given)
    if len(project.begun) < BEGUN:
        project.begun[file.path] = parsed
    return facts_from(project.publication, parsed), parsed.faults


def facts_from(publication: Publication, parsed: ParsedIssue) -> IssueFacts:
    """The facts from the front matter of an issue."""
    issue = parsed.issue
    return IssueFacts(
        path=parsed.file.path,
        slug=issue.slug,
        title=issue.title or parsed.file.name,
        number=issue.number,
        date=issue.date.isoformat() if issue.date else "",
        updated=issue.updated.isoformat() if issue.updated else "",
        draft=issue.draft,
        id=feed_identity(publication, composed(issue.front.text("id")) or parsed.file.name),
        subtitle=issue.subtitle,
        summary=at_fallbacks(issue.personal.get("summary", issue.summary), publication.personal_fields),
        authors=[publication.authors[key].name if key in publication.authors else key for key in issue.authors],
        tags=list(issue.tags),
        language=issue.language,
        original=asdict(issue.original) if issue.original and issue.original.url else None,
        canonical=issue.canonical,
        cover_src=issue.cover.src if issue.cover else "",
        former=former_addresses(issue.front),
    )


def make(project: Project, job: BuildJob) -> Made:
    """Parses, composes and renders one issue. Nothing is written, and its pictures are not made yet.

    If paid text might not be held back from free readers, or if the reader's copy would lack something, the result has
    only `faults`.
    """
    from newsletter.build.feeds import campaign_text
    from newsletter.render.feed import render_feed

    parsed = project.read(job.file)
    if job.standing:
        parsed.issue = as_recorded(parsed.issue, job.standing)
    context = context_for(project, parsed)
    if faults := leaks(project, parsed, context):
        return _refused(job, faults)
    previous, following = (_neighbour(project, facts) for facts in (job.previous, job.following))
    letter = letter_of(project, parsed, previous=previous, following=following, lapsed=job.lapsed)
    letter, card = with_card(project, letter) if job.public else (letter, {})
    letters = [letter, letter_of(project, parsed, paid=True)] if letter.edition else [letter]
    outputs, pictures = _outputs_of_all(project, parsed, letters, job, card)
    if faults := (*unreadable_pictures(project, parsed, letters), *missing_from(project, parsed, context)):
        return _refused(job, faults)
    return Made(
        path=job.file.path,
        facts=asdict(with_standing(full_facts(project, parsed, letter), job.standing)),
        outputs=outputs,
        pictures=pictures,
        images=tuple(dict.fromkeys(image for one in letters for image in one.images.values())),
        places={
            **_places_in_snippets(project, parsed),
            **{source: place for one in reversed(letters) for source, place in _places(parsed, one).items()},
        },
        needs=_all_needs(project, parsed, letters, [near for near in (previous, following) if near]),
        feed=render_feed(letter) if job.feed else "",
        errors=len(errors_of(project, parsed, context)),
        campaign=campaign_text(project, letter) if job.feed else "",
    )


def _all_needs(
    project: Project, parsed: ParsedIssue, letters: Sequence[Letter], near: Sequence[Neighbour]
) -> tuple[str, ...]:
    """The files that an issue depends on, including missing ones."""
    stills = (name for letter in letters for name in _possible_stills(letter))
    covers = (neighbour.cover.source for neighbour in near if neighbour.cover)
    shared = shared_attachments(project, parsed)
    return tuple(sorted({*needs_of(parsed, project.workspace.root), *stills, *covers, *shared}))


def as_recorded(issue: Issue, standing: AsRecorded) -> Issue:
    """The issue as in the record: with its address there, and the corrections made after it was published."""
    corrections = tuple(Correction(datetime.fromisoformat(at), note) for at, note in standing.corrections)
    updated = datetime.fromisoformat(standing.updated) if standing.updated else issue.updated
    return replace(issue, slug=standing.slug, updated=updated, corrections=corrections, draft=False)


def _refused(job: BuildJob, faults: tuple[Diagnostic, ...]) -> Made:
    return Made(job.file.path, {}, {}, {}, (), {}, (), "", faults)


def unreadable_pictures(project: Project, parsed: ParsedIssue, letters: list[Letter]) -> Iterator[Diagnostic]:
    """FG106 for files that are not usable pictures, each once."""
    from newsletter.pictures import find_picture
    from newsletter.pictures.files import picture_file

    root = project.workspace.root
    made = {(parsed.file.path, src) for letter in letters for src in letter.images}
    named = [(parsed.file.path, src, span) for src, span in named_pictures(parsed.issue)]
    named += [(path, src, span) for src, path, span in pictures_of_snippets(parsed, root)]
    for where, src, span in named:
        path = None if (where, src) in made else find_picture(src, (root / where).parent, root)
        made.add((where, src))
        if path and (fault := picture_file(path).fault):
            message = f"`{unquote(src).rpartition('/')[2]}` {fault}"
            yield Diagnostic(where, span, "FG106", message)


def _neighbour(project: Project, facts: IssueFacts | None) -> Neighbour | None:
    from newsletter.render.layout import page_url
    from newsletter.render.letter import Neighbour

    if facts is None:
        return None
    url = page_url(project.publication, facts.slug)
    return Neighbour(facts.title, url, facts.number, _cover(project, facts))


def _cover(project: Project, facts: IssueFacts) -> ImageFile | None:
    """The cover of an issue as its page has it; None if there is none, or it is elsewhere on the web."""
    if not facts.cover_src:
        return None
    from newsletter.project.letters import planned_picture

    return planned_picture(project, facts.path.rpartition("/")[0], facts.cover_src)


def _outputs_of_all(
    project: Project, parsed: ParsedIssue, letters: Sequence[Letter], job: BuildJob, card: Mapping[str, bytes]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of the letter for everybody and of that for paying readers, if there is one; and their pictures."""
    letter, *others = letters
    home = f"{PUBLIC_FOLDER if job.public else EMAIL_FOLDER}/{letter.issue.slug}"
    outputs, pictures = _outputs(project, parsed, letter, job, home), _pictures(letter, home)
    outputs = _apart(outputs, {f"{home}/{name}": content for name, content in card.items()})
    for paid in others:
        outputs |= _paid_outputs(project, parsed, paid, letter)
        pictures |= _paid_pictures(paid, letter)
    _apart(outputs, pictures)
    return outputs, pictures


def _outputs(project: Project, parsed: ParsedIssue, letter: Letter, job: BuildJob, home: str) -> dict[str, bytes]:
    from newsletter.services import GENERIC, export_files

    rendering = render(project, letter)
    exported = export_files(rendering, GENERIC, name="email", tokens={})
    outputs = {f"{EMAIL_FOLDER}/{letter.issue.slug}/{name}": content for name, content in exported.items()}
    outputs[f"{home}/{'index' if job.public else 'page'}.html"] = rendering.page.encode()
    attached = {f"{home}/{name}": _attached(project, parsed, href) for href, name in letter.attachments.items()}
    return _apart(outputs, attached)


def _attached(project: Project, parsed: ParsedIssue, href: str) -> bytes:
    path = attached_path(project, parsed.file.folder, href)
    return read_file(project.workspace.root / path, path, PICTURE_LIMIT)


def _paid_outputs(project: Project, parsed: ParsedIssue, paid: Letter, free: Letter) -> dict[str, bytes]:
    """The paying readers' email, and the files for it alone: all beside the other email, nothing in public/."""
    from newsletter.services import GENERIC, export_files

    folder = f"{EMAIL_FOLDER}/{paid.issue.slug}"
    exported = export_files(render_email(project, paid), GENERIC, name="email-paid", tokens={})
    outputs = {f"{folder}/{name}": content for name, content in exported.items()}
    for href, address in paid.attachments.items():
        if href not in free.attachments:
            name = f"{folder}/{PAID}/{address.rpartition('/')[2]}"
            outputs = _apart(outputs, {name: _attached(project, parsed, href)})
    return outputs


def _apart(ours: dict[str, bytes], theirs: Mapping[str, object]) -> dict[str, Any]:
    """Two sets of files as one.

    Raises UsageError if two have the same name: neither may replace the other.
    """
    taken = {same_file_key(name): name for name in ours}
    for name in theirs:
        if other := taken.get(same_file_key(name)):
            raise UsageError(f"{name} would overwrite {other}, which comes from another file", hint="Rename the file.")
    return {**ours, **theirs}


def _paid_pictures(paid: Letter, free: Letter) -> dict[str, str]:
    """All pictures of the email of paying readers, if it has some that the web archive does not show."""
    if not has_paid_pictures(paid, free):
        return {}
    from newsletter.build.pictures import kept
    from newsletter.render.images.plan import mail_names

    folder = f"{EMAIL_FOLDER}/{paid.issue.slug}/{PAID}"
    return {f"{folder}/{name}": kept(name) for image in paid.images.values() for name in mail_names(image)}


def full_facts(project: Project, parsed: ParsedIssue, letter: Letter) -> IssueFacts:
    """The facts, with those that need the whole letter."""
    from newsletter.build.filing import credits_of, sections_of, sites_of

    issue, web = parsed.issue, letter.shown_in("web")
    cover = letter.images.get(issue.cover.src) if issue.cover else None
    return replace(
        facts_from(project.publication, parsed),
        minutes=web.minutes,
        cover=asdict(cover) if cover else None,
        cover_alt=issue.cover.alt if issue.cover else "",
        enclosures=[asdict(enclosure) for enclosure in enclosures_of(project, letter)],
        sections=sections_of(web),
        sites=sites_of(web, project.publication),
        credits=credits_of(web),
    )


def _pictures(letter: Letter, home: str) -> dict[str, str]:
    if not letter.images:
        return {}
    from newsletter.build.pictures import kept
    from newsletter.render.images.plan import file_names

    return {f"{home}/{name}": kept(name) for image in letter.images.values() for name in file_names(image)}


def _places_in_snippets(project: Project, parsed: ParsedIssue) -> dict[str, tuple[str, Span]]:
    """The files of the pictures of snippets, and where these name them."""
    from newsletter.pictures import find_picture

    root = project.workspace.root
    places: dict[str, tuple[str, Span]] = {}
    for src, path, span in pictures_of_snippets(parsed, root):
        if file := find_picture(src, (root / path).parent, root):
            places.setdefault(file.relative_to(root.resolve()).as_posix(), (path, span))
    return places


def _places(parsed: ParsedIssue, letter: Letter) -> dict[str, tuple[str, Span]]:
    """The first place where the issue names each of its picture files; those of newsletter.yaml are not included."""
    places: dict[str, tuple[str, Span]] = {}
    for src, span in named_pictures(parsed.issue):
        image = letter.images.get(src)
        for source in filter(None, (image.source, image.still_source) if image else ()):
            places.setdefault(source, (parsed.file.path, span))
    return places


def _possible_stills(letter: Letter) -> Iterator[str]:
    """The possible still files of a letter's animations, whether they exist or not."""
    for image in letter.images.values():
        if image.still:
            from newsletter.pictures.find import STILLS

            stem = image.source.rpartition(".")[0]
            yield from (f"{stem}.still.{suffix}" for suffix in STILLS)


def broken_picture(project: Project, made: Made, fault: PictureFault) -> Diagnostic:
    """A finding for a picture with broken pixels, at its place in the issue, else in newsletter.yaml."""
    advice = "Save it again as PNG or JPEG."
    if fault.source in made.places:
        message = f"`{fault.source.rpartition('/')[2]}` {fault.fault}"
        return Diagnostic(*made.places[fault.source], "FG106", message, advice=advice)
    from newsletter.project.checking import broken_shared_picture  # imported here, because rules take long to load

    return broken_shared_picture(project, fault.source, fault.fault)


def _other(path: str, than: str) -> str:
    if composed(path) == composed(than):
        return "another folder of this name that differs only in how its characters are encoded (Unicode normalization)"
    return path


def double_slug(file: IssueFile, owner: IssueFile, slug: str) -> Diagnostic:
    """The error for two issues with the same address."""
    return Diagnostic(
        path=file.path,
        span=Span(0, 0),
        code="FM108",
        message=f"its address `{slug}` is taken by {_other(owner.path, file.path)}",
        advice="give this issue its own `slug` in its front matter",
    )


def with_card(project: Project, letter: Letter) -> tuple[Letter, dict[str, bytes]]:
    """A letter with the card that its page names, if newsletter.yaml enables cards, and the card's file."""
    social = letter.publication.web.social
    if social == "none" or (social == "cover" and letter.issue.cover):
        return letter, {}
    from newsletter.render.images.cards import card_name, draw_card
    from newsletter.render.images.plan import own_fonts, own_fonts_of_theme

    text, colours = card_text(letter), project.design.light
    fonts = (*own_fonts(project.workspace.root), *own_fonts_of_theme())
    name = card_name(text, colours, fonts)
    if not name:
        return letter, {}
    variants = {output: replace(variant, card=name) for output, variant in letter.variants.items()}
    return replace(letter, card=name, variants=variants), {name: draw_card(text, colours, fonts)}


def card_text(letter: Letter) -> CardText:
    """The text on the card of a letter."""
    from newsletter.render.images.cards import CardText

    issue, language = letter.issue, letter.language
    number = language.say("number", number=issue.number) if issue.number is not None else ""
    return CardText(
        title=issue.title,
        publication=letter.publication.title,
        about=issue.subtitle or issue.summary,
        dateline=" · ".join(filter(None, (number, letter.date_text))),
        language=language.code,
        dir=language.dir,
    )
