"""An export is a folder or an archive with all files for the service, the steps, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from newsletter.cli import run
from newsletter.commands.clipboard import TOOLS, copy
from newsletter.services import SERVICES, Form
from tests.sample_values import OPTIONS

STRINGS = sorted(path.stem for path in (Path(__file__).parents[2] / "templates/theme/strings").glob("*.yaml"))
EVERY_SERVICE = pytest.mark.parametrize(
    "service", [each for each in SERVICES if each.form is not Form.MESSAGE], ids=lambda service: service.name
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "letters"
    assert run(["init", str(root), "--kind", "essay", *OPTIONS]) == 0
    write(root, "Hello, [all](https://letters.example/all).\n\n![A map](map.png)\n")
    from PIL import Image

    Image.new("RGB", (60, 40), "#a6341b").save(root / "issues/2026-11-27-a-letter/map.png")
    return root


def write(root: Path, body: str, more: str = "") -> None:
    issue = root / "issues/2026-11-27-a-letter/index.md"
    issue.parent.mkdir(parents=True, exist_ok=True)
    front = f"---\ntitle: A letter, {{{{ }}}} and *|all\ndate: 2026-11-27\nsummary: What it is about.\n{more}---\n\n"
    issue.write_text(front + body, encoding="utf-8")


def export(root: Path, *more: str, service: str = "mailchimp", code: int = 0) -> None:
    assert run(["export", "a-letter", "--for", service, "-C", str(root), "-q", *more]) == code


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def picture_in(folder: Path) -> str:
    return next(name for name in names(folder) if name.endswith(".png"))


def test_a_folder_has_all_files_for_the_service(root):
    out = root / "out"
    export(root, "-o", str(out), "--pictures", "beside")
    picture = picture_in(out)
    of_letter = {f"a-letter.{ending}" for ending in ("html", "txt", "subject.txt", "preheader.txt")}
    assert names(out) == {*of_letter, picture, "README.txt", "manifest.json"}
    assert (out / "a-letter.preheader.txt").read_text(encoding="utf-8") == "What it is about.\n"
    subject = (out / "a-letter.subject.txt").read_text(encoding="utf-8")
    assert subject == "A letter, {{ }} and *\u200b|all\n"  # the notation of this service is broken up there, too
    readme = (out / "README.txt").read_text(encoding="utf-8")
    for name in (*of_letter, "images/", "Mailchimp"):
        assert name in readme


def test_a_manifest_lists_the_files(root):
    out = root / "out"
    export(root, "-o", str(out), "--pictures", "beside")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["service"], manifest["issue"], manifest["edition"]) == ("mailchimp", "a-letter", None)
    assert manifest["files"].keys() == names(out) - {"manifest.json"}
    for name, about in manifest["files"].items():
        content = (out / name).read_bytes()
        assert about == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_an_archive_has_the_same_files_and_is_reproducible(root):
    export(root, "-o", str(root / "out"), "--pictures", "beside")
    export(root, "-o", str(root / "a.zip"), "--pictures", "beside")
    os.utime(root / "issues/2026-11-27-a-letter/index.md", (1, 1))
    export(root, "-o", str(root / "b.zip"), "--pictures", "beside")
    assert (root / "a.zip").read_bytes() == (root / "b.zip").read_bytes()
    with zipfile.ZipFile(root / "a.zip") as archive:
        assert set(archive.namelist()) == names(root / "out")
        for entry in archive.infolist():
            assert archive.read(entry) == (root / "out" / entry.filename).read_bytes()
            assert not entry.filename.startswith(("/", "."))
            assert "/." not in entry.filename
            assert ".." not in entry.filename.split("/")


@EVERY_SERVICE
def test_every_service_gets_exactly_the_files_that_it_accepts(service, root):
    out = root / "out"
    export(root, "-o", str(out), service=service.name)
    assert ("a-letter.txt" in names(out)) == service.takes_text
    readme = (out / "README.txt").read_text(encoding="utf-8")
    assert ("a-letter.txt" in readme) == service.takes_text
    assert service.title in readme
    assert service.docs in readme


@pytest.mark.parametrize("language", STRINGS)
def test_the_steps_are_in_the_language_of_the_issue(language, root):
    write(root, "Hello.\n", f"language: {language}\n")
    export(root, "-o", str(root / "out"), service="listmonk")
    readme = (root / "out/README.txt").read_text(encoding="utf-8")
    assert "a-letter.html" in readme
    assert ("as it is" in readme) == language.startswith("en")
    assert "export_" not in readme
    assert "{" not in readme.partition("\n")[2]


def test_a_users_own_folder_is_not_overwritten(root, capsys):
    out = root / "mine"
    out.mkdir()
    (out / "README.txt").write_text("About my folder.\n", encoding="utf-8")
    export(root, "-o", str(out), code=2)
    assert "README.txt already exists, and it was not written by an export" in capsys.readouterr().err
    assert names(out) == {"README.txt"}
    (out / "manifest.json").write_text('{"name": "an app"}', encoding="utf-8")
    export(root, "-o", str(out), code=2)
    assert (out / "README.txt").read_text(encoding="utf-8") == "About my folder.\n"


@pytest.mark.parametrize("name", ["README.txt", "manifest.json"])
@pytest.mark.parametrize(
    "content", [b"mine", b"", b"\xff\0", b"[]", b'{"made_by": "newsletter export"}', b'{"made_by": 1, "files": []}']
)
def test_an_overwritten_file_of_an_export_is_kept(root, capsys, name, content):
    out = root / "out"
    export(root, "-o", str(out))
    (out / name).write_bytes(content)
    export(root, "-o", str(out), code=2)
    assert "already exists" in capsys.readouterr().err
    assert (out / name).read_bytes() == content


def test_an_export_replaces_the_previous_one(root):
    out = root / "out"
    export(root, "-o", str(out), "--pictures", "beside")
    write(root, "Hello again.\n")
    export(root, "-o", str(out), "--pictures", "beside", service="buttondown")
    assert names(out) == {
        "a-letter.html",
        "a-letter.subject.txt",
        "a-letter.preheader.txt",
        "README.txt",
        "manifest.json",
    } | {name for name in names(out) if "logo" in name}


def test_a_file_is_refused_as_output_folder(root, capsys):
    (root / "file").write_text("mine", encoding="utf-8")
    export(root, "-o", str(root / "file"), code=2)
    assert "is a file" in capsys.readouterr().err


# ── One complete message ────────────────────────────────────────────────────────────────────────────────────────────


def message(root: Path, *more: str):
    export(root, "-o", str(root / "out"), *more, service="eml")
    return message_from_bytes((root / "out/a-letter.eml").read_bytes(), policy=default)


def test_a_message_has_one_click_unsubscribe_headers(root):
    read = message(root, "--token", "unsubscribe_url=https://letters.example/leave?u=1")
    assert read["List-Unsubscribe"] == "<https://letters.example/leave?u=1>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Message-ID"]
    assert read["Date"]


@pytest.mark.parametrize("token", ["", "http://letters.example/leave"])
def test_one_click_headers_require_https(root, token):
    read = message(root, *(["--token", f"unsubscribe_url={token}"] if token else []))
    assert read["List-Unsubscribe"].startswith("<http:" if token else "<mailto:")
    assert read["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    ("title", "url", "wanted"),
    [
        ("The Lock Keeper", "https://letters.example/", "<the-lock-keeper.letters.example>"),
        ("快报", "https://brücke.example/news/", "<letter.xn--brcke-lva.example>"),
        ("A, <b>\u2028Bcc: x", "http://localhost:8000/", "<a-b-bcc-x.localhost>"),
    ],
)
def test_a_message_names_its_list(root, title, url, wanted):
    configuration = root / "newsletter.yaml"
    lines = configuration.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("title:", "url:"))]
    kept += [f"title: {json.dumps(title)}", f"url: {url}", ""]
    configuration.write_text("\n".join(kept), encoding="utf-8")
    assert message(root)["List-Id"] == wanted


# ── The clipboard ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desktop(tmp_path):
    """A folder for programs that record their input, and an environment with only these programs."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def add(program: str, status: int = 0) -> None:
        script = folder / program
        script.write_text(
            f'#!/bin/sh\necho "$0 $*" > "{tmp_path}/said"\n/bin/cat > "{tmp_path}/copied"\nexit {status}\n'
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)

    add.environment = {"PATH": str(folder), "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
    add.copied = tmp_path / "copied"
    add.said = tmp_path / "said"
    return add


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.program)
@pytest.mark.parametrize("rich", [True, False])
def test_each_tool_gets_a_format_that_it_supports(tool, rich, desktop):
    desktop(tool.program)
    copied = copy("<p>Ünïcode</p>", rich=rich, environment=desktop.environment)
    arguments = tool.rich if rich else tool.plain
    assert copied == (tool.program if arguments is not None else "")
    if copied:
        wanted = tool.wrapped("<p>Ünïcode</p>".encode()) if rich else "<p>Ünïcode</p>".encode()
        assert desktop.copied.read_bytes() == wanted
        assert desktop.said.read_text().split()[1:] == " ".join(arguments).split()


def test_a_tool_without_its_desktop_or_with_an_error_is_skipped(desktop):
    desktop("wl-copy")
    desktop("xclip", status=1)
    environment = {**desktop.environment, "WAYLAND_DISPLAY": ""}
    assert copy("x", rich=True, environment=environment) == ""
    desktop("pbcopy")
    assert copy("x", rich=False, environment=environment) == "pbcopy"


def test_without_a_clipboard_there_is_a_message_and_the_files_are_written(root, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    export(root, "-o", str(root / "out"), "--copy", service="substack", code=3)
    assert "there is no clipboard on this system" in capsys.readouterr().err
    assert "a-letter.html" in names(root / "out")


def test_pasted_exports_are_copied_as_rich_text_and_others_as_source(root, capsys, monkeypatch, desktop):
    desktop("wl-copy")
    for name, value in desktop.environment.items():
        monkeypatch.setenv(name, value)
    assert run(["export", "a-letter", "--for", "substack", "-C", str(root), "--copy"]) == 0
    assert "on the clipboard, by wl-copy: rich text, to be pasted" in capsys.readouterr().out
    assert "text/html" in desktop.said.read_text()
    assert "Hello, <a href=" in desktop.copied.read_text()
    assert run(["export", "a-letter", "--for", "kit", "-C", str(root), "--copy"]) == 0
    assert "by wl-copy: the HTML" in capsys.readouterr().out
    assert "text/plain" in desktop.said.read_text()
