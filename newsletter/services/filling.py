"""Turns a rendering into the files for a mailing service.

Placeholders become its tokens, and an author's braces stay braces.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.errors import UsageError
from newsletter.records import dataclass
from newsletter.services.base import MARK, CannotExpressError, Service, TokenContext
from newsletter.services.notations import INVISIBLE
from newsletter.suggest import GUESS, did_you_mean
from newsletter.tokens import (
    CLOSE,
    OPEN,
    PART,
    PLACEHOLDER,
    POSTAL_ADDRESS,
    SERVICE_TOKENS,
    WHOLE,
    encoded,
    fill,
    place_behind,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from newsletter.model import Rendering

SAMPLE_READER = {"email": "noor@example.org", "first_name": "Noor", "last_name": "Peeters", "name": "Noor Peeters"}
"""The values of an example reader, if no other is given, for the fields that every issue may use."""
COMMON_FIELDS = tuple(SAMPLE_READER)
"""Personal fields that every issue may use."""

# Possessive throughout, because this runs over every email of a build. A fallback may contain quotation marks and
# even tags, so a placeholder is skipped as a whole, wherever it is.
_QUOTED = f"\"[^\"{OPEN}]*+(?:{OPEN}[^{CLOSE}]*+{CLOSE}[^\"{OPEN}]*+)*+\"|'[^'{OPEN}]*+(?:{OPEN}[^{CLOSE}]*+{CLOSE}[^'{OPEN}]*+)*+'"
_MARKUP = re.compile(
    f"{OPEN}[^{CLOSE}]*+{CLOSE}|<(?:(style|script)\\b.*?</\\1\\s*>|[a-z][^\"'>]*+(?:(?:{_QUOTED})[^\"'>]*+)*+>)",
    re.DOTALL | re.IGNORECASE,
)
"""A placeholder, a tag with its attributes, or an element whose content is neither text nor tags.

Comments are not skipped, because Outlook reads the content of conditional ones.
"""
_ATTRIBUTE = re.compile(f"([^\\s\"'=<>/]+)(\\s*=\\s*)({_QUOTED})")
_ADDRESSES = frozenset({"href", "src", "action", "background", "cite", "poster"})


@dataclass(frozen=True, slots=True)
class Inexpressible:
    """A token that the service cannot express."""

    name: str
    fallback: str
    place: TokenContext
    error: CannotExpressError


def export_files(
    rendering: Rendering,
    service: Service,
    *,
    name: str,
    tokens: Mapping[str, str],
    personal_fields: Collection[str] = (),
) -> dict[str, bytes]:
    """The files `<name>.html` and `<name>.txt`, as `filled` returns them.

    The caller adds the pictures. Raises as `filled` does.
    """
    html, text = filled(rendering, service, tokens=tokens, personal_fields=personal_fields)
    return {f"{name}.html": html.encode(), f"{name}.txt": text.encode()}


def filled(
    rendering: Rendering, service: Service, *, tokens: Mapping[str, str], personal_fields: Collection[str] = ()
) -> tuple[str, str]:
    """HTML and plain text with the tokens as `service` writes them.

    `tokens` gives the exact text for some tokens, by name, in HTML and text. `personal_fields` are further names that
    the publication has, for which a text may be given even if the issue does not use them. Raises UsageError for an
    unknown name, CannotExpressError if the service cannot express something.
    """
    refuse_unknown(rendering, tokens, personal_fields)
    filling = Filling(service, tokens)
    html, text = filling.html(rendering.html), filling.text(rendering.text)
    for fault in filling.faults:
        raise fault.error
    return html, text


def refuse_unknown(rendering: Rendering, tokens: Collection[str], personal_fields: Collection[str]) -> None:
    """Raises UsageError for a token in `tokens` that neither the rendering nor the publication has."""
    if not tokens:
        return
    known = {*SERVICE_TOKENS, POSTAL_ADDRESS, *COMMON_FIELDS, *personal_fields}
    known |= names_in(rendering.html) | names_in(rendering.text)
    for name in tokens:
        if name not in known:
            listed = sorted(known)
            hint = did_you_mean(name, listed, f"Choose one of: {', '.join(listed)}.", cutoff=GUESS, fold=str)
            raise UsageError(f"there is no token `{name}`", hint=hint)


def in_a_field(service: Service, line: str) -> str:
    """A subject or a preheader, which has no tokens, as text for a separate field of the service."""
    return Filling(replace(service, last_text_step=None), {}).text(line)


def names_in(rendered: str) -> set[str]:
    """The names of all tokens in a rendering."""
    names = set()

    def note(name: str, _fallback: str) -> str:
        names.add(name)
        return ""

    fill(rendered, note)
    return names


class Filling:
    """Fills in the tokens of renderings for one service. `overrides` gives the exact text for some tokens, by name.

    A token that the service cannot express becomes empty, and is added to `faults`.
    """

    def __init__(self, service: Service, overrides: Mapping[str, str]) -> None:
        self.service = service
        self.overrides = overrides
        self.faults: list[Inexpressible] = []
        self._reserved = re.compile(_runs(service))
        """The first character of each reserved run, also where runs overlap."""
        self._special = re.compile(f"{OPEN}|{_runs(service)}")
        """Finds the next thing that must be changed: a placeholder, or a reserved sequence."""
        self._standing: list[tuple[str, str]] = []
        """The tokens, with their fallbacks, that are marks until the last step is done."""

    def text(self, rendered: str) -> str:
        """Plain text with all placeholders filled in."""
        filled = self._fill(rendered, TokenContext.TEXT)
        return self._swapped(self.service.last_text_step(filled)) if self.service.last_text_step else filled

    def html(self, rendered: str) -> str:
        """HTML with all placeholders filled in, in text and in attributes."""
        filled = self._html(rendered)
        return self._swapped(self.service.last_step(filled)) if self.service.last_step else filled

    def html_in_pieces(self, pieces: Sequence[str]) -> Sequence[str]:
        """Pieces of HTML, each filled by itself as `html` does. Most have nothing to change, and are not looked at again."""
        if self.service.patterns or self.service.last_step:
            return [*map(self.html, pieces)]
        filled = [*pieces]
        for sign in {OPEN, *(run[0] for run in self.service.reserved)}:
            for at in [at for at, piece in enumerate(pieces) if sign in piece and filled[at] is piece]:
                filled[at] = self._html(pieces[at])
        return filled

    def _swapped(self, marked: str) -> str:
        swapped = MARK.sub(lambda mark: self._written(*self._standing[int(mark[3])], TokenContext(mark[2])), marked)
        self._standing.clear()
        return swapped

    def _html(self, rendered: str) -> str:
        filled: list[str] = []
        places: dict[str, int] = {}
        done, special = 0, self._next_special(rendered, 0, places)
        if special == len(rendered):
            return rendered
        for markup in _MARKUP.finditer(rendered):
            if markup.end() <= special or markup[0][0] == OPEN:
                continue  # nothing to change so far; or a placeholder in text, handled together with the text around it
            filled.append(self._fill(rendered[done : markup.start()], TokenContext.HTML))
            filled.append(self._markup(markup))
            done = markup.end()
            special = self._next_special(rendered, done, places)
        return "".join((*filled, self._fill(rendered[done:], TokenContext.HTML)))

    def _next_special(self, rendered: str, start: int, places: dict[str, int]) -> int:
        """The place of the next thing that must be changed. `places` are those of the next of each kind, as far as they are known."""
        if self.service.patterns:
            found = self._special.search(rendered, start)
            return found.start() if found else len(rendered)
        # `find` takes a tenth of the time of a search for all kinds at once.
        for sign in (OPEN, *self.service.reserved):
            if places.get(sign, -1) < start:
                place = rendered.find(sign, start)
                places[sign] = place if place >= 0 else len(rendered)
        return min(places.values())

    def _markup(self, markup: re.Match[str]) -> str:
        if markup[1]:  # in a style sheet, entities do not work, and a space between braces changes nothing
            return self._reserved.sub(lambda run: f"{run[0]} ", markup[0])
        return _ATTRIBUTE.sub(self._attribute, markup[0])

    def _attribute(self, attribute: re.Match[str]) -> str:
        name, equals, value = attribute.groups()
        if value[0] == "'":  # tokens are written for double quotes
            inner = value[1:-1].replace('"', "&quot;")
            value = f'"{inner}"'
        return f"{name}{equals}{self._fill(value, TokenContext.ADDRESS if name.lower() in _ADDRESSES else TokenContext.ATTRIBUTE)}"

    def _fill(self, rendered: str, place: TokenContext) -> str:
        """`rendered` with tokens for its placeholders; other text is changed so that the service does not read it as tokens."""
        filled: list[str] = []
        done, last = 0, False
        for found in PLACEHOLDER.finditer(rendered):
            filled.append(self._literal(rendered[done : found.start()], place, after_token=last, before_token=True))
            name, inside, fallback = found.groups()
            fallback = fallback if place.plain else unescape(fallback)
            if place is TokenContext.ADDRESS:
                inside = inside or place_behind(rendered[: found.start()].lstrip('"'))
            filled.append(
                self._token(name, encoded(fallback, inside if inside == WHOLE else ""), _place(place, inside))
            )
            done, last = found.end(), True
        filled.append(self._literal(rendered[done:], place, after_token=last, before_token=False))
        return "".join(filled)

    def _literal(self, text: str, place: TokenContext, *, after_token: bool, before_token: bool) -> str:
        if place.plain and self.service.last_text_step:
            return text
        first = after_token and text[:1] in self.service.touching and bool(text)
        last = before_token and text[-1:] in self.service.touching and bool(text)
        if place.plain or not self.service.entities:
            text = self._reserved.sub(lambda run: run[0] + INVISIBLE, text)
            return f"{INVISIBLE * first}{text}{INVISIBLE * last}"
        edges = {0} if first else set()
        edges |= {len(text) - 1} if last else set()
        runs = edges | {run.start() for run in self._reserved.finditer(text)}
        return "".join(_entities(sign) if at in runs else sign for at, sign in enumerate(text)) if runs else text

    def _token(self, name: str, fallback: str, place: TokenContext) -> str:
        try:
            token = self._written(name, fallback, place)
        except CannotExpressError as error:
            self.faults.append(Inexpressible(name, fallback, place, error))
            return ""
        if not (self.service.last_text_step if place.plain else self.service.last_step):
            return token
        self._standing.append((name, fallback))
        return f"\ufdde{name} {place} {len(self._standing) - 1}\ufddf"

    def _written(self, name: str, fallback: str, place: TokenContext) -> str:
        if name in self.overrides:
            return self.overrides[name]
        written = self.service.address(name, place)
        if written is not None:
            return written
        if name not in {*SERVICE_TOKENS, POSTAL_ADDRESS}:
            return self.service.personal(name, fallback, place)
        raise CannotExpressError(
            f"{self.service.title} does not provide `{name}`, which this issue needs",
            hint=f"Set its value: --token {name}=https://…",
        )


def _runs(service: Service) -> str:
    """A regular expression for the first characters of text that the service would read as its notation.

    It may match nothing.
    """
    runs = [f"{re.escape(run[0])}(?={re.escape(run[1:])})" for run in service.reserved]
    return "|".join((*runs, *service.patterns)) or "(?!)"


def _place(around: TokenContext, inside: str) -> TokenContext:
    """The place of a token: `inside` an address, as WHOLE or PART of it; else the place `around` it."""
    if inside == PART:
        return TokenContext.TEXT_ADDRESS if around.plain else TokenContext.ADDRESS
    return TokenContext.WHOLE_ADDRESS if inside == WHOLE and not around.plain else around


def _entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)
