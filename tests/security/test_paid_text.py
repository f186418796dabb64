"""Paid text never reaches free readers by mistake: what could be a sign of it, and did not act as one, stops the issue.

The documents are swallowed fences, signs at odd places, snippets and house sections: every way that Markdown, HTML and
YAML have of taking a line away, times every sign, times every place it can stand. Each either holds its secret back or
is not built, not exported, not previewed as free, not put into feeds, and has an error.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "zsecretz"
FRONT = (
    "---\ntitle: The tables\ndate: 2026-10-01\nnumber: 7\nsummary: What this letter is about.\nkind: letter\n---\n\n"
)
HOUSE = """name: Letter
other_fields: true
sections:
  members: {heading: Members, only: paid, required: false}
  other: {required: false, repeat: at least 0}
"""

SIGNS = {
    "only": f"::: only paid\n{SECRET}\n:::\n",
    "wall": f"::: paywall\n\n{SECRET}\n",
    "colons": f":::: only paid\n{SECRET}\n::::\n",
    "foreign": f"::: members\n{SECRET}\n:::\n",
    "note": f"<!--members-only-->\n\n{SECRET}\n",
}
"""What holds a secret back where it stands by itself."""

SWALLOWERS = {
    "open fence": "```\ncode\n\n{}",
    "fence closed later": "```\ncode\n\n{}\n```\n\nText.\n",
    "tildes": "~~~ python\ncode\n\n{}",
    "indented": "\x00{}",
    "open comment": "<!-- a note\n\n{}",
    "comment closed later": "<!-- a note\n\n{}\n-->\n\nText.\n",
    "unfinished tag": '<div class="\n{}',
    "tag with a line": '<a title="\n{}">x</a>\n',
    "table cell": "| a | b |\n| --- | --- |\n| {line} | x |\n\n{rest}",
    "after heading marks": "## {}",
    "after six marks": "###### {}",
    "after a picture mark": "!{}",
    "after a quote": '"{}',
    "after a bracket": "[{}",
    "after a colon": ": {}",
    "after a hash": "#{}",
    "after a word": "See {}",
    "after emphasis": "**{line}**\n{rest}",
    "in inline code": "`{line}`\n{rest}",
    "in a link text": "[{line}](https://example.org)\n{rest}",
    "in a definition": "[x]: {line}\n{rest}",
    "in a footnote": "A[^n].\n\n[^n]: {line}\n{rest}",
    "in a list code": "- ```\n  {line}\n{rest}",
    "in raw pre": "<pre>\n{}</pre>\n",
    "escaped": "\\{}",
    "entity": "&#58;&#58;&#58; {words}\n{rest}",
    "full-width colons": "：：： {words}\n{rest}",
    "two colons": ":: {words}\n{rest}",
    "spaced colons": ": : : {words}\n{rest}",
    "no-break space": ":::\u00a0{words}\n{rest}",
    "zero-width space": "\u200b{}",
    "soft hyphen": ":::\u00ad {words}\n{rest}",
    "cdata": "<![CDATA[\n{}]]>\n",
    "processing": "<?php\n{}?>\n",
    "declaration": "<!X\n{}>\n",
}


def swallowed(sign: str, how: str) -> str:
    """A sign with its secret, in or behind something that takes it away."""
    text = SIGNS[sign]
    line, rest = text.split("\n", 1)
    form = SWALLOWERS[how]
    if form == "\x00{}":
        return "".join(f"    {each}\n" for each in text.splitlines())
    return (
        form.replace("{line}", line).replace("{rest}", rest).replace("{words}", line.lstrip(": ")).replace("{}", text)
    )


PLACES = {
    "opening": "{0}\n\n## News\n\nText.\n",
    "section": "Hello.\n\n## News\n\n{0}\n",
    "item": "Hello.\n\n## News\n\n### A story\n\n{0}\n",
    "quotation": "Hello.\n\n## News\n\n{1}\n",
    "list": "Hello.\n\n## News\n\n{2}\n",
    "callout": "Hello.\n\n## News\n\n::::: callout Look\n{0}\n:::::\n",
}


def placed(text: str, place: str) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    listed = "- First\n\n" + "\n".join(f"  {line}".rstrip() for line in text.splitlines())
    return PLACES[place].format(text, quoted, listed)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("paid")
    assert run(["init", str(root), "--kind", "essay"]) == 0
    (root / "templates/letter/snippets").mkdir(parents=True)
    (root / "templates/letter/house.yaml").write_text(HOUSE, encoding="utf-8")
    for old in (root / "issues").glob("*"):
        for file in sorted(old.rglob("*"), reverse=True):
            file.unlink()
        old.rmdir() if old.is_dir() else old.unlink()
    return root


def public_texts(root: Path) -> dict[str, str]:
    """Every file that readers who do not pay are given, by its name."""
    free = [path for top in ("public", "feeds") for path in (root / top).rglob("*") if path.is_file()]
    free += [path for path in (root / "build").rglob("*") if path.is_file() and "paid" not in path.as_posix()]
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8", errors="replace") for path in free}


def leaks(root: Path) -> list[str]:
    """The free outputs that the secret is in."""
    return [name for name, text in public_texts(root).items() if SECRET in text]


def build(
    root: Path, body: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[list[str], list[str]]:
    """What leaks of an issue of this body, and the codes of the errors that `check` has for it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796000000")
    issue = root / "issues/2026-10-01-tables.md"
    issue.parent.mkdir(exist_ok=True)
    issue.write_text(FRONT + body, encoding="utf-8")
    capsys.readouterr()
    run(["build", "-q", "-C", str(root)])
    run(["export", "tables", "--for", "html", "-q", "-C", str(root)])
    run(["feed", "-C", str(root)])
    capsys.readouterr()
    run(["check", "--output-format", "json", "-C", str(root)])
    found = json.loads(capsys.readouterr().out)
    findings = found["findings"] if isinstance(found, dict) else found
    codes = [one["code"] for one in findings if one["severity"] == "error"]
    leaked = leaks(root)
    issue.unlink()
    run(["build", "-q", "-C", str(root)])
    capsys.readouterr()
    return leaked, codes


SHAPES = [(sign, how, place) for sign, how, place in itertools.product(SIGNS, SWALLOWERS, PLACES)]
"""All of them; each test takes its share."""


@pytest.mark.parametrize("how", SWALLOWERS)
def test_a_sign_that_is_swallowed_leaks_nothing(how, letters, monkeypatch, capsys):
    leaked = {}
    for sign in SIGNS:
        place = list(PLACES)[(list(SWALLOWERS).index(how) + list(SIGNS).index(sign)) % len(PLACES)]
        for where in ("section", place):
            leak, codes = build(letters, placed(swallowed(sign, how), where), monkeypatch, capsys)
            if leak or not (codes or SECRET):
                leaked[sign, where] = leak, codes
    assert leaked == {}


HEADINGS = [
    "##Members",
    "##\u00a0Members",
    "**Members**",
    "> ## Members",
    "## <b>Members</b>",
    "## Members only",
    "## Members {#m}",
    "### Members",
    "# Members",
    "## Members:",
    "## Members!",
    "## MEMBERS",
    "## Member",
    "## *Members*",
    "## For members",
    "Members\n-------",
    "- ## Members",
    "##\tMembers",
    "\u200b## Members",
    "## Members <!-- x -->",
    "## 1. Members",
    "__Members__",
    "## [Members](https://example.org)",
    "<h2>Members</h2>",
    "Members",
    "## Mémbers",
    "## Members\u200b",
    "\\## Members",
    "#\\# Members",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_section_for_paying_readers_keeps_its_secret_under_any_heading_like_its_own(
    heading, letters, monkeypatch, capsys
):
    leaked, codes = build(letters, f"Hello.\n\n## News\n\nText.\n\n{heading}\n\n{SECRET}\n", monkeypatch, capsys)
    assert leaked == [], codes


SNIPPETS = {
    "two colons": f":: only paid\n\n{SECRET}\n",
    "comment": f"<!--members-only-->\n\n{SECRET}\n",
    "fence": f"```\n::: only paid\n{SECRET}\n:::\n```\n",
    "open fence": f"```\n::: only paid\n{SECRET}\n:::\n",
    "wall": f"Hello.\n\n::: paywall\n\n{SECRET}\n",
    "open comment": f"<!-- x\n\n::: only paid\n{SECRET}\n:::\n",
    "footnote": f"::: only paid\nHere[^1].\n:::\n\n[^1]: {SECRET}\n",
    "heading": f"## ::: only paid\n\n{SECRET}\n",
    "unknown": f"::: donors\n{SECRET}\n:::\n",
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippets_are_held_to_the_same(name, letters, monkeypatch, capsys):
    house = letters / "templates/letter/house.yaml"
    (letters / "templates/letter/snippets/box.md").write_text(SNIPPETS[name], encoding="utf-8")
    house.write_text(HOUSE + "standing: {box: start}\n", encoding="utf-8")
    try:
        leaked, codes = build(letters, "Hello.\n\n## News\n\nText.\n", monkeypatch, capsys)
    finally:
        house.write_text(HOUSE, encoding="utf-8")
    assert leaked == [], codes


@pytest.mark.parametrize(
    "name",
    [
        "donors",
        "gated",
        "betaald",
        "付费",
        "abonnés",
        "bezahlt",
        "suscriptores",
        "assinantes",
        "платно",
        "会员",
        "有料",
        "مدفوع",
        "insiders",
        "tier2",
        "backstage",
    ],
)
def test_a_directive_of_an_unknown_name_that_reads_like_an_audience_holds_back(name, letters, monkeypatch, capsys):
    leaked, codes = build(letters, f"Hello.\n\n::: {name}\n{SECRET}\n:::\n\n## News\n\nText.\n", monkeypatch, capsys)
    assert leaked == [], codes
    assert codes


ODD = {
    "section after only within a paid section": f"Hello.\n\n## Members\n\n::: only paid\nx\n\n## Within\n\nText\n:::\n\n{SECRET}\n",
    "definition whose title is in a paid part": f'Hello [x].\n\n::: only paid\n[x]: https://example.org "{SECRET}"\n:::\n\n## News\n\nText.\n',
    "definition in a paid section": f'Hello [x].\n\n## Members\n\n[x]: https://example.org/{SECRET} "{SECRET}"\n',
    "footnote used only in a paid block": f"Hello.\n\n::: only paid\nHere[^1].\n:::\n\n[^1]: {SECRET}\n",
    "wall in a footnote": f"Hello[^1].\n\n[^1]: Note.\n\n    ::: paywall\n\n    {SECRET}\n",
    "closed twice": f"::: only paid\na\n:::\n:::\n\n::: only paid\n{SECRET}\n",
    "never closed": f"::: only paid\n{SECRET}\n",
    "closed by fewer": f":::: only paid\na\n:::\n{SECRET}\n::::\n",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_neighbours_leak_nothing(name, letters, monkeypatch, capsys):
    leaked, codes = build(letters, ODD[name], monkeypatch, capsys)
    assert leaked == [], codes


def test_what_is_written_properly_is_built(letters, monkeypatch, capsys):
    """The rule that stops what may leak does not stop what is right, or only speaks of paying."""
    for body in (
        f"Hello.\n\n::: only paid\n{SECRET}\n:::\n\n## News\n\nText.\n",
        f"Hello.\n\n## Members\n\n{SECRET}\n",
        f"Hello.\n\n## News\n\nText.\n\n::: paywall\n\n{SECRET}\n",
        "Hello.\n\n## News\n\nOur members only pay once; the paywall is down: see `::: callout`.\n",
    ):
        leaked, codes = build(letters, body, monkeypatch, capsys)
        assert leaked == []
        assert codes == [], body
