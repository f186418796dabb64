"""Words: doubled, unfinished, spelt differently, to be avoided."""

from __future__ import annotations

import pytest

from newsletter.check.fixes import apply_fixes

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\nlanguage: {}\n---\n\n"


def underlined_in(checker, code: str, body: str, *, language: str = "en") -> list[str]:
    """The texts that findings of `code` underline."""
    text = HEAD.format(language) + body
    return [text[one.span.start : one.span.end] for one in checker.check(text) if one.code == code]


# ── Doubled words ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "underlined"),
    [
        ("Ships wait in the the port.", ["the the"]),
        ("The the port.", ["The the"]),
        ("Ships wait in the\nthe port.", ["the\nthe"]),
        ("> Ships wait in the\n> the port.", ["the\n> the"]),
        ("It was *and* and will be.", ["and* and"]),
        ("It is is late.", []),
        ("What matters is is the port.", ["is is"]),
        ("They are in in the port.", ["in in"]),
        ("They log in in the port.", []),
        ("## News for for May\n\nNone.", ["for for"]),
        ("News Of Of The Week", ["Of Of"]),
        ("Send a a pull request request.", ["a a", "request request"]),
    ],
)
def test_a_doubled_word_is_reported(checker, body, underlined):
    assert underlined_in(checker, "TX101", body) == underlined


@pytest.mark.parametrize(
    "body",
    [
        "They had had a very very long way; I know that that is so.",
        "Duran Duran sing in Walla Walla.",
        "No no no, that is and and and so on.",
        "The, the port. The. The port. The – the port.",
        "Port `port` port. The `the`.",
        "See the [the report](https://example.org/), and [and so](https://example.org/) on.",
        "https://example.org/the the-end the the's",
        "100 100, x x, a.a a.a",
        "The type Type is a class Class.",
        "So so-called ships ship ships.",
        "How are tech workers workers?",
        "the @the #the the/the",
        "![a picture picture.jpg](stack.jpg)",
    ],
)
def test_intended_doublings_have_no_finding(checker, body):
    assert underlined_in(checker, "TX101", body) == []


@pytest.mark.parametrize(
    ("language", "body", "underlined"),
    [
        ("nl", "Ik denk dat dat de de haven is, en dat je je vergist. Het het, die die.", ["de de"]),
        ("nl-BE", "een een haven", ["een een"]),
        ("de", "Die, die die Häfen bauen, sie sie nicht und und das das Schiff und und und.", ["und und"]),
        ("fr", "Nous nous levons, vous vous couchez dans dans le port.", ["dans dans"]),
        ("es", "Poco poco, los los barcos.", ["los los"]),
        ("pl", "Statki przez przez kanał, a w w porcie.", ["przez przez"]),
        ("cs", "Lodě pro pro přístav, co se se mnou.", ["pro pro"]),
        ("fi", "Laivat ja ja satamat, joka joka päivä.", ["ja ja"]),
        ("ru", "Мост на на канале, чуть чуть.", ["на на"]),
        ("uk", "Міст для для каналу.", ["для для"]),
        ("tr", "Gemi ve ve liman, için için, bir bir.", ["ve ve"]),
        ("hi", "धीरे धीरे, के के", []),
        ("ko", "천천히 천천히 그 그", []),
        ("id", "kapal dan dan kapal kapal", []),
        ("vi", "xanh xanh", []),
        ("zh", "看看 看看 the the", []),
        ("ja", "ますます ますます", []),
    ],
)
def test_every_language_has_its_own_correct_doublings(checker, language, body, underlined):
    assert underlined_in(checker, "TX101", body, language=language) == underlined


# ── Unfinished text ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "underlined"),
    [
        ("Ships wait for TK.", ["TK"]),
        ("TK", ["TK"]),
        ("Ships wait for TKTK days.", ["TKTK"]),
        ("TODO: ask the port", ["TODO"]),
        ("- TODO ask the port", []),
        ("- [ ] **TODO:** ask the port", ["TODO"]),
        ("Ships wait. FIXME: how long?", ["FIXME"]),
        ("![TODO: alt](stack.jpg)", ["TODO"]),
        ("One.\n\n<<<<<<< HEAD\n\nTwo.\n\n=======\n\nThree.\n\n>>>>>>> winter\n", ["<<<<<<< HEAD"]),
        ("<<<<<<< HEAD\nTwo.\n=======\nThree.\n>>>>>>> winter\n", ["<<<<<<< HEAD"]),
    ],
)
def test_marks_of_unfinished_text_are_reported(checker, body, underlined):
    assert underlined_in(checker, "TX110", body) == underlined


@pytest.mark.parametrize(
    "body",
    [
        "The TK Maxx at the port is next to TK-1234, TK/2 and nic.tk.",
        "A TODO list, TODO comments, `TODO: x`, and the FIXME's of ABI; context.TODO() and TODO.txt.",
        "```\nTODO: x\n```",
        "```diff\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> winter\n```",
        "<<<<<<< this way",
        "<!-- TODO: ask -->\n\nShips.",
        "Ships, XXX large.",
        "[FIXME]: see below",
    ],
)
def test_text_about_todo_has_no_finding(checker, body):
    assert underlined_in(checker, "TX110", body) == []


def test_a_hint_is_reported_only_by_its_own_rule(checker):
    found = checker.check(HEAD.format("en") + "Ships wait for TK(how long).")
    assert [one.code for one in found] == ["ST112"]


def test_todo_is_an_ordinary_word_in_spanish(checker):
    assert underlined_in(checker, "TX110", "TODO – o nada.\n\nTODO: x", language="es") == ["TODO"]


def test_the_publications_own_placeholders_are_found_in_text_addresses_and_front_matter(checker):
    checker.house('other_fields: true\ntext:\n  placeholders: ["[link]", COMING-SOON]')
    letter = '---\ntitle: Ports\ndate: 2024-01-31\nown: "COMING-SOON"\n---\n\nSee [link], COMING-SOONER `COMING-SOON`, [x](https://example.org/COMING-SOON).\n'
    found = [one for one in checker.check(letter) if one.code == "TX110"]
    assert [(letter[one.span.start : one.span.end], one.span.line) for one in found] == [
        ("COMING-SOON", 4),
        ("[link]", 7),
        ("COMING-SOON", 7),
    ]


# ── Words of the house format ───────────────────────────────────────────────────────────────────────────────────────────

SPELLING = "spelling:\n  GitHub: [Github, github, Git Hub]\n  C++: [c++]\n  Swift UI: [Swift]"


def fixed(checker, letter: str) -> str:
    for _ in range(3):
        letter, applied = apply_fixes(letter, [one for one in checker.check(letter) if one.code.startswith("TX")])
        if not applied:
            break
    return letter


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("On Github, *Github*'s and Git Hub.", "On GitHub, *GitHub*'s and GitHub."),
        ("On [Github](https://example.org/Github).", "On [GitHub](https://example.org/Github)."),
        ("I write c++ daily.", "I write C++ daily."),
        ("Swift UI, and Swift.", "Swift UI, and Swift UI."),
    ],
)
def test_wrong_spellings_are_fixed(checker, body, right):
    checker.house(SPELLING)
    assert fixed(checker, HEAD.format("en") + body) == HEAD.format("en") + right


@pytest.mark.parametrize(
    "body",
    [
        "`Github` github.com @github #github github/x Githubs x.github github-pages",
        "<https://github.com/x>, https://github.io/Github",
        "```\nGithub\n```",
        "GitHub and GITHUB.",
    ],
)
def test_addresses_code_and_other_words_are_unchanged(checker, body):
    checker.house(SPELLING)
    assert underlined_in(checker, "TX114", body) == []


def test_a_spelling_across_a_line_end_is_reported_but_not_fixed(checker):
    checker.house(SPELLING)
    assert underlined_in(checker, "TX114", "On Git\nHub.") == ["Git\nHub"]
    assert fixed(checker, HEAD.format("en") + "On Git\nHub.").endswith("On Git\nHub.")


def test_front_matter_is_fixed_where_yaml_allows_it(checker):
    checker.house(SPELLING)
    letter = (
        "---\ntitle: On Github\nsubtitle: 'It''s Github'\ndate: 2024-01-31\nsummary: >\n  On\n  Github\n---\n\nShips.\n"
    )
    assert [one.span.line for one in checker.check(letter) if one.code == "TX114"] == [2, 3, 7]
    assert fixed(checker, letter) == letter.replace("title: On Github", "title: On GitHub")


def test_words_to_avoid_are_reported_with_the_advice_of_the_house_format(checker):
    checker.house("avoid:\n  leverage: say what it does\n  act now: ''")
    found = checker.check(HEAD.format("en") + "Leverage this, and act\nnow. Leveraged `leverage` non-leverage.")
    assert [(one.code, one.label) for one in found] == [("TX115", "say what it does"), ("TX115", "")]
