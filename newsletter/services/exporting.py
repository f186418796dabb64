"""From a rendering to the files that a mailing service takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.services.filling import Filling
from newsletter.suggest import GUESS, did_you_mean
from newsletter.tokens import SERVICE_TOKENS, fill

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from newsletter.model import Rendering
    from newsletter.services.base import Service

COMMON_FIELDS = ("email", "first_name", "last_name", "name")
"""Personal fields that every issue may use."""


def export_files(
    rendering: Rendering,
    service: Service,
    *,
    name: str,
    tokens: Mapping[str, str],
    personal_fields: Collection[str] = (),
) -> dict[str, bytes]:
    """`<name>.html` and `<name>.txt` as `filled` gives them. Pictures are the caller's to add. Raises as `filled` does."""
    html, text = filled(rendering, service, tokens=tokens, personal_fields=personal_fields)
    return {f"{name}.html": html.encode(), f"{name}.txt": text.encode()}


def filled(
    rendering: Rendering, service: Service, *, tokens: Mapping[str, str], personal_fields: Collection[str] = ()
) -> tuple[str, str]:
    """HTML and plain text with the tokens as `service` writes them.

    `tokens` writes single tokens another way: by name, what is to stand there, character by character, in HTML and text.
    `personal_fields` are further names that the publication knows, so that one may be given for an issue that does not
    use it. Raises UsageError for a name that nobody knows, CannotExpressError for what the service cannot say.
    """
    if tokens:
        known = {*SERVICE_TOKENS, *COMMON_FIELDS, *personal_fields}
        _refuse_unknown(tokens, known | _names_in(rendering.html) | _names_in(rendering.text))
    filling = Filling(service, tokens)
    return filling.html(rendering.html), filling.text(rendering.text)


def _names_in(rendered: str) -> set[str]:
    names = set()

    def note(name: str, _fallback: str) -> str:
        names.add(name)
        return ""

    fill(rendered, note)
    return names


def _refuse_unknown(tokens: Collection[str], known: Collection[str]) -> None:
    for name in tokens:
        if name not in known:
            listed = sorted(known)
            hint = did_you_mean(name, listed, f"There are: {', '.join(listed)}.", cutoff=GUESS, fold=str)
            raise UsageError(f"there is no token `{name}`", hint=hint)
