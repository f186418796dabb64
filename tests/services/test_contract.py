"""The contract of every service, with whole issues: only its tokens, at their places, and the author's text unchanged."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from newsletter.commands.handing_over import filled_for
from newsletter.errors import FindingsError
from newsletter.model import Rendering
from newsletter.services import SERVICES, CannotExpressError, Form, Service, TokenContext
from newsletter.services.filling import Filling
from newsletter.tokens import PART, SERVICE_TOKENS, UNSUBSCRIBE, VIEW_IN_BROWSER, fill, placeholder

EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
TOKEN = "T0KEN"
IN_FRAME = {Form.FRAGMENT, Form.PASTED}
WHOLE = {Form.DOCUMENT, Form.MESSAGE}


class VisibleHtml(HTMLParser):
    """The parts of HTML that readers get: words, link targets, pictures, and comments for Outlook."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self._silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self._silent += tag in {"style", "script"}
        if tag == "a":
            self.links.append(attributes.get("href") or "")
        if tag == "img":
            self.pictures.append((attributes.get("src") or "", attributes.get("alt") or ""))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).replace("\u200b", "").split())


def needed_tokens(service: Service) -> dict[str, str]:
    """The tokens that a user has to give for a service without fallbacks or without an address."""
    output = {}
    for name, fallback in (("first_name", "reader"), ("last_name", "friend")):
        try:
            service.personal(name, fallback, TokenContext.HTML)
        except CannotExpressError:
            output[name] = f"{{{{{name}}}}}"
    if VIEW_IN_BROWSER not in service.addresses:
        output[VIEW_IN_BROWSER] = "https://letters.example/web/"
    return output


def exported(sample, service: Service) -> tuple[str, str]:
    return filled_for(
        sample.project, sample.parsed, sample.letter, sample.rendering(service), service, needed_tokens(service)
    )


def with_blank_tokens(service: Service) -> Service:
    """The service with the same word for each token, so that the rest of an email can be compared."""
    named = dict.fromkeys((*SERVICE_TOKENS, "postal_address"), TOKEN)
    return replace(service, addresses=named, text_addresses=None, personal=lambda *_: TOKEN)


def without_listmonk_escapes(service: Service, written: str) -> str:
    """The text after listmonk has resolved its escapes."""
    if not service.last_text_step:
        return written
    return re.sub(r"\{\{ Safe (?:`([^`]*)`|\"(`)\") \}\}", lambda string: string[1] or string[2], written)


def test_the_samples_are_complete(samples):
    assert {sample.name for sample in samples} >= {"ships-that-climb", "signs", "editions", "editions-paid"}


@EVERY_SERVICE
def test_every_letter_is_exported_with_its_tokens_and_no_placeholder(service: Service, samples):
    for sample in samples:
        html, text = exported(sample, service)
        assert not re.search("[\ufdd0-\ufddf]", html + text)
        assert bool(text) == service.takes_text
        if service.needs and service.form is Form.DOCUMENT:
            unsubscribe = (
                "<unsubscribe>" if service.name == "campaign-monitor" else f'href="{service.addresses[UNSUBSCRIBE]}"'
            )
            assert html.count(unsubscribe) == 1
            if text:
                assert text.count(service.address(UNSUBSCRIBE, TokenContext.TEXT) or "?") == 1


@EVERY_SERVICE
def test_an_export_has_no_tag_of_another_service(service: Service, samples):
    for sample in samples:
        if sample.name == "signs":
            continue
        rendering = sample.rendering(service)
        filling = Filling(with_blank_tokens(service), {})
        both = (filling.html(rendering.html), filling.text(rendering.text))
        for written in (without_listmonk_escapes(service, each) for each in both):
            for other in SERVICES:
                own = other is service and service.last_step  # its elements represent tokens
                assert own or not (other.tag and re.search(other.tag, written)), other.name


@EVERY_SERVICE
def test_the_authors_text_is_exported_unchanged(service: Service, samples):
    """Text with the special characters of all services, in HTML, plain text, attributes and addresses."""
    for sample in samples:
        rendering = sample.rendering(service)
        filling = Filling(with_blank_tokens(service), {})
        html = without_listmonk_escapes(service, filling.html(rendering.html))
        wanted, seen = VisibleHtml(fill(rendering.html, lambda *_: TOKEN)), VisibleHtml(html)
        assert seen.text == wanted.text
        assert [alt.replace("\u200b", "") for _, alt in seen.pictures] == [alt for _, alt in wanted.pictures]
        assert [src for src, _ in seen.pictures] == [src for src, _ in wanted.pictures]
        if service.name != "campaign-monitor":
            assert seen.links == wanted.links
        kept = [comment for comment in seen.comments if "buttondown-editor-mode" not in comment]
        assert [unescape(comment) for comment in kept] == [unescape(comment) for comment in wanted.comments]
        text = without_listmonk_escapes(service, filling.text(rendering.text))
        assert text.replace("\u200b", "") == fill(rendering.text, lambda *_: TOKEN)


@EVERY_SERVICE
def test_nothing_in_the_authors_text_is_interpreted_by_the_service(service: Service, samples):
    for sample in samples:
        rendering = sample.rendering(service)
        plain = replace(with_blank_tokens(service), last_step=None)
        filling = Filling(plain, {})
        for written in (filling.html(rendering.html), filling.text(rendering.text).replace("{{ Safe ", "")):
            assert not [run for run in service.reserved if run in written]
            assert not [pattern for pattern in service.patterns if re.search(pattern, written)]


@EVERY_SERVICE
def test_html_and_text_have_the_same_tokens(service: Service, samples):
    if not service.takes_text:
        return
    for sample in samples:
        rendering = sample.rendering(service)
        html, text = (set(_names(written)) for written in (rendering.html, rendering.text))
        assert html - {VIEW_IN_BROWSER} == text - {VIEW_IN_BROWSER}


def _names(rendered: str):
    found = []
    fill(rendered, lambda name, _fallback: found.append(name) or "")
    return found


@EVERY_SERVICE
def test_exports_into_a_frame_are_fragments_and_others_are_documents(service: Service, samples):
    for sample in samples:
        html, _ = exported(sample, service)
        assert ("<body" in html) == (service.form in WHOLE)
        if service.form in IN_FRAME:
            assert "style=" not in html
            assert "unsubscribe" not in VisibleHtml(html).text.lower() or sample.name == "signs"
        if service.form is Form.PASTED:
            assert not re.search("<(?:table|td|div|figure|span|section)", html)


@EVERY_SERVICE
def test_only_paying_readers_get_paid_content(service: Service, samples):
    for sample in samples:
        if sample.name.startswith("editions"):
            both = "".join(exported(sample, service))
            assert ("Only those who pay read this" in unescape(both)) == sample.paid


@EVERY_SERVICE
def test_a_paid_issue_is_on_the_web_only_at_the_service(service: Service, samples):
    if service.form is not Form.DOCUMENT or VIEW_IN_BROWSER in service.addresses:
        return
    paid = next(sample for sample in samples if sample.name == "editions-paid")
    tokens = {name: value for name, value in needed_tokens(service).items() if name != VIEW_IN_BROWSER}
    with pytest.raises(FindingsError) as refusal:
        filled_for(paid.project, paid.parsed, paid.letter, paid.rendering(service), service, tokens)
    assert [found.code for found in refusal.value.diagnostics] == ["EX102"]


# ── A field at every place ──────────────────────────────────────────────────────────────────────────────────────────

FALLBACK = "you & <me>"
PLACES = {
    TokenContext.HTML: ("<p>{F}</p>", ""),
    TokenContext.ATTRIBUTE: ('<p title="{F}">', ""),
    TokenContext.ADDRESS: ('<a href="https://letters.example/?to={F}">', ""),
    TokenContext.WHOLE_ADDRESS: ('<a href="{F}">', ""),
    TokenContext.TEXT: ("", "Dear {F}, hello"),
    TokenContext.TEXT_ADDRESS: ("", "[1] https://letters.example/?to={F}\n"),
}


@EVERY_SERVICE
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["first_name", "email", "company"])
def test_a_field_is_written_for_its_place_or_refused(service: Service, place: TokenContext, name: str):
    html, text = PLACES[place]
    marked = placeholder(name, FALLBACK, PART if place is TokenContext.TEXT_ADDRESS else "")
    filling = Filling(service, {})
    written = filling.text(text.replace("{F}", marked)) if place.plain else filling.html(html.replace("{F}", marked))
    if filling.faults:
        assert (filling.faults[0].name, filling.faults[0].place) == (name, place)
        assert filling.faults[0].error.hint
        return
    inner = written.partition(text.partition("{F}")[0] if place.plain else html.partition("{F}")[0])[2] or written
    assert 'href=""' not in inner
    assert place.plain or "<me>" not in inner or service.name == "listmonk"  # its engine also escapes fallbacks
    encoded = "you%20%26%20%3Cme%3E" in inner
    assert encoded == place.encoded or service.name == "listmonk"
    assert "you" in unquote(inner)


@pytest.mark.parametrize(
    "service", [each for each in SERVICES if each.form is Form.DOCUMENT], ids=lambda each: each.name
)
def test_an_empty_email_is_refused_if_the_service_requires_an_unsubscribe_link(service: Service, samples):
    sample = samples[0]
    bare = Rendering(subject="A letter", preheader="", html="<p>Hello</p>", text="Hello", page="")
    if not service.needs:
        return
    with pytest.raises(FindingsError) as refusal:
        filled_for(sample.project, sample.parsed, sample.letter, bare, service, {})
    assert "EX101" in {found.code for found in refusal.value.diagnostics}
