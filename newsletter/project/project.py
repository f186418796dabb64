"""The project: a workspace opened by one process. Data shared by its issues is loaded once; then each issue can be read.

Imports are late: checking never loads a template, and rendering text never loads MJML.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from functools import cached_property, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.bundled import templates_folder
from newsletter.config.invented import invented_in
from newsletter.config.workspace import CONFIGURATION, IssueFile
from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.files import read_text, stamp_of
from newsletter.house.format import NO_KIND, HouseFormat
from newsletter.house.forms import Named, dated_name, read_name
from newsletter.house.load import load_house
from newsletter.house.match import is_heading_of
from newsletter.house.versions import HouseVersions
from newsletter.language import load_language
from newsletter.late import late
from newsletter.markdown.front_matter import issue_fields, read_front
from newsletter.markdown.misplaced import misplaced_faults
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import NOWHERE, Issue
from newsletter.names import composed, portable_name
from newsletter.project.parsed import ParsedIssue

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.archive.record import Record
    from newsletter.check.facts.history import History, OtherIssue
    from newsletter.config.publication import Workspace
    from newsletter.diagnostics import Diagnostic
    from newsletter.files import Stamp
    from newsletter.language import Language
    from newsletter.markdown.front_matter import Front
    from newsletter.model import ImageFile, ReadingOptions, YamlDocument
    from newsletter.project.hashes import Hashes
    from newsletter.project.mail_memory import MailMemory
    from newsletter.project.picture_memory import PictureMemory
    from newsletter.render.design import Design
    from newsletter.render.email import EmailTheme
    from newsletter.render.page import PageTheme

TAKEN = frozenset({"feeds", "index.html", "style.css"})
"""Names in the web archive that no issue can have."""
_ISSUE_FILE = late(r"issues/(?:([^/]+)/index|([^/]+))\.md")
_UNSEEN = late(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]"
)
"""Control characters, marks of direction and noncharacters. Names that differ only in these look the same.

Joiners are allowed, because some scripts need them.
"""


class Project:
    """The configuration of `workspace`, loaded once, and its issues read with it. Not for use by several threads at once."""

    def __init__(self, workspace: Workspace, *, cache: Path | None = None) -> None:
        self.workspace = workspace
        self.publication = workspace.publication
        self.cache = cache
        self.template_folders = (workspace.root / "templates", templates_folder())
        self.history: History | None = None
        """The history of the issues in the workspace; None before it is loaded (history.history_of)."""
        self.others: tuple[OtherIssue, ...] | None = None
        """The other issues in a build; None before they are known (build/pipeline.py)."""
        self.record: tuple[Stamp, Record, Hashes] | None = None
        """The record of publication, with the stamp of its file and the hashes of other files; None before it is loaded (published.published_of)."""
        self.mail_memory: MailMemory | None = None
        """The cached findings about emails; None if nothing is cached."""
        self.covers: dict[tuple[str, str], ImageFile | None] | None = None
        """The plans for covers, by folder and address, during a build, in which files do not change.

        The pages before and after an issue show its cover, too.
        """
        self.picture_memory: PictureMemory | None = None
        """The cached pictures that cannot be processed; None if nothing is cached."""
        self.begun: dict[str, ParsedIssue] = {}
        """Issues of which only the front matter was parsed, by path. Reading the whole issue continues from it."""
        self.read_already: dict[str, ParsedIssue] | None = None
        """Issues that were parsed for the history and will be checked, by path; None if they are not kept."""
        self.pictures: dict[str, ImageFile | None] = {}
        """The plans for the pictures in newsletter.yaml so far (letters.py), by path."""
        self._houses = {NO_KIND: HouseVersions.single(HouseFormat(NO_KIND, "letter", "", own_fields=True))}
        self._languages: dict[str, Language] = {}
        self._options: dict[ReadingOptions, ReadingOptions] = {}
        self._slugs: dict[str, tuple[Stamp, str]] = {}
        """The slugs of issues to which others link, by path, with the stamp of the file."""

    def house(self, kind: str) -> HouseVersions:
        """The house formats of `kind`.

        Raises UsageError for an unknown kind and ConfigurationError with every fault of its house.yaml.
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
            self._languages[code] = load_language(
                code or self.publication.language, self._themes(), self.publication.address_form
            )
        return self._languages[code]

    def reading_options(self, house: HouseFormat) -> ReadingOptions:
        """The options for parsing issues with a house format in this publication."""
        reading = house.reading
        if reading not in self._options:
            fields = reading.personal_fields | self.publication.personal_fields.keys()
            self._options[reading] = replace(reading, personal_fields=frozenset(fields))
        return self._options[reading]

    @cached_property
    def email_theme(self) -> EmailTheme:
        """The email templates and their inlined styles."""
        from newsletter.render.email import load_theme

        return load_theme(self.publication, self._themes("email"), self.cache)

    @cached_property
    def page_theme(self) -> PageTheme:
        """The templates of the web page and the archive."""
        from newsletter.render.page import load_page_theme

        return load_page_theme(self._themes("page"), self.publication.theme, remember=self.cache is not None)

    @cached_property
    def design(self) -> Design:
        """The tokens of the publication's look."""
        from newsletter.render.design import load_design

        return load_design(self.publication.theme, self._themes())

    def _themes(self, *profile: str) -> tuple[Path, ...]:
        return tuple(folder.joinpath("theme", *profile) for folder in self.template_folders)

    @cached_property
    def invented(self) -> tuple[Diagnostic, ...]:
        """The values that `newsletter init` invented, and that have not been replaced yet."""
        return invented_in(self.workspace)

    def warm(self, *, page: bool = True) -> None:
        """Loads everything that rendering needs, with or without the web page, so that forked processes inherit it."""
        _ = self.email_theme, page and self.page_theme
        self.language(self.publication.language)

    def read(self, file: IssueFile, text: str | None = None, found: tuple[Diagnostic, ...] = ()) -> ParsedIssue:
        """The issue in `file`, or in `text` if it is given, with the findings `found` of decoding it."""
        begun = self.begun.get(file.path) if text is None else None
        begun = begun or self.read_front(file, text, found)
        issue, faults = parse(
            begun.source,
            name=file.name,
            options=self.reading_options(begun.house),
            front=begun.front,
            default_kind=self.publication.kind,
            default_language=self.publication.language,
            timezone=self.publication.timezone,
            opens_section=partial(is_heading_of, house=begun.house, language=self.language(begun.issue.language)),
        )
        issue = self._named(issue, begun.house, file.name)
        return replace(
            begun,
            issue=issue,
            diagnostics=(*begun.diagnostics, *faults),
            matched=None,
            sections=None,
            own=None,
            pictures={},
        )

    def read_front(self, file: IssueFile, text: str | None = None, found: tuple[Diagnostic, ...] = ()) -> ParsedIssue:
        """The issue in `file` with its front matter only, which is enough to order issues. Otherwise like `read`."""
        if text is None:
            text, found = read_text(self.workspace.root / file.path, file.path, "FM", self.publication.largest_issue)
        source = Source(text, file.path)
        front, faults = read_front(source, self.publication.timezone, self.publication.largest_issue)
        kind, unknown = self._kind(front.document, file.path)
        house = self.house_of(kind, front, file.name)
        issue = self._named(self._without_body(source, front, file.name), house, file.name)
        misplaced = () if front.too_much else misplaced_faults(source, front.body_start)
        found = (*found, *faults, *misplaced, *unknown, *_slug_problems(issue, front))
        return ParsedIssue(file, source, front, house, issue, found)

    def slug_at(self, path: str) -> str:
        """The slug of the issue at `path` in the workspace; empty if the issue does not exist or cannot be read."""
        found = _ISSUE_FILE.fullmatch(path)
        file = self.workspace.root / path
        stamp = stamp_of(file) if found else None
        if found is None or stamp is None or not file.resolve().is_relative_to(self.workspace.root.resolve()):
            return ""
        known = self._slugs.get(path)
        if known is None or known[0] != stamp:
            issue = IssueFile(path, f"issues/{found[1]}" if found[1] else "issues", composed(found[1] or found[2]))
            try:
                known = stamp, self.read_front(issue).issue.slug
            except NewsletterError:
                known = stamp, ""
            self._slugs[path] = known
        return known[1]

    def _without_body(self, source: Source, front: Front, name: str) -> Issue:
        fields = issue_fields(front, name, self.publication.timezone)
        fields["kind"] = fields["kind"] or self.publication.kind
        fields["language"] = fields["language"] or self.publication.language
        return Issue(source.path, front=front.document, **fields)

    def _kind(self, front: YamlDocument, path: str) -> tuple[str, tuple[Diagnostic, ...]]:
        """The kind of an issue, and a message for its author; `NO_KIND` if it has no known kind.

        Raises ConfigurationError if newsletter.yaml names an unknown kind.
        """
        given = front.values.get("kind")
        wanted = composed(front.text("kind")) or str(given or self.publication.kind)
        if wanted in self._houses and wanted != NO_KIND:
            return wanted, ()
        from newsletter.diagnostics import Diagnostic
        from newsletter.house.load import known_kinds

        known = known_kinds(self.template_folders)
        if wanted in known:
            return wanted, ()
        message = f"there is no kind `{wanted}`" if wanted else "the issue has no kind"
        if wanted and not given:
            advice = f"Write one of these: {', '.join(known)}."
            fault = Diagnostic(
                CONFIGURATION, self.workspace.spans.get(("kind",), NOWHERE), "CF012", message, advice=advice
            )
            msg = f"{CONFIGURATION} cannot be used"
            raise ConfigurationError(msg, (fault,))
        advice = f"Write one of these in its front matter, or as `kind:` in newsletter.yaml: {', '.join(known)}."
        return NO_KIND, (Diagnostic(path, front.where_key("kind"), "FM106", message, advice=advice),)

    def house_of(self, kind: str, front: Front, name: str) -> HouseFormat:
        """The house format for an issue of `kind`: of its era, and of the variant for its front matter."""
        house = self.house(kind)
        if house.same_for_all:
            return house.latest
        fields = issue_fields(front, name, self.publication.timezone)
        named = self._read_name(house.latest, name)
        moment = fields["date"]
        return house.for_issue(
            number=named.number if fields["number"] is None else fields["number"],
            date=moment.date() if moment else named.date or dated_name(name),
            front=front.document.values,
        )

    def _named(self, issue: Issue, house: HouseFormat, name: str) -> Issue:
        """The issue with the number, date and period in its file name, if the front matter does not have them."""
        if not house.file_names:
            return issue
        named, zone = self._read_name(house, name), ZoneInfo(self.publication.timezone)
        if issue.number is None and "number" not in issue.front.values:
            issue = replace(issue, number=named.number)
        if issue.date is None and named.date and "date" not in issue.front.values:
            issue = replace(issue, date=datetime.combine(named.date, time(), zone))
        if named.period and "period" not in issue.front.values:
            issue = replace(issue, period=named.period)
        return issue

    def _read_name(self, house: HouseFormat, name: str) -> Named:
        return read_name(house, name, self.language(self.publication.language)) if house.file_names else Named()


def open_project(root: Path) -> Project:
    """The workspace at `root` opened, with its cache. Raises as `load_workspace` does."""
    from newsletter.config.load import load_workspace
    from newsletter.project.cache import CACHE

    return Project(load_workspace(root), cache=root / CACHE)


def slug_problem(slug: str) -> str:
    """The reason why a slug cannot be the name of a folder on some system; empty if it can."""
    slug = composed(slug)
    if slug.casefold() in TAKEN:
        return "is the name of a file in the web archive"
    if not slug.isascii() and (unseen := _UNSEEN.search(slug)):
        return f"has an invisible character in it, U+{ord(unseen[0]):04X}"
    return "" if portable_name(slug) == slug else "cannot be the name of a folder on every system"


def _slug_problems(issue: Issue, front: Front) -> tuple[Diagnostic, ...]:
    """The findings for a slug that cannot be the name of a folder on some system. It is part of a permanent address."""
    problem = slug_problem(issue.slug)
    if not problem:
        return ()
    from newsletter.diagnostics import Diagnostic

    advice = "Write a `slug` of letters, digits and hyphens in its front matter, as in end-of-the-road."
    place, about = front.document.where("slug"), ("front", "slug") if "slug" in front.document.values else ()
    shown = _UNSEEN.sub("\ufffd", issue.slug)
    return (Diagnostic(issue.path, place, "FM105", f"the slug `{shown}` {problem}", advice=advice, about=about),)
