"""Personal fields from the source of an issue to its export: at every place, they are filled and encoded correctly."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.load import load_workspace
from newsletter.services import SERVICES, CannotExpressError, Service, TokenContext
from newsletter.tokens import PART, SERVICE_TOKENS, WHOLE, encoded, place_behind
from tests.services.outputs import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return Renderer(tmp_path_factory.mktemp("fields"))


# ── A field in text ─────────────────────────────────────────────────────────────────────────────────────────────

F = "{{ first_name | Reader K }}"
WORDS = {
    "paragraph": F,
    "emphasis": f"*so **{F}***",
    "link text": f"[{F}](https://x.example)",
    "bare address": "https://x.example/?q={{first_name|Reader K}}",
    "section": f"## For {F}",
    "item": f"## S\n\n### For {F}\n\nText.",
    "deeper heading": f"#### For {F}",
    "list": f"- a\n- {F}",
    "numbers": f"1. {F}\n2. b",
    "task": f"- [x] {F}",
    "quotation": f"> {F}",
    "attribution": f"> Words.\n> — {F}",
    "table head": f"| a | {F} |\n|---|---|\n| b | c |",
    "cell": f"| a | b |\n|---|---|\n| {F} | c |",
    "last cell": f"| a | b |\n|---|---|\n| c | d {F} e |",
    "cell without bars at the edges": f"a | b\n---|---\nc | {F}",
    "table of one column": f"| a |\n|---|\n| {F} |",
    "table of one column, its head": f"| {F} |\n|---|\n| a |",
    "cell with an escaped bar": "| a | b |\n|---|---|\n| {{ first_name \\| Reader K }} | c |",
    "cell with a link": f"| a | b |\n|---|---|\n| [{F}](https://x.example) | c |",
    "table in a list": f"- a\n\n  | a | b |\n  |---|---|\n  | {F} | c |",
    "table in a quotation": f"> | a | b |\n> |---|---|\n> | {F} | c |",
    "caption": f'![A ship](https://x.example/p.png "For {F}.")',
    "caption under it": f"![A ship](https://x.example/p.png)\n*For {F}*",
    "credit": f'![A ship](https://x.example/p.png "A ship. Photo: {F}")',
    "credit under it": f"![A ship](https://x.example/p.png)\n\n*A ship. Photo: {F}*",
    "button": f"::: button [{F}](https://x.example)\n:::",
    "callout": f"::: callout {F}\nText.\n:::",
    "in a callout": f"::: callout Title\n{F}\n:::",
    "poll": f"::: poll {F}?\n- [Yes](https://x.example)\n:::",
    "answer": f"::: poll Well?\n- [{F}](https://x.example)\n:::",
    "event": f"::: event {F}\ndate: 2026-11-01\n:::",
    "place of an event": f"::: event Meeting\nplace: Ghent, {F}\n:::",
    "audio": f"::: audio [{F}](https://x.example/a.mp3)\n:::",
    "length of audio": f"::: audio [Listen](https://x.example/a.mp3)\nlength: 3 min, {F}\n:::",
    "footnote": f"Text[^1]\n\n[^1]: {F}",
    "note": f"Text^[{F}]",
    "html": f"<div>{F}</div>",
    "html in a line": f"In <b>{F}</b>.",
    "only in mail": f"::: only email\n{F}\n:::",
    "liquid": '{{ first_name | default: "Reader K" }}',
    "django": "{{first_name|default:'Reader K'}}",
    "jinja": '{{ first_name | default("Reader K") }}',
    "of a subscriber": "{{ subscriber.first_name | Reader K }}",
    "of a contact, in camel case": '{{ contact.FirstName | default: "Reader K" }}',
    "capitals": "{{ First_Name | Reader K }}",
    "hyphen": "{{first-name|Reader K}}",
    "blank": "{{ First name | Reader K }}",
    "mustache": "{{{first_name | Reader K}}}",
}
ONLY_IN_EMAIL = {"only in mail"}


def readable(text: str) -> str:
    return " ".join(text.replace("\u200b", "").replace("\n", " ").split())


@pytest.mark.parametrize("where", WORDS)
def test_a_field_in_text_is_filled_at_every_place(renderer: Renderer, where: str) -> None:
    made = renderer.outputs(WORDS[where])
    assert "[[first_name:Reader K:HTML]]" in made.body
    assert "[[first_name:Reader K:TEXT]]" in readable(made.text)
    for written in (made.body, made.text, made.page, made.feed):
        assert not re.search(r"(?:\{|&#123;)[\u200b{]*\s*(?:subscriber|contact|first)", written, re.IGNORECASE)
        assert "Reader K" in readable(written) or (where in ONLY_IN_EMAIL and written in {made.page, made.feed})


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_service_gets_every_field(renderer: Renderer, service: Service) -> None:
    def writes_field(place: TokenContext) -> bool:
        try:
            return bool(service.personal("first_name", "Reader K", place))
        except CannotExpressError:
            return False

    if not writes_field(TokenContext.HTML):  # it has no fallbacks: each is refused
        given = dict.fromkeys(SERVICE_TOKENS, "https://letters.example/")
        with pytest.raises(CannotExpressError, match="fallback"):
            renderer.outputs(WORDS["paragraph"], service=service, tokens=given)
        return
    body = "\n\n".join(
        text.replace("first_name", f"field_{number}")
        for number, (where, text) in enumerate(WORDS.items())
        if "first_name" in text and (where != "bare address" or writes_field(TokenContext.ADDRESS))
    )
    names = re.findall("field_[0-9]+", body)
    configuration = renderer.root / "newsletter.yaml"
    before = configuration.read_text()
    declared = ", ".join(f"{name}: x" for name in names)
    try:
        configuration.write_text(before.replace("fields: {", f"fields: {{{declared}, "))
        html_tokens = {
            name: f"https://letters.example/{name}" for name in SERVICE_TOKENS if name not in service.addresses
        }
        made = renderer.outputs(body.replace("[^1]", "[^a]"), service=service, tokens=html_tokens)
    finally:
        configuration.write_text(before)
    for name in names:
        place = service.personal(name, "Reader K", TokenContext.HTML)
        assert place in made.body
        assert service.personal(name, "Reader K", TokenContext.TEXT) in readable(made.text)


ATTRIBUTES = {
    "alternative text": f'![For {F} & "co"](https://x.example/p.png)',
    "alternative text in a line": f"See ![For {F}](https://x.example/p.png) here.",
    "of a linked picture": f"[![For {F}](https://x.example/p.png)](https://x.example)",
    "title of a link": f'[a](https://x.example "For {F}")',
    "title of a definition": f'[a][b]\n\n[b]: https://x.example "For {F}"',
    "html": f'<div title="For {F}">a</div>',
    "html in a line": f'In <b title="For {F}">b</b>.',
    "picture of html": f'<div><img src="https://x.example/p.png" alt="For {F}"></div>',
}


@pytest.mark.parametrize("where", ATTRIBUTES)
def test_a_field_in_an_attribute_is_filled(renderer: Renderer, where: str) -> None:
    made = renderer.outputs(ATTRIBUTES[where])
    assert '="For [[first_name:Reader K:ATTRIBUTE]]' in made.body
    assert '="For Reader K' in made.page
    assert '="For Reader K' in made.feed
    if "&" in ATTRIBUTES[where]:
        assert "[[first_name:Reader K:ATTRIBUTE]] &amp; &quot;co&quot;" in made.body
    if "title" not in where and "b title" not in ATTRIBUTES[where] and "div title" not in ATTRIBUTES[where]:
        assert "For [[first_name:Reader K:TEXT]]" in readable(made.text)


@pytest.mark.parametrize(
    ("front", "shown"),
    [
        ('summary: "{{ first_name | Reader K }}, three ports are full"', "[[first_name:Reader K:HTML]], three"),
        ('preheader: "{{ subscriber.first_name | default: \\"Reader K\\" }}, three"', "[[first_name:Reader K:HTML]], three"),
        ('cover: {image: "https://x.example/c.png", alt: "For {{ first_name | Reader K }}"}', '"For [[first_name:Reader K:ATTRIBUTE]]"'),
        ('cover: {image: "https://x.example/c.png", alt: a, caption: "For {{ first_name | Reader K }}"}', "For [[first_name:Reader K:HTML]]"),
        ('cover: {image: "https://x.example/c.png", alt: a, credit: "{{ first_name | Reader K }}"}', "[[first_name:Reader K:HTML]]"),
    ],
)  # fmt: skip
def test_fields_of_the_front_matter_are_filled_in_the_email_and_fall_back_elsewhere(
    renderer: Renderer, front: str, shown: str
) -> None:
    made = renderer.outputs("Words.", front)
    assert shown in made.html
    for written in (made.page, made.feed):
        assert "{{" not in written
        assert "&#123;" not in written
        assert "Reader K" in written or "summary" in front or "preheader" in front
    if front.startswith("summary"):
        assert 'content="Reader K, three ports are full"' in made.page


# ── A field that is an address or a part of one ────────────────────────────────────────────────────────────────────

ADDRESSES: dict[str, Callable[[str], str]] = {
    "link": lambda field: f"[a]({field})",
    "in angle brackets": lambda field: f"[a](<{field}>)",
    "with a title": lambda field: f'[a]({field} "T")',
    "definition": lambda field: f"[a][b]\n\n[b]: {field}",
    "definition of a label that is its text": lambda field: f"[a]\n\n[a]: {field}",
    "button": lambda field: f"::: button [a]({field})\n:::",
    "button with its link below": lambda field: f"::: button Go\n[a]({field})\n:::",
    "answer": lambda field: f"::: poll Well?\n- [Yes]({field})\n- [No]({field})\n:::",
    "audio": lambda field: f"::: audio [Listen]({field})\n:::",
    "callout": lambda field: f"::: callout [a]({field})\nText.\n:::",
    "cell": lambda field: f"| a | b |\n|---|---|\n| [l]({field}) | c |",
    "cell, second": lambda field: f"| a | b |\n|---|---|\n| c | [l]({field}) |",
    "caption": lambda field: f"![A ship](https://x.example/p.png)\n*See [a]({field})*",
    "linked picture": lambda field: f"[![A ship](https://x.example/p.png)]({field})",
    "title of an item": lambda field: f"## S\n\n### [a]({field})\n\nText.",
    "attribution": lambda field: f"> Words.\n> — [a]({field})",
    "footnote": lambda field: f"Text[^1]\n\n[^1]: [a]({field})",
    "html": lambda field: f'<div><a href="{field}">a</a></div>',
    "html in a line": lambda field: f'In <a href="{field}">a</a> line.',
}
PICTURES: dict[str, Callable[[str], str]] = {
    "figure": lambda field: f"![A ship]({field})",
    "in a line": lambda field: f"See ![A ship]({field}) here.",
    "linked": lambda field: f"[![A ship]({field})](https://x.example)",
    "by label": lambda field: f"![A ship][b]\n\n[b]: {field}",
    "html": lambda field: f'<div><img src="{field}" alt="A ship"></div>',
}


@pytest.mark.parametrize("where", ADDRESSES)
def test_a_field_that_is_an_address_is_in_the_services_notation(renderer: Renderer, where: str) -> None:
    made = renderer.outputs(ADDRESSES[where]("{{ survey_url }}"))
    assert 'href="[[survey_url::WHOLE_ADDRESS]]"' in made.body
    assert "[[survey_url::TEXT]]" in made.text
    for written in (made.page, made.feed):  # the address is unknown there: text without a link
        assert "survey_url" not in written
        assert 'href=""' not in written


@pytest.mark.parametrize("where", ADDRESSES)
def test_the_fallback_of_an_address_is_encoded_as_an_address(renderer: Renderer, where: str) -> None:
    made = renderer.outputs(ADDRESSES[where]("{{ survey_url | https://s.example/a b?x=1&y=ü }}"))
    address = "https://s.example/a%20b?x=1&y=%C3%BC"
    assert f'href="[[survey_url:{address}:WHOLE_ADDRESS]]"' in made.body
    assert f"[[survey_url:{address}:TEXT]]" in made.text
    for written in (made.page, made.feed):
        assert f'href="{address}"' in unescape(written)


@pytest.mark.parametrize("where", PICTURES)
def test_the_address_of_a_picture_can_be_a_field(renderer: Renderer, where: str) -> None:
    made = renderer.outputs(PICTURES[where]("{{ survey_url | https://s.example/a b.png }}"))
    assert 'src="[[survey_url:https://s.example/a%20b.png:WHOLE_ADDRESS]]"' in made.body
    assert 'src="https://s.example/a%20b.png"' in made.page
    assert 'src="https://s.example/a%20b.png"' in made.feed
    made = renderer.outputs(PICTURES[where]("{{ survey_url }}"))
    assert 'src="[[survey_url::WHOLE_ADDRESS]]"' in made.body
    assert 'src=""' not in made.page


SHOWN_TOKEN = re.compile(r"\[\[(?:name|email|survey_url):[^\[\]]*:([A-Z_]+)\]\]")
PART_ADDRESSES = [
    ("https://e.example/p/{{ name | A B }}", ("ADDRESS",), "https://e.example/p/A%20B"),
    ("https://e.example/?m={{ email | a@b.c }}&n=1", ("ADDRESS",), "https://e.example/?m=a%40b.c&n=1"),
    ("https://e.example/#{{ name | A B }}", ("ADDRESS",), "https://e.example/#A%20B"),
    ("https://{{ name | shop }}.example/{{ email | a@b.c }}", (None, "ADDRESS"), "https://shop.example/a%40b.c"),
    ("mailto:{{ email | a@b.c }}", (None,), "mailto:a@b.c"),
    ("mailto:{{ email | a@b.c }}?subject={{ name | A B }}", (None, "ADDRESS"), "mailto:a@b.c?subject=A%20B"),
    ("tel:{{ name | +32 2 }}", (None,), "tel:+32%202"),
    ("{{ survey_url | https://s.example/x }}?m={{ email | a@b.c }}", (None, "ADDRESS"), "https://s.example/x?m=a%40b.c"),
    ("{{ survey_url | https://s.example }}/p/{{ name | A B }}", (None, "ADDRESS"), "https://s.example/p/A%20B"),
]  # fmt: skip


@pytest.mark.parametrize("where", ["link", "definition", "button", "html"])
@pytest.mark.parametrize(("address", "places", "plain"), PART_ADDRESSES)
def test_a_field_within_an_address_is_encoded_in_html_and_text(
    renderer: Renderer, where: str, address: str, places: tuple[str | None, ...], plain: str
) -> None:
    made = renderer.outputs(ADDRESSES[where](address))
    href = next(href for href in re.findall(r'href="([^"]*)"', made.body) if SHOWN_TOKEN.search(href))
    assert SHOWN_TOKEN.findall(href) == [place or "WHOLE_ADDRESS" for place in places]
    (line,) = [line for line in made.text.split("\n") if SHOWN_TOKEN.search(line)]
    assert SHOWN_TOKEN.findall(line) == [f"TEXT_{place}" if place else "TEXT" for place in places]
    for written in (made.page, made.feed):
        assert f'href="{plain}"' in unescape(written)


def test_liquid_encodes_fields_for_each_place(renderer: Renderer) -> None:
    (generic,) = [service for service in SERVICES if service.name == "html"]
    body = "[a]({{ survey_url }}) [b]({{ survey_url | https://s.example/?a=1&b=2 }}) [c](https://e.example/?m={{ email | a@b.c }})"
    made = renderer.outputs(body, service=generic)
    assert 'href="{{ survey_url }}"' in made.body
    assert "href=\"{{ survey_url | default: 'https://s.example/?a=1&amp;b=2' }}\"" in made.body
    assert (
        "href=\"https://e.example/?m={{ email | url_encode | replace: '+', '%20' | default: 'a%40b.c' }}\"" in made.body
    )
    assert "[1] {{ survey_url }}\n" in made.text
    assert '[2] {{ survey_url | default: "https://s.example/?a=1&b=2" }}\n' in made.text
    assert "[3] https://e.example/?m={{ email | url_encode | replace: '+', '%20' | default: 'a%40b.c' }}\n" in made.text


def test_a_value_of_the_publication_is_the_fallback_on_page_and_feed(renderer: Renderer) -> None:
    made = renderer.outputs("[a]({{ site }}) {{ company }} ![For {{ company }}](https://x.example/p.png)")
    assert 'href="https://sites.example/x?a=1&amp;b=2"' in made.page
    assert "Acme &amp; Sons" in made.page
    assert 'alt="For Acme &amp; Sons"' in made.page
    assert "amp;amp;" not in made.page + made.feed


@pytest.mark.parametrize("fallback", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_fallback_cannot_be_an_executable_address(renderer: Renderer, fallback: str) -> None:
    field = f"{{{{ survey_url | {fallback} }}}}"
    made = renderer.outputs("\n\n".join(write(field) for write in (*ADDRESSES.values(), *PICTURES.values())))
    scheme = fallback.partition(":")[0].lower()
    for written in (made.html, made.page, made.feed):
        assert not re.search(rf'href="[^"]*{scheme}:', written.lower())


@given(
    before=st.sampled_from(
        ["", "https://", "https://a.example/", "mailto:", "//", "page/", "?", "https://e.example?x="]
    ),
    value=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12),
)
def test_an_encoded_value_stays_in_its_part_of_the_address_and_attribute(before: str, value: str) -> None:
    place = place_behind(before)
    written = encoded(value, place)
    assert not set(written) & set('"<> \n`{}|\\^')
    if place == PART:
        assert not set(written) & set("/?#&=@:+")
    else:
        assert place == WHOLE
        assert before in {"", "https://", "mailto:", "//"}


def test_a_message_with_an_empty_link_is_refused(renderer: Renderer, capsys: pytest.CaptureFixture[str]) -> None:
    from newsletter.cli import run

    renderer.outputs("[a]({{ survey_url }})")
    folder = str(renderer.root / "out")
    export = ["export", "ports", "--for", "eml", "-o", folder, "-q", "-C", str(renderer.root)]
    assert run(export) == 2
    assert "--token survey_url=https://" in capsys.readouterr().err
    assert run([*export, "--token", "survey_url=https://s.example/"]) == 0


def test_the_preview_encodes_values_in_addresses(renderer: Renderer) -> None:
    from newsletter.preview.tags import NOBODY, READER, filled, filled_text
    from newsletter.tokens import placeholder

    publication = load_workspace(renderer.root).publication
    href = f"https://e.example/?n={placeholder('name', 'A & B', PART)}"
    for fill, name in ((READER, "Noor%20Peeters"), (NOBODY, "A%20%26%20B")):
        html = filled(
            f'<a href="{href}">{placeholder("name", "A & B")}</a>', fill, page_url="", publication=publication
        )
        assert f'href="https://e.example/?n={name}"' in html
        assert filled_text(href, fill, page_url="", publication=publication) == f"https://e.example/?n={name}"
    assert ">A &amp; B</a>" in html
