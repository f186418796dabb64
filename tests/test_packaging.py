"""The wheel, the source archive, the locks, and the commands in the documents."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections import Counter
from email.parser import Parser
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest

import newsletter
from newsletter.cli import group

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?(newsletter|make) (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with a wheel and a source archive, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", folder], cwd=ROOT, check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    """The names in the wheel."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        yield archive


def tracked(folder: str) -> list[str]:
    """The files of `folder`, as paths relative to the root."""
    made = {"__pycache__", "node_modules", ".newsletter"}
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file() and not made.intersection(path.parts))
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def test_the_wheel_has_every_template_every_rule_and_every_module(wheel):
    moved = tracked("templates") + [name.removeprefix("docs/") for name in tracked("docs/rules")]
    expected = {f"newsletter/{name}" for name in moved} | set(tracked("newsletter"))
    assert expected <= set(wheel.namelist())
    assert "newsletter/py.typed" in wheel.namelist()


def test_the_wheel_has_nothing_but_the_package(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"newsletter", f"newsletter_press-{newsletter.__version__}.dist-info"}


def test_the_wheel_has_complete_metadata(wheel):
    name = f"newsletter_press-{newsletter.__version__}.dist-info"
    metadata = Parser().parsestr(wheel.read(f"{name}/METADATA").decode())
    assert metadata["Name"] == "newsletter-press"
    assert metadata["Version"] == newsletter.__version__
    assert metadata["License-Expression"] == "MIT"
    assert b"newsletter = newsletter.cli:main" in wheel.read(f"{name}/entry_points.txt")


def test_the_source_archive_can_be_tested_and_built_again(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = ("newsletter", "templates", "tests", "docs", "requirements", "issues")
    assert {name for folder in wanted for name in tracked(folder)} <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "newsletter.yaml"} <= names


def test_imports_and_declared_dependencies_are_the_same():
    extras = [line for lines in PROJECT.get("optional-dependencies", {}).values() for line in lines]
    declared = {re.split(r"[^A-Za-z0-9._-]", line)[0] for line in (*PROJECT["dependencies"], *extras)}
    distributions = packages_distributions()
    imported = {name for path in (ROOT / "newsletter").rglob("*.py") for name in imports_of(path)}
    foreign = imported - set(sys.stdlib_module_names) - {"newsletter"}
    used = {normal(distribution) for name in foreign for distribution in distributions[name]}
    undeclared = [name for name in sorted(foreign) if not {normal(d) for d in distributions[name]} & declared]
    assert undeclared == []
    assert declared - used == {"tzdata"}, "declared, but nothing imports it"


def imports_of(path: Path) -> set[str]:
    """The top-level names that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def normal(distribution: str) -> str:
    """A distribution's name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


# ── Locks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def pins(lock: Path) -> dict[str, str]:
    """Name and version of everything locked in a file, with the marker if a name has several."""
    locked = re.findall(r"^([a-z0-9.-]+)==([^ ]+)( ; [^\\]+)?", lock.read_text(encoding="utf-8"), re.MULTILINE)
    several = {name for name, count in Counter(name for name, _, _ in locked).items() if count > 1}
    return {name + marker * (name in several): version for name, version, marker in locked}


def test_the_lock_of_the_judges_has_a_hash_for_each_package_and_names_no_host():
    packages = json.loads((ROOT / "tests" / "judges" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    there = {name: about for name, about in packages.items() if name}
    assert [name for name, about in there.items() if "integrity" not in about or "resolved" in about] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_everything_and_names_no_index(lock):
    text = lock.read_text(encoding="utf-8")
    requirements = re.findall(r"^[a-z0-9].*(?:\n    --hash=.*)*", text, re.MULTILINE)
    assert len(requirements) == len(pins(lock)) > 5
    assert [requirement for requirement in requirements if "--hash=sha256:" not in requirement] == []
    assert not re.search(r"://|--index|--find-links|--extra-index|^/", text, re.MULTILINE)


def test_the_locks_agree_and_have_every_dependency():
    runtime, dev, build = (pins(ROOT / "requirements" / f"{name}.txt") for name in ("runtime", "dev", "build"))
    assert runtime.items() <= dev.items()
    assert build.items() <= dev.items()
    assert {normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in PROJECT["dependencies"]} <= set(runtime)


# ── Documents ───────────────────────────────────────────────────────────────────────────────────────────────────────


def commands_named_in(document: Path) -> list[tuple[str, list[str]]]:
    """The words of each `newsletter …` or `make …` command in a block of code, split at `&&`."""
    found = []
    for block in BLOCK.findall(document.read_text(encoding="utf-8")):
        for line in re.split(r"\n|&&", block.replace("\\\n", " ")):
            if match := COMMAND.match(line.strip()):
                words = shlex.split(match[2].partition(" #")[0], comments=True)
                found.append((match[1], words))
    return found


@pytest.mark.parametrize("document", GUIDES, ids=lambda path: path.name)
def test_a_document_names_only_commands_and_options_that_exist(document):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for program, words in commands_named_in(document):
        if program == "make":
            assert [word for word in words if "=" not in word and word not in targets] == [], words
        else:
            assert unknown_words(words) == [], words


def unknown_words(words: list[str]) -> list[str]:
    """The command or options of a command line that `newsletter` does not have."""
    context = click.Context(group)
    command: click.Command = group
    named = [word for word in words if not word.startswith("-")]
    while isinstance(command, click.Group) and named:
        inner = command.get_command(context, named[0])
        if inner is None:
            return named[:1]
        command, named = inner, named[1:]
    options = {
        name for parameter in command.get_params(context) for name in (*parameter.opts, *parameter.secondary_opts)
    }
    given = [word.partition("=")[0] for word in words if word.startswith("-") and len(word) > 1]
    return [option for option in given if option not in options]


def test_the_readme_shows_the_two_commands_and_the_installation():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [
        words for words in ("make demo", "make test", "pip install .", "newsletter init") if words not in text
    ] == []
