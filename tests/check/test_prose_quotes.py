"""Straight and typographic marks: the intended ones are found, and nothing else is changed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.facts.prose import Prose
from newsletter.check.fixes import apply_fixes
from newsletter.check.rules.text.quotes import quote_style
from newsletter.diagnostics import Diagnostic
from newsletter.house.format import HouseFormat, TextFormat
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import NOWHERE, ReadingOptions
from newsletter.walk import walk_blocks, walk_inlines

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\nlanguage: {}\n---\n\n"
TYPOGRAPHIC = "allow_html: true\ntext:\n  quotes: typographic"


def fixed(checker, body: str, language: str = "en") -> str:
    letter = HEAD.format(language) + body
    found = [one for one in checker.check(letter) if one.code == "TX105"]
    return apply_fixes(letter, found)[0].removeprefix(HEAD.format(language))


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ('"It\'s late," she said.', "“It’s late,” she said."),
        ("\"She said 'wait.'\"", "“She said ‘wait.’”"),
        ("'She said \"wait.\"'", "‘She said “wait.”’"),
        ("The dogs' home, the '90s, 'tis rock 'n' roll.", "The dogs’ home, the ’90s, ’tis rock ’n’ roll."),
        ('("Wait"), she said—"now".', "(“Wait”), she said—“now”."),
        (
            '*"Wait,"* **"now"** ["here"](https://example.org/"x").',
            '*“Wait,”* **“now”** [“here”](https://example.org/"x").',
        ),
        ('`code`\'s "`x`"', "`code`’s “`x`”"),
        ('"One.\n\n"Two."', "“One.\n\n“Two.”"),
        ('> "It\'s\n> late"', "> “It’s\n> late”"),
        ("| \"a\" | it's |\n|---|---|\n| b \\| 'c' | d |", "| “a” | it’s |\n|---|---|\n| b \\| ‘c’ | d |"),
        (
            '## "Ports"\n\n![The port\'s "ship"](stack.jpg "It\'s \'big\'")',
            '## “Ports”\n\n![The port’s “ship”](stack.jpg "It’s ‘big’")',
        ),
        ("{{ first_name | you }}'s ship", "{{ first_name | you }}’s ship"),
    ],
)
def test_straight_marks_become_the_right_typographic_ones(checker, body, right):
    checker.house(TYPOGRAPHIC)
    assert fixed(checker, body) == right


@pytest.mark.parametrize(
    "body",
    [
        "A 14\" screen, 5'10\" tall, 6' wide.",
        '`"code"` and <b title="x">HTML</b>',
        '```\n"code"\n```',
        "See <https://example.org/it's> and https://example.org/it's.",
        '\\"escaped\\" and &quot;entity&quot;',
        '<!-- "notes" -->\n\nShips.',
        '[ship]: https://example.org/ "it\'s"\n\nA [ship].',
        'צה"ל אמר',
        '::: event [Tour](https://example.org/)\nplace: "here"\ndate: 2024-02-01\n:::',
    ],
)
def test_text_that_is_not_prose_is_unchanged(checker, body):
    checker.house(TYPOGRAPHIC)
    assert [one.code for one in checker.check(HEAD.format("en") + body) if one.code == "TX105"] == []


@pytest.mark.parametrize("body", ['She said "wait.', 'She said "wait" and "now.', "She said 'wait.", "A / '/' B"])
def test_ambiguous_marks_are_reported_but_not_fixed(checker, body):
    checker.house(TYPOGRAPHIC)
    assert fixed(checker, body) == body
    assert [one.fix for one in checker.check(HEAD.format("en") + body) if one.code == "TX105"] == [None]


@pytest.mark.parametrize(
    ("language", "body", "right"),
    [
        ("de", '"Ja", sagte er. Wie geht\'s?', "„Ja“, sagte er. Wie geht’s?"),
        ("de-CH", '"Ja", sagte er.', "«Ja», sagte er."),
        ("fr", "\"Oui\", dit-il, c'est l'heure.", "«\u00a0Oui\u00a0», dit-il, c’est l’heure."),
        ("nl", "\"Ja\", zei ze, 's avonds in 't dorp.", "“Ja”, zei ze, ’s avonds in ’t dorp."),
        ("sv", '"Ja", sade hon.', "”Ja”, sade hon."),
        ("pl", '"Tak", powiedziała.', "„Tak”, powiedziała."),
        ("es", '¿"Sí"? ¡"No"!', "¿«Sí»? ¡«No»!"),
        ("zh", '他说"好"。', "他说“好”。"),
        ("it", "\"Sì\", disse, l'ora della 'ndrangheta.", "«Sì», disse, l’ora della ’ndrangheta."),
        ("pt", '"Sim", disse.', "“Sim”, disse."),
        ("pt-BR", '"Sim", \'tá bom.', "“Sim”, ’tá bom."),
        ("cs", '"Ano", řekla.', "„Ano“, řekla."),
        ("da", '"Ja", sagde hun.', "»Ja«, sagde hun."),
        ("nb", '"Ja", sa hun.', "«Ja», sa hun."),
        ("fi", '"Kyllä", hän sanoi.', "”Kyllä”, hän sanoi."),
        ("tr", '"Evet", dedi Ankara\'da.', "“Evet”, dedi Ankara’da."),
        ("ru", '"Да", — сказала она.', "«Да», — сказала она."),
        ("uk", '"Так", п\'ять хвилин.', "«Так», п’ять хвилин."),
        ("ko", "\"안녕\"이라고 '오늘'은 말했다.", "“안녕”이라고 ‘오늘’은 말했다."),
        ("hi", '"हाँ", उसने कहा।', "“हाँ”, उसने कहा।"),
        ("id", '"Ya", katanya.', "“Ya”, katanya."),
        ("vi", '"Vâng", cô nói.', "“Vâng”, cô nói."),
    ],
)
def test_each_language_has_its_quotation_marks(checker, language, body, right):
    checker.house(TYPOGRAPHIC)
    assert fixed(checker, body, language) == right


def test_in_an_unknown_language_only_apostrophes_are_fixed(checker):
    checker.house(TYPOGRAPHIC)
    assert fixed(checker, '"Ie," it\'s', "xx") == '"Ie," it’s'


def test_all_marks_of_a_paragraph_are_one_finding(checker):
    checker.house(TYPOGRAPHIC)
    found = [one for one in checker.check(HEAD.format("en") + "It's \"late\".\n\n- It's") if one.code == "TX105"]
    assert [one.message for one in found] == [
        "a straight apostrophe and 2 more in this paragraph",
        "a straight apostrophe in this paragraph",
    ]


def test_front_matter_keeps_its_syntax(checker):
    checker.house(TYPOGRAPHIC)
    letter = '---\ntitle: It\'s "late"\nsubtitle: "It\'s"\nsummary: \'It\'\'s\'\npreheader: "a \\"b\\""\ndate: 2024-01-31\n---\n\nShips.\n'
    found = [one for one in checker.check(letter) if one.code == "TX105"]
    assert [one.span.line for one in found] == [2, 3, 4, 5]
    assert apply_fixes(letter, found)[0] == letter.replace('It\'s "late"', "It’s “late”").replace('"It\'s"', '"It’s"')


def test_typographic_marks_become_straight_if_the_house_format_requires_it(checker):
    checker.house("text:\n  quotes: straight")
    body = '“It’s ‘late’,” she said. 他说“好”。\n\n“It’s” ![“x”](stack.jpg "“y”")\n\n![“x”](stack.jpg "“y”")'
    right = '“It’s ‘late’,” she said. 他说“好”。\n\n"It\'s" !["x"](stack.jpg "“y”")\n\n!["x"](stack.jpg "“y”")'
    assert fixed(checker, body) == right


PIECES = [
    '"',
    "'",
    "it",
    " ",
    "s",
    "*",
    "_",
    "\n",
    "`",
    "[x](y)",
    "5",
    "—",
    ".",
    "(",
    ")",
    "\\",
    "> ",
    "- ",
    "&quot;",
    "é",
    "中",
]


def read(body: str, language: str):
    source = Source(f"---\nlanguage: {language}\n---\n{body}", "x.md")
    issue, _ = parse(source, name="x", options=ReadingOptions())
    house = HouseFormat("letter", "Letter", "house.yaml", text=TextFormat(quotes="typographic"))
    context = SimpleNamespace(
        prose=Prose(issue, source),
        house=house,
        language_tag=issue.language,
        asker="it",
        found=lambda *_, fix=None, **__: fix,
    )
    return source, issue, [Diagnostic("x.md", NOWHERE, "TX105", "", fix=fix) for fix in quote_style(context)]


def shape(issue) -> list[str]:
    kinds = [type(part).__name__ for part in (*walk_blocks(issue), *walk_inlines(issue))]
    return [kind for kind in kinds if kind != "Text"]


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), st.sampled_from(["en", "fr", "de", "sv", "xx"]))
def test_a_second_fix_finds_nothing_and_only_marks_change(body: str, language: str):
    source, issue, found = read(body, language)
    once, _ = apply_fixes(source.text, [one for one in found if one.fix])
    again, mended_issue, left = read(once.partition("---\n")[2].partition("---\n")[2], language)
    assert again.text == once
    assert [one for one in left if one.fix] == []
    assert shape(mended_issue) == shape(issue)
    marks = str.maketrans({**dict.fromkeys('"“”„«»', '"'), **dict.fromkeys("'‘’‚", "'"), "\u00a0": None})
    assert [char for char in once.translate(marks) if char not in "\"'"] == [
        char for char in source.text if char not in "\"'"
    ]
