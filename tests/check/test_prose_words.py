"""Words: doubled, unfinished, spelt otherwise, better avoided."""

from __future__ import annotations

import pytest

from newsletter.check.fixes import apply_fixes

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\nlanguage: {}\n---\n\n"


def told(desk, code: str, body: str, *, language: str = "en") -> list[str]:
    """What is underlined by findings of `code` in a letter."""
    text = HEAD.format(language) + body
    return [text[one.span.start : one.span.end] for one in desk.check(text) if one.code == code]


# ── doubled words ───────────────────────────────────────────────────────────────────────────────────────────────────


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
def test_a_word_twice_is_told(desk, body, underlined):
    assert told(desk, "TX101", body) == underlined


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
def test_what_is_meant_twice_is_not(desk, body):
    assert told(desk, "TX101", body) == []


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
def test_every_language_has_doubles_of_its_own(desk, language, body, underlined):
    assert told(desk, "TX101", body, language=language) == underlined


# ── unfinished text ─────────────────────────────────────────────────────────────────────────────────────────────────


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
    ],
)
def test_marks_of_text_to_come_are_told(desk, body, underlined):
    assert told(desk, "TX110", body) == underlined


@pytest.mark.parametrize(
    "body",
    [
        "The TK Maxx at the port is next to TK-1234, TK/2 and nic.tk.",
        "A TODO list, TODO comments, `TODO: x`, and the FIXME's of ABI; context.TODO() and TODO.txt.",
        "```\nTODO: x\n```",
        "<!-- TODO: ask -->\n\nShips.",
        "Ships, XXX large.",
        "[FIXME]: see below",
    ],
)
def test_letters_may_be_about_todo(desk, body):
    assert told(desk, "TX110", body) == []


def test_a_hint_is_told_by_its_own_rule_alone(desk):
    found = desk.check(HEAD.format("en") + "Ships wait for TK(how long).")
    assert [one.code for one in found] == ["ST112"]


def test_in_spanish_todo_is_a_word(desk):
    assert told(desk, "TX110", "TODO – o nada.\n\nTODO: x", language="es") == ["TODO"]


def test_the_publications_own_placeholders_are_found_in_text_addresses_and_front_matter(desk):
    desk.house('other_fields: true\ntext:\n  placeholders: ["[link]", COMING-SOON]')
    letter = '---\ntitle: Ports\ndate: 2024-01-31\nown: "COMING-SOON"\n---\n\nSee [link], COMING-SOONER `COMING-SOON`, [x](https://example.org/COMING-SOON).\n'
    found = [one for one in desk.check(letter) if one.code == "TX110"]
    assert [(letter[one.span.start : one.span.end], one.span.line) for one in found] == [
        ("COMING-SOON", 4),
        ("[link]", 7),
        ("COMING-SOON", 7),
    ]


# ── the house's own words ───────────────────────────────────────────────────────────────────────────────────────────

SPELLING = "spelling:\n  GitHub: [Github, github, Git Hub]\n  C++: [c++]\n  Swift UI: [Swift]"


def fixed(desk, letter: str) -> str:
    for _ in range(3):
        letter, applied = apply_fixes(letter, [one for one in desk.check(letter) if one.code.startswith("TX")])
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
def test_wrong_spellings_are_mended(desk, body, right):
    desk.house(SPELLING)
    assert fixed(desk, HEAD.format("en") + body) == HEAD.format("en") + right


@pytest.mark.parametrize(
    "body",
    [
        "`Github` github.com @github #github github/x Githubs x.github github-pages",
        "<https://github.com/x>, https://github.io/Github",
        "```\nGithub\n```",
        "GitHub and GITHUB.",
    ],
)
def test_addresses_code_and_other_words_are_left_alone(desk, body):
    desk.house(SPELLING)
    assert told(desk, "TX114", body) == []


def test_a_spelling_over_the_end_of_a_line_is_told_and_left(desk):
    desk.house(SPELLING)
    assert told(desk, "TX114", "On Git\nHub.") == ["Git\nHub"]
    assert fixed(desk, HEAD.format("en") + "On Git\nHub.").endswith("On Git\nHub.")


def test_front_matter_is_mended_where_yaml_allows_it(desk):
    desk.house(SPELLING)
    letter = (
        "---\ntitle: On Github\nsubtitle: 'It''s Github'\ndate: 2024-01-31\nsummary: >\n  On\n  Github\n---\n\nShips.\n"
    )
    assert [one.span.line for one in desk.check(letter) if one.code == "TX114"] == [2, 3, 7]
    assert fixed(desk, letter) == letter.replace("title: On Github", "title: On GitHub")


def test_words_to_avoid_are_told_with_the_advice_of_the_house(desk):
    desk.house("avoid:\n  leverage: say what it does\n  act now: ''")
    found = desk.check(HEAD.format("en") + "Leverage this, and act\nnow. Leveraged `leverage` non-leverage.")
    assert [(one.code, one.label) for one in found] == [("TX115", "say what it does"), ("TX115", "")]
