"""Findings about the sent email that the pages of the rules do not show."""

from __future__ import annotations

import re

import pytest

from newsletter.bundled import templates_folder
from newsletter.check import Settings

LETTER = "issues/letter/index.md"
FRONT = """\
---
title: Ports
date: 2024-01-31
summary: Three ports are full, and the ships that wait have begun to unload each other.
---
"""
LONG = "Eleven ships wait before the port, and nobody on shore can say which of them came first. " * 40
EM = Settings(select=("EM",))
BUNDLED = templates_folder() / "theme" / "email"


@pytest.fixture
def letter(checker):
    """Checks an issue with this body only by the rules about the email; `yaml` is added to newsletter.yaml."""
    checker.sends = True

    def check(body: str, yaml: str = "", front: str = FRONT, **templates: str):
        checker.configure(yaml)
        for name, text in templates.items():
            checker.write(f"templates/theme/email/{name.replace('_', '.')}", text)
        return checker.check(front + "\n" + body, settings=EM)

    return check


def codes(found) -> list[str]:
    return [each.code for each in found]


# ── Size ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_finding_about_clipping_is_at_the_line_where_gmail_clips(letter, checker):
    body = "\n\n".join(f"## Part {number}\n\n" + LONG for number in range(1, 9))
    (found,) = letter(body, "email: {limit: 35, warn_at: 10}")
    mail = checker.mail(LETTER)
    at = len(mail.html.encode()[: 35 * 1024].decode("utf-8", "ignore"))
    line = (FRONT + "\n" + body).splitlines()[found.span.line - 1]
    assert (found.code, found.label) == ("EM101", "cut here")
    assert LONG.strip() in line or line.startswith("## Part")
    before = re.findall(r"Part \d", mail.html[:at])
    assert f"in `{before[-1]}`" in found.message
    assert re.search(r"`Part \d` [\d.]+ KB \(line \d+\)", found.advice)


def test_a_chart_counts_as_one_picture_despite_its_dark_variant(letter):
    (found,) = letter("::: chart\ntype: line\n\n| a | b |\n| - | - |\n| x | 1 |\n| y | 2 |\n:::")
    assert (found.code, found.message) == ("EM118", "the letter is 1 picture and 4 characters of text")


def test_characters_that_a_service_adds_to_links_are_counted(letter):
    links = " ".join(f"[Ship {number}](https://example.org/{number})" for number in range(300))
    whole = "email: {warn_at: 1000, limit: 75, link_growth: %d}"
    assert codes(letter(links, whole % 0)) == []
    (found,) = letter(links, whole % 400)
    assert found.code == "EM102"
    assert re.search(
        r"the email is [\d.]+ KB, about 1\d\d KB once a service has rewritten its 30\d links", found.message
    )


def test_parts_and_pieces_add_up_to_the_whole_email(letter, checker):
    letter(
        "Hello {{ first_name | {% you }}.\n\n## Über uns\n\n- *a* [b](https://example.org)\n\n> c\n\n[^1] d\n\n[^1]: e"
    )
    mail = checker.mail(LETTER)
    assert "".join(mail.html[piece.start : piece.end] for piece in mail.pieces) == mail.html
    assert sum(part.size for part in mail.parts) == len(mail.html.encode())
    assert [part.kind for part in mail.parts][:3] == ["style", "frame", "opening"]
    assert "Über uns" in [part.label for part in mail.parts]
    assert not re.search("[\ufdd0-\ufdef]", mail.html + mail.text)


def test_each_position_in_an_email_maps_to_its_source_line(letter, checker):
    letter("One.\n\n## Two\n\nThree [four](https://example.org/four).\n\n- five\n- [six](https://example.org/six)")
    mail, text = checker.mail(LETTER), checker.read(LETTER)[0].text

    def line_of(words: str) -> str:
        span = mail.piece_at(mail.html.index(words)).span
        return text.splitlines()[span.line - 1]

    assert line_of("One.") == "One."
    assert line_of(">Two<") == "## Two"
    assert line_of("example.org/four").startswith("Three")
    assert line_of("example.org/six") == "- [six](https://example.org/six)"
    assert mail.piece_at(mail.html.index("<html")).path == ""


# ── Legal requirements ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FOOT = '<mj-section><mj-column><mj-text css-class="s">{{ address }} <a href="%s">stop</a></mj-text></mj-column></mj-section>'


@pytest.mark.parametrize(
    "href", ["*|UNSUB|*", "%unsubscribe_url%", "https://letters.example/unsubscribe?me={{ view_url }}"]
)
def test_an_own_unsubscribe_link_counts(letter, href):
    assert codes(letter(LONG, footer_mjml=FOOT % href)) == []


def test_a_hidden_unsubscribe_link_does_not_count(letter):
    hidden = FOOT.replace("<a ", '<a style="display:none" ') % "{{ unsubscribe_url }}"
    assert "EM104" in codes(letter(LONG, footer_mjml=hidden))


def test_the_bundled_footer_has_all_required_parts(letter):
    assert codes(letter(LONG, 'address: "Über den Kanälen 7, 9000 Gent"')) == []


# ── Inbox ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_preheader_that_repeats_the_subject_is_reported_at_its_line(letter):
    (found,) = letter(
        LONG, front="---\ntitle: Three ports are full!\ndate: 2024-01-31\nsummary: Three ports are full\n---\n"
    )
    assert (found.code, found.span.line) == ("EM109", 4)


def test_text_shown_after_a_preheader_is_reported_in_the_head_template(letter):
    head = '<mj-title>{{ title }}</mj-title><mj-preview>{{ preheader }}</mj-preview><mj-attributes><mj-class name="small" /></mj-attributes>'
    found = [each for each in letter(LONG, head_mjml=head) if each.code == "EM109"]
    assert [each.path for each in found] == ["templates/theme/email/head.mjml"]
    assert "so inboxes show" in found[0].message


def test_a_missing_summary_that_the_house_format_requires_is_not_reported_twice(letter, checker):
    checker.house("name: Letter\nfront: {summary: required}")
    assert codes(letter(LONG, front="---\ntitle: Ports\ndate: 2024-01-31\n---\n")) == []


@pytest.mark.parametrize(
    "subject", ["NASA, ESA and JAXA meet", "HTML & CSS", "What a year!", "US$ or €?", "RESTful ports"]
)
def test_a_subject_with_abbreviations_does_not_shout(letter, subject):
    assert codes(letter(LONG, front=FRONT.replace("title: Ports", f"title: Ports\nsubject: '{subject}'"))) == []


@pytest.mark.parametrize("subject", ["SAVE a FORTUNE TODAY", "Win $$$ today", "Open now!!", "What?!?"])
def test_a_subject_in_capitals_is_reported(letter, subject):
    assert codes(letter(LONG, front=FRONT.replace("title: Ports", f"title: Ports\nsubject: '{subject}'"))) == ["EM116"]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("AW: Häfen", True), ("Fwd[2]: Ports", True), ("Return: a story", False), ("Reading", False)],
)
def test_a_subject_that_begins_like_a_reply_is_reported(letter, subject, expected):
    found = letter(LONG, front=FRONT.replace("title: Ports", f"title: Ports\nsubject: '{subject}'"))
    assert codes(found) == ["EM117"] * expected


# ── Tokens and addresses ────────────────────────────────────────────────────────────────────────────────────────────


def test_merge_tags_in_code_are_not_reported(letter):
    assert codes(letter(LONG + "\n\nWrite `*|FNAME|*` or `%%name%%`.\n\n```\n*|FNAME|*\n```")) == []


def test_a_personal_field_in_a_title_is_reported(letter):
    (found,) = letter(LONG, front=FRONT.replace("title: Ports", "title: Ports for {{ first_name | you }}"))
    assert (found.code, found.span.line) == ("EM108", 2)


def test_a_rendered_none_is_reported_in_its_template(letter):
    title = '<mj-text css-class="t"><h1>{{ title }}</h1><p>{{ {"a": none}.a }}</p></mj-text>'
    (found,) = letter(LONG, title_mjml=title)
    assert (found.code, found.path) == ("EM108", "templates/theme/email/title.mjml")


def test_the_word_none_in_text_has_no_finding(letter):
    assert codes(letter(LONG + "\n\n## None\n\n*None*")) == []


def test_pictures_of_an_archive_without_https_are_reported_once(letter, checker):
    found = letter("![Ships](stack.jpg)\n\n" + LONG, "url: http://letters.example/")
    assert [(each.code, each.path) for each in found] == [("EM107", "newsletter.yaml")]


def test_the_advice_for_an_address_depends_on_its_problem(letter):
    title = (
        '<mj-text css-class="t"><h1><a href="#there">{{ title }}</a> <a href="id that">{{ title }}</a></h1></mj-text>'
    )
    jump, address = (each for each in letter(LONG, title_mjml=title) if each.code == "EM107")
    assert (jump.message, jump.advice) == ("nothing in the email has the id that `#there` leads to", "")
    assert address.message == "the address `id that` does not work in an email"
    assert address.advice == "Write the full address, starting with `https://`."


@pytest.mark.parametrize(
    ("html", "column"),
    [
        ('<a href="tariffs.pdf">The tariffs</a> are here.', 1),
        ('The tariffs <a href="tariffs.pdf">are</a> here.', 13),
        ('- One.\n- The tariffs **<a href="tariffs.pdf">are</a>** here.', 17),
        ('> The tariffs <a href="tariffs.pdf">are</a> here.', 15),
        ('Two <a href="https://x.example/">of</a> <a href="tariffs.pdf">them</a>.', 41),
        ('Two <a href="tariffs.pdf?of={{ first_name | you }}">of</a> them.', 5),
        ('| a | b |\n| - | - |\n| c | <a href="tariffs.pdf">d</a> |', 7),
        ('> Ships wait.\n>\n> — Jane <a href="tariffs.pdf">Roe</a>', 10),
        ('::: callout See <a href="tariffs.pdf">this</a>\nShips wait.\n:::', 17),
    ],
)
def test_an_address_in_inline_html_is_reported_at_its_place(letter, checker, html, column):
    checker.house("name: Letter\nallow_html: true")
    (found,) = (each for each in letter(f"{LONG}\n\n{html}\n") if each.code == "EM107")
    assert (found.path, found.span.column) == (LETTER, column)


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_right_to_left_emails_declare_their_direction(letter):
    wrapped = (
        '<mjml lang="{{ lang }}"><mj-head>{% include "head.mjml" %}</mj-head><mj-body><mj-section><mj-column>'
        '{% include "title.mjml" %}</mj-column></mj-section>{{ rows }}{% include "topline.mjml" %}{% include "footer.mjml" %}</mj-body></mjml>'
    )
    arabic = FRONT.replace("date:", "language: ar\ndate:")
    assert "EM112" not in codes(letter("مرحبا.", front=arabic))
    found = [each for each in letter("Hello.", letter_mjml=wrapped) if each.code == "EM112"]
    assert found == []


def test_html_of_an_author_is_reported_at_its_line(letter, checker):
    checker.house("name: Letter\nallow_html: true")
    found = letter(
        LONG
        + '\n\n<p style="color:#dddddd">Too pale to read, this.</p>\n\n<h5>Deep</h5>\n\n<a href="https://example.org/a"></a>'
    )
    lines = {each.code: each.span.line for each in found if each.path == LETTER}
    assert lines.get("EM110") == 13
    assert lines.get("EM111") == 11


# ── Contrast ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_configured_background_with_low_contrast_is_reported_in_newsletter_yaml(letter):
    (found,) = letter(LONG, 'theme: {colors: {dark: {card: "#777777"}}}')
    assert found.code == "EM114"
    assert "`card` #777777" in found.message
    assert "in dark mode" in found.message
    assert found.path == "newsletter.yaml"


def test_a_look_of_the_workspace_is_reported_in_its_file(letter, checker):
    checker.write("templates/theme/looks/faint.json", '{\n"light": {\n"soft": "#aaaaaa"}}')
    (found,) = letter(LONG, "theme: {look: faint}")
    assert (found.code, found.path, found.span.line) == ("EM114", "templates/theme/looks/faint.json", 3)


def test_the_suggested_colour_has_enough_contrast(letter):
    (found,) = letter(LONG, 'theme: {colors: {light: {accent: "#3f8fd0"}}}')
    proposed = re.search(r"#[0-9a-f]{6}", found.advice)
    assert proposed
    assert letter(LONG, f'theme: {{colors: {{light: {{accent: "{proposed[0]}"}}}}}}') == ()


@pytest.mark.parametrize("look", ["letter", "plain"])
def test_the_bundled_looks_have_enough_contrast(letter, look):
    assert codes(letter(LONG, f"theme: {{look: {look}}}")) == []


# ── Places of findings ──────────────────────────────────────────────────────────────────────────────────────

QUOTED = "Ships wait.\n\n> Somebody's words.\n\n> And somebody else's.\n"


def test_a_colour_of_a_template_is_reported_once_in_the_template(letter):
    (found,) = letter(QUOTED, quotation_html='<div style="background:#fff;color:#ddd">{{ html }}</div>')
    assert (found.code, found.path, found.span.column) == ("EM115", "templates/theme/email/quotation.html", 1)


def test_a_colour_of_prose_css_is_reported_once_there(letter):
    found = letter("One.\n\nTwo.\n", prose_css="p { margin: 0; color: #999; font-size: 9px }")
    assert [(each.code, each.path, each.span.column) for each in found] == [
        ("EM115", "templates/theme/email/prose.css", 16),
        ("EM113", "templates/theme/email/prose.css", 29),
    ]
    (by_token,) = letter("One.\n", prose_css="p { color: var(--rule) }")
    assert (by_token.code, by_token.path, by_token.span.column) == ("EM115", "templates/theme/email/prose.css", 5)


def test_a_picture_without_alt_in_a_link_is_reported_once(letter):
    linked = '<mj-text css-class="t"><a href="https://example.org/"><img src="https://example.org/a.png" /></a>{{ html }}</mj-text>'
    (found,) = letter(LONG, prose_mjml=linked)
    assert (found.code, found.message) == ("EM110", "the picture has no `alt`: screen readers read out its address")


def test_the_advice_to_shorten_names_only_the_authors_text(letter):
    (found,) = letter("## Ships\n\nThey wait.\n", "email: {limit: 10}")
    assert found.advice.startswith("Shorten it, or move a part to the web page: `Ships`")
    assert "frame" not in found.advice


# ── Dark mode ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_colour_that_dark_mode_does_not_change_is_reported(letter):
    (found,) = letter("## Ships\n", heading_mjml='<mj-text color="#222222"><h2>{{ title }}</h2></mj-text>')
    assert found.code == "EM115"
    assert found.message == "in dark mode, #222222 on #1c1f23 has a contrast of 1.03 to 1; text needs 4.5"
    classed = '<mj-text css-class="t" color="#222222"><h2>{{ title }}</h2></mj-text>'
    assert letter("## Ships\n", heading_mjml=classed) == ()


def test_a_background_that_stays_light_under_light_text_is_reported(letter):
    box = '<table role="presentation" style="background:#fff3cd"><tr><td>{{ html }}</td></tr></table>'
    body = "::: callout Ships\nThey wait.\n:::\n"
    (found,) = letter(body, callout_html=box)
    assert (found.code, found.path) == ("EM115", "templates/theme/email/callout.html")
    assert found.message.startswith("in dark mode, #ebe7df on #fff3cd has a contrast of 1.11 to 1")
    assert letter(body, callout_html=box.replace("<table", '<table class="b"')) == ()


def test_an_own_pair_of_colours_may_stay_unchanged_in_dark_mode(letter):
    box = '<table role="presentation" style="background:#fff3cd"><tr><td><p style="color:#332">Ships</p></td></tr></table>'
    assert letter("::: callout\nx\n:::\n", callout_html=box) == ()


def test_own_rules_for_dark_mode_are_applied(letter):
    heading = '<mj-text css-class="mine" color="#222222"><h2>{{ title }}</h2></mj-text>'
    dark = (BUNDLED / "dark.css").read_text("utf-8") + "{{ ink }}td.mine > div{color:#eeeeee!important}\n"
    assert letter("## Ships\n", heading_mjml=heading, dark_css=dark) == ()
    unread = dark.replace("td.mine > div", "td:has(h2)")
    assert letter("## Ships\n", heading_mjml=heading, dark_css=unread) == (), (
        "nothing is said about what is not understood"
    )
