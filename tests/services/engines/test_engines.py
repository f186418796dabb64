"""Each email rendered by the engine of its service must equal our own: words, links, pictures, conditional comments.

listmonk runs Go's html/template with Sprig. Buttondown and Klaviyo run Django, and Brevo's language is similar. Kit and
Keila run Liquid; SendGrid, Mailgun and Amazon Handlebars; Mailcoach Twig.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.commands.handing_over import filled_for
from newsletter.drafts.comparing import UNKNOWN, differences
from newsletter.services import Service, TokenContext, service_named
from newsletter.services.filling import Filling
from newsletter.services.notations import at_fallback
from newsletter.tokens import (
    PART,
    POSTAL_ADDRESS,
    PREFERENCES,
    SERVICE_TOKENS,
    UNSUBSCRIBE,
    VIEW_IN_BROWSER,
    fill,
    placeholder,
)
from tests.services.test_contract import VisibleHtml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
HANDLEBARS = HERE.parents[1] / "judges/node_modules/handlebars"
GO_PATH = Path("/usr/share/gocode")
URLS = {
    UNSUBSCRIBE: "https://service.example/leave?u=1&key=a%2Fb",
    PREFERENCES: "https://service.example/me?u=1&key=2",
    VIEW_IN_BROWSER: "https://service.example/see?u=1&key=3",
    POSTAL_ADDRESS: "",
}


@dataclass(frozen=True)
class Reader:
    name: str
    fields: dict[str, str]


NAMED = Reader("named", {"first_name": "Noor", "last_name": "Peeters", "email": "noor+news@example.org"})
NAMELESS = Reader("nameless", {"email": "noor+news@example.org"})
UNUSUAL = Reader("odd", {"first_name": "O'Neil <b>", "last_name": '& "Sons"', "email": "o'neil+b@example.org"})
READERS = pytest.mark.parametrize("reader", [NAMED, NAMELESS, UNUSUAL], ids=lambda reader: reader.name)


# ── Input and output of the engines ────────────────────────────────────────────────────────────────


def own_rendering(sample, service: Service, reader: Reader) -> tuple[str, str]:
    """Our own email for a reader: the same rendering, filled without an engine."""

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        return at_fallback(name, reader.fields.get(name) or fallback, place)

    made = {name: escape(URLS[name]) for name in service.addresses if name in URLS}
    plain = {name: URLS[name] for name in made}
    mine = Service("own", "Ours", "", addresses=made, text_addresses=plain, personal=personal)
    others = {name: "https://letters.example/ours" for name in SERVICE_TOKENS if name not in service.addresses}
    filling = Filling(mine, others)
    rendering = sample.rendering(service)
    assert not filling.faults
    return filling.html(rendering.html), filling.text(rendering.text)


def exported(sample, service: Service) -> tuple[str, str]:
    others = {name: "https://letters.example/ours" for name in SERVICE_TOKENS if name not in service.addresses}
    return filled_for(sample.project, sample.parsed, sample.letter, sample.rendering(service), service, others)


def readers_see(sample, service: Service) -> str:
    """The rendering with which a push compares that of the service."""
    return fill(sample.rendering(service).html, lambda _name, _fallback: UNKNOWN)


def decoded_parts(link: str) -> object:
    """The decoded parts of a link. A plus that means a space and an encoded plus are different."""
    parts = urlsplit(link)
    return (
        parts.scheme,
        parts.netloc,
        unquote(parts.path),
        parse_qsl(parts.query, keep_blank_values=True),
        parts.fragment,
    )


def same_html(html: str, wanted: str) -> None:
    got, ours = VisibleHtml(html), VisibleHtml(wanted)
    assert got.text == ours.text
    assert list(map(decoded_parts, got.links)) == list(map(decoded_parts, ours.links))
    assert [(src, alt.replace("\u200b", "")) for src, alt in got.pictures] == ours.pictures
    comments = [unescape(each) for each in got.comments if "buttondown-editor-mode" not in each]
    assert comments == [unescape(each) for each in ours.comments]


def same_text(text: str, wanted: str) -> None:
    assert text.replace("\u200b", "") == wanted


# ── listmonk: Go's html/template, with Sprig ────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def go(tmp_path_factory) -> Callable[[list[dict]], list[str]]:
    if not shutil.which("go"):
        pytest.skip("Go is not installed (on Debian: apt-get install golang-go)")
    if not (GO_PATH / "src/github.com/Masterminds/sprig").is_dir():
        pytest.skip("Sprig is not installed (on Debian: apt-get install golang-github-masterminds-sprig-dev)")
    folder = tmp_path_factory.mktemp("go")
    program = folder / "render"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(GO_PATH),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
    }
    subprocess.run(["go", "build", "-o", program, HERE / "listmonk/main.go"], check=True, env=environment)
    return lambda letters: run_engine([str(program)], letters)


def rendered_by(engine: subprocess.Popen[bytes], letter: dict) -> str:
    """The letter, rendered by a program that answers each line with a line."""
    engine.stdin.write(json.dumps(letter).encode() + b"\n")
    engine.stdin.flush()
    answer = json.loads(engine.stdout.readline())
    assert "error" not in answer, answer
    return answer["rendered"]


def run_engine(command: list[str], letters: list[dict]) -> list[str]:
    asked = "".join(json.dumps(letter) + "\n" for letter in letters)
    output = subprocess.run(command, input=asked.encode(), capture_output=True, check=True).stdout.decode().splitlines()
    found = [json.loads(line) for line in output]
    assert [one["error"] for one in found if "error" in one] == []
    return [one["rendered"] for one in found]


def go_letter(template: str, reader: Reader) -> dict:
    fields = reader.fields
    first, last = fields.get("first_name", ""), fields.get("last_name", "")
    subscriber = {"Email": fields["email"], "Name": f"{first} {last}".strip(), "FirstName": first, "LastName": last}
    urls = {"UnsubscribeURL": URLS[UNSUBSCRIBE], "ManageURL": URLS[PREFERENCES], "MessageURL": URLS[VIEW_IN_BROWSER]}
    return {"template": template, "subscriber": {**subscriber, "Attribs": {}}, "urls": urls}


@READERS
def test_listmonk_renders_our_email(reader: Reader, samples, go):
    service = service_named("listmonk")
    letters = [exported(sample, service) for sample in samples]
    rendered = go([go_letter(part, reader) for letter in letters for part in letter])
    for number, sample in enumerate(samples):
        wanted_html, wanted_text = own_rendering(sample, service, reader)
        same_html(rendered[2 * number], wanted_html)
        same_text(rendered[2 * number + 1], wanted_text)
        assert rendered[2 * number].count("<!--") == wanted_html.count("<!--") > 0
        assert differences(readers_see(sample, service), rendered[2 * number], frame=True) == []


def test_without_the_last_step_listmonk_drops_all_comments(samples, go):
    """This is the reason for the last step. If the engine keeps comments one day, this fails and the step can be removed."""
    service = replace(service_named("listmonk"), last_step=None)
    sample = samples[0]
    html, _ = exported(sample, service)
    assert html.count("<!--") > 20
    assert go([go_letter(html, NAMED)])[0].count("<!--") == 0


def test_own_fields_of_listmonk_work_at_every_place(go):
    field = "\ufdd0company\ufdd1your & `own` company\ufdd2"
    plain = "\ufdd0company\ufdd1your & own\ufdd2"
    html = f'<p>{field}</p><!--[if mso]><a href="https://x.example/?c={plain}">{plain}</a><![endif]--><a title="{plain}" href="https://x.example/?c={plain}">x</a>'
    filling = Filling(service_named("listmonk"), {})
    letters = [
        go_letter(filling.html(html), NAMED),
        go_letter(filling.text(f"{field} https://x.example/?c={placeholder('company', 'your & own', PART)}"), NAMED),
    ]
    letters += [
        {**letter, "subscriber": {**letter["subscriber"], "Attribs": {"company": 'A<b> & "C"'}}} for letter in letters
    ]
    default, default_text, given, given_text = go(letters)
    assert filling.faults == []
    assert VisibleHtml(default).text == "your & `own` companyx"
    assert VisibleHtml(given).text == 'A<b> & "C"x'
    assert decoded_parts(VisibleHtml(given).links[0]) == decoded_parts("https://x.example/?c=A%3Cb%3E%20%26%20%22C%22")
    assert "?c=A%3Cb%3E%20%26%20%22C%22" in VisibleHtml(given).comments[0]
    assert given_text == 'A<b> & "C" https://x.example/?c=A%3Cb%3E%20%26%20%22C%22'
    assert default_text == "your & `own` company https://x.example/?c=your%20%26%20own"
    assert "?c=your%20%26%20own" in VisibleHtml(default).comments[0]


# ── Django: Buttondown, Klaviyo, Brevo, the generic one ─────────────────────────────────────────────────────────────


def flat_fields(reader: Reader) -> dict:
    return {
        **reader.fields,
        "unsubscribe_url": URLS[UNSUBSCRIBE],
        "preferences_url": URLS[PREFERENCES],
        "view_in_browser_url": URLS[VIEW_IN_BROWSER],
    }


def fields_of_buttondown(reader: Reader) -> dict:
    fields = {name: value for name, value in reader.fields.items() if name != "email"}
    return {
        "subscriber": {"email": reader.fields["email"], "metadata": fields},
        "email": {"absolute_url": URLS[VIEW_IN_BROWSER]},
        "unsubscribe_url": URLS[UNSUBSCRIBE],
        "manage_subscription_url": URLS[PREFERENCES],
    }


def fields_of_klaviyo(reader: Reader) -> dict:
    return {**reader.fields, "person": reader.fields, "organization": {"full_address": ""}}


def fields_of_brevo(reader: Reader) -> dict:
    names = {"first_name": "FIRSTNAME", "last_name": "LASTNAME", "email": "EMAIL"}
    contact = {names[name]: value for name, value in reader.fields.items()}
    return {
        "contact": contact,
        "unsubscribe": URLS[UNSUBSCRIBE],
        "update_profile": URLS[PREFERENCES],
        "mirror": URLS[VIEW_IN_BROWSER],
    }


@pytest.fixture(scope="session")
def django() -> Callable[[str, dict], str]:
    engine_module = pytest.importorskip(
        "django.template.engine", reason="Django is not installed (make lock brings it)"
    )
    from django.template import Context, Library
    from django.utils.safestring import mark_safe

    register = Library()
    for tag, name in (
        ("unsubscribe_link", UNSUBSCRIBE),
        ("manage_preferences_link", PREFERENCES),
        ("web_view_link", VIEW_IN_BROWSER),
    ):
        register.simple_tag(lambda name=name: mark_safe(URLS[name]), name=tag)
    register.filter("lookup", lambda value, key: value.get(key))
    tags = ModuleType("tests_klaviyo_tags")
    tags.register = register
    sys.modules[tags.__name__] = tags
    engine = engine_module.Engine(builtins=[tags.__name__])
    return lambda template, context: engine.from_string(template).render(Context(context))


@READERS
@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("html-django", flat_fields),
        ("buttondown", fields_of_buttondown),
        ("klaviyo", fields_of_klaviyo),
        ("brevo", fields_of_brevo),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_services_with_django_render_our_email(reader: Reader, name: str, context, samples, django):
    service = service_named(name)
    for sample in samples:
        html, text = exported(sample, service)
        wanted_html, wanted_text = own_rendering(sample, service, reader)
        same_html(django(html, context(reader)), wanted_html)
        assert differences(readers_see(sample, service), django(html, context(reader)), frame=True) == []
        if service.takes_text:
            same_text(django(text, context(reader)), wanted_text)


def test_liquid_of_other_services_is_an_error_in_django(django, samples):
    """This is the reason for two generic services."""
    html, _ = exported(next(one for one in samples if one.name == "ships-that-climb"), service_named("html"))
    with pytest.raises(Exception, match="default requires 2 arguments"):
        django(html, flat_fields(NAMED))


# ── Liquid: Kit, Keila, the generic one ─────────────────────────────────────────────────────────────────────────────


def fields_of_kit(reader: Reader) -> dict:
    subscriber = {**reader.fields, "email_address": reader.fields["email"]}
    return {
        "subscriber": subscriber,
        "unsubscribe_url": URLS[UNSUBSCRIBE],
        "subscriber_preferences_url": URLS[PREFERENCES],
        "address": "",
    }


def fields_of_keila(reader: Reader) -> dict:
    return {"contact": {**reader.fields, "data": {}}, "unsubscribe_link": URLS[UNSUBSCRIBE]}


@pytest.fixture(scope="session")
def liquid() -> Callable[[str, dict], str]:
    module = pytest.importorskip("liquid", reason="python-liquid is not installed (make lock brings it)")
    environment = module.Environment(autoescape=False)
    return lambda template, context: environment.from_string(template).render(**context)


@READERS
@pytest.mark.parametrize(
    ("name", "context"),
    [("html", flat_fields), ("kit", fields_of_kit), ("keila", fields_of_keila)],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_services_with_liquid_render_our_email(reader: Reader, name: str, context, samples, liquid):
    service = service_named(name)
    for sample in samples:
        html, text = exported(sample, service)
        wanted_html, wanted_text = own_rendering(sample, service, reader)
        if (
            name == "html" and reader is UNUSUAL
        ):  # the service decides whether values are escaped: here they already are
            escaped = Reader(
                "escaped", {field: escape(value) for field, value in reader.fields.items() if field != "email"}
            )
            html_context = {**context(reader), **escaped.fields}
        else:
            html_context = context(reader)
        same_html(liquid(html, html_context), wanted_html)
        if service.takes_text:
            same_text(liquid(text, context(reader)), wanted_text)


@pytest.mark.parametrize("name", ["html", "kit", "keila"])
@pytest.mark.parametrize("value", ["Jan van Eyck", "a+b c@example.org", "100 % + more", "", None])
def test_a_space_in_an_address_is_decoded_as_a_space_in_every_part(name: str, value: str | None, liquid):
    token = service_named(name).personal("first_name", "dear reader", TokenContext.ADDRESS)
    context = {"first_name": value, "subscriber": {"first_name": value}, "contact": {"first_name": value}}
    written = liquid(token, context)
    assert unquote(written) == (value or "dear reader")
    assert "+" not in written


# ── Handlebars: SendGrid, Mailgun, Amazon SES ───────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def handlebars() -> Iterator[Callable[[list[dict]], list[str]]]:
    node = shutil.which("node")
    if not node:
        pytest.skip("Node is not installed (on Debian: apt-get install nodejs npm)")
    if not HANDLEBARS.is_dir():
        pytest.skip("Handlebars is not installed (make judges; it needs Node 18 or later and npm)")
    command = [node, str(HERE / "handlebars.cjs"), str(HANDLEBARS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as engine:  # a start takes 0.1 s
        yield lambda letters: [rendered_by(engine, letter) for letter in letters]
        engine.stdin.close()


def fields_of_sendgrid(reader: Reader) -> dict:
    return {
        **reader.fields,
        "unsubscribe": URLS[UNSUBSCRIBE],
        "unsubscribe_preferences": URLS[PREFERENCES],
        "Weblink": URLS[VIEW_IN_BROWSER],
    }


def fields_of_ses(reader: Reader) -> dict:
    return {**reader.fields, "amazonSESUnsubscribeUrl": URLS[UNSUBSCRIBE]}


@READERS
@pytest.mark.parametrize(
    ("name", "context"),
    [("sendgrid", fields_of_sendgrid), ("mailgun", lambda reader: reader.fields), ("ses", fields_of_ses)],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_services_with_handlebars_render_our_email(reader: Reader, name: str, context, samples, handlebars):
    """An address within an address is not encoded, so this reader's has no plus. With Amazon, the sender escapes values."""
    service = service_named(name)
    reader = Reader(reader.name, {**reader.fields, "email": "noor@example.org"})
    for sample in samples:
        html, text = exported(sample, service)
        given = context(reader)
        in_html = {key: escape(value) for key, value in given.items()} if name == "ses" else given
        letters = [
            {"template": html, "context": in_html, "escape": name != "ses"},
            {"template": text, "context": given, "escape": name != "ses"},
        ]
        got_html, got_text = handlebars(letters)
        if name == "mailgun":  # SES fills in this one when it sends
            got_html, got_text = (one.replace("%unsubscribe_url%", URLS[UNSUBSCRIBE]) for one in (got_html, got_text))
        wanted_html, wanted_text = own_rendering(sample, service, reader)
        same_html(got_html, wanted_html)
        same_text(got_text, wanted_text.replace("%40", "@"))


# ── Twig: Mailcoach ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def twig() -> Callable[[list[dict]], list[str]]:
    php = shutil.which("php")
    if not php or not Path("/usr/share/php/Twig/autoload.php").is_file():
        pytest.skip("Twig is not installed (on Debian: apt-get install php-cli php-twig)")
    return lambda letters: run_engine([php, str(HERE / "twig.php")], letters)


def fields_of_mailcoach(reader: Reader) -> dict:
    subscriber = {"first_name": "", "last_name": "", **reader.fields, "extra_attributes": {}}
    return {"subscriber": subscriber, "unsubscribeUrl": URLS[UNSUBSCRIBE], "webviewUrl": URLS[VIEW_IN_BROWSER]}


@READERS
@pytest.mark.parametrize("escape_all", [True, False], ids=["escaping", "not escaping"])
@pytest.mark.parametrize(("name", "context"), [("mailcoach", fields_of_mailcoach)], ids=["mailcoach", ""][:1])
def test_services_with_twig_render_our_email(reader: Reader, escape_all, name: str, context, samples, twig):
    """It is not known whether Mailcoach escapes values. An email is correct in both cases."""
    service = service_named(name)
    letters = [
        {"template": exported(sample, service)[0], "context": context(reader), "escape": escape_all}
        for sample in samples
    ]
    for sample, html in zip(samples, twig(letters), strict=True):
        same_html(html, own_rendering(sample, service, reader)[0])


def test_every_service_with_these_engines_is_tested_here():
    """A service with the notation of one of these engines belongs in a test above."""
    tried = set(re.findall(r'\("([a-z-]+)", ', Path(__file__).read_text(encoding="utf-8"))) | {"listmonk"}
    assert {
        "html",
        "html-django",
        "buttondown",
        "klaviyo",
        "brevo",
        "kit",
        "keila",
        "sendgrid",
        "mailgun",
        "ses",
        "mailcoach",
    } <= tried


# ── Any text of the author ──────────────────────────────────────────────────────────────────────────────────────

pieces = [*"{}%#*|[]$`@<>&\"'\\=/!~^- ab", "{{", "}}", "{%", "%}", "first_name", "default", "if", "Safe"]
signs = st.lists(st.sampled_from(pieces), max_size=14).map("".join)


def around_a_field(service: Service, words: str, fallback: str) -> tuple[str, str, Filling]:
    """HTML in which text touches a field on both sides, in text, an attribute and an address; and its plain text."""
    shown = escape(words)
    field = f"\ufdd0first_name\ufdd1{fallback}\ufdd2"
    html = f'<p title="{shown}{field}{shown}">{shown}{field}{shown}</p><!--[if mso]><b>{shown}</b><![endif]--><p>{shown}</p>'
    filling = Filling(service, {})
    return filling.html(html), filling.text(f"{words}{field}{words}"), filling


def visible_in(html: str) -> tuple[str, str]:
    title: list[str] = []

    class Titles(HTMLParser):
        def handle_starttag(self, _tag, attrs):
            title.extend(value or "" for name, value in attrs if name == "title")

    parser = Titles()
    parser.feed(html)
    parser.close()
    return "".join(VisibleHtml(html).words).replace("\u200b", ""), title[0].replace("\u200b", "")


@settings(max_examples=200)
@given(words=signs, fallback=signs)
@pytest.mark.parametrize("name", ["html-django", "html", "kit"])
def test_no_text_is_interpreted_as_notation(name: str, words: str, fallback: str, django, liquid):
    service = service_named(name)
    html, text, filling = around_a_field(service, words, fallback)
    if filling.faults:
        return
    render = django if name == "html-django" else liquid
    for first_name in ("Noor", ""):
        context = {"first_name": first_name, "subscriber": {"first_name": first_name}}
        name_shown = first_name or fallback
        body, title = visible_in(render(html, context))
        assert body == f"{words}{name_shown}{words}{words}"
        assert title == f"{words}{name_shown}{words}"
        if service.takes_text:
            assert render(text, context).replace("\u200b", "") == f"{words}{name_shown}{words}"


@pytest.mark.parametrize("name", ["listmonk", "sendgrid", "mailgun", "mailcoach"])
def test_no_text_is_interpreted_as_notation_by_external_engines(name: str, go, handlebars, twig):
    """As above, with many letters in one run of the program."""
    letters: list[tuple[str, str]] = []

    @settings(max_examples=300)
    @given(words=signs, fallback=signs)
    def add_letter(words: str, fallback: str) -> None:
        letters.append((words, fallback))

    add_letter()
    service = service_named(name)
    made = [(words, fallback, around_a_field(service, words, fallback)) for words, fallback in letters]
    made = [(words, fallback, letter) for words, fallback, letter in made if not letter[2].faults]
    assert len(made) > 100
    parts = [part for _, _, letter in made for part in letter[:2]]
    for reader, shown in ((NAMED, "Noor"), (NAMELESS, "")):
        if name == "listmonk":
            rendered = go([go_letter(part, reader) for part in parts])
        elif name == "mailcoach":
            html = [letter[0] for _, _, letter in made]
            shown_html = twig(
                [{"template": each, "context": fields_of_mailcoach(reader), "escape": True} for each in html]
            )
            rendered = [part for each in shown_html for part in (each, "")]
        else:
            rendered = handlebars([{"template": part, "context": reader.fields, "escape": True} for part in parts])
        for number, (words, fallback, _) in enumerate(made):
            body, title = visible_in(rendered[2 * number])
            assert body == f"{words}{shown or fallback}{words}{words}"
            assert title == f"{words}{shown or fallback}{words}"
            if not service.takes_text:
                continue
            assert rendered[2 * number + 1].replace("\u200b", "") == f"{words}{shown or fallback}{words}"
