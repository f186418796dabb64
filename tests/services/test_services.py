"""Mailing services: the contract of all, and the details of each."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import UsageError
from newsletter.model import Rendering
from newsletter.services import (
    EML,
    GENERIC,
    SERVICES,
    CannotExpressError,
    Service,
    TokenContext,
    export_files,
    service_named,
)
from newsletter.tokens import CLOSE, MIDDLE, OPEN, SERVICE_TOKENS, placeholder

EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def rendering(html: str = "", text: str = "") -> Rendering:
    return Rendering(subject="A letter", preheader="", html=html, text=text, page="")


def exported(service: Service, *, html: str = "", text: str = "", **tokens: str) -> tuple[str, str]:
    files = export_files(rendering(html, text), service, name="letter", tokens=tokens)
    return files["letter.html"].decode(), files["letter.txt"].decode()


def manual_tokens(service: Service) -> dict[str, str]:
    """The tokens that a user gives because the service lacks them: addresses, and fields without fallbacks."""
    addresses = {name: f"https://letters.example/{name}" for name in SERVICE_TOKENS if name not in service.addresses}
    return addresses | {name: f"reader-{name}" for name in ("first_name", "name") if not takes_fallback(service)}


def takes_fallback(service: Service) -> bool:
    try:
        return bool(service.personal("first_name", "reader", TokenContext.TEXT))
    except CannotExpressError:
        return False


def without_listmonk_escapes(written: str) -> str:
    """The text after listmonk has resolved its escapes."""
    return re.sub(r"\{\{ Safe (?:`([^`]*)`|\"(`)\") \}\}", lambda string: string[1] or string[2], written)


class Reader(HTMLParser):
    """The visible text and the attributes of tags, with the tokens of the service in place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen.append(data)

    @property
    def text(self) -> str:
        return "".join(self.seen)


LETTER = (
    "<!doctype html>\n<html><head><style>@media print{#a{color:red}}</style></head><body>"
    f"<p>Dear {placeholder('first_name', 'reader')}, set <code>{{{{ name }}}}</code> or {{% if %}}.</p>"
    f'<p><a title="For {placeholder("name", "a friend")}" href="https://letters.example/?to={placeholder("email")}">Reply</a></p>'
    "<!--[if mso]><table><tr><td>"
    f'<a href="{placeholder("view_in_browser_url")}">web</a></td></tr></table><![endif]-->'
    f'<p><a href="{placeholder("unsubscribe_url")}">Unsubscribe</a></p></body></html>'
)
LETTER_TEXT = (
    f"Dear {placeholder('first_name', 'reader')}, set {{{{ name }}}} or {{% if %}}.\n{placeholder('unsubscribe_url')}\n"
)


# ── The contract of every service ─────────────────────────────────────────────────────────────────────────────────────


@EVERY_SERVICE
def test_no_placeholder_is_left(service: Service):
    for written in exported(service, html=LETTER, text=LETTER_TEXT, **manual_tokens(service)):
        assert not set(written) & {OPEN, MIDDLE, CLOSE}


@EVERY_SERVICE
def test_html_is_well_formed_after_filling(service: Service):
    html, _ = exported(service, html=LETTER, text=LETTER_TEXT, **manual_tokens(service))
    reader = Reader(html)
    assert not reader.open
    last = "unsubscribe" if service.name == "campaign-monitor" else "a"
    assert [tag for tag, _ in reader.tags] == ["html", "head", "style", "body", "p", "code", "p", "a", "p", last]


@EVERY_SERVICE
def test_braces_of_the_author_are_visible_but_not_interpreted(service: Service):
    signs = "{{ name }}, {% if %}, {# #}, {{{ x }}}, *|X|*, %%{x}, [x,fallback=], [email], {$x}, %recipient.x%, ```, a@TrackLink"
    html, text = exported(service, html=f"<p>{signs}</p>", text=signs)
    assert Reader(html).text.replace("\u200b", "") == signs
    assert without_listmonk_escapes(text).replace("\u200b", "") == signs
    for written in (html, text.replace("{{ Safe ", "")):
        assert not [run for run in service.reserved if run in written]
        assert not [pattern for pattern in service.patterns if re.search(pattern, written)]


@EVERY_SERVICE
def test_fallbacks_are_exported(service: Service):
    html, text = exported(service, html=LETTER, text=LETTER_TEXT, **manual_tokens(service))
    assert "reader" in html
    assert "reader" in text


@EVERY_SERVICE
def test_a_given_token_is_written_unchanged(service: Service):
    given = {**manual_tokens(service), "first_name": "*|FNAME|*", "unsubscribe_url": "%unsub%"}
    html, text = exported(service, html=LETTER, text=LETTER_TEXT, **given)
    assert "Dear *|FNAME|*, set" in html
    assert "Dear *|FNAME|*, set" in without_listmonk_escapes(text)
    assert 'href="%unsub%"' in html or "<unsubscribe>Unsubscribe</unsubscribe>" in html


@EVERY_SERVICE
def test_an_unknown_token_is_refused_with_a_suggestion(service: Service):
    with pytest.raises(UsageError, match="no token `unsubscribe`") as refusal:
        exported(service, unsubscribe="x")
    assert refusal.value.hint == "Did you mean `unsubscribe_url`?"


@EVERY_SERVICE
def test_every_address_token_is_written_or_an_error(service: Service):
    for name in SERVICE_TOKENS:
        if name in service.addresses:
            written = exported(service, html=f'<img src="{placeholder(name)}">')[0]
            assert service.addresses[name] in written
        else:
            with pytest.raises(CannotExpressError, match=name):
                exported(service, html=placeholder(name))


@EVERY_SERVICE
def test_a_service_has_a_title_and_steps(service: Service):
    assert re.fullmatch(r"[a-z][a-z0-9-]*", service.name)
    assert service.title
    assert service.docs.startswith("https://")
    assert service_named(service.name) is service


plain = st.text(st.characters(codec="utf-8", exclude_categories=["C"]))


@EVERY_SERVICE
@given(words=plain, fallback=plain.map(lambda text: text.replace("`", "")))
def test_readers_see_any_text_of_the_author(service: Service, words: str, fallback: str):
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = escaped.replace('"', "&quot;")
    field = placeholder("first_name", fallback)
    html, text = exported(
        service,
        html=f'<p title="{quoted}{field}">{escaped}{field}{escaped}</p><p>{escaped}</p>',
        text=f"{words}{placeholder('unsubscribe_url')}{words}",
        **manual_tokens(service),
    )
    reader = Reader(html)
    assert [tag for tag, _ in reader.tags] == ["p", "p"]
    seen, output = (one.replace("\u200b", "") for one in (reader.text, words))
    assert seen.startswith(output)
    assert seen.endswith(output + output) or not output
    assert str(reader.tags[0][1]["title"]).replace("\u200b", "").startswith(output)
    assert without_listmonk_escapes(text).replace("\u200b", "").startswith(output)


# ── The generic service ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_generic_export_has_liquid_tokens():
    html, text = exported(GENERIC, html=LETTER, text=LETTER_TEXT)
    assert 'Dear {{ first_name | default: "reader" }}, set <code>&#123;{ name }}</code> or &#123;% if %}.' in html
    assert "title=\"For {{ name | default: 'a friend' }}\"" in html
    assert "href=\"https://letters.example/?to={{ email | url_encode | replace: '+', '%20' }}\"" in html
    assert '<a href="{{ view_in_browser_url }}">web</a>' in html
    assert text == (
        'Dear {{ first_name | default: "reader" }}, set {\u200b{ name }} or {\u200b% if %}.\n{{ unsubscribe_url }}\n'
    )


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("{F}", '{{ first_name | default: "<b>" }}'),
        ('<p title="{F}">', "<p title=\"{{ first_name | default: '<b>' }}\">"),
        ('<a href="/{F}">', "<a href=\"/{{ first_name | url_encode | replace: '+', '%20' | default: '%3Cb%3E' }}\">"),
        ("<a title='{F} \"'>", "<a title=\"{{ first_name | default: '<b>' }} &quot;\">"),
    ],
)
@pytest.mark.parametrize("fallback", ["<b>", "&lt;b&gt;"])
def test_a_fallback_is_escaped_once_for_its_place(html: str, written: str, fallback: str):
    """Renderers may have escaped it already, together with its attribute."""
    filled, _ = exported(GENERIC, html=html.replace("{F}", placeholder("first_name", fallback)))
    assert filled == written.replace("<b>", "&lt;b&gt;")


def test_a_fallback_with_quotation_marks_keeps_them():
    fallback = """the "lock" keeper's"""
    html, _ = exported(GENERIC, html=f'<p title="{placeholder("name", fallback)}">{placeholder("name", fallback)}</p>')
    reader = Reader(html)
    assert reader.tags == [("p", {"title": "{{ name | default: 'the \"lock\" keeper's' }}"})]
    assert html.count("'") == 2  # not within the Liquid string, which it would end
    _, text = exported(GENERIC, text=placeholder("name", 'the "lock"'))
    assert text == "{{ name | default: 'the \"lock\"' }}"


@pytest.mark.parametrize("fallback", ["""the "lock" keeper's""", "}}"])
def test_a_fallback_that_liquid_cannot_express_in_plain_text_is_refused(fallback: str):
    with pytest.raises(CannotExpressError, match="`name`"):
        exported(GENERIC, text=placeholder("name", fallback))


def test_a_brace_beside_a_token_does_not_become_part_of_it():
    field = placeholder("first_name")
    html, text = exported(GENERIC, html=f"<p>{{{field}}}</p>", text=f"{{{field}}}")
    assert html == "<p>&#123;{{ first_name }}&#125;</p>"
    assert text == "{\u200b{{ first_name }}\u200b}"


def test_all_braces_beside_a_token_are_separated():
    field = placeholder("first_name")
    html, text = exported(GENERIC, html=f"<p>{{{{{field}{{%</p>", text=f"{{{{{field}{{%")
    assert html == "<p>&#123;&#123;{{ first_name }}&#123;%</p>"
    assert text == "{\u200b{\u200b{{ first_name }}\u200b{\u200b%"


def test_a_changed_style_sheet_keeps_its_meaning():
    html, _ = exported(GENERIC, html="<style>@media print{#a{color:red}}</style>")
    assert html == "<style>@media print{ #a{color:red}}</style>"


def test_a_field_of_the_publication_may_be_given_even_if_unused():
    files = export_files(rendering("x"), GENERIC, name="a", tokens={"company": "?"}, personal_fields=["company"])
    assert files == {"a.html": b"x", "a.txt": b""}


def test_a_field_that_the_issue_uses_is_accepted():
    html, _ = exported(GENERIC, html=f"<p>{placeholder('company')}</p>", company="[COMPANY]")
    assert html == "<p>[COMPANY]</p>"


def test_without_a_service_every_field_shows_its_fallback():
    field, address = placeholder("first_name", "Ann &amp; Bo"), placeholder("email", "a b")
    html = f'<p title="{field}">Dear {field}</p><a href="https://x.example/?e={address}">x</a>'
    assert exported(EML, html=html, text=placeholder("first_name", "Ann & Bo")) == (
        '<p title="Ann &amp; Bo">Dear Ann &amp; Bo</p><a href="https://x.example/?e=a%20b">x</a>',
        "Ann & Bo",
    )


def test_an_address_that_a_service_lacks_is_refused_unless_given():
    poor = Service("poor", "Poor Mailer", "https://poor.example/", addresses={}, personal=GENERIC.personal)
    with pytest.raises(CannotExpressError, match="Poor Mailer does not provide `preferences_url`") as refusal:
        exported(poor, html=placeholder("preferences_url"))
    assert "--token preferences_url=" in refusal.value.hint
    assert exported(poor, html=placeholder("preferences_url"), preferences_url="[PREFS]")[0] == "[PREFS]"


def test_an_unknown_service_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="`htlm`") as refusal:
        service_named("htlm")
    assert refusal.value.hint == "Did you mean `html`?"
    with pytest.raises(UsageError) as refusal:
        service_named("pigeon post")
    assert "html" in refusal.value.hint
