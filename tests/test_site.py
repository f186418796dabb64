"""The documentation as a site: each version keeps its addresses, and each rule has one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from newsletter.check import RULES
from newsletter.check.families import documentation_version, help_address

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
RULE_PAGES = ("README.md", "ST101.md", "HF.md")
TOOLS = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command. Fails with it if the command fails."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{TOOLS}:{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": "jane@letters.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        },
    }
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Ids(HTMLParser):
    """The ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "id" and value}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, as `make site` writes it."""
    folder = tmp_path_factory.mktemp("site")
    run(TOOLS / "mkdocs", "build", "--strict", "--site-dir", folder, cwd=ROOT)
    return folder


def test_every_rule_has_its_address(site: Path):
    missing = [rule.code for rule in RULES if not (site / "rules" / rule.code / "index.html").is_file()]
    assert missing == []


def test_the_address_of_a_rule_on_a_shared_page_leads_to_its_heading(site: Path):
    shared = [rule for rule in RULES if rule.page]
    assert shared
    for rule in shared:
        page = (site / "rules" / rule.code / "index.html").read_text(encoding="utf-8")
        folder, anchor = re.findall(r'url=\.\./(\w+)/#(\w+)"', page)[0]
        ids = Ids()
        ids.feed((site / "rules" / folder / "index.html").read_text(encoding="utf-8"))
        assert anchor in ids.found, rule.code


def test_every_page_except_those_of_rules_is_in_the_navigation(site: Path):
    home = (site / "index.html").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")]
    addresses = {f"{page.with_suffix('').as_posix()}/" for page in pages if page.parts[0] != "rules"} - {"index/"}
    assert {address for address in addresses if f'href="{address}"' not in home} == set()
    titles = [
        " ".join(title.split())
        for title in re.findall(
            r'<a href="rules/" class="md-nav__link">(.*?)</a>', re.sub(r"</?span[^>]*>", "", home), re.DOTALL
        )
    ]
    assert titles == ["Rules"]


def test_the_page_of_a_rule_links_to_the_list_of_rules(site: Path):
    page = (site / "rules/ST101/index.html").read_text(encoding="utf-8")
    assert '<a href="../">All rules</a>' in page


def test_the_page_of_a_rule_matches_the_code(site: Path):
    for rule in RULES:
        if rule.page:
            continue
        page = (site / "rules" / rule.code / "index.html").read_text(encoding="utf-8")
        severity = f"<em>{rule.severity.capitalize()} by default</em>."
        assert severity in page, rule.code
        assert (f"{severity} <code>newsletter check --fix</code>" in page) == rule.fixable, rule.code


class Copied(HTMLParser):
    """The texts that copy buttons copy if they differ from the example."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "data-copy" and value]


def test_the_copy_button_of_a_console_example_copies_only_the_commands(site: Path):
    copied = Copied()
    copied.feed((site / "tutorial/index.html").read_text(encoding="utf-8"))
    assert "newsletter --version" in copied.found
    assert "newsletter init canal-post --kind essay\ncd canal-post" in copied.found, "without the questions and answers"
    here_document = next(text for text in copied.found if text.startswith("cat"))
    assert here_document.splitlines()[1:5:2] == ["", '  listmonk: {url: "http://localhost:9000", lists: [1]}']
    assert here_document.splitlines()[-1].startswith("newsletter push"), "without what push prints"


def test_the_copy_button_copies_a_whole_command_of_several_lines(site: Path):
    copied = Copied()
    copied.feed((site / "guide/configuration/index.html").read_text(encoding="utf-8"))
    command = next(text for text in copied.found if text.startswith("newsletter init"))
    assert command.splitlines()[1].strip().startswith("--address"), command


def test_an_alert_is_rendered_as_one(site: Path):
    page = (site / "guide/send/index.html").read_text(encoding="utf-8")
    assert '<div class="admonition warning">' in page
    assert "[!WARNING]" not in page


def test_each_page_has_its_own_description(site: Path):
    pages = [site / "guide" / name / "index.html" for name in ("send", "push", "checking", "writing")]
    described = [
        re.findall(r'<meta name="description" content="([^"]+)"', page.read_text(encoding="utf-8"))[0] for page in pages
    ]
    assert len({*described}) == len(pages)


def test_the_changelog_is_a_page(site: Path):
    page = (site / "changelog/index.html").read_text(encoding="utf-8")
    assert "Unreleased" in page
    assert 'href="../guide/import-sources/"' in page, "a link of the repository leads to its page"
    assert 'href="../changelog/"' in (site / "security/index.html").read_text(encoding="utf-8")


def test_pages_load_nothing_from_elsewhere(site: Path):
    for page in (site / "index.html", site / "tutorial/index.html", site / "rules/ST101/index.html"):
        html = page.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|img|iframe)[^>]*\bsrc="(?:https?:)?//[^"]*', html) == []
        assert re.findall(r'<link[^>]*rel="(?:stylesheet|preconnect|icon)"[^>]*href="(?:https?:)?//[^"]*', html) == []


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Two versions of a few pages, published one after the other as by `make versions`; returns the text at an address."""
    folder = tmp_path_factory.mktemp("versions")
    (folder / "docs/rules").mkdir(parents=True)
    for name in RULE_PAGES:
        shutil.copy(ROOT / "docs/rules" / name, folder / "docs/rules")
    shutil.copy(ROOT / "CHANGELOG.md", folder)
    (folder / "docs/index.md").write_text("# Home\n")
    (folder / "docs/__pycache__").mkdir()
    (folder / "docs/__pycache__/tables.cpython-311.pyc").write_bytes(b"byte code of a script in docs/")
    for name in ("site.py", "site.css"):
        shutil.copy(ROOT / "docs" / name, folder / "docs")
    shutil.copytree(ROOT / "docs/overrides", folder / "docs/overrides")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    settings = settings.replace("strict: true", "strict: false")  # most rules in the index have no page here
    (folder / "mkdocs.yml").write_text(f"{settings}\nnav: [index.md, rules/README.md]\n", encoding="utf-8")
    run("git", "init", "--quiet", "--initial-branch", "main", cwd=folder)
    run("git", "add", ".", cwd=folder)
    run("git", "commit", "--quiet", "--message", "Pages", cwd=folder)
    rule = folder / "docs/rules/ST101.md"
    for version, text in (("1.1", "Said first."), ("1.2", "Said since.")):
        rule.write_text(f"# ST101 · one\n\n{text}\n", encoding="utf-8")
        run("mike", "deploy", "--update-aliases", version, "latest", cwd=folder)
    run("mike", "set-default", "latest", cwd=folder)
    return lambda address: run("git", "show", f"gh-pages:{address}", cwd=folder)


def test_each_version_keeps_its_pages_of_rules(published: Callable[[str], str]):
    assert "Said first." in published("1.1/rules/ST101/index.html")
    assert "Said since." in published("1.2/rules/ST101/index.html")
    assert "Said since." in published("latest/rules/ST101/index.html")


def test_a_rule_on_a_shared_page_has_its_address_in_each_version(published: Callable[[str], str]):
    for version in ("1.1", "1.2", "latest"):
        assert "url=../HF/#HF002" in published(f"{version}/rules/HF002/index.html")


def test_the_versions_are_listed_for_readers(published: Callable[[str], str]):
    versions = yaml.safe_load(published("versions.json"))
    assert [(each["version"], each["aliases"]) for each in versions] == [("1.2", ["latest"]), ("1.1", [])]
    assert "latest/" in published("index.html")
    assert "older version" in published("1.1/rules/ST101/index.html")


def test_scripts_and_bytecode_are_not_published(published: Callable[[str], str]):
    assert "__pycache__" not in published("latest/")
    assert "site.py" not in published("latest/")
    assert "rules/" in published("latest/"), "a folder is shown by its entries"


def test_a_finding_links_to_the_folder_of_its_version(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newsletter.check.families.documentation_url", lambda: "https://docs.example")
    addresses = {help_address(rule) for rule in RULES}
    assert addresses == {f"https://docs.example/{documentation_version()}/rules/{rule.code}/" for rule in RULES}
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nversions:")[2].partition("\n\n")[0]
    assert "mike deploy" in recipe
    assert "documentation_version()" in recipe
