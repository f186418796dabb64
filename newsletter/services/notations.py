"""The notations that several services read: how each writes a personal field with its fallback at a place.

Each function takes how the service calls our fields, and gives what a Service has as `personal`.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.services.base import CannotExpressError, TokenContext

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Naming = Callable[[str], str]
    Personal = Callable[[str, str, TokenContext], str]

INVISIBLE = "\u200b"
"""ZERO WIDTH SPACE: what breaks up a run of characters in plain text, if there are no entities."""
_SIGNS = re.compile(r"[{}%#*|\[\]$`@\\]")
"""The characters that notations are made of. All of them are escaped in a fallback, which is short."""


def named(names: Mapping[str, str], prefix: str = "") -> Naming:
    """A service's name of a field: from a table, else our own after the prefix."""
    return lambda name: names.get(name, f"{prefix}{name}")


def literal(fallback: str, place: TokenContext) -> str:
    """A fallback as text that no notation reads, escaped for its place."""
    if place.encoded:
        return quote(fallback, safe="")
    if place.plain:
        return _SIGNS.sub(lambda sign: sign[0] + INVISIBLE, fallback)
    return _as_entities(escape(fallback))


def _as_entities(escaped: str) -> str:
    return re.sub(r"[{}%*|\[\]$`@\\]", lambda sign: f"&#{ord(sign[0])};", escaped)


def at_fallback(_name: str, fallback: str, place: TokenContext) -> str:
    """Nobody is there to fill a field: its fallback, escaped for where it is."""
    if place.encoded:
        return quote(fallback, safe="")
    return fallback if place.plain else escape(fallback)


def only_email_in_addresses(name: str, place: TokenContext, service: str) -> None:
    """Raises CannotExpressError if a service cannot percent-encode what it fills in. An email address needs it least."""
    if place.encoded and name != "email":
        raise CannotExpressError(
            f"{service} cannot encode `{name}` as part of an address, so a name with a space or an accent breaks the link",
            hint="Link to an address that is the same for all readers, or pass the email address on.",
        )


# ── Django: Buttondown, Klaviyo, Brevo ──────────────────────────────────────────────────────────────────────────────


def django(naming: Naming) -> Personal:
    r"""`{{ first_name|default:"there" }}`, without a blank after the colon, which Django refuses.

    Django escapes what it fills in, but not a string in the template: that is written escaped. Strings know `\"`; what ends
    the tag, `}}`, cannot be in one.
    """

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        variable = naming(name)
        if place.encoded:  # `default` first: what is missing must not be encoded as "None"
            default = f"|default:'{quote(fallback, safe='')}'" if fallback else ""
            return f"{{{{ {variable}|default:''|urlencode:''{default} }}}}"
        if place is TokenContext.TEXT:
            default = f"|default:{_django_string(name, fallback)}" if fallback else ""
            return f"{{{{ {variable}{default}|safe }}}}"
        mark = "'" if place.quoted else '"'
        text = _as_entities(escape(fallback).replace("\\", "&#92;"))
        return f"{{{{ {variable}|default:{mark}{text}{mark} }}}}" if fallback else f"{{{{ {variable} }}}}"

    return personal


def _django_string(name: str, fallback: str) -> str:
    if re.search("[{}%#]{2}", fallback):
        raise _cannot_quote(name, fallback, "a Django string", "Leave out the braces.")
    escaped = fallback.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _cannot_quote(name: str, fallback: str, what: str, hint: str) -> CannotExpressError:
    return CannotExpressError(f"the fallback of `{name}`, {fallback!r}, cannot be written as {what}", hint=hint)


# ── Liquid: Kit, Keila, and the generic service ─────────────────────────────────────────────────────────────────────


def liquid(naming: Naming, *, escaping: str = "") -> Personal:
    """`{{ first_name | default: "there" }}`; `escaping` is the filter for HTML of a service that escapes nothing by itself.

    Liquid knows no escapes within a string. What is in a string of HTML is therefore written as entities, and what is
    in an address is percent-encoded, by us for the fallback and by filters for what the service fills in: `url_encode` writes
    a blank as `+`, which is a plus sign in a path and in an address of mail; a plus sign of the value is `%2B` by then.
    """

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        variable = naming(name)
        if place.encoded:
            default = f" | default: '{quote(fallback, safe='')}'" if fallback else ""
            return f"{{{{ {variable} | url_encode | replace: '+', '%20'{default} }}}}"
        if escaping and not place.plain:
            variable = f"{variable} | {escaping}"
        if not fallback:
            return f"{{{{ {variable} }}}}"
        if place is TokenContext.TEXT:
            return f"{{{{ {variable} | default: {_liquid_string(name, fallback)} }}}}"
        # In an attribute, which is in double quotes itself, the string needs single ones.
        mark = "'" if place.quoted else '"'
        return f"{{{{ {variable} | default: {mark}{escape(fallback).replace('}', '&#125;')}{mark} }}}}"

    return personal


def _liquid_string(name: str, fallback: str) -> str:
    mark = "'" if '"' in fallback else '"'
    if mark in fallback or "}" in fallback:
        hint = "Leave out the braces, or use only one kind of quotation marks; ’ and “ ” are always fine."
        raise _cannot_quote(name, fallback, "a Liquid string", hint)
    return f"{mark}{fallback}{mark}"


# ── Notations with a condition: the fallback is in the letter as text ───────────────────────────────────────────


def conditional(
    naming: Naming,
    *,
    service: str,
    given: str,
    otherwise: str,
    value: str = "{{%s}}",
    plain_value: str = "",
    encoded_value: str = "",
    inside: str = "",
) -> Personal:
    """`{{#if first_name}}{{first_name}}{{else}}there{{/if}}` and its like.

    `given` and `otherwise` are what is around the value and around the fallback; `plain_value` is the value
    unescaped, for plain text, and `encoded_value` percent-encoded. `%s` is the name of the field, which is `inside` after
    the condition where that makes the field the scope.
    """

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        if not encoded_value:
            only_email_in_addresses(name, place, service)
        called = naming(name)
        form = (encoded_value if place.encoded else "") or (plain_value if place.plain else "") or value
        if not fallback:
            return _with(form, called)
        opening, closing = (_with(part, called) for part in given.split("…"))
        middle, end = (_with(part, called) for part in otherwise.split("…"))
        return f"{opening}{_with(form, inside or called)}{closing}{middle}{literal(fallback, place)}{end}"

    return personal


def _with(form: str, name: str) -> str:
    return form.replace("%s", name)


def handlebars(naming: Naming, *, service: str, escapes: bool = True) -> Personal:
    """`{{#if first_name}}{{first_name}}{{else}}there{{/if}}`; in plain text three braces, which escape nothing."""
    return conditional(
        naming,
        service=service,
        given="{{#if %s}}…",
        otherwise="{{else}}…{{/if}}",
        plain_value="{{{%s}}}" if escapes else "",
    )
