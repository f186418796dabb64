"""The schema of newsletter.yaml: what `workspace.load` reads, key by key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.registry import RULES
from newsletter.config.clients import LEAST_READERS, called
from newsletter.config.load import CLIENT_KEYS, COLOURS, FIELD_NAME, FONTS, KIND, SEVERITIES
from newsletter.config.wellformed import (
    COLOUR,
    EMAIL,
    ENTITY,
    LANGUAGE,
    colour_flaw,
    email_flaw,
    language_flaw,
    tag_entity_flaw,
    timezone_flaw,
    web_address_flaw,
)
from newsletter.schemas.values import block, choice, described, document, entry, name, named, number, text, texts
from newsletter.tokens import SERVICE_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.schemas.values import Schema

# What these three ask beyond a shape (a host that can be, a zone of the IANA database, a file that is there) is told by
# the tool alone.
_AUTHORITY = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"\\^`{|}/?#@]+"
_ADDRESS = _AUTHORITY + r"(?:[/?#][^\s<>\"\\^`{|}]*)?"
_BASE = _AUTHORITY + r"(?:/[^\s<>\"\\^`{|}?#]*)?"
_FILE = r"(?![a-zA-Z][a-zA-Z0-9+.-]*:)(?!/)(?!(?:.*/)?\.\.(?:/|$))[^\\\n]+"
_ZONE = r"[A-Za-z0-9_+/-]+"
_HEADER = r"[^<>@\n]+"
_LOOK = r"[^/\\\n]+"

_COLOUR_NAMES = {
    "paper": "Around the letter.",
    "card": "The letter's own ground.",
    "ink": "The text.",
    "soft": "What is said quietly: captions, dates.",
    "rule": "Lines between parts.",
    "tint": "Behind call-outs.",
    "accent": "Links and buttons.",
    "on_accent": "The text of buttons.",
}


def newsletter_schema() -> Schema:
    """The JSON Schema of newsletter.yaml."""
    properties = {
        "title": described(text(required=True), "What the publication is called.", examples=["The Lock Keeper"]),
        "url": described(
            text(required=True, pattern=_BASE, check=web_address_flaw),
            "Where the folder `public/` is served; a path is fine. Addresses in e-mails and feeds begin with it.",
            examples=["https://letters.example/"],
        ),
        "sender": described(_sender(), "The From and Reply-To of the letter."),
        "description": described(text(lines=True), "What readers get, and how often; for feeds and the archive."),
        "language": described(
            text(pattern=LANGUAGE, check=language_flaw),
            "BCP 47 tag, of issues that name none.",
            default="en",
            examples=["en", "nl", "pt-BR"],
        ),
        "timezone": described(
            text(pattern=_ZONE, check=timezone_flaw),
            "IANA name, of dates without a zone.",
            default="UTC",
            examples=["UTC", "Europe/Brussels", "America/New_York"],
        ),
        "address": described(text(lines=True), "The postal address, which mass mail must carry in most countries."),
        "reason": described(
            text(lines=True), "Why the reader gets this, for the footer; else the theme's own words are used."
        ),
        "subscribe_url": described(
            text(pattern=_ADDRESS, check=web_address_flaw),
            "Where readers subscribe; without it no subscribe box is shown.",
        ),
        "paid_url": described(
            text(pattern=_BASE, check=web_address_flaw),
            "Where you serve the pictures and files that only paying readers get; they are never in the web archive.",
            examples=["https://members.letters.example/"],
        ),
        "kind": described(
            text(pattern=KIND), "The kind of an issue that names none: a folder of `templates/`.", examples=["briefing"]
        ),
        "authors": described(named(_author()), "By the key that issues name in `authors: [marit]`."),
        "fields": described(
            named(text(), name(FIELD_NAME, but=SERVICE_TOKENS)),
            "Further personal fields, each with what stands in where there is no reader: `company: your company`.",
        ),
        "theme": described(_theme(), "The look: logo, widths, fonts and colours."),
        "feeds": described(_feeds(), "RSS, Atom and JSON Feed."),
        "email": described(_email(), "How heavy the e-mail may be, and what it is read in."),
        "check": described(_check(), "Which rules count, and how much."),
    }
    whole = block(properties, required=("title", "url", "sender"))
    return document(
        "newsletter.yaml: a publication",
        whole,
        {"rule": _rule(), "weight": choice(SEVERITIES), "percent": number(0, 100)},
    )


def _sender() -> Schema:
    schema = block(
        {
            "name": described(text(required=True, pattern=_HEADER), "As inboxes show it."),
            "email": described(
                text(required=True, pattern=EMAIL, check=email_flaw),
                "The address alone.",
                examples=["letters@letters.example"],
            ),
            "reply_to": described(text(pattern=EMAIL, check=email_flaw), "Where answers go; else to `email`."),
        },
        required=("name", "email"),
    )
    return {**schema, "type": "object"}


def _author() -> Schema:
    return block(
        {
            "name": described(text(required=True), "As readers see it."),
            "email": described(text(pattern=EMAIL, check=email_flaw), "The address alone."),
            "url": described(text(pattern=_ADDRESS, check=web_address_flaw), "The author's own page."),
            "bio": described(text(lines=True), "A line or two for the author box."),
            "picture": described(text(pattern=_FILE), "A file, from the workspace's folder."),
        },
        required=("name",),
    )


def _theme() -> Schema:
    colours = block(
        {token: described(text(pattern=COLOUR, check=colour_flaw), _COLOUR_NAMES[token]) for token in COLOURS}
    )
    fonts = {
        token: described(text(pattern=FONTS), "Names separated by commas.", examples=["Georgia, serif"])
        for token in ("serif", "sans", "mono")
    }
    return block(
        {
            "look": described(
                text(pattern=_LOOK),
                "A set of tokens: `letter` (a serif on paper), `plain` (a sans on white), or a file of your own in `templates/theme/looks/`.",
                default="letter",
                examples=["letter", "plain"],
            ),
            "colors": described(
                block({"light": described(colours, "By day."), "dark": described(colours, "By night.")}),
                "Changes to the theme's colours: `#rrggbb`, in quotes.",
            ),
            "fonts": described(block(fonts), "Font stacks."),
            "logo": described(text(pattern=_FILE), "A picture file, from the workspace's folder."),
            "logo_dark": described(text(pattern=_FILE), "The logo by night."),
            "logo_alt": described(text(), "What the logo says, for who does not see it."),
            "logo_width": described(
                number(16, 640), "In pixels as shown; else as the picture is, at most 200 wide and 96 high."
            ),
            "width": described(number(320, 960), "Of the letter, in pixels; else the look's: 640."),
            "radius": described(number(0, 24), "Of corners, in pixels; else the look's."),
        }
    )


def _feeds() -> Schema:
    return block(
        {
            "entries": described(number(1, 1000), "How many of the newest issues the feeds hold.", default=20),
            "tag": described(
                text(pattern=ENTITY, check=tag_entity_flaw),
                "A domain, and a year in which it was yours: the first half of every entry's permanent id (RFC 4151). Set it once.",
                examples=["letters.example,2024"],
            ),
        }
    )


def _email() -> Schema:
    return block(
        {
            "warn_at": described(number(10, 1000), "From how many KB on an e-mail is nearly too large.", default=85),
            "limit": described(number(10, 1000), "The KB (1,024 bytes) at which Gmail cuts an e-mail.", default=102),
            "link_growth": described(
                number(0, 1000), "Bytes that the service adds to each link, to count clicks.", default=75
            ),
            "section": described(number(1, 1000), "The KB that a single section may weigh.", examples=[30]),
            "clients": described(
                block({key: described({"$ref": "#/definitions/percent"}, f"{called(key)}.") for key in CLIENT_KEYS}),
                "What your readers read in: percent by mail program, or by all of a family, such as `gmail`. Without any, an estimate counts.",
                examples=[{"apple-mail": 45, "gmail": 30, "outlook-windows": 10}],
            ),
            "least_readers": described(
                number(0, 100),
                "What fewer readers than this percentage would notice is not told.",
                default=LEAST_READERS,
            ),
        }
    )


def _check() -> Schema:
    rules = texts({"$ref": "#/definitions/rule"})
    return block(
        {
            "select": described(rules, "Only these rules, by code or prefix; empty: all."),
            "ignore": described(rules, "All rules but these, by code or prefix.", examples=[["FG102"]]),
            "severity": described(_severities(), "The weight of rules, by code or prefix."),
        }
    )


def _rule() -> Schema:
    """The beginning of a code that there is, with those to choose from."""
    return {"anyOf": [{"enum": [rule.code for rule in RULES]}, entry(prefixes(rule.code for rule in RULES))]}


def _severities() -> Schema:
    """The weight of rules by code, each explained, or by the beginning of codes."""
    weight = {"$ref": "#/definitions/weight"}
    return {
        "type": ["object", "null"],
        "properties": {rule.code: described(weight, f"{rule.summary}.", default=str(rule.severity)) for rule in RULES},
        "patternProperties": {prefixes(rule.code for rule in RULES): weight},
        "additionalProperties": False,
    }


def prefixes(codes: Iterable[str]) -> str:
    """A pattern of all that begins a code: the family, and as many of its digits as one likes."""
    families: dict[str, set[str]] = {}
    for code in codes:
        numbers = families.setdefault(code[:2], set())
        numbers.update(code[2:length] for length in range(3, len(code) + 1))
    return "^(?:" + "|".join(f"{family}(?:{_digits(numbers)})?" for family, numbers in sorted(families.items())) + ")$"


def _digits(numbers: set[str]) -> str:
    """Numbers and their beginnings: 1, 10 and 104 as `1(?:0(?:4)?)?`."""
    firsts = sorted({digits[0] for digits in numbers})
    parts = []
    for first in firsts:
        rest = {digits[1:] for digits in numbers if digits[0] == first and len(digits) > 1}
        parts.append(f"{first}(?:{_digits(rest)})?" if rest else first)
    if all(re.fullmatch("[0-9]", part) for part in parts):
        return f"[{''.join(parts)}]" if len(parts) > 1 else parts[0]
    return "|".join(parts)
