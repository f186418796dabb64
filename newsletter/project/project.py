"""The project: what one process needs to read, check and render issues of one workspace, each thing loaded once.

Nothing heavy is imported before it is needed: checking never loads a template, rendering text never loads MJML.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from newsletter.bundled import templates_folder
from newsletter.config.workspace import CONFIGURATION
from newsletter.editions import MAILED
from newsletter.errors import ConfigurationError
from newsletter.files import portable_name, read_text, slugify
from newsletter.house.format import HouseFormat
from newsletter.house.forms import Named, dated_name, read_name
from newsletter.house.load import load_house
from newsletter.house.versions import HouseVersions
from newsletter.language import load_language
from newsletter.markdown.front_matter import issue_fields, read_front
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import NOWHERE, Enclosure, Rendering
from newsletter.project.cache import digest
from newsletter.records import dataclass
from newsletter.walk import images_in, links_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsletter.check.facts.history import History
    from newsletter.config.publication import Workspace
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.language import Language
    from newsletter.markdown.front_matter import Front
    from newsletter.model import ImageFile, Issue, ReadingOptions, YamlDocument
    from newsletter.project.mail_memory import MailMemory
    from newsletter.render.design import Design
    from newsletter.render.email import EmailTheme
    from newsletter.render.layout import Files, Surroundings, Whole
    from newsletter.render.letter import Letter, Neighbour
    from newsletter.render.page import PageTheme

AUDIO = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav"}
PAID = "paid"
"""The folder of the files that only paying readers get, in that of the e-mail."""
LOGO_WIDTH = 200
"""How wide a logo is shown at most where newsletter.yaml does not say, in CSS pixels."""
LOGO_HEIGHT = 96
"""And how high."""
PORTRAIT_WIDTH = 72
"""How wide an author's portrait is shown, in CSS pixels."""
UNREADABLE = frozenset(f"FM00{digit}" for digit in range(1, 10)) | {"FM010", "FM105", "FM106"}
"""Faults, found while reading, of the front matter itself, its `slug` and its `kind`: what an issue is, and where, cannot be
told while one stands."""
TAKEN = frozenset({"feeds", "index.html", "style.css"})
"""What stands beside the issues in the web archive, by names that no issue can have."""
NO_KIND = "?"
"""Stands for a kind that is unknown, and is no name for one: its house format asks for nothing, so that no finding follows
from another."""


@dataclass(frozen=True, slots=True)
class ParsedIssue:
    """An issue as read, with what was found while reading it."""

    file: IssueFile
    source: Source
    issue: Issue
    house: HouseFormat
    diagnostics: tuple[Diagnostic, ...]

    @property
    def readable(self) -> bool:
        """Whether the front matter could be understood, so that outputs can be made."""
        return not any(found.code in UNREADABLE for found in self.diagnostics)


class Project:
    """Reads, composes and renders the issues of `workspace`. Not for use by several threads at once."""

    def __init__(self, workspace: Workspace, *, cache: Path | None = None) -> None:
        self.workspace = workspace
        self.publication = workspace.publication
        self.cache = cache
        self.template_folders = (workspace.root / "templates", templates_folder())
        self.mail_memory: MailMemory | None = None
        """What was found in e-mails before; None where nothing is to be remembered."""
        self._houses = {NO_KIND: HouseVersions.single(HouseFormat(NO_KIND, "letter", "", own_fields=True))}
        self._languages: dict[str, Language] = {}
        self._options: dict[ReadingOptions, ReadingOptions] = {}

    # ── loaded once ─────────────────────────────────────────────────────────────────────────────────────────────────

    def house(self, kind: str) -> HouseVersions:
        """The house formats of `kind`.

        Raises UsageError for a kind that is not there and ConfigurationError with every fault of its house.yaml.
        """
        if kind not in self._houses:
            house, faults = load_house(kind, self.template_folders, self.workspace.root)
            if faults:
                msg = f"{house.latest.path} cannot be used"
                raise ConfigurationError(msg, faults)
            self._houses[kind] = house
        return self._houses[kind]

    def language(self, code: str) -> Language:
        """The fixed words and dates of a language."""
        if code not in self._languages:
            themes = tuple(folder / "theme" for folder in self.template_folders)
            self._languages[code] = load_language(code or self.publication.language, themes)
        return self._languages[code]

    def house_of(self, kind: str, source: Source, front: Front, name: str) -> HouseFormat:
        """The house format that an issue of `kind` is held to: of its era, and of the variant that its front matter chooses."""
        house = self.house(kind)
        if house.same_for_all:
            return house.latest
        fields = issue_fields(source, front, name, self.publication.timezone)
        said = self._read_name(house.latest, name)
        moment = fields["date"]
        return house.for_issue(
            number=said.number if fields["number"] is None else fields["number"],
            date=moment.date() if moment else said.date or dated_name(name),
            front=front.document.values,
        )

    def _read_name(self, house: HouseFormat, name: str) -> Named:
        return read_name(house, name, self.language(self.publication.language)) if house.file_names else Named()

    def _named(self, issue: Issue, house: HouseFormat, name: str) -> Issue:
        """The issue with its number and date, where the name of its file alone says them."""
        if not house.file_names or (issue.number is not None and issue.date is not None):
            return issue
        said, zone = self._read_name(house, name), ZoneInfo(self.publication.timezone)
        if issue.number is None and "number" not in issue.front.values:
            issue = replace(issue, number=said.number)
        if issue.date is None and said.date and "date" not in issue.front.values:
            issue = replace(issue, date=datetime.combine(said.date, time(), zone))
        return issue

    def reading_options(self, house: HouseFormat) -> ReadingOptions:
        """How issues of a house format are read in this publication."""
        reading = house.reading
        if reading not in self._options:
            fields = reading.personal_fields | self.publication.personal_fields.keys()
            self._options[reading] = replace(reading, personal_fields=frozenset(fields))
        return self._options[reading]

    @cached_property
    def history(self) -> History:
        """What ran in the issues of the workspace."""
        from newsletter.project.history import load_history

        return load_history(self)

    @cached_property
    def email_theme(self) -> EmailTheme:
        """The e-mail templates and their inlined styles."""
        from newsletter.render.email import load_theme

        return load_theme(self.publication, self._themes("email"), self.cache)

    @cached_property
    def _design(self) -> Design:
        """The tokens of the publication's look."""
        from newsletter.render.design import load_design

        return load_design(self.publication.theme, tuple(folder / "theme" for folder in self.template_folders))

    @cached_property
    def page_theme(self) -> PageTheme:
        """The templates of the web page and the archive."""
        from newsletter.render.page import load_page_theme

        return load_page_theme(self._themes("page"), self.publication.theme, remember=self.cache is not None)

    def _themes(self, profile: str) -> tuple[Path, ...]:
        return tuple(folder / "theme" / profile for folder in self.template_folders)

    # ── the road of one issue ───────────────────────────────────────────────────────────────────────────────────────

    def read(self, file: IssueFile, text: str | None = None) -> ParsedIssue:
        """The issue in `file`; from `text` instead of the disk where it is given."""
        problems: tuple[Diagnostic, ...] = ()
        if text is None:
            text, problems = read_text(self.workspace.root / file.path, file.path, "FM")
        source = Source(text, file.path)
        zone = self.publication.timezone
        front, front_problems = read_front(source, zone)
        kind, kind_problems = self._kind(front.document, file.path)
        house = self.house_of(kind, source, front, file.name)
        issue, found = parse(
            source,
            name=file.name,
            options=self.reading_options(house),
            front=front,
            default_kind=self.publication.kind,
            default_language=self.publication.language,
            timezone=zone,
        )
        issue = self._named(issue, house, file.name)
        problems = (*problems, *front_problems, *kind_problems, *_slug_problems(issue, front))
        return ParsedIssue(file, source, issue, house, (*problems, *found))

    def _kind(self, front: YamlDocument, path: str) -> tuple[str, tuple[Diagnostic, ...]]:
        """The kind of an issue, and what to tell the author: where it names none that there is, `NO_KIND`.

        Raises ConfigurationError where newsletter.yaml names a kind that there is not.
        """
        wanted = str(front.values.get("kind") or self.publication.kind)
        if wanted in self._houses and wanted != NO_KIND:
            return wanted, ()
        from newsletter.diagnostics import Diagnostic
        from newsletter.house.load import known_kinds

        known = known_kinds(self.template_folders)
        if wanted in known:
            return wanted, ()
        message = f"there is no kind of issue called `{wanted}`" if wanted else "the issue has no kind"
        if wanted and not front.values.get("kind"):
            mend = f"Write one of these: {', '.join(known)}."
            fault = Diagnostic(CONFIGURATION, self.workspace.spans.get(("kind",), NOWHERE), "CF012", message, mend=mend)
            msg = f"{CONFIGURATION} cannot be used"
            raise ConfigurationError(msg, (fault,))
        mend = f"Write one of these in its front matter, or as `kind:` of newsletter.yaml: {', '.join(known)}."
        return NO_KIND, (Diagnostic(path, front.where_key("kind"), "FM106", message, mend=mend),)

    def read_front_only(self, file: IssueFile) -> ParsedIssue:
        """The issue in `file` with no more than its front matter: enough to order issues by."""
        text, problems = read_text(self.workspace.root / file.path, file.path, "FM")
        source = Source(text, file.path)
        front, _ = read_front(source, self.publication.timezone)
        head = self.read(file, source.text[: front.body_start])
        return ParsedIssue(head.file, head.source, head.issue, head.house, (*problems, *head.diagnostics))

    def warm(self) -> None:
        """Loads what rendering needs, so that processes forked from this one inherit it."""
        _ = self.email_theme, self.page_theme
        self.language(self.publication.language)

    def letter(
        self,
        reading: ParsedIssue,
        *,
        paid: bool = False,
        previous: Neighbour | None = None,
        following: Neighbour | None = None,
        picture_base: str | None = None,
    ) -> Letter:
        """The issue laid out for readers: for paying ones, or for all others (the free edition).

        `picture_base` stands before the names of pictures in the e-mail: by default the address of the web page; for what
        only paying readers get, which is not there, that of `paid_base`.
        """
        from newsletter.render.layout import Surroundings, compose

        around = Surroundings(
            reading.house,
            self.publication,
            self.language(reading.issue.language),
            self._files_once(reading),
            previous,
            following,
            picture_base,
        )
        letter = compose(reading.issue, around, paid=paid)
        return self._with_paid_files(letter, reading, around) if letter.edition == "paid" else letter

    def whole(self, reading: ParsedIssue) -> Whole:
        """All that anybody gets of the issue, and who gets what of it."""
        from newsletter.render.layout import whole_of

        issue = reading.issue
        return whole_of(issue, reading.house, self.publication, self.language(issue.language))

    def has_paid_edition(self, reading: ParsedIssue) -> bool:
        """Whether paying readers get something else than the others."""
        return self.whole(reading).editions

    def paid_base(self, letter: Letter) -> str:
        """Where the files stand that only paying readers get, never in the web archive; ends in "/"."""
        paid_url = self.publication.paid_url
        return f"{paid_url}{letter.issue.slug}/" if paid_url else f"{letter.page_url}{PAID}/"

    def _files_once(self, reading: ParsedIssue) -> Callable[[Issue], Files]:
        """The pictures and attachments of what somebody gets of an issue; asked for again where others are named only."""
        known: dict[tuple[str, ...], Files] = {}

        def files(issue: Issue) -> Files:
            named = (*(image.src for image in images_in(issue)), *(link.href for link in links_in(issue)))
            if named not in known:
                part = replace(reading, issue=issue)
                known[named] = self.images(part), self.attachments(part)
            return known[named]

        return files

    def _with_paid_files(self, letter: Letter, reading: ParsedIssue, around: Surroundings) -> Letter:
        """The paid letter, its addresses leading to files of its own where the free edition does not publish them all."""
        from newsletter.editions import for_readers

        base = self.paid_base(letter)
        images, attachments = around.files(for_readers(reading.issue, paid=False, limits=self.whole(reading).limits))
        changes: dict[str, Any] = {
            "attachments": {
                href: name if href in attachments else base + name for href, name in letter.attachments.items()
            }
        }
        if around.picture_base is None and not set(letter.images.values()) <= set(images.values()):
            changes["picture_base"] = base
        mailed = {output: replace(letter.shown_in(output), **changes) for output in MAILED}
        return replace(letter, variants={**letter.variants, **mailed}, **changes)

    def render_email(self, letter: Letter, *, traced: bool = False) -> Rendering:
        """The e-mail of a letter and its text part, with placeholders for tokens (see tokens.py).

        With `traced`, the parts and pieces that the HTML is made of are told.
        """
        from newsletter.render.email import render_email, trace_email
        from newsletter.render.text import render_text

        theme = self.email_theme
        mail = letter.shown_in("email")
        html, parts, pieces = trace_email(mail, theme) if traced else (render_email(mail, theme), (), ())
        return Rendering(
            subject=letter.subject,
            preheader=letter.preheader,
            html=html,
            text=render_text(letter),
            images=tuple(dict.fromkeys(mail.images.values())),
            parts=parts,
            pieces=pieces,
        )

    def render(self, letter: Letter) -> Rendering:
        """Every output of a letter."""
        from newsletter.render.page import render_page

        return replace(self.render_email(letter), page=render_page(letter, self.page_theme))

    # ── the files an issue needs ────────────────────────────────────────────────────────────────────────────────────

    def images(self, reading: ParsedIssue) -> Mapping[str, ImageFile]:
        """The local pictures of an issue by their address as written, and those of newsletter.yaml (see `of_publication`)."""
        issue, publication = reading.issue, self.publication
        sources = [image.src for image in images_in(issue)]
        if issue.cover:
            sources.append(issue.cover.src)
        portraits = [
            publication.authors[key].picture
            for key in issue.authors
            if key in publication.authors and publication.authors[key].picture
        ]
        logos = [publication.theme.logo, publication.theme.logo_dark] if publication.theme.logo else []
        if not (sources or portraits or logos):
            return {}
        from newsletter.render.directives.embeds import marked_sources
        from newsletter.render.images.plan import plan_images
        from newsletter.render.letter import of_publication

        root = self.workspace.root
        card, room = self._design.light["card"], self._design.column
        shared = dict(plan_images(portraits, root, root, shown_width=PORTRAIT_WIDTH))
        for logo in filter(None, logos):
            # Programs that turn the ground dark by themselves leave pictures alone: dark letters would stand on nothing.
            ground = card if logo == logos[0] else ""
            shared.update(self._logo(logo, ground))
        found = {of_publication(path): image for path, image in shared.items()}
        marked, unmarked = marked_sources(issue)
        folder = root / reading.file.folder
        plain = (src for src in sources if src not in unmarked)
        # So would a drawing's lines, on the web as well.
        found.update(plan_images(plain, folder, root, shown_width=room, ground=card))
        found.update(plan_images(marked, folder, root, shown_width=room, mark=True, ground=card))
        return found

    def _logo(self, path: str, ground: str) -> Mapping[str, ImageFile]:
        from newsletter.render.images.plan import plan_images

        root, width = self.workspace.root, self.publication.theme.logo_width
        planned = plan_images([path], root, root, shown_width=width or LOGO_WIDTH, ground=ground)
        if not width and path in planned and planned[path].height > LOGO_HEIGHT:
            width = round(planned[path].width * LOGO_HEIGHT / planned[path].height)
            planned = plan_images([path], root, root, shown_width=width, ground=ground)
        return planned

    def attachments(self, reading: ParsedIssue) -> Mapping[str, str]:
        """Other files of the issue's folder that it links to (audio, a PDF): address as written -> name to publish."""
        root = self.workspace.root
        folder = root / reading.file.folder
        return {
            link.href: _published_name(link.href)
            for link in links_in(reading.issue)
            if _plain_file_name(link.href) and _is_file_within(root, folder / unquote(link.href))
        }

    def enclosures(self, letter: Letter) -> tuple[Enclosure, ...]:
        """The audio of a letter, as feeds carry it."""
        return tuple(
            Enclosure(letter.page_url + name, media_type, self._size(letter, href))
            for href, name in letter.shown_in("feed").attachments.items()
            if (media_type := AUDIO.get(name.rpartition(".")[2].lower()))
        )

    def _size(self, letter: Letter, href: str) -> int:
        return (self.workspace.root / letter.issue.path).with_name(unquote(href)).stat().st_size


def paid_pictures(paid: Letter, free: Letter) -> bool:
    """Whether the paid letter has pictures that the free edition does not publish."""
    return not set(paid.images.values()) <= set(free.images.values())


def _slug_problems(issue: Issue, front: Front) -> tuple[Diagnostic, ...]:
    """Why the slug can be no folder of the archive on some system; a slug is part of an address, and stays for ever."""
    slug = unicodedata.normalize("NFC", issue.slug)
    if slug.casefold() in TAKEN:
        problem = "is what the web archive calls a file of its own"
    elif portable_name(slug) != slug:
        problem = "cannot be the name of a folder everywhere"
    else:
        return ()
    from newsletter.diagnostics import Diagnostic

    mend = "Write a `slug` of letters, digits and hyphens in its front matter, as in end-of-the-road."
    return (Diagnostic(issue.path, front.document.where("slug"), "FM105", f"the slug `{slug}` {problem}", mend=mend),)


def _plain_file_name(href: str) -> bool:
    # Only a bare name beside the issue: no folder, no scheme, no anchor, nothing hidden, and not the source itself.
    name = unquote(href)
    return bool(name) and name[0] not in ".#?" and not set(name) & set("/\\:#?%{\0") and not name.endswith(".md")


def _published_name(href: str) -> str:
    """A file's name as it can stand in any address: `annual%20report.pdf` becomes `annual-report-6f1e2d.pdf`."""
    if "%" not in href:
        return href
    stem, dot, ending = unquote(href).rpartition(".")
    # The digest keeps two names apart that come out alike.
    return "-".join(filter(None, (slugify(stem if dot else ending), digest(href)[:6]))) + (
        dot and f".{slugify(ending)}"
    )


def _is_file_within(root: Path, path: Path) -> bool:
    """Whether there is a file, in `root` once links are followed: what a link leads out to is not ours to publish."""
    return path.is_file() and path.resolve().is_relative_to(root.resolve())
