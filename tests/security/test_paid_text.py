"""Paid text never reaches free readers by mistake: a disabled marker of paid text stops the issue.

The documents combine every marker with every way in which Markdown, HTML and YAML can disable it, at every place: open
fences, unusual places, snippets and sections of the house format. Each either holds its secret back, or has an error and
is not built, exported, previewed as free or put into feeds.
"""

from __future__ import annotations

import itertools
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.build.facts import BuildJob
from newsletter.build.issue import make
from newsletter.build.write import site_outputs
from newsletter.cli import run
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.editions.signs import heading_lines, signs_in
from newsletter.project.project import Project
from tests.sample_values import OPTIONS, with_every_feed

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

MARKERS = {
    "only": f"::: only paid\n{SECRET}\n:::\n",
    "wall": f"::: paywall\n\n{SECRET}\n",
    "colons": f":::: only paid\n{SECRET}\n::::\n",
    "foreign": f"::: members\n{SECRET}\n:::\n",
    "note": f"<!--members-only-->\n\n{SECRET}\n",
    "wall with words": f"::: paywall The rest is for members.\n\n{SECRET}\n",
    "capitals": f"::: Only Paid\n{SECRET}\n:::\n",
    "misspelt": f"::: onyl payed\n{SECRET}\n:::\n",
    "abroad": f"::: abonnés\n{SECRET}\n:::\n",
    "far abroad": f"::: 会员\n{SECRET}\n:::\n",
    "from right to left": f"::: مدفوع\n{SECRET}\n:::\n",
    "attribute": f"::: {{.members}}\n{SECRET}\n:::\n",
    "tier": f"::: tier2\n{SECRET}\n:::\n",
    "note of another tool": f"<!-- wp:paywall -->\n\n{SECRET}\n",
}
"""The markers that hold a secret back when nothing disables them."""

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
    "four backticks": "````\n```\n\n{}",
    "fence in a quotation": "> ```\n> code\n\n{}",
    "fence with a word behind it": "```\ncode\n``` text\n\n{}",
    "fence of tildes closed by backticks": "~~~\ncode\n```\n\n{}",
    "fence in a list that goes on": "- ```\n  code\n\n{}",
    "comment in a line": "Text <!-- a note\n{}",
    "comment closed wrongly": "<!-- a note --!>\n\n{}",
    "comment in a comment": "<!-- a <!-- b\n\n{}\n--> c -->\n",
    "in a title": '[x](https://example.org "\n{}")\n',
    "in the title of a definition": '[x]: https://example.org "\n{}"\n',
    "in an address": "[x](<\n{}>)\n",
    "in an autolink": "<https://example.org/\n{}>\n",
    "in an alternative text": "![\n{}](map.png)\n",
    "above a line of dashes": "{line}\n---\n{rest}",
    "above a line of equals signs": "{line}\n===\n{rest}",
    "after a number": "1.{line}\n{rest}",
    "after a dash without space": "-{line}\n{rest}",
    "after a task": "- [x]{line}\n{rest}",
    "struck through": "~~{line}~~\n{rest}",
    "in a personal field": "{{{{ {line} }}}}\n{rest}",
    "in a condition": "{% raw %}{line}{% endraw %}\n{rest}",
    "in mathematics": "$$\n{}$$\n",
    "in an expression": "{/* {line}\n*/}\n{rest}",
    "in a script": "<script>\n{}</script>\n",
    "in a style": "<style>\n{}</style>\n",
    "in a text area": "<textarea>\n{}</textarea>\n",
    "in a drawing": "<svg><desc>\n{}</desc></svg>\n",
    "in a template": "<template>\n{}</template>\n",
    "in details": "<details>\n{}</details>\n",
    "in a paragraph of HTML": "<p>{line}</p>\n{rest}",
    "as entities": "&#x3a;&colon;&#58; {words}\n{rest}",
    "escaped one by one": "\\:\\:\\: {words}\n{rest}",
    "half in emphasis": ":*::* {words}\n{rest}",
    "small colons": "﹕﹕﹕ {words}\n{rest}",
    "ratios": "∶∶∶ {words}\n{rest}",
    "proportions": "∷ {words}\n{rest}",
    "other marks": ";;; {words}\n{rest}",
    "line separator": "a\u2028{}",
    "next line": "a\x85{}",
    "form feed": "a\x0c{}",
    "mark of direction": "\u202e{}",
    "word joiner": ":\u2060:\u2060: {words}\n{rest}",
    "behind closing colons": "::: {line}\n{rest}",
    "as the words of a callout": "::: callout {line}\n:::\n{rest}",
    "as a field": "::: event Walk\nplace: {line}\n:::\n{rest}",
    "as a button": "::: button [{line}](https://example.org)\n:::\n{rest}",
    "on the next line": ":::\n{words}\n{rest}",
    "in a unused note": "[^unused]: {line}\n{rest}",
    "in a note defined twice": "A[^d].\n\n[^d]: a\n\n[^d]: {line}\n{rest}",
}


def swallow(sign: str, how: str) -> str:
    """A marker with its secret, in or behind something that disables it."""
    text = MARKERS[sign]
    line, rest = text.split("\n", 1)
    form = SWALLOWERS[how]
    if form == "\x00{}":
        return "".join(f"    {each}\n" for each in text.splitlines())
    return (
        form.replace("{line}", line)
        .replace("{rest}", rest)
        .replace("{words}", line.lstrip(": ").removeprefix("<!--").removesuffix("-->"))
        .replace("{}", text)
    )


PLACES = {
    "opening": "{0}\n\n## News\n\nText.\n",
    "section": "Hello.\n\n## News\n\n{0}\n",
    "item": "Hello.\n\n## News\n\n### A story\n\n{0}\n",
    "quotation": "Hello.\n\n## News\n\n{1}\n",
    "list": "Hello.\n\n## News\n\n{2}\n",
    "callout": "Hello.\n\n## News\n\n::::: callout Look\n{0}\n:::::\n",
    "list in a quotation": "Hello.\n\n## News\n\n{3}\n",
    "footnote": "Hello[^note].\n\n## News\n\nText.\n\n[^note]: Note.\n\n{4}\n",
    "web": "Hello.\n\n## News\n\n::::: only email web\n{0}\n:::::\n",
    "before everything": "{0}",
}


def at_place(text: str, place: str) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    listed = "- First\n\n" + "\n".join(f"  {line}".rstrip() for line in text.splitlines())
    both = "\n".join(f"> {line}".rstrip() for line in listed.splitlines())
    noted = "\n".join(f"    {line}".rstrip() for line in text.splitlines())
    return PLACES[place].format(text, quoted, listed, both, noted)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("paid")
    assert run(["init", str(root), "--kind", "essay", *OPTIONS]) == 0
    with_every_feed(root)
    (root / "templates/letter/snippets").mkdir(parents=True)
    (root / "templates/letter/house.yaml").write_text(HOUSE, encoding="utf-8")
    for old in (root / "issues").glob("*"):
        for file in sorted(old.rglob("*"), reverse=True):
            file.unlink()
        old.rmdir() if old.is_dir() else old.unlink()
    return root


def public_texts(root: Path) -> dict[str, str]:
    """Every file that free readers get, by name."""
    free = [path for top in ("public", "feeds") for path in (root / top).rglob("*") if path.is_file()]
    free += [path for path in (root / "build").rglob("*") if path.is_file() and "paid" not in path.as_posix()]
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8", errors="replace") for path in free}


def leaks(root: Path) -> list[str]:
    """The free outputs that contain the secret."""
    return [name for name, text in public_texts(root).items() if SECRET in text]


def build(
    root: Path, body: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[list[str], list[str]]:
    """The outputs that leak the secret of an issue with this body, and the codes of the errors of `check`."""
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
    for made in ("build", "public", "feeds", ".newsletter"):  # faster than a build that removes everything
        shutil.rmtree(root / made, ignore_errors=True)
    return leaked, codes


SHAPES = tuple(itertools.product(MARKERS, SWALLOWERS, PLACES))
"""Every marker with every way of disabling it at every place."""


class LeakChecker:
    """A workspace whose only issue is written and built again in this process, a hundred times a second."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.issue = root / "issues/2026-10-01-tables.md"
        self.issue.parent.mkdir(exist_ok=True)
        self.issue.write_text(FRONT, encoding="utf-8")
        self.project = Project(load_workspace(root), cache=root / ".newsletter/cache")
        (self.file,) = issue_files(root)

    def leaks(self, body: str, front: str = FRONT) -> list[str]:
        """The free outputs that contain the secret."""
        self.issue.write_text(front + body, encoding="utf-8", newline="")
        made = make(self.project, BuildJob(self.file, public=True, feed=True))
        if made.faults:
            return []
        outputs = {**made.outputs, **site_outputs(self.project, [(made.facts, made.feed, made.campaign)])}
        outputs["facts"] = json.dumps(made.facts, ensure_ascii=False).encode()
        return [name for name, content in outputs.items() if "paid" not in name and SECRET.encode() in content]


@pytest.fixture(scope="module", params=["no HTML", "HTML"])
def leak_checker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LeakChecker:
    root = tmp_path_factory.mktemp("leaks")
    assert run(["init", str(root), "--kind", "essay", *OPTIONS]) == 0
    with_every_feed(root)
    (root / "templates/letter").mkdir(parents=True)
    house = HOUSE + ("allow_html: true\n" if request.param == "HTML" else "")
    (root / "templates/letter/house.yaml").write_text(house, encoding="utf-8")
    return LeakChecker(root)


@pytest.mark.parametrize("place", PLACES)
def test_no_disabled_marker_leaks_its_text_at_any_place(place: str, leak_checker: LeakChecker) -> None:
    """All 11,760 shapes with and without HTML, by place. Without HYPOTHESIS_PROFILE=search, one in thirty."""
    shapes = [(sign, how) for sign, how, where in SHAPES if where == place]
    step = 1 if settings.default is settings.get_profile("search") else 29
    shapes = shapes[list(PLACES).index(place) % step :: step]
    leaked = {shape: found for shape in shapes if (found := leak_checker.leaks(at_place(swallow(*shape), place)))}
    assert leaked == {}


LINES = ("\n", "\r\n", "\r")


@st.composite
def issues_with_a_secret(draw: st.DrawFn) -> str:
    """An issue with its secret behind a marker that one or two things disable, with others around it and any line ends."""
    sign, how, place = draw(st.sampled_from(SHAPES))
    text = swallow(sign, how)
    before = draw(st.sampled_from([form.replace("{line}", "a").replace("{rest}", "b") for form in SWALLOWERS.values()]))
    around = draw(st.sampled_from(("alone", "below", "twice", "in a block", "below a block")))
    if around == "below":
        text = before.replace("{words}", "c").replace("{}", "d\n\n") + "\n\n" + text
    elif around == "twice":
        outer = SWALLOWERS[draw(st.sampled_from(["open fence", "open comment", "in details", "fence in a quotation"]))]
        text = outer.replace("{}", text)
    elif around == "in a block":
        text = f":::::: only {draw(st.sampled_from(('email', 'web feed', 'paid')))}\n{text}\n::::::\n"
    elif around == "below a block":
        text = f"::: only paid\npaid\n:::\n\n{text}"
    body = at_place(text, place)
    return body.replace("\n", draw(st.sampled_from(LINES)))


@settings(deadline=None)
@given(body=issues_with_a_secret())
def test_no_issue_leaks_text_behind_a_marker(leak_checker: LeakChecker, body: str) -> None:
    assert leak_checker.leaks(body) == []


FRONTS = {
    "block scalar": "subtitle: |\n  x\n  ::: only paid\n  {}\n",
    "folded scalar": "subtitle: >-\n  ::: only paid {}\n",
    "quoted over lines": 'subtitle: "x\n\n  ::: paywall\n\n  {}"\n',
    "comment": "# ::: only paid {}\nsubtitle: {}\n",
    "plain over lines": "subtitle: x\n  :: only paid\n  {}\n",
    "cover": "cover: {{image: map.png, alt: '::: paywall {}'}}\n",
}


@pytest.mark.parametrize("how", FRONTS)
def test_front_matter_does_not_hide_a_marker(how: str, leak_checker: LeakChecker) -> None:
    front = FRONT.replace("kind: letter\n", "kind: letter\n" + FRONTS[how].format(SECRET, SECRET))
    assert leak_checker.leaks("Hello.\n\n## News\n\nText.\n", front) == []


@pytest.mark.parametrize("how", SWALLOWERS)
def test_a_disabled_marker_leaks_nothing(how, letters, monkeypatch, capsys):
    leaked = {}
    # Two markers each, with whole commands. The test with `leak_checker` tries them all.
    for sign in list(MARKERS)[list(SWALLOWERS).index(how) % 7 :: 7]:
        place = list(PLACES)[(list(SWALLOWERS).index(how) + list(MARKERS).index(sign)) % len(PLACES)]
        for where in ("section", place):
            leak, codes = build(letters, at_place(swallow(sign, how), where), monkeypatch, capsys)
            if leak:
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
def test_a_paid_section_does_not_leak_under_a_similar_heading(heading, letters, monkeypatch, capsys):
    leaked, codes = build(letters, f"Hello.\n\n## News\n\nText.\n\n{heading}\n\n{SECRET}\n", monkeypatch, capsys)
    assert leaked == [], codes


CUT = [
    "## For members only",
    "## For members",
    "## For mem",
    "## members only",
    "## Members only this",
    "## Only this month",
    "## For membres only",
    "## For members only …",
    "## Für members only",
    "# For members only this",
    "### For members only",
    "#### 2. For members",
    "###### For members only this",
    "**For members only**",
    "- __For members only__",
    "For members only\n---",
    "## [For members only](https://example.org)",
]


@pytest.mark.parametrize("level", ["", ", level: 3"])
@pytest.mark.parametrize("heading", CUT)
def test_a_paid_section_does_not_leak_under_a_shortened_heading(heading: str, level: str, tmp_path: Path) -> None:
    (tmp_path / "templates/letter").mkdir(parents=True)
    house = HOUSE.replace("heading: Members", f"heading: For members only this month{level}")
    (tmp_path / "templates/letter/house.yaml").write_text(house, encoding="utf-8")
    (tmp_path / "newsletter.yaml").write_text(
        "title: Letters\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: letter\n"
    )
    leak_checker = LeakChecker(tmp_path)
    assert leak_checker.leaks(f"Hello.\n\n## News\n\nText.\n\n{heading}\n\n{SECRET}\n") == []
    for own in ("## News this month", "## Members", "### A month at sea", "**Only** this: a month.", "## For"):
        assert leak_checker.leaks(f"Hello.\n\n## News\n\nText.\n\n{own}\n\n{SECRET}\n"), own


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
def test_snippets_do_not_leak_paid_text(name, letters, monkeypatch, capsys):
    house = letters / "templates/letter/house.yaml"
    (letters / "templates/letter/snippets/box.md").write_text(SNIPPETS[name], encoding="utf-8")
    house.write_text(HOUSE + "standing: {box: start}\n", encoding="utf-8")
    try:
        leaked, codes = build(letters, "Hello.\n\n## News\n\nText.\n", monkeypatch, capsys)
    finally:
        house.write_text(HOUSE, encoding="utf-8")
    assert leaked == [], codes


@pytest.mark.parametrize("how", ["open fence", "comment closed later", "two colons", "table cell"])
def test_the_preview_hides_a_free_edition_that_may_leak_and_explains_it(
    how: str, letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import UTC, datetime

    from newsletter.preview.request import ViewRequest
    from newsletter.preview.session import Session

    issue = letters / "issues/2026-10-01-tables.md"
    issue.write_text(FRONT + at_place(swallow("only", how), "section"), encoding="utf-8")
    session = Session(letters, lambda: datetime(2026, 11, 1, tzinfo=UTC))
    (key,) = (key for key, stored in session.issues.items() if stored.file.path == "issues/2026-10-01-tables.md")
    for view in ("email", "text", "web", "feed", "html"):
        look = session.look(key, ViewRequest(view=view))
        assert SECRET not in look["html"]
        assert "paying readers" in look["fault"]["message"]
    assert any(found["code"] == "ST144" for found in session.about(key)["findings"])
    capsys.readouterr()
    assert run(["preview", "--export", str(letters / "shown"), "-C", str(letters)]) != 0
    assert not list((letters / "shown").rglob("*"))
    issue.unlink()


def test_a_finding_in_a_snippet_is_in_its_file_and_can_be_ignored_there(
    letters: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house, snippet = letters / "templates/letter/house.yaml", letters / "templates/letter/snippets/box.md"
    house.write_text(HOUSE + "standing: {box: start}\n", encoding="utf-8")
    try:
        snippet.write_text("Hello.\n\n`::: only paid` is how.\n", encoding="utf-8")
        _, codes = build(letters, "Hello.\n\n## News\n\nText.\n", monkeypatch, capsys)
        assert codes == ["ST144"]
        snippet.write_text("<!-- check: ignore ST144: an example -->\n\n`::: only paid` is how.\n", encoding="utf-8")
        _, codes = build(letters, "Hello.\n\n## News\n\nText.\n", monkeypatch, capsys)
        assert codes == []
    finally:
        house.write_text(HOUSE, encoding="utf-8")


def test_an_ignored_finding_allows_the_text(
    letters: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    body = f"Hello.\n\n## News\n\n<!-- check: ignore ST144: an example -->\n\n```\n::: only paid\n{SECRET}\n```\n"
    leaked, codes = build(letters, body, monkeypatch, capsys)
    assert leaked
    assert codes == []


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
def test_an_unknown_directive_that_resembles_an_audience_stops_the_issue(name, letters, monkeypatch, capsys):
    leaked, codes = build(letters, f"Hello.\n\n::: {name}\n{SECRET}\n:::\n\n## News\n\nText.\n", monkeypatch, capsys)
    assert leaked == [], codes
    assert codes


NEIGHBOURS = {
    "section after only within a paid section": f"Hello.\n\n## Members\n\n::: only paid\nx\n\n## Within\n\nText\n:::\n\n{SECRET}\n",
    "definition whose title is in a paid part": f'Hello [x].\n\n::: only paid\n[x]: https://example.org "{SECRET}"\n:::\n\n## News\n\nText.\n',
    "definition in a paid section": f'Hello [x].\n\n## Members\n\n[x]: https://example.org/{SECRET} "{SECRET}"\n',
    "footnote used only in a paid block": f"Hello.\n\n::: only paid\nHere[^1].\n:::\n\n[^1]: {SECRET}\n",
    "wall in a footnote": f"Hello[^1].\n\n[^1]: Note.\n\n    ::: paywall\n\n    {SECRET}\n",
    "closed twice": f"::: only paid\na\n:::\n:::\n\n::: only paid\n{SECRET}\n",
    "never closed": f"::: only paid\n{SECRET}\n",
    "closed by fewer": f":::: only paid\na\n:::\n{SECRET}\n::::\n",
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_unusual_neighbours_of_paid_text_leak_nothing(name, letters, monkeypatch, capsys):
    leaked, codes = build(letters, NEIGHBOURS[name], monkeypatch, capsys)
    assert leaked == [], codes


def test_correct_issues_are_built(letters, monkeypatch, capsys):
    """The rule against leaks does not stop correct issues, or text that only mentions paying."""
    for body in (
        f"Hello.\n\n::: only paid\n{SECRET}\n:::\n\n## News\n\nText.\n",
        f"Hello.\n\n## Members\n\n{SECRET}\n",
        f"Hello.\n\n## News\n\nText.\n\n::: paywall\n\n{SECRET}\n",
        "Hello.\n\n## News\n\nOur members only pay once; the paywall is down: see `::: callout`.\n",
    ):
        leaked, codes = build(letters, body, monkeypatch, capsys)
        assert leaked == []
        assert codes == [], body


@pytest.mark.parametrize(
    "text",
    [
        "std::only x", "f :: Int -> Text", "xs ::: ys", "::: details", "::: note Look at this", "12::30", "fe80::1",
        "Our members only pay once.", "Only paid work counts.", "## For paying readers", "<!-- ask the members about it -->",
        "<!-- check: ignore ST144: paywall -->", "[Text](https://example.org) (paywall)", "See https://example.org/paywall",
        "::: callout Members only", ":smile: members", "## Paywalls", "- paywall", "a:: b", "<!-- TODO: premium paper? -->",
    ],
)  # fmt: skip
def test_ordinary_text_has_no_marker(text: str) -> None:
    assert signs_in(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "::: оnly paid", "::: p a y w a l l", "::: o\u00adnly paid", "::: **only** paid", "::: ｏｎｌｙ paid", ":: μέλη", "::: 0nly paid",
        "::: платным подписчикам", "::: חברים", "::: 有料会員限定", "::: 구독자 전용", "::: สมาชิก", "::: सदस्य", "::: medlemmar", "::: jäsenille",
        "::: płatne", "::: předplatné", "::: előfizetők", "::: üyelere", "::: pelanggan", "::: abbonati", "::: assinantes", "::: unterstützer",
        "<!— members only —>", "<! --paywall-->", "&lt;!--members-only--&gt;", "<!--\nmembers-only\n-->", "<!--kg-card-begin: paywall-->",
        "[paywall]", "{{< paywall >}}", "<members-only>", "{% if member %}", "{{#if @member.paid}}", '<div class="paywall">', "## News {.paid}",
        ":::\npaywall", "!!! paywall", "/// only paid", "> ;;; only members", "only paid", "<!-- nur für Mitglieder -->",
    ],
)  # fmt: skip
def test_every_possible_misspelling_is_a_marker(text: str) -> None:
    assert signs_in(text) != ()


@pytest.mark.parametrize(
    "piece",
    [":", ": ", "<!", "<a class=", "a:: ", "::: xyz\n", "<!--members", "[ ", "{% if ", "-", "::: only", "::: p\u0301", "&lt", "::x\n", "only ", "*_`:"],
)  # fmt: skip
def test_searching_for_markers_takes_linear_time(piece: str) -> None:
    """A quadratic search of these texts would take hours, so the test passes only if the search is linear."""
    text = piece * (200_000 // len(piece))
    assert len(signs_in(text)) <= 20_001
    assert len(list(heading_lines(text, ["Members"]))) <= len(text)
