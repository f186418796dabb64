"""An issue in each language: email, page, feed and text have no English except for the author's text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.bundled import templates_folder
from newsletter.config.publication import Author, Theme
from newsletter.model import CodeBlock, Directive, Emphasis, Figure, Image, Link, Quotation, Text
from newsletter.render.design import PLAIN, Face, face_of, load_faces
from newsletter.render.email import load_theme, render_email
from newsletter.render.email.postprocessing import set_in
from newsletter.render.feed import render_feed
from newsletter.render.letter import AuthorBox, Contents, ContentsEntry, Opening, SectionPart
from newsletter.render.page import load_page_theme, render_page
from newsletter.render.text import render_text
from tests.render import letters
from tests.render.letters import bullets, p, section, text

THEME = templates_folder() / "theme"
LANGUAGES = ("nl", "fr", "de", "es", "zh", "zh-Hant", "ja", "ar", "ar-EG", "fa", "he")
WORDS = "QQQ"
"""The only word in the author's text."""


@pytest.fixture(scope="session")
def email_theme():
    return load_theme(letters.PUBLICATION, (Path("/nowhere"), THEME / "email"))


@pytest.fixture(scope="session")
def page_theme():
    return load_page_theme((THEME / "page",), Theme())


def letter_in(code):
    """An issue with every kind of block, whose text is only Qs."""
    blocks = (
        p(WORDS, Emphasis(text(WORDS))),
        Quotation((p(WORDS),), text(WORDS)),
        Figure(Image("a.png", WORDS), text(WORDS), text(WORDS), WORDS),
        bullets(p(WORDS), ordered=True),
        Directive("button", (Link("https://q.example", text(WORDS)),)),
        Directive("audio", (Link("https://q.example/a.mp3", text(WORDS)),), {"length": WORDS}),
        Directive("event", text(WORDS), {"date": "2026-03-01 to 2026-04-02", "place": WORDS}),
        CodeBlock(WORDS),
    )
    made = section(WORDS, *blocks, items=(letters.item(3, WORDS, "https://q.example", p(WORDS)),), anchor="q")
    language = letters.words_of(code)
    author = Author("q", WORDS, bio=WORDS)
    letter = letters.bare_letter(*blocks)
    issue = replace(letter.issue, title=WORDS, subtitle=WORDS, number=7, language=code)
    return replace(
        letter,
        issue=issue,
        publication=replace(letter.publication, title=WORDS, address=WORDS, language=code),
        language=language,
        parts=(
            Opening(blocks),
            SectionPart(made, None, Contents((ContentsEntry(text(WORDS), "q", 3),))),
            AuthorBox((author,)),
        ),
        footnotes=letters.FOOTNOTES[:0],
        subject=WORDS,
        preheader=WORDS,
        date_text=language.long_date(letters.ISSUE.date),
        minutes=3,
        byline=(author, author),
    )


def outputs(code, email_theme, page_theme):
    letter = letter_in(code)
    return {
        "email": render_email(letter, email_theme),
        "page": render_page(letter, page_theme),
        "text": render_text(letter),
        "feed": render_feed(letter),
    }


def visible_words(html):
    """The visible words in Latin letters, without tags and addresses."""
    html = re.sub(r"<style.*?</style>|<script.*?</script>|<!--.*?-->|<title>.*?</title>", " ", html, flags=re.DOTALL)
    html = re.sub(r"<[^>]*>|https?://\S+|&[a-z]+;|\ufdd0[^\ufdd1]*\ufdd1", " ", html)
    names = {"RSS", "Atom", "JSON", "Feed"}
    return set(re.findall(r"[A-Za-zÀ-ÿ’]{2,}", html)) - names - {WORDS, WORDS * 2}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_english_is_left(code, email_theme, page_theme):
    english = {
        word
        for key, output in letters.english().words.items()
        for form in [output, *letters.english().forms.get(key, {}).values()]
        for word in re.findall(r"[A-Za-z’]{3,}", re.sub(r"\{[a-z]+\}", "", form))
    }
    own = {
        word
        for output in letters.words_of(code).words.values()
        for word in re.findall(r"[A-Za-z’]{3,}", re.sub(r"\{[a-z]+\}", "", output))
    }
    for name, html in outputs(code, email_theme, page_theme).items():
        assert not visible_words(html) & (english - own), name


@pytest.mark.parametrize("code", LANGUAGES)
def test_fixed_words_dates_and_numbers_are_in_the_language(code, email_theme, page_theme):
    language = letters.words_of(code)
    made = outputs(code, email_theme, page_theme)
    for name in ("email", "page", "text"):
        for output in (language.say("number", number=7), language.say("minutes", count=3), language.numeral("2026")):
            assert output in made[name], name
    for name in ("email", "text"):
        assert language.words["unsubscribe"] in made[name]
    assert f'lang="{code}" dir="{language.dir}"' in made["email"]
    assert f'lang="{code}" dir="{language.dir}"' in made["page"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_direction_and_language_are_also_on_an_inner_element(code, email_theme):
    """Some email clients drop `html` and `body` with their attributes."""
    html = render_email(letter_in(code), email_theme)
    inner = html[html.index("<body") + 5 :]
    assert re.search(rf'<div[^>]*\blang="{code}" dir="{letters.words_of(code).dir}"', inner)


@pytest.mark.parametrize("code", ["zh", "zh-Hant", "ja", "ar", "ar-EG", "fa", "he"])
def test_scripts_have_their_fonts_and_no_unsuitable_styles(code, email_theme):
    html = render_email(letter_in(code), email_theme)
    face = face_of(letters.words_of(code).script, email_theme.design.faces)
    assert face.serif in html
    assert face.sans in html
    assert "Georgia" not in html
    for latin in ("letter-spacing", "text-transform:uppercase", "font-style:italic"):
        assert latin not in html
    assert f"line-height:{round(29 * face.leading / 100)}px" in html


def test_latin_scripts_keep_the_fonts_of_the_look(email_theme):
    html = render_email(letter_in("nl"), email_theme)
    assert "letter-spacing" in html
    assert "font-family:Georgia" in html
    assert email_theme.in_script("latn") is email_theme


def test_the_page_names_its_script(page_theme):
    assert 'data-face="hans"' in render_page(letter_in("zh"), page_theme)
    assert 'data-face="hant"' in render_page(letter_in("zh-Hant"), page_theme)
    assert "data-face" not in render_page(letter_in("fr"), page_theme)
    assert '[data-face="arab"] { --serif: ' in page_theme.stylesheet


# ── Faces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_line_heights_of_text_in_styles_are_changed():
    face = Face(leading=120, italics=False, spacing=False)
    html = (
        '<p style="font-size:18px;line-height:30px;letter-spacing:.1em">style="letter-spacing:1px" line-height:30px</p>'
    )
    assert set_in(face, html) == (
        '<p style="font-size:18px;line-height:36px;">style="letter-spacing:1px" line-height:30px</p>'
    )
    for kept in ("font-size:1px;line-height:1px", "line-height:0px", "font-size:17px;line-height:44px"):
        assert set_in(face, f'<td style="{kept}">') == f'<td style="{kept}">'
    assert (
        set_in(face, "<style>.h1{line-height:40px!important}</style>")
        == "<style>.h1{line-height:48px!important}</style>"
    )


def test_fonts_of_the_publication_come_before_those_of_the_script():
    publication = replace(letters.PUBLICATION, theme=Theme(serif='"LXGW WenKai", serif'))
    theme = load_theme(publication, (Path("/nowhere"), THEME / "email"))
    assert theme.design.in_script("hans").serif.startswith("'LXGW WenKai','Songti SC'")


def test_a_sans_serif_look_is_sans_serif_in_every_script():
    theme = load_theme(replace(letters.PUBLICATION, theme=Theme(look="plain")), (Path("/nowhere"), THEME / "email"))
    assert theme.design.in_script("jpan").serif.endswith("sans-serif")


def test_a_workspace_can_change_single_values_of_a_script(tmp_path):
    (tmp_path / "scripts.json").write_text('{"arab": {"leading": 130}, "thai": {"leading": 125, "spacing": false}}')
    faces = load_faces((tmp_path, THEME))
    assert faces["arab"].leading == 130
    assert "Naskh" in faces["arab"].serif
    assert faces["thai"].leading == 125
    assert face_of("taml", faces) == faces["other"]
    assert "Devanagari" in face_of("deva", faces).serif
    assert face_of("cyrl", faces) is PLAIN


@pytest.mark.parametrize(
    ("text_of_file", "message"),
    [
        ("{", "scripts.json cannot be used"),
        ("[]", "it holds tokens by script"),
        ('{"arabic": {}}', "`arabic` is not a script"),
        ('{"arab": {"font": "x"}}', r"`arab\.font` is not a known key"),
        ('{"arab": {"leading": "high"}}', r"`arab\.leading` must be a whole number"),
        ('{"arab": {"italics": 1}}', r"`arab\.italics` must be true or false"),
    ],
)
def test_a_fault_in_the_tokens_of_scripts_is_reported(tmp_path, text_of_file, message):
    from newsletter.errors import ConfigurationError

    (tmp_path / "scripts.json").write_text(text_of_file)
    with pytest.raises(ConfigurationError, match=message):
        load_faces((tmp_path, THEME))


def test_chinese_text_wraps_by_its_own_rules():
    words = "海闸守住了，「那一夜」；人们说：“没有风。”（真的！）" * 6
    letter = letters.bare_letter(p(Text(words)))
    body = render_text(replace(letter, language=letters.words_of("zh"))).split("\n\n\n")[2].split("\n")
    assert "".join(body) == words
    assert len(body) > 3
    assert not any(line[0] in "，」；：。”）！" for line in body)
    assert not any(line[-1] in "「“（" for line in body)


ALL = sorted(path.stem for path in (THEME / "strings").glob("*.yaml"))
NAMES = {
    "ar": "سارة خليل",
    "fa": "سارا احمدی",
    "he": "שרה כהן",
    "zh": "王小明",
    "ja": "田中太郎",
    "ko": "김민수",
    "hi": "सारा शर्मा",
}


@pytest.mark.parametrize("code", ALL)
def test_a_credit_below_a_cover_has_a_label_in_every_language(page_theme, code):
    name = NAMES.get(code[:2], "Mara van Dijk")
    letter = letters.full_letter()
    issue = replace(letter.issue, language=code, cover=replace(letter.issue.cover, caption="", credit=name))
    letter = replace(letter, issue=issue, language=letters.words_of(code))
    word = letter.language.words["photo"]
    assert re.search(rf"{word}\s*[:：]", _under_cover(render_page(letter, page_theme)))
    output = {"ar": "تصوير سارة خليل", "zh": "王小明摄", "ja": "撮影 田中", "ko": "김민수 제공"}.get(
        code, "drawn for this letter"
    )
    issue = replace(issue, cover=replace(issue.cover, credit=output))
    assert not re.search(rf"{word}\s*[:：]", _under_cover(render_page(replace(letter, issue=issue), page_theme)))


def _under_cover(page: str) -> str:
    return page.partition("<figcaption>")[2].partition("</figcaption>")[0]


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [("zh", ("图", "摄影"), "图"), ("zh", (), "图片"), ("en", ("Chart",), "Photo"), ("nl", ("Beeld", "Foto"), "Foto")],
)
def test_the_house_format_may_set_the_label_of_credits(page_theme, code, words, expected):
    letter = letters.full_letter()
    reading = replace(letter.house.reading, credit_words=(*letter.house.reading.credit_words, *words))
    issue = replace(letter.issue, cover=replace(letter.issue.cover, caption="", credit=NAMES.get(code, "Mara")))
    house = replace(letter.house, reading=reading)
    page = render_page(replace(letter, issue=issue, house=house, language=letters.words_of(code)), page_theme)
    assert re.search(rf">{expected}\s*[:：]", _under_cover(page))
