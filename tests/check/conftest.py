"""A workspace for checking letters: a temporary folder with a small house format and a few pictures."""

from __future__ import annotations

import re
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.archive.record import load_record
from newsletter.bundled import templates_folder
from newsletter.check import Settings, check
from newsletter.check.facts.files import file_stem
from newsletter.check.facts.history import History, remember
from newsletter.check.facts.sections import MatchedSections
from newsletter.config.load import load_workspace
from newsletter.config.publication import Author, Publication, Sender
from newsletter.config.workspace import IssueFile
from newsletter.files import read_text
from newsletter.house.load import load_house
from newsletter.house.match import is_heading_of
from newsletter.language import load_language
from newsletter.markdown.front_matter import read_front
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.project.checking import mail_of
from newsletter.project.hashes import Hashes
from newsletter.project.project import Project
from newsletter.project.published import published_facts

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check import Mail
    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.check.facts.published import PublishedFacts
    from newsletter.diagnostics import Diagnostic
    from newsletter.language import Language
    from newsletter.model import Issue

LETTER = "issues/letter/index.md"
CONFIGURATION = {
    "title": "Letters",
    "url": "https://letters.example/",
    "sender": "{name: Letters, email: letters@letters.example}",
    "kind": "letter",
    "address": "Letters, Sluisweg 7, 9000 Ghent, Belgium",
}
"""newsletter.yaml, unless a document says something else."""
KIND = "letter"


class Checker:
    """Writes a house format and issues, then checks them as the tool does."""

    def __init__(self, root: Path, pictures: dict[str, bytes]) -> None:
        self.root = root
        self.pictures = pictures
        self.publication = Publication(
            "Letters",
            "https://letters.example/",
            Sender("Letters", "letters@letters.example"),
            kind=KIND,
            authors={"pascal": Author("pascal", "Pascal Coppens"), "jane": Author("jane", "Jane Roe")},
        )
        self.live: dict[str, LinkAnswer] = {}
        self.sends = False
        """Whether letters are rendered, for the rules about the email."""
        self.settings: Settings | None = None
        """The settings for checks without their own."""
        self.house("name: Letter")

    def house(self, yaml: str, kind: str = KIND) -> None:
        self.write(f"templates/{kind}/house.yaml", yaml)

    def configure(self, yaml: str = "") -> None:
        """Writes the newsletter.yaml of a complete publication, with the changes in `yaml`."""
        given = set(re.findall(r"^(\w+):", yaml, re.MULTILINE))
        rest = "".join(f"{key}: {value}\n" for key, value in CONFIGURATION.items() if key not in given)
        self.write("newsletter.yaml", rest + yaml)

    def mail(self, path: str) -> Mail:
        """The email of an issue, as it is sent."""
        project = Project(load_workspace(self.root), cache=self.root / ".newsletter/cache")
        return mail_of(project, project.read(IssueFile(path, path.rpartition("/")[0], file_stem(path))))

    def published(self, issue: Issue) -> PublishedFacts | None:
        """The entry of an issue in the record of published issues; None without a record."""
        record = load_record(self.root)
        hashes = Hashes(self.root)
        return published_facts(record, issue, file_stem(issue.path), self.publication, hashes) if record else None

    def write(self, path: str, content: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        if path.endswith(".md"):
            for name, picture in self.pictures.items():
                (file.parent / name).write_bytes(picture)

    def read(self, path: str) -> tuple[Source, Issue, tuple[Diagnostic, ...]]:
        text, problems = read_text(self.root / path, path, "FM")
        source = Source(text, path)
        front, mistakes = read_front(source, "UTC")
        kind = str(front.document.values.get("kind") or KIND)
        house = self.load(kind)
        language = load_language(str(front.document.values.get("language") or "en"), self.themes)
        issue, found = parse(
            source,
            name=file_stem(path),
            options=house.reading,
            front=front,
            default_kind=KIND,
            default_language="en",
            opens_section=partial(is_heading_of, house=house, language=language),
        )
        return source, issue, (*problems, *mistakes, *found)

    def load(self, kind: str = KIND):
        house, faults = load_house(kind, (self.root / "templates", templates_folder()), self.root)
        assert not faults, faults
        return house.latest

    @property
    def themes(self) -> tuple[Path, ...]:
        return self.root / "templates/theme", templates_folder() / "theme"

    def language(self, issue: Issue) -> Language:
        return load_language(issue.language, self.themes)

    def check(self, *letters: str, settings: Settings | None = None, paths: tuple[str, ...] = (LETTER,)):
        """The findings in letters, given as texts, each with its path."""
        for path, letter in zip(paths, letters, strict=True):
            self.write(path, letter)
        return self.check_files(paths, settings)

    def check_files(self, paths: tuple[str, ...], settings: Settings | None = None) -> tuple[Diagnostic, ...]:
        readings = {path: self.read(path) for path in paths}
        issues = [issue for _, issue, _ in readings.values()]
        history = History(
            remember(MatchedSections(issue, self.load(issue.kind), self.language(issue))) for issue in issues
        )
        findings: list[Diagnostic] = []
        if self.sends:
            self.publication = load_workspace(self.root).publication
        for source, issue, found in readings.values():
            findings += check(
                issue,
                self.load(issue.kind),
                source=source,
                language=self.language(issue),
                root=self.root,
                publication=self.publication,
                others=history.others,
                history=history,
                settings=settings or self.settings,
                found=found,
                live=self.live,
                mail=self.mail(issue.path) if self.sends else None,
                published=self.published(issue),
            )
        return tuple(findings)


@pytest.fixture(scope="session")
def pictures() -> dict[str, bytes]:
    jpeg = BytesIO()
    Image.new("RGB", (1200, 900), "#a6341b").save(jpeg, "JPEG")
    small, loop, printed = BytesIO(), BytesIO(), BytesIO()
    Image.new("CMYK", (1200, 900), (0, 200, 200, 20)).save(printed, "JPEG")
    Image.new("RGB", (300, 200), "#a6341b").save(small, "JPEG")
    first, *others = (Image.new("L", (600, 2), number) for number in range(201))
    first.save(loop, "GIF", save_all=True, append_images=others)
    return {
        "stack.jpg": jpeg.getvalue(),
        "small.jpg": small.getvalue(),
        "loop.gif": loop.getvalue(),
        "print.jpg": printed.getvalue(),
        "page.jpg": b"<!doctype html><title>Not found</title>",
    }


@pytest.fixture
def checker(tmp_path: Path, pictures: dict[str, bytes]) -> Checker:
    return Checker(tmp_path / "workspace", pictures)
