"""The generic service: an HTML file, a text file and pictures, for whatever is not known here by name.

Its tokens are written as Liquid, which more services read than any other notation.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from newsletter import tokens
from newsletter.services.base import CannotExpressError, Service, TokenContext


def _personal(name: str, fallback: str, place: TokenContext) -> str:
    """A Liquid output: `{{ first_name | default: "there" }}`.

    Liquid knows no escapes within a string. What is in a string of HTML is therefore written as entities, and what is
    in an address is percent-encoded, by us for the fallback and by a filter for what the service fills in.
    """
    if place is TokenContext.ADDRESS:
        default = f" | default: '{quote(fallback, safe='')}'" if fallback else ""
        return f"{{{{ {name} | url_encode{default} }}}}"
    if not fallback:
        return f"{{{{ {name} }}}}"
    if place is TokenContext.TEXT:
        return f"{{{{ {name} | default: {_string(name, fallback)} }}}}"
    # In an attribute, which stands in double quotes itself, the string needs single ones.
    mark = "'" if place is TokenContext.ATTRIBUTE else '"'
    return f"{{{{ {name} | default: {mark}{escape(fallback).replace('}', '&#125;')}{mark} }}}}"


def _string(name: str, fallback: str) -> str:
    mark = "'" if '"' in fallback else '"'
    if mark in fallback or "}" in fallback:
        raise CannotExpressError(
            f"the fallback of `{name}`, {fallback!r}, cannot be written as a Liquid string",
            hint="Leave out the braces, or use only one kind of quotation marks; ’ and “ ” are always fine.",
        )
    return f"{mark}{fallback}{mark}"


GENERIC = Service(
    name="html",
    title="HTML and text files, for any service",
    docs="https://shopify.github.io/liquid/",
    addresses={name: f"{{{{ {name} }}}}" for name in tokens.SERVICE_TOKENS},
    personal=_personal,
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="Tokens are written as Liquid; `--token name=value` writes one as your service wants it.",
)
