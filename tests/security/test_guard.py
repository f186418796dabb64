"""Only the workspace is read, and only its outputs are written or removed, whatever its files are."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.build.pictures import FOLDER as PICTURES
from newsletter.build.pictures import KEPT
from newsletter.build.state import MANIFEST, STATE
from newsletter.bundled import templates_folder
from newsletter.cli import run
from newsletter.memory import recall, store
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "root:x:0:0:the-secret-of-another"
OUTPUTS = ("build", "public", "feeds")
BODY = (
    "The opening, with [a report](report.pdf).\n\n![A field](field.png)\n\n## A section\n\nA paragraph.\n\n"
    "![A drawing](drawing.svg)\n"
)


def issue(title: str, day: str, *, more: str = "", body: str = BODY) -> str:
    return (
        f"---\ntitle: {title}\ndate: {day}\nsummary: What this letter is about.\nauthors: [editor]\n{more}---\n\n{body}"
    )


def write(root: Path, name: str, text: str) -> Path:
    path = root / "issues" / name / "index.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def picture(path: Path, colour: str = "#aa3311") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (600, 400), colour).save(path)


@pytest.fixture(autouse=True)
def time_limit() -> Iterator[None]:
    """Makes endless waiting a failure."""
    signal.alarm(60)
    yield
    signal.alarm(0)


@pytest.fixture
def letter(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that has its own file of every kind, and one issue."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    root = shutil.copytree(pristine, tmp_path / "letter")
    monkeypatch.chdir(root)
    return root


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that each `letter` is a copy of."""
    root = tmp_path_factory.mktemp("pristine") / "letter"
    assert run(["init", str(root), "--kind", "essay", *OPTIONS]) == 0
    for folder in ("email", "page", "strings", "looks"):
        for file in sorted((templates_folder() / "theme" / folder).glob("*")):
            own = root / "templates/theme" / folder / file.name
            own.parent.mkdir(parents=True, exist_ok=True)
            own.write_bytes(file.read_bytes())
    (root / "templates/theme/scripts.json").write_bytes((templates_folder() / "theme/scripts.json").read_bytes())
    house = root / "templates/essay/house.yaml"
    house.write_text(house.read_text() + "\n", encoding="utf-8")
    here = root / "issues/2026-07-01-july"
    write(root, "2026-07-01-july", issue("Hello July", "2026-07-01"))
    picture(here / "field.png")
    (here / "drawing.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><text>é</text></svg>'
    )
    (here / "report.pdf").write_bytes(b"%PDF-1.7")
    picture(root / "pictures/portrait.png", "#113355")
    settings = root / "newsletter.yaml"
    settings.write_text(settings.read_text().replace("  editor:\n", "  editor:\n    picture: pictures/portrait.png\n"))
    return root


def content_of(root: Path) -> bytes:
    return b"".join(
        path.read_bytes() for folder in OUTPUTS for path in sorted((root / folder).rglob("*")) if path.is_file()
    )


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

READ = (
    "newsletter.yaml",
    "issues/2026-07-01-july/index.md",
    "issues/2026-07-01-july/field.png",
    "issues/2026-07-01-july/drawing.svg",
    "issues/2026-07-01-july/report.pdf",
    "pictures/portrait.png",
    "templates/essay/house.yaml",
    "templates/essay/draft.md",
    "templates/theme/email/prose.css",
    "templates/theme/email/head.css",
    "templates/theme/email/letter.mjml",
    "templates/theme/email/figure.html",
    "templates/theme/page/page.html",
    "templates/theme/strings/en.yaml",
    "templates/theme/looks/letter.json",
    "templates/theme/scripts.json",
    "templates/theme/fonts/own.ttf",
)


def outside(path: Path) -> None:
    secret = Path("../secret")
    secret.write_text(SECRET)
    path.symlink_to(secret.resolve())


def outside_by_folder(path: Path) -> None:
    """Makes the folder a symbolic link."""
    folder = Path("../theirs").resolve()
    folder.mkdir()
    for other in path.parent.iterdir():
        other.rename(folder / other.name)
    path.parent.rmdir()
    path.parent.symlink_to(folder, target_is_directory=True)
    (folder / path.name).write_text(SECRET)


def endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def password(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def process(path: Path) -> None:
    path.symlink_to("/proc/self/environ")


def broken_link(path: Path) -> None:
    path.symlink_to("gone")


def link_loop(path: Path) -> None:
    path.symlink_to(path.name)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


SHAPES: tuple[Callable[[Path], None], ...] = (
    outside,
    outside_by_folder,
    endless_device,
    password,
    pipe,
    process,
    broken_link,
    link_loop,
    huge,
)


@pytest.mark.parametrize(
    ("name", "shape"),
    # The workspace itself may be anywhere.
    [(name, shape) for name in READ for shape in SHAPES if shape is not outside_by_folder or "/" in name],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_only_regular_files_of_the_workspace_are_read(
    name: str, shape: Callable[[Path], None], letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = letter / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    shape(path)
    capsys.readouterr()
    told = ""
    for command in (
        ["check"],
        ["build"],
        ["export", "july", "--for", "html", "-o", "out"],
        ["new", "Hello"],
        ["feed"],
    ):
        ended = run(command)
        said = "".join(capsys.readouterr())
        assert ended in {0, 1, 2, 3}
        assert "Traceback" not in said
        assert SECRET not in said
        told += said
    if not name.endswith((".pdf", ".ttf")) and (name != "templates/essay/draft.md" or shape is not broken_link):
        assert path.name in told or path.parent.name in told, "what is wrong is named"
    everything = content_of(letter) + b"".join(
        file.read_bytes()
        for folder in ("out", "issues")
        for file in letter.glob(f"{folder}/**/*.[hte]*")
        if file.is_file()
    )
    for secret in (SECRET.encode(), b"root:x:0:0", b"XDG_STATE_HOME"):
        assert secret not in everything


@pytest.mark.parametrize("name", [name for name in READ if "fonts" not in name and "draft" not in name and "/" in name])
def test_a_link_within_the_workspace_is_followed(name: str, letter: Path) -> None:
    assert run(["build", "--fresh"]) == 0
    before = content_of(letter)
    path = letter / name
    home = letter / "shared" / path.name
    home.parent.mkdir()
    path.rename(home)
    path.symlink_to(os.path.relpath(home, path.parent))
    assert run(["build", "--fresh"]) == 0
    assert content_of(letter) == before


def test_hidden_files_of_editors_and_systems_are_not_read(letter: Path) -> None:
    assert run(["build"]) == 0
    before = content_of(letter)
    for name in READ[6:]:
        path = letter / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / f".#{path.name}").symlink_to("somebody@machine.1234:5678")
        (path.parent / f"._{path.name}").write_bytes(b"\0\5\x16\7 no text")
    (letter / "issues/.#2026-07-01-july.md").symlink_to("somebody@machine.1234:5678")
    (letter / "issues/._x.md").write_bytes(b"\0\5\x16\7")
    assert run(["check"]) in {0, 1}
    assert run(["build", "--fresh"]) == 0
    assert content_of(letter) == before


@pytest.mark.parametrize(
    "tag",
    ["../../../x", "../../../../../secret", "/etc/passwd", "a" * 300, '"en\\nnl"', "..", '"\\0"', "en/../nl", "e*"],
)
def test_only_a_language_tag_becomes_the_name_of_a_file(
    tag: str, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (letter / "x.yaml").write_text(f"words: {{published: {SECRET}}}\n")
    write(letter, "2026-07-01-july", issue("Hello July", "2026-07-01", more=f"language: {tag}\n"))
    capsys.readouterr()
    assert run(["check"]) == 1
    assert "FM113" in (said := "".join(capsys.readouterr())) or "FM" in said
    assert run(["build"]) in {0, 1}
    assert SECRET.encode() not in content_of(letter)
    settings = letter / "newsletter.yaml"
    settings.write_text(f"{settings.read_text()}\nlanguage: {tag}\n".replace("\nlanguage: en\n", "\n"))
    assert run(["check"]) == 2
    assert "Traceback" not in "".join(capsys.readouterr())


# ── Stored files ──────────────────────────────────────────────────────────────────────────────────────────────


def stored_files(root: Path) -> list[Path]:
    return [path for path in sorted((root / ".newsletter").rglob("*")) if path.is_file()]


INVALID = (
    b"",
    b"[]",
    b"{}",
    b"null",
    b"3",
    b'"x"',
    b'{"format": 4}',
    b'{"outputs": 3}',
    b'{"outputs": [3, null, {}]}',
    b'{"seal": 3, "memory": []}',
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b"\0" * 100,
    b"\xff\xfe",
)


@pytest.mark.parametrize("content", INVALID, ids=range(len(INVALID)))
def test_a_stored_file_of_another_shape_is_ignored(content: bytes, letter: Path) -> None:
    assert run(["build"]) == 0
    assert run(["check"]) in {0, 1}
    before = content_of(letter)
    for path in stored_files(letter):
        path.write_bytes(content)
    assert run(["check"]) in {0, 1}
    assert run(["build"]) == 0
    assert content_of(letter) == before


def test_no_stored_file_of_another_machine_is_used(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request may bring every stored file, changed, and sealed with the key of its author."""
    assert run(["build"]) == 0
    before = content_of(letter)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "theirs"))
    for path in stored_files(letter):
        name = path.relative_to(letter).as_posix()
        content = path.read_bytes()
        if path.suffix in {".png", ".svg"}:
            path.write_bytes(content[::-1])
        elif content.startswith(b'{"seal":"'):
            raw = json.loads(content)["memory"]
            swapped = json.dumps(raw).replace("Hello July", SECRET).replace("opening", SECRET)
            store(letter, name, json.loads(swapped))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "ours"))
    (letter / "issues/2026-07-01-july/index.md").touch()
    for path in letter.glob("public/**/*"):
        if path.is_file():
            path.unlink()
    assert run(["build"]) == 0
    assert content_of(letter) == before


def test_a_stored_file_is_valid_only_for_its_name_and_workspace(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    store(one, "a/b.json", {"x": [1]})
    assert recall(one, "a/b.json") == {"x": [1]}
    content = (one / "a/b.json").read_bytes()
    for root, name in ((one, "a/c.json"), (other, "a/b.json")):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(content)
        assert recall(root, name) is None
    for at in range(len(content)):
        (one / "a/b.json").write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert recall(one, "a/b.json") is None or at >= len(content) - 2  # the line end is not part of it


@pytest.mark.parametrize("way", ["a file", "open to others", "inside", "a link"])
def test_a_key_that_others_can_read_is_not_used(
    way: str, letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = letter / "state" if way == "inside" else tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    if way == "a file":
        state.write_text("in the way")
    elif way != "inside":
        (state / "newsletter").mkdir(parents=True)
        key = state / "newsletter/key"
        target = tmp_path / "known" if way == "a link" else key
        target.write_bytes(b"k" * 32)
        target.chmod(0o644 if way == "open to others" else 0o600)
        if way == "a link":
            key.symlink_to(target)
    assert run(["build"]) == 0
    before = content_of(letter)
    assert run(["build"]) == 0
    assert content_of(letter) == before
    assert not (letter / "state").exists()


def test_only_the_owner_can_read_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "one").mkdir()
    store(tmp_path / "one", "a.json", 1)
    assert (tmp_path / "state/newsletter/key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "state/newsletter").iterdir()) == ["key"]


def test_a_font_that_is_a_pipe_is_reported_and_not_opened(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (letter / "templates/theme/fonts").mkdir()
    os.mkfifo(letter / "templates/theme/fonts/own.ttf")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="9" height="9"/></svg>'
    (letter / "issues/2026-07-01-july/drawing.svg").write_text(drawing)
    capsys.readouterr()
    assert run(["build"]) == 2
    assert "fonts/own.ttf" in capsys.readouterr().err


def test_outputs_of_a_name_in_any_script_are_removed(letter: Path) -> None:
    for name in ("👨\u200d👩", "五月", "a\u0301"):
        path = write(letter, name, issue("Hello", "2026-07-02", body="The opening.\n"))
        page = letter / "public" / unicodedata.normalize("NFC", name)
        assert run(["build"]) == 0
        assert page.exists()
        path.unlink()
        path.parent.rmdir()
        assert run(["build"]) == 0
        assert not page.exists()


def test_a_swapped_picture_is_made_again(letter: Path) -> None:
    assert run(["build"]) == 0
    before = content_of(letter)
    for path in (letter / PICTURES).iterdir():
        picture(path.with_suffix(".png"), "#00ff00")
        path.with_suffix(".png").rename(path)
    for path in letter.glob("public/july/field*"):
        path.unlink()
    assert run(["build", "--fresh"]) == 0
    assert content_of(letter) == before
    assert run(["export", "july", "--for", "html", "--pictures", "beside", "-o", "out"]) == 0
    (field,) = Path("out/images").glob("field*")
    assert field.read_bytes() == next((letter / "public/july").glob("field*")).read_bytes()


# ── Removing and writing ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manifest_removes_only_outputs(letter: Path) -> None:
    assert run(["build"]) == 0
    theirs = letter.parent / "theirs"
    theirs.mkdir()
    (letter / ".git").mkdir()
    files = [
        *(
            "newsletter.yaml",
            ".git/config",
            "issues/2026-07-01-july/index.md",
            "public/.well-known/x",
            "public/CNAME/../../x",
        ),
        *("../theirs/x", "x", "build/../x", "public/link/x", "templates/essay/house.yaml", "feeds/.git/config"),
    ]
    (letter / "public/link").symlink_to(theirs)
    for name in files:
        path = Path(os.path.normpath(letter / name))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text("mine")
    there = [Path(os.path.normpath(letter / name)) for name in files]
    absolute = str(letter / "newsletter.yaml")
    more = [
        *files,
        absolute,
        "public",
        "public/",
        "/",
        "",
        "public//x",
        "public\\x",
        "C:\\x",
        "\0",
        "public/\n",
        [],
        None,
    ]
    for command in (["build", "july"], ["build"]):
        (letter / MANIFEST).write_text(json.dumps({"outputs": more}))
        write(letter, "2026-07-01-july", issue(f"Hello by {command}", "2026-07-01"))
        assert run(command) == 0
    assert all(path.exists() for path in there)
    assert (theirs / "x").read_text() == "mine"


@pytest.mark.parametrize("name", [".newsletter", ".newsletter/cache", PICTURES])
@pytest.mark.parametrize("inside", [True, False])
def test_a_cache_that_is_a_link_is_neither_cleared_nor_written(name: str, inside: bool, letter: Path) -> None:
    assert run(["build"]) == 0
    before = content_of(letter)
    theirs = letter / "photos" if inside else letter.parent / "photos"
    old = time.time() - 2 * KEPT
    for place in ("", "cache/", "cache/images/", "images/"):
        file = theirs / place / "field-0123abcd.png"
        picture(file)
        os.utime(file, (old, old))
    link = letter / name
    if link.is_dir():
        for path in sorted(link.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        link.rmdir()
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(theirs, target_is_directory=True)
    there = sorted(theirs.rglob("*"))
    assert run(["build", "--fresh"]) in {0, 2}
    assert run(["check"]) in {0, 1}
    assert sorted(theirs.rglob("*")) == there
    assert content_of(letter) == before


@pytest.mark.parametrize("name", ["public", "build", "feeds", "public/july", "build/july"])
def test_outputs_are_not_written_or_removed_through_a_link(
    name: str, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build"]) == 0
    theirs = letter.parent / "theirs"
    (letter / name).rename(theirs)
    (letter / name).symlink_to(theirs, target_is_directory=True)
    there = {path: path.read_bytes() for path in theirs.rglob("*") if path.is_file()}
    write(letter, "2026-07-01-july", issue("Hello again", "2026-07-01", more="draft: true\n"))
    capsys.readouterr()
    assert run(["build", "--fresh"]) == 2
    assert "link" in "".join(capsys.readouterr())
    assert {path: path.read_bytes() for path in theirs.rglob("*") if path.is_file()} == there


NAMED_AS_OUTPUTS = (
    *("index.html", "INDEX.HTML", "page.html", "email.html", "email.txt", "Email.HTML", "style.css", "email-paid.html"),
    *("email-paid.txt", "paid", "for-mailchimp", "email.eml"),
)


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("name", NAMED_AS_OUTPUTS)
def test_an_attachment_never_replaces_an_output(name: str, draft: bool, letter: Path) -> None:
    body = f"The opening, with [a file]({name}).\n\n## A section\n\nA paragraph.\n"
    more = "draft: true\n" if draft else ""
    write(letter, "2026-07-01-july", issue("Hello July", "2026-07-01", more=more, body=body.replace(name, "x.bin")))
    here = letter / "issues/2026-07-01-july"
    (here / "x.bin").write_bytes(b"another page")
    assert run(["build"]) == 0
    before = {path.name: path.read_bytes() for path in letter.glob("[bp]u*/july/*") if path.suffix != ".bin"}
    (here / name).write_bytes(b"another page")
    write(letter, "2026-07-01-july", issue("Hello July", "2026-07-01", more=more, body=body))
    assert run(["build"]) == 0
    attached = [
        path for path in letter.glob("[bp]u*/july/*") if path.is_file() and path.read_bytes() == b"another page"
    ]
    assert len(attached) == 1
    assert attached[0].name not in before
    assert before.keys() <= {path.name for path in letter.glob("[bp]u*/july/*")}
    if draft:
        return
    assert attached[0].name in (letter / "public/july/index.html").read_text()
    assert attached[0].name in (letter / "build/july/email.html").read_text()


def test_an_issue_is_not_built_if_an_attachment_has_the_name_of_a_picture(letter: Path) -> None:
    assert run(["build"]) == 0
    made = next((letter / "public/july").glob("field-*"))
    (letter / "issues/2026-07-01-july" / made.name).write_bytes(b"another picture")
    write(letter, "2026-07-01-july", issue("Hello July", "2026-07-01", body=f"{BODY}\n[All]({made.name}).\n"))
    before = made.read_bytes()
    assert run(["build"]) == 2
    assert made.read_bytes() == before


def test_the_state_is_at_the_expected_path(letter: Path) -> None:
    assert run(["build"]) == 0
    assert recall(letter, STATE)["format"]


@pytest.mark.parametrize("command", ["check", "build"])
def test_an_issue_above_two_megabytes_is_a_finding_and_others_are_built(
    command: str, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(letter, "2026-08-01-august", issue("Hello August", "2026-08-01", body="The opening.\n"))
    with path.open("ab") as file:
        file.write(b"x" * 2_000_001)
    capsys.readouterr()
    assert run([command]) == 1
    told = "".join(capsys.readouterr())
    assert "issues/2026-08-01-august/index.md" in told
    assert "FM008" in told
    assert "2.01 MB; the limit is 2 MB" in told
    assert (letter / "public/july/index.html").exists() == (command == "build")
    assert not (letter / "public/august").exists()
