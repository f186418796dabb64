"""A fix never changes what readers get, except what its finding names.

Mistakes are inserted at every place that can have text, fixed by the command, and rendered before and after. The web
page, the email and its plain text must have the same tags, addresses and words, except for what the rule changes.
HYPOTHESIS_PROFILE=search tries many more combinations.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.commands.check import open_check
from newsletter.commands.fix import fix_files
from newsletter.config.workspace import IssueFile
from newsletter.markdown.misplaced import content_lines
from newsletter.project.letters import letter_of, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsletter.check import Settings
    from newsletter.project.project import Project

HOUSE = """
name: Letter
other_fields: true
text: {quotes: %s}
spelling: {email: [e-mail], GitHub: [Github], "the [log]*": [Blogg]}
"""
FILE = "issues/2024-12-19-ports/index.md"

# ── Mistakes that can be fixed ───────────────────────────────────────────────────────────────────────────────────────────────


class Payload(NamedTuple):
    """Something that a rule finds and fixes."""

    code: str
    text: str


QUOTED = (
    Payload("TX105", "harbour's log"),
    Payload("TX105", 'the "old" harbour'),
    Payload("TX105", "it\\'s the harbour's"),
    Payload("TX105", 'an \\"old\\" harbour\'s log'),
    Payload("TX105", "a &quot;quay&quot; isn't"),
)
"""Straight marks, in a house format that requires typographic ones."""
TYPOGRAPHIC = (
    Payload("TX105", "harbour’s log"),
    Payload("TX105", "the “old” harbour"),
    Payload("TX105", "the «old» ‘quay’ \\*now\\*"),
)
PAYLOADS = (
    *QUOTED,
    Payload("TX106", "the cafÃ© d’Ã©tÃ©"),
    Payload("TX106", "donâ€™t \\*wait\\*"),
    Payload("TX107", "har\u200bbour"),
    Payload("TX107", "so\u00adft lo\u2060ng"),
    Payload("TX107", "one\x0btwo"),
    Payload("TX107", "one\x0ctwo \x1e three\x1cfour"),
    Payload("TX107", "be\x08ll"),
    Payload("TX107", "\u200b*har*\u200bbour"),
    Payload("TX108", "le\u202aft"),
    Payload("TX108", "\u2066*le*ft"),
    Payload("TX114", "e-mail"),
    Payload("TX114", "your Github e-mail"),
    Payload("TX114", "no Blogg"),
    Payload("LK107", "[a story](https://a.example/story?utm_source=letter)"),
    Payload("LK107", "https://a.example/story?id=3&utm_source=letter"),
    Payload("LK109", "[ the lift ](https://lift.example/)"),
    Payload("LK109", "**[ the lift ](https://lift.example/)**"),
    Payload("LK109", "so*[ the lift ](https://lift.example/)*goes"),
    Payload("LK109", "***[ the lift ]( https://lift.example/ )***, _[it ](https://lift.example/2)_"),
    Payload("LK109", "~~**[the lift ](https://lift.example/)**~~runs"),
    Payload("LK102", "[a story] (https://a.example/story)"),
    Payload("LK104", "[a story](www.a.example/story)"),
    Payload("LK118", "[a story](https://a.example/story,)"),
    Payload("LK121", "[a story](https://a.example/story%20)"),
)

# ── Places in an issue ──────────────────────────────────────────────────────────────────────────────────────────────

BODIES = (
    "%s\n",
    "So %s it is.\n",
    "word%s\n",
    "%sword\n",
    "## %s\n\nText.\n",
    "## News\n\n### %s\n\nText.\n",
    "## News\n\n### 1. [%s](https://c.example/)\n\nText.\n",
    "## News\n\n#### %s\n\nText.\n",
    "## Head of %s\n\nSee [there](#head-of-harbour-s-log), [there](#head-of-e-mail), [there](#head-of-har-bour).\n",
    "- %s\n- two\n",
    "1. one\n2. %s\n",
    "- [ ] %s\n",
    "> %s\n",
    "> Said.\n>\n> — %s\n",
    "| a | %s |\n|---|---|\n| b | c |\n",
    "| a | b |\n|---|---|\n| %s | c |\n",
    "[%s](https://c.example/)\n",
    '[c](https://c.example/ "%s")\n',
    "[c](https://c.example/ '%s')\n",
    "[c](https://c.example/ (%s))\n",
    "![%s](stack.jpg)\n",
    "Text ![%s](stack.jpg) text\n",
    '![a](stack.jpg "%s")\n',
    '![a](stack.jpg "Old. Photo: %s")\n',
    "![a](stack.jpg '%s')\n",
    "![a](stack.jpg)\n*%s*\n",
    "![a](stack.jpg)\n*Old. Photo: %s*\n",
    "[%s]\n\n[%s]: https://d.example/\n",
    "[%s][]\n\n[%s]: https://d.example/\n",
    "[So %s][d]\n\n[d]: https://d.example/\n",
    "[so][%s]\n\n[%s]: https://d.example/\n",
    'So [d][].\n\n[d]: https://d.example/ "%s"\n',
    "![%s]\n\n[%s]: stack.jpg\n",
    "Text ![%s][] text\n\n[%s]: stack.jpg\n",
    "[![%s]](https://d.example/)\n\n[%s]: stack.jpg\n",
    "Noted[^1].\n\n[^1]: %s\n",
    "Noted[^%s].\n\n[^%s]: A note.\n",
    "`%s`\n",
    "```\n%s\n```\n",
    "Text.\n\n    %s\n",
    "::: callout %s\nText.\n:::\n",
    "::: callout\n%s\n:::\n",
    "::: only %s\nText.\n:::\n\nMore.\n",
    "::: event %s\ndate: 2024-02-01\nplace: %s\n:::\n",
    "::: poll %s\n- one\n- two\n:::\n",
    "**%s**\n",
    "_%s_\n",
    "so**%s**so\n",
    "~~%s~~\n",
    "**a *%s* b**\n",
    "**Lead %s.** Text.\n",
    "\\%s\n",
    "&amp;%s\n",
    "[//]: # (%s)\n\nText.\n",
    "[comment]: <> (%s)\n\nText.\n",
    "<!-- %s -->\n\nText.\n",
    "[%s\n",
    "%s](https://d.example/)\n",
    "*%s\n",
    "one  \n%s  \nthree\n",
)
FRONTS = (
    "title: Of %s",
    'subtitle: "Of %s"',
    "summary: 'Of %s'",
    "preheader: >-\n  Of %s",
    "summary: |\n  Of %s\n  more",
)

# ── What readers get ────────────────────────────────────────────────────────────────────────────────────────────────

INLINE = frozenset("a abbr b code del em i s span strong sub sup".split())


class Reader(HTMLParser):
    """The tags with their addresses, the words, and the targets of links within the document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.addresses: list[str] = []
        self._hidden = 0
        self._ids = set(re.findall(r'\bid="([^"]*)"', html))
        self.feed(html.partition("<body")[2] if "<body" in html else html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "script", "svg"}
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"href", "src"} and value is not None:
                found = unquote(value[1:]) in self._ids if value.startswith("#") and value != "#" else value
                self.addresses.append(str(found))
            elif name in {"alt", "title"} and value:
                self.words += ["\n", value, "\n"]
        self.words += [] if tag in INLINE else ["\n"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script", "svg"}
        self.tags.append(f"/{tag}")
        self.words += [] if tag in INLINE else ["\n"]

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


BROKEN = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))
CONTROLS = dict.fromkeys({*range(9), *range(0xE, 0x1C), 0x1F, *range(0x7F, 0xA0)} - {0x85})
INVISIBLE = str.maketrans(
    dict.fromkeys([*map(chr, range(9)), *map(chr, range(14, 32)), *"\u00ad\u200b\u2060\u202a\u2066\ufeff"])
)
FOLDS: dict[str, Callable[[str], str]] = {
    "TX105": lambda text: re.sub("[\"'“”„‘’‚«»\u00a0]", "", text),
    "TX106": lambda text: re.sub("[Ãâ][\u0080-\u00bf€™]+|’|é", "é", text),
    "TX107": lambda text: text.translate(BROKEN).translate(INVISIBLE),
    "TX108": lambda text: text.translate(INVISIBLE),
    "ST124": lambda text: re.sub(r"\d+", "", text.lower()),
    "LK109": lambda text: re.sub(r"(?<!\w) | (?!\w)", "", " ".join(text.split())),
    "TX114": lambda text: (
        text.replace("e-mail", "email").replace("Github", "GitHub").replace("Blogg", "the [log]*").replace(".", "")
    ),
}
FREE = frozenset(("LK102", "LK104", "LK107", "LK118", "LK121"))
"""Rules that change addresses, which readers may see. Only the words between addresses are compared."""


def readers_get(code: str, html: str, output: str) -> tuple[object, ...]:
    """The words, tags and addresses that the fixes of a rule must not change."""
    reader = Reader(html)
    words = re.sub("[\u034f\u2007\u200c\ufeff]", "", "".join(reader.words))  # padding of the preheader
    if output == "text":
        words = re.sub("[=-]{2,}", "", words)  # underlines have the length of their heading
    if output == "text" and code == "LK109":
        words = re.sub("[*_~]", "", words)  # marks of emphasis are compared on the page
    if code in FREE:
        return tuple(re.findall(r"[^\W\d_]", re.sub(r"(?:https?:|www\.)[^\s<>()\[\]]+|[\[\]()]", "", unquote(words))))
    fold = FOLDS.get(code, str)
    # Authors write no spans. Titles have them around words that must not be broken, such as `e-mail`.
    tags = [tag for tag in reader.tags if tag.strip("/") != "span"]
    return fold(words).split(), tags, [fold(unquote(address)) for address in reader.addresses]


def _without_control_characters(letter: str, code: str) -> str:
    """The issue without control characters: they are shown as spaces, until a fix of TX107 removes them."""
    head, line, body = letter.partition("\n---\n")
    return head + line + (body.translate(CONTROLS) if code == "TX107" else body)


class FixingWorkspace:
    """A workspace in which letters are rendered, fixed by one rule, and rendered again."""

    def __init__(self, root: Path, quotes: str, picture: bytes, house: str = "") -> None:
        (root / "templates/letter").mkdir(parents=True)
        (root / FILE).parent.mkdir(parents=True)
        (root / FILE).with_name("stack.jpg").write_bytes(picture)
        (root / "newsletter.yaml").write_text(
            "title: Letters\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: letter\n"
        )
        (root / "templates/letter/house.yaml").write_text(HOUSE % quotes + house)
        self.root = root

    @cache  # noqa: B019
    def open_project(self, code: str) -> tuple[Project, Settings]:
        return open_check(self.root, select=(code,))

    def fix_all(self, code: str, text: str) -> str:
        """The issue with all fixes of a rule. Fails if readers get something else than before."""
        (self.root / FILE).write_text(text, newline="")
        project, chosen = self.open_project(code)
        file = IssueFile(FILE, FILE.rpartition("/")[0], "2024-12-19-ports")
        fixed = fix_files(project, [file], chosen)
        after = fixed.changes[0].after.decode() if fixed.changes else text
        if after != text:
            one, other = (project.read(file, _without_control_characters(each, code)) for each in (text, after))
            before, then = (render(project, letter_of(project, parsed)) for parsed in (one, other))
            for output in ("page", "html", "text"):
                kept = [readers_get(code, getattr(rendering, output), output) for rendering in (before, then)]
                assert kept[0] == kept[1], f"{output} differs:\n{text!r}\n{after!r}"
        return after


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory, pictures: dict[str, bytes]) -> dict[str, FixingWorkspace]:
    return {
        quotes: FixingWorkspace(tmp_path_factory.mktemp(quotes), quotes, pictures["stack.jpg"])
        for quotes in ("typographic", "straight")
    }


def letter(body: str, front: str = "title: Ports") -> str:
    title = "" if front.startswith("title") else "title: Ports\n"
    return f"---\n{title}{front}\nnumber: 1\ndate: 2024-12-19\nlanguage: en\n---\n\n{body}"


def filled(context: str, text: str) -> str:
    return context.replace("%s", text)


payloads = st.sampled_from(
    [*((payload, "typographic") for payload in PAYLOADS), *((payload, "straight") for payload in TYPOGRAPHIC)]
)


@given(payloads, st.lists(st.sampled_from(BODIES), min_size=1, max_size=4), st.sampled_from(("title: Ports", *FRONTS)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_fix_keeps_what_readers_get(
    workspaces: dict[str, FixingWorkspace], given_payload, bodies: list[str], front: str
):
    payload, quotes = given_payload
    text = letter("\n".join(filled(body, payload.text) for body in bodies), filled(front, payload.text))
    workspaces[quotes].fix_all(payload.code, text)


@pytest.mark.parametrize("payload", [*PAYLOADS, *TYPOGRAPHIC], ids=repr)
def test_a_single_fixable_finding_is_fixed(workspaces: dict[str, FixingWorkspace], payload: Payload):
    workspace = workspaces["straight" if payload in TYPOGRAPHIC else "typographic"]
    text = letter(f"So it was: {payload.text} and on.\n\nMore.\n")
    assert workspace.fix_all(payload.code, text) != text


# ── Former bugs ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "body", "expected"),
    [
        # Arguments of directives are not prose.
        ("TX114", "::: only e-mail\nAn e-mail.\n:::\n", "::: only e-mail\nAn email.\n:::\n"),
        # The label of a definition stays unchanged, like the definition.
        (
            "TX105",
            "It's [harbour's log].\n\n[harbour's log]: https://d.example/\n",
            "It’s [harbour's log].\n\n[harbour's log]: https://d.example/\n",
        ),
        (
            "TX105",
            "It's [harbour's log][].\n\n[harbour's log]: https://d.example/\n",
            "It’s [harbour's log][].\n\n[harbour's log]: https://d.example/\n",
        ),
        (
            "TX105",
            "It's [*harbour's* log].\n\n[*harbour's* log]: https://d.example/\n",
            "It’s [*harbour's* log].\n\n[*harbour's* log]: https://d.example/\n",
        ),
        (
            "TX105",
            "It's [harbour's log][h].\n\n[h]: https://d.example/\n",
            "It’s [harbour’s log][h].\n\n[h]: https://d.example/\n",
        ),
        (
            "TX105",
            "It's ![harbour's log].\n\n[harbour's log]: stack.jpg\n",
            "It’s ![harbour's log].\n\n[harbour's log]: stack.jpg\n",
        ),
        ("TX105", "It's ![harbour's log][h].\n\n[h]: stack.jpg\n", "It’s ![harbour’s log][h].\n\n[h]: stack.jpg\n"),
        (
            "TX114",
            "An e-mail, [e-mail] and [e-mail][].\n\n[e-mail]: https://d.example/\n",
            "An email, [e-mail] and [e-mail][].\n\n[e-mail]: https://d.example/\n",
        ),
        # A heading that is the target of a link keeps its anchor.
        (
            "TX114",
            "See [there](#your-e-mail).\n\n## Your e-mail\n\nAn e-mail.\n",
            "See [there](#your-e-mail).\n\n## Your e-mail\n\nAn email.\n",
        ),
        # A space is moved out of the marks, not between them and the words.
        ("LK109", "**[ The lift ](https://d.example/)**\n", "**[The lift](https://d.example/)**\n"),
        ("LK109", "so **[ it ](https://d.example/)** is\n", "so **[it](https://d.example/)** is\n"),
        ("LK109", "so**[ it ](https://d.example/)**is\n", "so** [it](https://d.example/) **is\n"),
        (
            "LK109",
            "_so_ *[it ](https://d.example/)*, _**[ is](https://e.example/)**_\n",
            "_so_ *[it](https://d.example/)*, _**[is](https://e.example/)**_\n",
        ),
        # A definition may be a comment.
        ("LK111", 'Text.\n\n[//]: # (a note)\n\n[comment]: <> (another)\n\n[_]: # "and another"\n', None),
        ("LK111", "Text.\n\n[//]: # (a note)\n\n[old]: https://d.example/\n", "Text.\n\n[//]: # (a note)\n\n"),
        # A definition may be the only thing that separates two lists.
        ("LK111", "- a\n\n[old]: https://d.example/\n\n- b\n", None),
        # An escaped mark cannot become one that has no escape.
        (
            "TX105",
            '![a](stack.jpg "It\\\'s the harbour\'s \\"log\\"")\n',
            '![a](stack.jpg "It\\\'s the harbour’s \\"log\\"")\n',
        ),
        ("TX105", "![a](stack.jpg)\n*It\\'s the harbour's*\n", "![a](stack.jpg)\n*It\\'s the harbour’s*\n"),
        ("TX105", "![It\\'s the harbour's](stack.jpg)\n", "![It\\'s the harbour’s](stack.jpg)\n"),
        # Words around a personal field are fixed; in alt texts also its fallback.
        ("TX105", "![{{ name | Jo's }} harbour's](stack.jpg)\n", "![{{ name | Jo’s }} harbour’s](stack.jpg)\n"),
        (
            "TX105",
            "![a](stack.jpg \"{{ name | Jo's }} harbour's log\")\n",
            '![a](stack.jpg "{{ name | Jo\'s }} harbour’s log")\n',
        ),
        (
            "TX105",
            "| a | b |\n|---|---|\n| {{ name | Jo's }} harbour's | c |\n",
            "| a | b |\n|---|---|\n| {{ name | Jo's }} harbour’s | c |\n",
        ),
        # A line separator leaves two words.
        ("TX107", "one\x0btwo\x0c three\x08four\n", "one two threefour\n"),
        ("TX107", "# one\x1etwo\n", "# one two\n"),
    ],
)
def test_only_fixable_places_are_fixed(
    workspaces: dict[str, FixingWorkspace], code: str, body: str, expected: str | None
):
    assert workspaces["typographic"].fix_all(code, letter(body)) == letter(body if expected is None else expected)


@pytest.mark.parametrize(
    ("heading", "written", "expected"),
    [
        ("News of {date:MMMM}", "News of November", None),
        ("News of {date:MMMM}", "NEWS of December", "News of December"),
        ("News of {date:d MMMM}", "News of 18 December", None),
        ("News of {date:MMMM yyyy}", "News of December 2023", None),
        ("News {number}", "News 3", "News 4"),
        ("{date:MMMM} in words", "November in words", None),
    ],
)
def test_the_month_of_a_heading_is_fixed_only_if_it_is_clear(
    tmp_path: Path, pictures, heading: str, written: str, expected: str | None
):
    workspace = FixingWorkspace(
        tmp_path, "typographic", pictures["stack.jpg"], f'sections: {{news: {{heading: "{heading}"}}}}'
    )
    front = "---\ntitle: Ports\nnumber: 4\ndate: 2024-12-19\n---\n\n"
    text = f"{front}## {written}\n\nText.\n"
    assert workspace.fix_all("ST124", text) == text.replace(written, expected or written)


def test_a_note_written_as_a_definition_has_no_finding(checker):
    notes = ["[//]: # (a)", "[//]: <> (b)", '[comment]: # "c"', "[comment]: <> (d)", "[_]: # (e)", "[note]: #"]
    found = checker.check(letter("Ships wait.\n\n" + "\n\n".join(notes) + "\n"))
    assert not [one for one in found if one.code.startswith("LK")]


# ── Front matter ────────────────────────────────────────────────────────────────────────────────────────────────────

PORTS = "title: Ports\ndraft: true"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<!-- a note -->\n---\n{PORTS}\n---\nShips.\n", f"---\n{PORTS}\n---\n<!-- a note -->\nShips.\n"),
        (f" ---\n{PORTS}\n---\nShips.\n", f"---\n{PORTS}\n---\nShips.\n"),
        ("  ---\n  title: Ports\n  draft: true\n  ---\nShips.\n", f"---\n{PORTS}\n---\nShips.\n"),
        (f"\u200b---\n{PORTS}\n---\nShips.\n", f"---\n{PORTS}\n---\nShips.\n"),
        (f"—\n{PORTS}\n—\nShips.\n", f"---\n{PORTS}\n---\nShips.\n"),
        (f"----\n{PORTS}\n\n----\nShips.\n", f"---\n{PORTS}\n\n---\nShips.\n"),
        (f"```yaml\n{PORTS}\n```\nShips.\n", f"---\n{PORTS}\n---\nShips.\n"),
        (f"{PORTS}\n\nShips.\n", f"---\n{PORTS}\n---\n\nShips.\n"),
        (f"{PORTS}\n---\nShips.\n", f"---\n{PORTS}\n---\nShips.\n"),
        (f"\u200b---\n{PORTS}\n\nShips.\n", f"---\n{PORTS}\n---\n\nShips.\n"),
        (f"--\n{PORTS}\n--\nShips.\n".replace("\n", "\r\n"), f"---\n{PORTS}\n---\nShips.\n".replace("\n", "\r\n")),
    ],
)
def test_front_matter_that_is_read_as_text_is_moved_to_the_top(
    workspaces: dict[str, FixingWorkspace], text: str, expected: str
):
    assert fix_text(workspaces["typographic"], "FM131", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"# Ports\n---\n{PORTS}\n---\nShips.\n",  # only an author knows which of the two comes first
        f"<!-- a --> ---\n{PORTS}\n---\nShips.\n",
        f"---\ntitle: Piers\n---\n\n---\n{PORTS}\n---\nShips.\n",
        f"--- # my letter\n{PORTS}\n---\nShips.\n",
        f"<!--\n{PORTS}\n-->\nShips.\n",  # perhaps removed on purpose
        '+++\ntitle = "Ports"\ndraft = true\n+++\nShips.\n',
        '{"title": "Ports"}\nShips.\n',
        "#+TITLE: Ports\n#+DATE: 2024\n\nShips.\n",
        ".. title: Ports\n.. status: draft\n\nShips.\n",
    ],
)
def test_ambiguous_front_matter_is_not_fixed(workspaces: dict[str, FixingWorkspace], text: str):
    assert fix_text(workspaces["typographic"], "FM131", text) == text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("draft:", "draft: true"),
        ("draft: # true", "draft: true # true"),
        ('draft: ""', "draft: true"),
        ("draft: ~", "draft: true"),
        ("darft: true", "draft: true"),
        ("published: false # yet", "draft: true # yet"),
        ("hidden: true", "draft: true"),
        ("status: Draft", "draft: true"),
        ("hidden: true\npublished: false", "draft: true\npublished: false"),
        ("status: review", None),
        ("visibility: members", None),
        ("published_at: 2099-01-01", None),
        ("draft: true\npublished: false", None),
        ("build: {render: false}", None),
    ],
)
def test_a_line_that_means_draft_is_fixed_to_draft_true(
    workspaces: dict[str, FixingWorkspace], line: str, expected: str | None
):
    text = f"---\ntitle: Ports\n{line}\n---\n\nShips.\n"
    assert fix_text(workspaces["typographic"], "FM130", text) == text.replace(line, expected or line)


def fix_text(workspace: FixingWorkspace, code: str, text: str) -> str:
    """The file with all fixes of a rule. The output is not compared, because these fixes change it."""
    (workspace.root / FILE).write_bytes(text.encode())
    project, chosen = workspace.open_project(code)
    fixed = fix_files(project, [IssueFile(FILE, FILE.rpartition("/")[0], "2024-12-19-ports")], chosen)
    return fixed.changes[0].after.decode() if fixed.changes else text


@given(
    above=st.sampled_from(["", " ", "\u200b", "<!-- a\n\nb -->\n", "\n<!-- a --> "]),
    fences=st.sampled_from(
        [("---", "---"), ("—", "—"), ("--", "----"), ("```yaml", "```"), ("", ""), ("", "---"), ("---", "")]
    ),
    entries=st.lists(
        st.sampled_from(["title: Ports", "tags:\n  - a", "# note", "summary: >\n  one\n  two", "draft: true"]),
        min_size=1,
    ),
    body=st.sampled_from(["Ships.\n", "\nShips wait\n---\n", "- a\n", "---\n\n::: callout\nx\n:::\n", ""]),
)
def test_no_line_is_lost_when_front_matter_is_moved(workspaces, above, fences, entries, body):
    opened, closed = (fence and fence + "\n" for fence in fences)
    text = f"{above}{opened}" + "\n".join(entries) + f"\n{closed}\n{body}"
    after = fix_text(workspaces["typographic"], "FM131", text)
    assert sorted(content_lines(text)) == sorted(content_lines(after))
    if after != text:
        assert after.startswith("---\n")
        assert after.endswith(body) or (opened and not closed)  # then the text may have the closing fence
