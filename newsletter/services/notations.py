"""The notations that several services share: how each writes a personal field with its fallback.

Each function takes the service's names of fields, and returns a function for `Service.personal`.
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
"""ZERO WIDTH SPACE, which separates characters in plain text, where entities do not work."""
_SIGNS = re.compile(r"[{}%#*|\[\]$`@\\]")
"""The characters that notations consist of. In a fallback, which is short, all of them are escaped."""


def named(names: Mapping[str, str], prefix: str = "") -> Naming:
    """The service's name of a field: from the table, else our name after the prefix."""
    return lambda name: names.get(name, f"{prefix}{name}")


def literal(fallback: str, place: TokenContext) -> str:
    """A fallback as text that no notation reads as its own, escaped for its place."""
    if place.encoded:
        return quote(fallback, safe="")
    if place.plain:
        return _SIGNS.sub(lambda sign: sign[0] + INVISIBLE, fallback)
    return _as_entities(escape(fallback))


def _as_entities(escaped: str) -> str:
    return re.sub(r"[{}%*|\[\]$`@\\]", lambda sign: f"&#{ord(sign[0])};", escaped)


def at_fallback(_name: str, fallback: str, place: TokenContext) -> str:
    """The fallback alone, escaped for its place: the service has no personal fields."""
    if place.encoded:
        return quote(fallback, safe="")
    return fallback if place.plain else escape(fallback)


def only_email_in_addresses(name: str, place: TokenContext, service: str) -> None:
    """Raises CannotExpressError for a field in an address, if the service cannot percent-encode.

    Email addresses are allowed.
    """
    if place.encoded and name != "email":
        raise CannotExpressError(
            f"{service} cannot encode `{name}` as part of an address, so a name with a space or an accent breaks the link",
            hint="Link to an address that is the same for all readers, or pass the email address on.",
        )


# ── Django: Buttondown, Klaviyo, Brevo ──────────────────────────────────────────────────────────────────────────────


def django(naming: Naming) -> Personal:
    r"""`{{ first_name|default:"there" }}`, without a space after the colon, which is an error in Django.

    Django escapes the value, but not a string in the template, so the fallback is written escaped. Strings may contain
    `\"`, but not `}}`, which ends the tag.
    """

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        variable = naming(name)
        if place.encoded:  # `default` comes first, so that a missing value is not encoded as "None"
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
    """`{{ first_name | default: "there" }}`; `escaping` is the HTML filter of a service that does not escape by itself.

    Liquid has no escapes in strings. In HTML, the fallback is therefore written with entities. In addresses, it is
    percent-encoded, and filters encode the value. `url_encode` writes a space as `+`, which means a plus sign in a path
    or mail address, so that is replaced; a plus sign in the value has become `%2B` before.
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
        # In a double-quoted attribute, the string needs single quotes.
        mark = "'" if place.quoted else '"'
        return f"{{{{ {variable} | default: {mark}{escape(fallback).replace('}', '&#125;')}{mark} }}}}"

    return personal


def _liquid_string(name: str, fallback: str) -> str:
    mark = "'" if '"' in fallback else '"'
    if mark in fallback or "}" in fallback:
        hint = "Leave out the braces, or use only one kind of quotation marks; ’ and “ ” are always fine."
        raise _cannot_quote(name, fallback, "a Liquid string", hint)
    return f"{mark}{fallback}{mark}"


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
    """`{{#if first_name}}{{first_name}}{{else}}there{{/if}}`, and notations like it.

    `given` is written around the value, `otherwise` around the fallback. `plain_value` is the unescaped value for plain
    text, `encoded_value` the percent-encoded one. `%s` is replaced by the name of the field, or inside the condition by
    `inside`, if the condition makes the field the scope.
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
    """`{{#if first_name}}{{first_name}}{{else}}there{{/if}}`; in plain text with three braces, which do not escape."""
    return conditional(
        naming,
        service=service,
        given="{{#if %s}}…",
        otherwise="{{else}}…{{/if}}",
        plain_value="{{{%s}}}" if escapes else "",
    )
