from __future__ import annotations

import pytest

from newsletter.config.clients import CLIENTS, FAMILIES, named, shares_of

# ── Places in sources ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_of_the_bundled_theme_has_no_finding(letters):
    assert letters.found("Ships wait.\n\n> Long.\n\n::: callout\nFour ports.\n:::", everything=True) == []


def test_a_finding_in_a_workspace_template_has_its_line(letters):
    letters.template(
        "callout.html", '{# Ours,\n on a tint. #}\n<div\n style="margin:0;display:flex">{{ html }}</div>\n'
    )
    assert letters.places("::: callout\nFour ports.\n:::") == [("EM120", "callout.html:4", "display:flex")]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_byte_order_mark_does_not_shift_columns(letters, ends: str):
    plain = '<div style="margin:0;display:flex">{{ html }}</div>\n'
    for text in (plain, "\ufeff" + plain.replace("\n", ends)):
        path = letters.root / "templates/theme/email/callout.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        (found,) = letters.found("::: callout\nFour ports.\n:::")
        assert (found.span.line, found.span.column) == (1, plain.index("display") + 1)


def test_an_unused_template_has_no_finding(letters):
    letters.template("callout.html", '<div style="display:flex">{{ html }}</div>\n')
    assert letters.found() == []


def test_one_finding_reports_all_places_in_a_file(letters):
    letters.template("callout.html", '<p style="display:flex"><i style="display:flex">{{ html }}</i></p>\n')
    (found,) = letters.found("::: callout\nFour ports.\n:::\n\n::: callout\nFive ports.\n:::")
    assert found.message.endswith("; so in 1 more place")


def test_a_finding_in_an_mjml_attribute_underlines_it(letters):
    letters.template("heading.mjml", '<mj-text\n font-size="2rem"><h2 id="{{ anchor }}">{{ title }}</h2></mj-text>\n')
    assert letters.places("## Ports\n\nShips.") == [("EM121", "heading.mjml:2", 'font-size="2rem"')]


def test_a_finding_in_a_style_sheet_has_its_line(letters):
    letters.template("prose.css", "p { margin: 0 0 20px }\nem {\n  color: rgba(0, 0, 0, 0.5);\n}\n")
    assert letters.places("Ships *wait*.") == [("EM121", "prose.css:3", "rgba(")]
    letters.template("head.css", ".bd a::before { content: '→' }\n")
    assert ("EM121", "head.css:1", ".bd a::before") in letters.places("Ships *wait*.")


def test_a_finding_about_a_markdown_picture_is_at_its_address(letters):
    letters.write("templates/letter/house.yaml", "name: Letter\nfigures: {formats: [webp]}\n")
    body = "Ships wait.\n\n![Ships](https://pictures.example/ships.webp)"
    assert letters.places(body) == [("EM120", "index.md:8", "https://pictures.example/ships.webp")]


def test_a_picture_that_another_rule_reports_is_reported_once(letters):
    assert letters.found("Ships wait.\n\n![Ships](https://pictures.example/ships.webp)") == []


def test_a_finding_in_an_authors_html_has_its_line(letters):
    letters.write("templates/letter/house.yaml", "name: Letter\nallow_html: true\nfigures: {formats: [svg]}\n")
    body = 'Ships <b>wait</b>.\n\n<p>Long\n<img src="https://pictures.example/ships.svg" alt="Ships"></p>'
    ((code, place, text),) = letters.places(body)
    assert (code, place) == ("EM120", "index.md:9")
    assert text == "https://pictures.example/ships.svg"


def test_a_finding_in_a_snippet_has_its_line(letters):
    house = "name: Letter\nstanding:\n  box: end\n"
    letters.write("templates/letter/snippets/box.md", "Hello.\n\n![Us](https://pictures.example/us.webp)\n")
    letters.write("templates/letter/house.yaml", house)
    assert letters.places() == []  # FG112 reports it
    letters.write("templates/letter/house.yaml", house + "figures: {formats: [webp]}\n")
    assert letters.places() == [("EM120", "box.md:3", "https://pictures.example/us.webp")]


def test_a_font_from_newsletter_yaml_is_reported_there(letters):
    letters.configure("theme:\n  fonts:\n    serif: system-ui, Georgia, serif\n")
    assert ("EM122", "newsletter.yaml:8", "system-ui, Georgia, serif") in letters.places(everything=True)


def test_harmless_uses_are_reported_only_on_request(letters):
    letters.template("callout.html", '<p style="border-radius:4px">{{ html }}</p>\n')
    callout = "::: callout\nFour ports.\n:::"
    assert letters.places(callout) == []
    assert letters.places(callout, everything=True) == [("EM122", "callout.html:1", "border-radius:4px")]


# ── Affected readers ────────────────────────────────────────────────────────────────────────────────────────────────

FLEX = '<p style="display:flex">{{ html }}</p>\n'
CALLOUT = "::: callout\nFour ports.\n:::"


def messages(letters) -> list[str]:
    letters.template("callout.html", FLEX)
    return [found.message for found in letters.found(CALLOUT)]


def test_a_finding_names_the_clients_the_feature_and_the_share_of_readers(letters):
    letters.configure("email:\n  clients: {outlook: 20, gmail: 50, web-de: 10}\n")
    assert messages(letters) == [
        "Outlook on Windows and WEB.DE on the web do not support `display: flex` (14 % of your readers)"
    ]


def test_without_configured_shares_the_number_is_an_estimate(letters):
    assert messages(letters)[0].endswith("(about 7 % of readers, by our estimate)")


def test_a_client_without_readers_is_not_reported(letters):
    letters.configure("email:\n  clients: {apple-mail: 60, gmail: 40}\n")
    assert messages(letters) == []


@pytest.mark.parametrize(("least", "count"), [(5, 1), (8, 0)])
def test_a_share_below_least_readers_is_not_reported(letters, least, count):
    letters.configure(f"email:\n  clients: {{outlook-windows: 6, gmail: 40}}\n  least_readers: {least}\n")
    assert len(messages(letters)) == count


def test_many_clients_are_summarized_with_a_count(letters):
    letters.template("callout.html", '<p><svg><path d=""/></svg>{{ html }}</p>\n')
    (found,) = letters.found(CALLOUT)
    assert found.message.startswith("Gmail, Outlook and ")
    assert " more do not support `<svg>` (" in found.message
    assert found.advice.startswith(
        "Save it as a PNG and use a picture. Tested 2020-02-06: https://www.caniemail.com/features/html-svg/"
    )


def test_html_in_an_outlook_comment_concerns_only_outlook(letters):
    letters.configure("email:\n  clients: {gmail: 60, outlook-windows: 40}\n")
    letters.template("callout.html", "<p><!--[if mso]><span hidden>x</span><![endif]-->{{ html }}</p>\n")
    assert letters.found(CALLOUT) == []


# ── Shares ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_estimated_shares_leave_some_readers_unknown():
    assert 90 < sum(client.share for client in CLIENTS) < 100
    assert shares_of({}) == {client.key: client.share for client in CLIENTS}
    assert {
        client.family for client in CLIENTS if client.key != client.family and client.family not in FAMILIES
    } == set()


def test_a_familys_share_is_divided_among_its_unlisted_clients():
    shares = shares_of({"gmail": 38, "gmail-ios": 12})
    assert shares["gmail-ios"] == 12
    assert sum(shares.values()) == pytest.approx(50)
    assert shares["gmail-web"] > shares["gmail-android"] > shares["gmail-mobile-web"] > 0
    assert shares["apple-mail-ios"] == 0


def test_a_family_is_named_if_nearly_all_its_readers_are_affected():
    shares = shares_of({})
    assert named(["gmail-web", "gmail-android", "gmail-ios"], shares) == ["Gmail"]
    assert named(["gmail-web", "gmail-android"], shares) == ["Gmail on the web", "Gmail on Android"]
    assert named(["thunderbird", "outlook-windows"], shares) == ["Outlook on Windows", "Thunderbird"]
    assert named(["gmail-ios"], shares_of({"gmail-ios": 9})) == ["Gmail on iPhone"]
