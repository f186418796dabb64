from __future__ import annotations

import pytest
from PIL import Image

from newsletter.config.load import load_workspace
from newsletter.config.publication import Author, FeedSettings, Sender
from newsletter.errors import ConfigurationError, UsageError

LEAST = "title: Letters\nurl: https://letters.example\nsender: {name: Jane, email: jane@letters.example}\n"


@pytest.fixture
def load(tmp_path):
    def loaded(text, *files):
        (tmp_path / "newsletter.yaml").write_text(text, "utf-8")
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (40, 20)).save(tmp_path / name)
        return load_workspace(tmp_path)

    return loaded


def faults(load, text):
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    return [(found.code, found.span.line, found.message) for found in caught.value.diagnostics]


def test_a_minimal_configuration_is_valid(load):
    publication = load(LEAST).publication
    assert publication.title == "Letters"
    assert publication.url == "https://letters.example/"
    assert publication.sender == Sender("Jane", "jane@letters.example")
    assert (publication.language, publication.timezone) == ("en", "UTC")


@pytest.mark.parametrize("form", ["formal", "informal"])
def test_readers_are_addressed_formally_or_informally(load, form):
    assert load(LEAST + f"address_form: {form}\n").publication.address_form == form
    assert load(LEAST).publication.address_form == load(LEAST + "address_form:\n").publication.address_form == ""


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("Formal", "Did you mean `formal`?"),
        ("in-formal", "Did you mean `informal`?"),
        ("du", "Write one of `formal`, `informal`."),
    ],
)
def test_an_unknown_form_of_address_is_reported_with_its_place(load, written, advice):
    with pytest.raises(ConfigurationError) as caught:
        load(LEAST + f"address_form: {written}\n")
    (found,) = caught.value.diagnostics
    assert (found.code, found.span.line, found.message) == ("CF012", 4, f"`address_form` cannot be `{written}`")
    assert found.advice == advice


def test_every_key_is_read(load):
    workspace = load(
        LEAST
        + """\
description: |
  About ports.
  Monthly.
language: nl-BE
timezone: Europe/Brussels
address: "Street 1, 1000 Town"
reason: You asked for it.
subscribe_url: https://letters.example/subscribe
kind: briefing
authors:
  jane:
    name: Jane Roe
    email: jane@letters.example
    url: https://jane.example/
    bio: |
      Jane writes.
      Jane reads.
    picture: ./people/jane.jpg
fields:
  company: your company
  plan:
theme:
  colors: {light: {accent: "#A6341B"}, dark: {ink: "#ffffff"}}
  fonts: {serif: "Georgia, 'Times New Roman', serif"}
  logo: logo.png
  logo_alt: Letters
  logo_width: 180
  width: 600
  radius: 0
feeds: {entries: 50, tag: "letters.example,2019"}
check:
  select: [FM, ST]
  ignore: ST108
  severity: {ST104: warning, FG: off}
""",
        "people/jane.jpg",
        "logo.png",
    )
    publication = workspace.publication
    assert publication.description == "About ports.\nMonthly."
    assert publication.authors == {
        "jane": Author(
            "jane",
            "Jane Roe",
            "jane@letters.example",
            "https://jane.example/",
            "Jane writes.\nJane reads.",
            "people/jane.jpg",
        )
    }
    assert publication.personal_fields == {"company": "your company", "plan": ""}
    assert (publication.theme.light, publication.theme.dark) == ({"accent": "#a6341b"}, {"ink": "#ffffff"})
    assert (publication.theme.width, publication.theme.radius, publication.theme.logo_width) == (600, 0, 180)
    assert publication.feeds == FeedSettings(50, "letters.example,2019")
    assert (workspace.select, workspace.ignore) == (("FM", "ST"), ("ST108",))
    assert workspace.severities == {"ST104": "warning", "FG": "off"}
    assert workspace.spans["theme", "width"].line == 31


def test_a_look_is_bundled_or_in_the_workspace(load, tmp_path):
    assert load(LEAST).publication.theme.look == ""
    assert load(f"{LEAST}theme: {{look: plain}}").publication.theme.look == "plain"
    with pytest.raises(ConfigurationError) as caught:
        load(f"{LEAST}theme: {{look: plian}}")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message, found.advice) == (
        "CF012",
        "`theme.look` cannot be `plian`",
        "Did you mean `plain`?",
    )
    with pytest.raises(ConfigurationError) as caught:
        load(f"{LEAST}theme: {{look: fancy}}")
    assert caught.value.diagnostics[0].advice == "Write one of `letter`, `plain`."
    (tmp_path / "templates/theme/looks").mkdir(parents=True)
    (tmp_path / "templates/theme/looks/fancy.json").write_text("{}", encoding="utf-8")
    assert load(f"{LEAST}theme: {{look: fancy}}").publication.theme.look == "fancy"


@pytest.mark.parametrize(
    ("url", "tag"),
    [
        ("https://letters.example/news/", "letters.example,2026"),
        ("https://Letters.Example:8443", "letters.example,2026"),
        ("https://bücher.example", "xn--bcher-kva.example,2026"),
    ],
)
def test_the_tag_of_feed_ids_does_not_depend_on_the_clock(load, url, tag):
    assert load(LEAST.replace("https://letters.example", url)).publication.feeds.tag == tag


@pytest.mark.parametrize("empty", ['""', '"  "', "''", "", "~"])
def test_an_empty_value_is_the_default(load, empty):
    publication = load(f"{LEAST}\ntimezone: {empty}\nlanguage: {empty}\nsubscribe_url: {empty}\n").publication
    assert (publication.timezone, publication.language, publication.subscribe_url) == ("UTC", "en", "")


def test_all_faults_are_reported_at_once_at_their_places(load):
    text = """\
titel: Letters
url: letters.example
sender: {name: Jane <x>, email: jane, replyto: a@b.c}
language: en_GB
timezone: Europe/Amsterdm
subscribe_url: ftp://x.y
kind: ../essay
authors: {jane: {picture: jane.jpg}, joe: Joe}
fields: {First: x, unsubscribe_url: y}
theme:
  colors: {light: {accent: red, papr: "#ffffff"}}
  fonts: {serif: "x; y"}
  logo: ../logo.png
  width: 100
feeds: {entries: 0, tag: foo}
check: {select: [st1], severity: {ST108: warn, foo: error}}
services: {mailchmp: {}}
"""
    assert faults(load, text) == [
        ("CF011", 1, "`titel` is not a known key"),
        ("CF012", 2, "`url` is not a web address"),
        ("CF012", 3, "`sender.name` contains an address"),
        ("CF012", 3, "`sender.email` is not an email address"),
        ("CF011", 3, "`sender.replyto` is not a known key"),
        ("CF012", 4, "`language` is not a language tag"),
        ("CF012", 5, "`timezone` is not a time zone"),
        ("CF012", 6, "`subscribe_url` is not a web address"),
        ("CF012", 7, "`kind` is not a kind"),
        ("CF014", 8, "`authors.jane.name` is missing"),
        ("CF015", 8, "there is no file jane.jpg"),
        ("CF012", 8, "`authors.joe` must be `name: value` lines, not text"),
        ("CF012", 9, "`First` is not a valid name for a personal field"),
        ("CF012", 9, "`unsubscribe_url` is an address that the mailing service fills in"),
        ("CF012", 11, "`theme.colors.light.accent` is not a colour"),
        ("CF011", 11, "`theme.colors.light.papr` is not a known key"),
        ("CF012", 12, "`theme.fonts.serif` is not a list of fonts"),
        ("CF012", 13, "`theme.logo` leads out of the workspace"),
        ("CF012", 14, "`theme.width` must be at least 320 and at most 960"),
        ("CF012", 15, "`feeds.entries` must be at least 1 and at most 1000"),
        ("CF012", 15, "`feeds.tag` is not a domain with a date"),
        ("CF012", 16, "`st1` is not a rule"),
        ("CF012", 16, "`check.severity.ST108` cannot be `warn`"),
        ("CF012", 16, "`foo` is not a rule"),
        ("CF012", 17, "drafts cannot be pushed to `mailchmp`"),
    ]


def test_a_logo_that_is_not_a_picture_is_reported_with_the_reason(load, tmp_path):
    (tmp_path / "logo.png").write_text("<!doctype html>")
    (tmp_path / "jane.jpg").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF")
    text = LEAST + "theme: {logo: logo.png}\nauthors:\n  jane: {name: Jane, picture: jane.jpg}\n"
    assert faults(load, text) == [
        ("CF016", 4, "logo.png is not a picture, or its format is not supported"),
        ("CF016", 6, "jane.jpg is cut off: its header is not complete"),
    ]


def test_yaml_errors_are_reported_once_with_the_other_faults(load):
    text = LEAST + "description: News: and more\nlanguage: xx_\ntheme:\n  colors: {light: {accent: #a6341b}}\n"
    assert [fault[:2] for fault in faults(load, text)] == [("CF001", 4), ("CF012", 5), ("CF013", 7)]


def test_a_colour_without_quotes_is_one_clear_finding(load):
    text = LEAST + "theme:\n  colors:\n    light:\n      accent: #a6341b\n"
    assert faults(load, text) == [("CF013", 7, "the text after `#` is a comment and not part of the value")]


def test_an_empty_file_is_reported_with_the_missing_keys(load):
    assert [message for *_, message in faults(load, "# soon\n")] == [
        "`sender` is missing",
        "`title` is missing",
        "`url` is missing",
    ]


def test_a_file_that_is_not_utf_8_is_a_finding(tmp_path):
    (tmp_path / "newsletter.yaml").write_bytes(LEAST.replace("Letters", "Caf\xe9").encode("latin-1"))
    with pytest.raises(ConfigurationError) as caught:
        load_workspace(tmp_path)
    assert [found.code for found in caught.value.diagnostics] == ["CF008"]


def test_a_folder_without_newsletter_yaml_is_not_a_workspace(tmp_path):
    with pytest.raises(UsageError, match=r"there is no newsletter\.yaml") as caught:
        load_workspace(tmp_path)
    assert "newsletter init" in caught.value.hint
