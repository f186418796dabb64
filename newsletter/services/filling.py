"""From a rendering to the files that a mailing service takes: placeholders become its tokens, an author's braces stay braces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.errors import UsageError
from newsletter.services.base import CannotExpressError, Service, TokenContext
from newsletter.suggest import GUESS, did_you_mean
from newsletter.tokens import CLOSE, OPEN, PART, PLACEHOLDER, SERVICE_TOKENS, WHOLE, encoded, fill, place_behind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from newsletter.model import Rendering

SAMPLE_READER = {"email": "noor@example.org", "first_name": "Noor", "last_name": "Peeters", "name": "Noor Peeters"}
"""A reader who stands in where there is none, with the fields that every issue may use."""
COMMON_FIELDS = tuple(SAMPLE_READER)
"""Personal fields that every issue may use."""
INVISIBLE = "\u200b"
"""ZERO WIDTH SPACE: what breaks up a run of characters in plain text, where there are no entities."""

# Possessive throughout: this runs over every letter of a build. A fallback may hold quotation marks and even tags, so a
# placeholder is passed over as a whole, wherever it stands.
_QUOTED = f"\"[^\"{OPEN}]*+(?:{OPEN}[^{CLOSE}]*+{CLOSE}[^\"{OPEN}]*+)*+\"|'[^'{OPEN}]*+(?:{OPEN}[^{CLOSE}]*+{CLOSE}[^'{OPEN}]*+)*+'"
_MARKUP = re.compile(
    f"{OPEN}[^{CLOSE}]*+{CLOSE}|<(?:(style|script)\\b.*?</\\1\\s*>|[a-z][^\"'>]*+(?:(?:{_QUOTED})[^\"'>]*+)*+>)",
    re.DOTALL | re.IGNORECASE,
)
"""A placeholder, a tag with its attributes, or an element whose content is neither text nor tags. Comments are not
skipped: what stands in a conditional one is read, by Outlook."""
_ATTRIBUTE = re.compile(f"([^\\s\"'=<>/]+)(\\s*=\\s*)({_QUOTED})")
_ADDRESSES = frozenset({"href", "src", "action", "background", "cite", "poster"})


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


class Filling:
    """Fills renderings for one service; `overrides` says how tokens are written instead, by name, taken as they are."""

    def __init__(self, service: Service, overrides: Mapping[str, str]) -> None:
        self.service = service
        self.overrides = overrides
        runs = "|".join(f"{re.escape(run[0])}(?={re.escape(run[1:])})" for run in service.reserved) or "(?!)"
        self._reserved = re.compile(runs)
        """The first character of each reserved run, also where runs overlap."""
        self._telling = re.compile(f"{OPEN}|{runs}")
        """What is in a stretch that cannot stay as it is."""

    def text(self, rendered: str) -> str:
        """Plain text with all placeholders filled. Raises CannotExpressError."""
        return self._fill(rendered, TokenContext.TEXT)

    def html(self, rendered: str) -> str:
        """HTML with all placeholders filled, in text and in attributes. Raises CannotExpressError."""
        filled: list[str] = []
        done, telling = 0, self._next_telling(rendered, 0)
        if telling == len(rendered):
            return rendered
        for markup in _MARKUP.finditer(rendered):
            if markup.end() <= telling or markup[0][0] == OPEN:
                continue  # nothing to do up to here; or a placeholder in text, which goes with the text around it
            filled.append(self._fill(rendered[done : markup.start()], TokenContext.HTML))
            filled.append(self._markup(markup))
            done = markup.end()
            telling = self._next_telling(rendered, done)
        return "".join((*filled, self._fill(rendered[done:], TokenContext.HTML)))

    def _next_telling(self, rendered: str, start: int) -> int:
        found = self._telling.search(rendered, start)
        return found.start() if found else len(rendered)

    def _markup(self, markup: re.Match[str]) -> str:
        if markup[1]:  # in a style sheet an entity means nothing; nor does a space between braces
            return self._reserved.sub(lambda run: f"{run[0]} ", markup[0])
        return _ATTRIBUTE.sub(self._attribute, markup[0])

    def _attribute(self, attribute: re.Match[str]) -> str:
        name, equals, value = attribute.groups()
        if value[0] == "'":  # tokens are written for double quotes
            inner = value[1:-1].replace('"', "&quot;")
            value = f'"{inner}"'
        return f"{name}{equals}{self._fill(value, TokenContext.ADDRESS if name.lower() in _ADDRESSES else TokenContext.ATTRIBUTE)}"

    def _fill(self, rendered: str, place: TokenContext) -> str:
        """`rendered` with its placeholders as tokens, and everything else safe from being read as one."""
        filled: list[str] = []
        done, last = 0, False
        for found in PLACEHOLDER.finditer(rendered):
            filled.append(self._literal(rendered[done : found.start()], place, after_token=last, before_token=True))
            name, inside, fallback = found.groups()
            fallback = fallback if place is TokenContext.TEXT else unescape(fallback)
            if place is TokenContext.ADDRESS:
                inside = inside or place_behind(rendered[: found.start()].lstrip('"'))
            filled.append(
                self._token(name, encoded(fallback, inside if inside == WHOLE else ""), _place(place, inside))
            )
            done, last = found.end(), True
        filled.append(self._literal(rendered[done:], place, after_token=last, before_token=False))
        return "".join(filled)

    def _literal(self, text: str, place: TokenContext, *, after_token: bool, before_token: bool) -> str:
        touching = self.service.touching
        first = text[:1] if after_token and text[:1] in touching else ""
        text = text[len(first) :]
        last = text[-1:] if before_token and text[-1:] in touching else ""
        text = text[: len(text) - len(last)]
        if place is TokenContext.TEXT:
            text = self._reserved.sub(lambda run: run[0] + INVISIBLE, text)
            return f"{INVISIBLE * bool(first)}{first}{text}{last}{INVISIBLE * bool(last)}"
        return f"{_entities(first)}{self._reserved.sub(lambda run: _entities(run[0]), text)}{_entities(last)}"

    def _token(self, name: str, fallback: str, place: TokenContext) -> str:
        if name in self.overrides:
            return self.overrides[name]
        if name not in SERVICE_TOKENS:
            return self.service.personal(name, fallback, place)
        if name not in self.service.addresses:
            raise CannotExpressError(
                f"{self.service.title} makes no `{name}`, which this issue needs",
                hint=f"Say what is to stand there instead: --token {name}=https://…",
            )
        return self.service.addresses[name]


def _place(around: TokenContext, inside: str) -> TokenContext:
    """Where a token stands: `inside` an address, WHOLE or PART, or in what is `around` it."""
    if inside == PART:
        return TokenContext.ADDRESS
    return TokenContext.ATTRIBUTE if inside == WHOLE and around is not TokenContext.TEXT else around


def _entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)
