"""The contract of every rule: a record, and a page with an example that fails and one that passes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import newsletter
from newsletter.check import RULES, Settings, page_of, rule_of
from newsletter.check.facts.addresses import Hop, LinkAnswer
from newsletter.check.families import documentation_version, pages_folder
from newsletter.check.fixes import choose, splice, splice_bytes
from newsletter.check.kept import choose_kept
from newsletter.config.invented import invented_in
from newsletter.config.load import load_workspace
from newsletter.diagnostics import Severity
from newsletter.errors import ConfigurationError, UsageError
from newsletter.house.load import load_house

if TYPE_CHECKING:
    from newsletter.check import Rule
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Issue

OF_ISSUES = [rule for rule in RULES if rule.family not in {"CF", "HF", "EX"}]  # EX: tests/services/test_findings.py
FIXABLE = [rule for rule in OF_ISSUES if rule.fixable]
OF_CONFIGURATION = [rule for rule in RULES if rule.family in {"CF", "HF"}]
_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=ticks)$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """The examples on a page, by their heading."""

    text: str

    def fences(self, heading: str) -> list[tuple[list[str], str]]:
        masked = _FENCE.sub(lambda match: re.sub("[^\n]", " ", match[0]), self.text)
        part = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", masked, re.DOTALL | re.MULTILINE)
        span = part.span(1) if part else (0, 0)
        return [(match["info"].split(), match["text"]) for match in _FENCE.finditer(self.text[slice(*span)])]


def write_documents(checker, documents) -> tuple[str, ...]:
    """The paths of the documents, after writing them. `{1..6}` in a path makes six files, with `{n}` as the number.

    Other files are written too: a template, or the additions to newsletter.yaml.
    """
    paths = []
    for info, text in documents:
        if info[0] != "markdown":
            checker.configure(text) if info[1] == "newsletter.yaml" else checker.write(info[1], text)
            continue
        path = next((word for word in info if word.endswith(".md")), "issues/letter/index.md")
        several = re.search(r"\{(\d+)\.\.(\d+)\}", path)
        for number in range(int(several[1]), int(several[2]) + 1) if several else [None]:
            content = text if number is None else text.replace("{n}", str(number))
            paths.append(path if several is None else path.replace(several[0], str(number)))
            checker.write(paths[-1], content.encode("latin-1" if "latin-1" in info else "utf-8"))
    return tuple(paths)


def codes_found(checker, page: Page, heading: str) -> set[str]:
    before = write_documents(checker, page.fences("The earlier issues of the examples"))
    paths = write_documents(checker, page.fences(heading))
    assert paths, "the page shows no document"
    return {found.code for found in checker.check_files((*before, *paths))}


def test_the_rules_of_structure_are_in_the_order_of_their_codes() -> None:
    for family in ("FM", "ST", "LK", "FG", "TX", "HS"):
        own = [rule.code for rule in RULES if rule.family == family]
        assert own == sorted(own)


@pytest.fixture
def page(rule: Rule, checker) -> Page:
    page = Page(page_of(rule.code))
    checker.sends = rule.family == "EM"
    if checker.sends:
        checker.configure()
    if rule.severity is Severity.OFF:  # off by default
        checker.settings = Settings(severities={rule.code: Severity.WARNING})
    for info, yaml in page.fences("The house format of the examples"):
        assert info == ["yaml", "templates/letter/house.yaml"]
        checker.house(yaml)
    for _, answers in page.fences("What the web answers in the examples"):
        checker.live = dict(map(answer_from, answers.splitlines()))
    return page


def answer_from(line: str) -> tuple[str, LinkAnswer]:
    """The answer in a line like `https://a.example/ → 301 https://b.example/ → 200`; a word as the last part is an error."""
    address, *hops, last = line.split(" → ")
    way = tuple(Hop(int(status), to) for status, to in (hop.split() for hop in hops))
    return address, LinkAnswer(int(last), hops=way) if last.isdigit() else LinkAnswer(0, last, hops=way)


@pytest.mark.parametrize("rule", OF_ISSUES, ids=lambda rule: rule.code)
def test_the_failing_example_has_only_the_finding_of_its_rule(rule: Rule, page: Page, checker):
    assert codes_found(checker, page, "Fails") == {rule.code}


@pytest.mark.parametrize("rule", OF_ISSUES, ids=lambda rule: rule.code)
def test_the_passing_example_has_no_findings(rule: Rule, page: Page, checker):
    assert codes_found(checker, page, "Passes") == set()


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: rule.code)
def test_after_fixing_the_finding_is_gone_and_there_are_no_new_ones(rule: Rule, page: Page, checker):
    write_documents(checker, page.fences("The earlier issues of the examples"))
    paths = write_documents(checker, page.fences("Fails"))
    before = checker.check_files(paths)
    assert any(found.fix for found in before), "what the page shows cannot be fixed"
    rounds = 0
    while any(found.fix for found in before):
        rounds += 1
        assert rounds < 9, "it never comes to rest"
        for path in paths:
            apply_and_compare(checker, path, [found for found in before if found.path == path])
        before, earlier = checker.check_files(paths), before
        assert {found.code for found in before} <= {found.code for found in earlier}
        assert len(before) < len(earlier)


def apply_and_compare(checker, path: str, findings: list[Diagnostic]) -> None:
    """Fixes the file as the tool does; each edit must change something at its place and nothing else."""
    content = (checker.root / path).read_bytes()
    text = checker.read(path)[0].text
    for found in findings:
        for edit in found.fix.edits if found.fix else ():
            written_there = text[edit.span.start : edit.span.end]
            assert written_there != edit.text
            assert checker.read(path)[0].span(edit.span.start, edit.span.end) == edit.span

    def read(text: str) -> Issue:
        checker.write(path, text)
        return checker.read(path)[1]

    edits, fixed = choose_kept(checker.read(path)[1], text, findings, read)
    assert (edits, fixed) == choose(text, findings), "the fix changes more than its finding names"
    checker.write(path, splice_bytes(content, edits))
    assert bool(fixed) == any(found.fix for found in findings)
    assert checker.read(path)[0].text == splice(text, edits)


@pytest.mark.parametrize("rule", OF_ISSUES, ids=lambda rule: rule.code)
def test_a_rule_has_fixes_exactly_if_it_is_declared_fixable(rule: Rule, page: Page, checker):
    write_documents(checker, page.fences("The earlier issues of the examples"))
    found = checker.check_files(write_documents(checker, page.fences("Fails")))
    assert any(one.fix for one in found if one.code == rule.code) == rule.fixable
    assert not rule.fixable or "newsletter check --fix" in page.text


@pytest.mark.parametrize("rule", OF_ISSUES, ids=lambda rule: rule.code)
def test_a_page_has_the_standard_headings_and_matches_the_record(rule: Rule, page: Page):
    assert page.text.startswith(f"# {rule.code} · {rule.name}\n")
    headings = re.findall(r"^## (.*)$", _FENCE.sub("", page.text), re.MULTILINE)
    assert [heading for heading in headings if "examples" not in heading] == [
        "What it checks",
        "Why",
        "How to fix",
        "Fails",
        "Passes",
        "Configuration",
    ]
    weight = page.text.rpartition("## Configuration\n\n")[2]
    begins = {level: f"Severity: {level}" for level in Severity}
    assert weight.startswith(begins[rule.severity])
    assert ("while the issue says `draft: true`" in weight) == rule.gap
    assert rule.code in weight


@pytest.mark.parametrize("rule", OF_ISSUES, ids=lambda rule: rule.code)
def test_a_rule_lists_the_key_that_its_findings_name(rule: Rule, page: Page, checker):
    write_documents(checker, page.fences("The earlier issues of the examples"))
    found = [
        one for one in checker.check_files(write_documents(checker, page.fences("Fails"))) if one.code == rule.code
    ]
    assert [one.about for one in found if one.about and not any(is_key(key, one.about) for key in rule.keys)] == []


def is_key(key: str, about: tuple[str, ...]) -> bool:
    """Whether a key of the reference, such as `sections.NAME.words`, is at the path `about`, above it or below it."""
    parts, path = key.split("."), [name for name in about if name != "last"]
    starts = {0, max(len(path) - len(parts), 0)}  # `quotations.source` is at the top and in every section
    return any(all(part in {"NAME", name} for part, name in zip(parts, path[at:], strict=False)) for at in starts)


def test_no_rule_is_from_a_later_version():
    version = numbers(documentation_version())
    assert [rule.code for rule in RULES if numbers(rule.since) > version] == []


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version without patch release: `0.1`."""
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize("rule", OF_CONFIGURATION, ids=lambda rule: rule.code)
def test_the_example_of_a_configuration_error_has_that_error(rule: Rule, tmp_path: Path):
    text = page_of(rule.code)
    assert f"\n## {rule.code} · {rule.name}\n" in text
    examples = [match["text"] for match in _FENCE.finditer(text)]
    for example in examples:
        assert rule.code in configuration_codes(rule.family, example, tmp_path)
    assert examples or rule.code[2:] in {"007", "008", "107"} or rule.reads == "templates"


def configuration_codes(family: str, yaml: str, root: Path) -> set[str]:
    if family == "CF":
        (root / "newsletter.yaml").write_text(yaml, encoding="utf-8")
        if "title:" in yaml and "sender:" in yaml:  # findings that stop nothing need a complete file
            return {found.code for found in invented_in(load_workspace(root))}
        with pytest.raises(ConfigurationError) as raised:
            load_workspace(root)
        return {found.code for found in raised.value.diagnostics}
    file = root / "templates/letter/house.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(yaml, encoding="utf-8")
    return {found.code for found in load_house("letter", (root / "templates",), root)[1]}


def test_codes_are_unique_and_well_formed():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"[A-Z]{2}\d{3}", rule.code) for rule in RULES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name) for rule in RULES)


def test_every_page_belongs_to_a_rule():
    pages = {file.name for file in pages_folder().glob("*.md")} - {"README.md"}
    assert pages == {rule.page_name for rule in RULES}


def test_every_code_in_the_package_has_a_record():
    package = Path(newsletter.__file__).parent
    given = {
        code
        for file in package.rglob("*.py")
        for code in re.findall(r'"((?:FM|ST|FG|HF|CF|LK|TX|EM|HS|EX)[0-9]{3})"', file.read_text(encoding="utf-8"))
    }
    shared = {
        number
        for file in (package / "config").glob("yaml*.py")
        for number in re.findall(r'"(0[0-9]{2})"', file.read_text(encoding="utf-8"))
    }
    given |= {family + number for number in shared for family in ("FM", "CF", "HF")}
    given.discard("HS256")  # an algorithm of JSON Web Tokens
    assert given - {rule.code for rule in RULES} == set()


def test_a_rule_is_found_by_code_or_name():
    assert rule_of("ST104") is rule_of("st104") is rule_of("unlinked-title")
    assert rule_of("ST999") is None


@pytest.mark.parametrize(("typed", "meant"), [("FM1O1", "FM101"), ("lki01", "LK101"), ("STl04", "ST104")])
def test_a_letter_that_looks_like_a_digit_is_read_as_one(typed, meant):
    with pytest.raises(UsageError) as raised:
        page_of(typed)
    assert raised.value.hint == f"Did you mean `{meant}`?"


def test_an_unknown_rule_is_reported_with_the_nearest():
    with pytest.raises(UsageError, match="there is no rule `FM1099`") as raised:
        page_of("FM1099")
    assert raised.value.hint == "Did you mean `FM109`?"


def test_only_the_relevant_part_of_a_shared_page_is_shown():
    text = page_of("HF104")
    assert text.startswith("# HF · house.yaml\n")
    assert re.findall("^## (HF.*) ·", text, re.MULTILINE) == ["HF104"]
