"""The judged publications: complete workspaces, built with the normal commands, each in its own folder."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from newsletter.build.pipeline import build
from newsletter.bundled import templates_folder
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of
from newsletter.project.project import Project
from newsletter.records import dataclass
from newsletter.render.email import mjml_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
TORTURE = Path(__file__).parent / "torture"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
"""After the date of every issue, so that all are published."""
TORTURE_ISSUE = "2026-11-06-every-block"


@dataclass(frozen=True, slots=True)
class Document:
    """One document that readers get."""

    name: str
    """For people: `torture/build/every-block/email.html`."""
    kind: str
    """`email`, `page` or `index` (any page of the archive that is no issue)."""
    path: Path

    @property
    def html(self) -> str:
        """The content of its file."""
        return self.path.read_text(encoding="utf-8")


def sample(folder: Path) -> None:
    """The sample publication, as it is at the top of the repository."""
    shutil.copy(ROOT / "newsletter.yaml", folder)
    for name in ("authors", "issues"):
        shutil.copytree(ROOT / name, folder / name)


def torture(folder: Path) -> None:
    """Every block, in every nesting; an almost empty letter; raw HTML; and every block again, right-to-left."""
    shutil.copytree(TORTURE, folder, dirs_exist_ok=True)
    issues = folder / "issues"
    draw_pictures(issues / TORTURE_ISSUE)
    for name in ("ada.png", "eve.jpg", "logo.png", "logo-dark.png"):
        draw(folder / name, (144, 144) if name.startswith(("ada", "eve")) else (320, 64))
    mirrored = issues / "2026-11-07-from-right-to-left"
    shutil.copytree(issues / TORTURE_ISSUE, mirrored)
    source = mirrored / "index.md"
    text = source.read_text(encoding="utf-8").replace("\ndate: 2026-11-06", "\ndate: 2026-11-07\nlanguage: ar", 1)
    source.write_text(text, encoding="utf-8")


def draw_pictures(folder: Path) -> None:
    """Makes the pictures and the recording that the torture issue shows."""
    draw(folder / "wide.png", (1600, 500))
    draw(folder / "tall.png", (400, 900))
    draw(folder / "tiny.png", (12, 12))
    draw(folder / "square.jpg", (240, 240))
    draw(folder / "clear.png", (600, 300), mode="RGBA")
    frames = [Image.new("P", (120, 80), color) for color in (1, 2, 3)]
    frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:], duration=200, loop=0)
    (folder / "sound.mp3").write_bytes(b"ID3" + bytes(64))
    (folder / "film.mp4").write_bytes(bytes(64))


def draw(path: Path, size: tuple[int, int], mode: str = "RGB") -> None:
    """A plain picture with a frame and a cross, which show if it is cropped or stretched."""
    transparent = (0, 0, 0, 0)
    picture = Image.new(mode, size, transparent if mode == "RGBA" else (120, 150, 170))
    pen, (right, bottom) = ImageDraw.Draw(picture), (size[0] - 1, size[1] - 1)
    ink = (40, 60, 80)
    pen.rectangle((0, 0, right, bottom), outline=ink, width=2)
    pen.line((0, 0, right, bottom), fill=ink, width=2)
    pen.line((0, bottom, right, 0), fill=ink, width=2)
    picture.save(path)


def kept(name: str) -> Callable[[Path], None]:
    """The function that copies a publication of tests/workspaces/."""
    return lambda folder: shutil.copytree(ROOT / "tests" / "workspaces" / name, folder, dirs_exist_ok=True) and None


def blocks(folder: Path) -> None:
    """Every block as a letter would use it, with pictures of the sample publication."""
    kept("blocks")(folder)
    for name in ("boat-lift.png", "sea-lock.png", "surge-barrier.png", "book.png"):
        shutil.copy(ROOT / "issues" / "2026-10-30-ships-that-climb" / name, next((folder / "issues").iterdir()))


WORKSPACES: dict[str, Callable[[Path], None]] = {
    "sample": sample,
    "arabic": kept("arabic"),
    "chinese": kept("chinese"),
    "blocks": blocks,
    "torture": torture,
}


ENOUGH = ("sample", "torture")
"""The publications that are judged in every look. Looks differ only in colours and fonts."""
LOOKS = tuple(sorted(path.stem for path in (templates_folder() / "theme" / "looks").glob("*.json")))
"""The names of the bundled looks."""


@dataclass(frozen=True, slots=True)
class Built:
    """A workspace that was built."""

    name: str
    root: Path

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents that readers get, in a fixed order."""
        return tuple(self._documents())

    def _documents(self) -> Iterator[Document]:
        for path in sorted(self.root.glob("build/*/email*.html")):
            yield self._document("email", path)
        for path in (*sorted(self.root.glob("public/*/index.html")), *sorted(self.root.glob("build/*/page.html"))):
            yield self._document("page", path)
        for path in (self.root / "public" / "index.html", self.root / "public" / "404.html", *self._indexes()):
            yield self._document("index", path)

    def _indexes(self) -> Iterator[Path]:
        """For each kind of index, the list of names and the first page."""
        for folder in sorted((self.root / "public" / "browse").iterdir()):
            yield folder / "index.html"
            yield from [path for path in sorted(folder.glob("*.html")) if path.stem != "index"][:1]

    def _document(self, kind: str, path: Path) -> Document:
        return Document(f"{self.name}/{path.relative_to(self.root)}", kind, path)

    def mjml(self) -> dict[str, str]:
        """The MJML of each email, by the name of its issue."""
        project = Project(load_workspace(self.root))
        letters = (letter_of(project, project.read(file)) for file in issue_files(self.root))
        return {f"{self.name}/{letter.issue.slug}": mjml_source(letter, project.email_theme) for letter in letters}


def built(name: str, folder: Path, look: str) -> Built:
    """The workspace called `name`, built in `folder` with one of the bundled looks."""
    folder.mkdir(parents=True, exist_ok=True)
    WORKSPACES[name](folder)
    choose(folder / "newsletter.yaml", look)
    build(folder, now=NOW, processes=1)
    return Built(f"{name} in {look}", folder)


def choose(configuration: Path, look: str) -> None:
    """Sets the look in a newsletter.yaml."""
    text = configuration.read_text(encoding="utf-8")
    if "\ntheme:\n" not in text:
        text += "\ntheme:\n"
    configuration.write_text(text.replace("\ntheme:\n", f"\ntheme:\n  look: {look}\n"), encoding="utf-8")
