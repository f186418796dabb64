from __future__ import annotations

import pytest

from newsletter.config.clients import CLIENTS, FAMILIES, named, shares_of

# ── Where it was written ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_of_the_bundled_theme_has_no_finding(letters):
    assert letters.found("Ships wait.\n\n> Long.\n\n::: callout\nFour ports.\n:::", everything=True) == []


def test_a_template_of_the_workspace_is_shown_at_its_line(letters):
    letters.template(
        "callout.html", '{# Ours,\n on a tint. #}\n<div\n style="margin:0;display:flex">{{ html }}</div>\n'
    )
    assert letters.places("::: callout\nFour ports.\n:::") == [("EM120", "callout.html:4", "display:flex")]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_byte_order_mark_moves_no_column(letters, ends: str):
    plain = '<div style="margin:0;display:flex">{{ html }}</div>\n'
    for text in (plain, "\ufeff" + plain.replace("\n", ends)):
        path = letters.root / "templates/theme/email/callout.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        (found,) = letters.found("::: callout\nFour ports.\n:::")
        assert (found.span.line, found.span.column) == (1, plain.index("display") + 1)


def test_a_template_that_the_letter_does_not_use_does_it_no_harm(letters):
    letters.template("callout.html", '<div style="display:flex">{{ html }}</div>\n')
    assert letters.found() == []


def test_one_finding_tells_of_all_places_in_a_file(letters):
    letters.template("callout.html", '<p style="display:flex"><i style="display:flex">{{ html }}</i></p>\n')
    (found,) = letters.found("::: callout\nFour ports.\n:::\n\n::: callout\nFive ports.\n:::")
    assert found.message.endswith("; so in 1 more place")


def test_an_attribute_of_mjml_is_shown(letters):
    letters.template("heading.mjml", '<mj-text\n font-size="2rem"><h2 id="{{ anchor }}">{{ title }}</h2></mj-text>\n')
    assert letters.places("## Ports\n\nShips.") == [("EM121", "heading.mjml:2", 'font-size="2rem"')]


def test_a_style_sheet_is_shown_at_its_line(letters):
    letters.template("prose.css", "p { margin: 0 0 20px }\nem {\n  color: rgba(0, 0, 0, 0.5);\n}\n")
    assert letters.places("Ships *wait*.") == [("EM121", "prose.css:3", "rgba(")]
    letters.template("head.css", ".bd a::before { content: '→' }\n")
    assert ("EM121", "head.css:1", ".bd a::before") in letters.places("Ships *wait*.")


def test_a_picture_that_is_written_as_markdown_is_shown_where_its_address_is(letters):
    letters.write("templates/letter/house.yaml", "name: Letter\nfigures: {formats: [webp]}\n")
    body = "Ships wait.\n\n![Ships](https://pictures.example/ships.webp)"
    assert letters.places(body) == [("EM120", "index.md:8", "https://pictures.example/ships.webp")]


def test_a_picture_that_the_rules_about_pictures_find_is_told_once(letters):
    assert letters.found("Ships wait.\n\n![Ships](https://pictures.example/ships.webp)") == []


def test_an_authors_own_html_is_shown_at_its_line(letters):
    letters.write("templates/letter/house.yaml", "name: Letter\nallow_html: true\nfigures: {formats: [svg]}\n")
    body = 'Ships <b>wait</b>.\n\n<p>Long\n<img src="https://pictures.example/ships.svg" alt="Ships"></p>'
    ((code, place, text),) = letters.places(body)
    assert (code, place) == ("EM120", "index.md:9")
    assert text == "https://pictures.example/ships.svg"


def test_a_snippet_is_shown_at_its_line(letters):
    house = "name: Letter\nstanding:\n  box: end\n"
    letters.write("templates/letter/snippets/box.md", "Hello.\n\n![Us](https://pictures.example/us.webp)\n")
    letters.write("templates/letter/house.yaml", house)
    assert letters.places() == []  # FG112 tells of it
    letters.write("templates/letter/house.yaml", house + "figures: {formats: [webp]}\n")
    assert letters.places() == [("EM120", "box.md:3", "https://pictures.example/us.webp")]


def test_a_font_of_newsletter_yaml_is_shown_there(letters):
    letters.configure("theme:\n  fonts:\n    serif: system-ui, Georgia, serif\n")
    assert ("EM122", "newsletter.yaml:8", "system-ui, Georgia, serif") in letters.places(everything=True)


def test_what_nobody_misses_is_told_to_those_who_ask(letters):
    letters.template("callout.html", '<p style="border-radius:4px">{{ html }}</p>\n')
    callout = "::: callout\nFour ports.\n:::"
    assert letters.places(callout) == []
    assert letters.places(callout, everything=True) == [("EM122", "callout.html:1", "border-radius:4px")]


# ── Who does without ────────────────────────────────────────────────────────────────────────────────────────────────

FLEX = '<p style="display:flex">{{ html }}</p>\n'
CALLOUT = "::: callout\nFour ports.\n:::"


def messages(letters) -> list[str]:
    letters.template("callout.html", FLEX)
    return [found.message for found in letters.found(CALLOUT)]


def test_a_finding_names_the_programs_the_feature_and_how_many_readers(letters):
    letters.configure("email:\n  clients: {outlook: 20, gmail: 50, web-de: 10}\n")
    assert messages(letters) == [
        "Outlook on Windows and WEB.DE on the web do not support `display: flex` (14 % of your readers)"
    ]


def test_without_shares_the_number_is_called_an_estimate(letters):
    assert messages(letters)[0].endswith("(about 7 % of readers, by our estimate)")


def test_what_no_reader_has_is_not_told(letters):
    letters.configure("email:\n  clients: {apple-mail: 60, gmail: 40}\n")
    assert messages(letters) == []


@pytest.mark.parametrize(("least", "count"), [(5, 1), (8, 0)])
def test_what_few_would_notice_is_not_told(letters, least, count):
    letters.configure(f"email:\n  clients: {{outlook-windows: 6, gmail: 40}}\n  least_readers: {least}\n")
    assert len(messages(letters)) == count


def test_many_programs_are_counted(letters):
    letters.template("callout.html", '<p><svg><path d=""/></svg>{{ html }}</p>\n')
    (found,) = letters.found(CALLOUT)
    assert found.message.startswith("Gmail, Outlook and ")
    assert " more do not support `<svg>` (" in found.message
    assert found.advice.startswith(
        "Save it as a PNG and use a picture. Tested 2020-02-06: https://www.caniemail.com/features/html-svg/"
    )


def test_what_stands_in_a_comment_for_outlook_is_told_to_nobody_else(letters):
    letters.configure("email:\n  clients: {gmail: 60, outlook-windows: 40}\n")
    letters.template("callout.html", "<p><!--[if mso]><span hidden>x</span><![endif]-->{{ html }}</p>\n")
    assert letters.found(CALLOUT) == []


# ── Shares ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_our_own_shares_leave_some_readers_unknown():
    assert 90 < sum(client.share for client in CLIENTS) < 100
    assert shares_of({}) == {client.key: client.share for client in CLIENTS}
    assert {
        client.family for client in CLIENTS if client.key != client.family and client.family not in FAMILIES
    } == set()


def test_a_familys_share_is_spread_over_those_that_are_not_named_themselves():
    shares = shares_of({"gmail": 38, "gmail-ios": 12})
    assert shares["gmail-ios"] == 12
    assert sum(shares.values()) == pytest.approx(50)
    assert shares["gmail-web"] > shares["gmail-android"] > shares["gmail-mobile-web"] > 0
    assert shares["apple-mail-ios"] == 0


def test_a_family_is_named_where_nearly_all_of_its_readers_are_meant():
    shares = shares_of({})
    assert named(["gmail-web", "gmail-android", "gmail-ios"], shares) == ["Gmail"]
    assert named(["gmail-web", "gmail-android"], shares) == ["Gmail on the web", "Gmail on Android"]
    assert named(["thunderbird", "outlook-windows"], shares) == ["Outlook on Windows", "Thunderbird"]
    assert named(["gmail-ios"], shares_of({"gmail-ios": 9})) == ["Gmail on iPhone"]
