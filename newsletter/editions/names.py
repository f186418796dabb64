"""The names that `::: only` accepts: outputs, and groups of readers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.records import dataclass
from newsletter.suggest import GUESS, closest
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.model import Directive

ONLY, PAYWALL = "only", "paywall"
OUTPUTS = ("email", "text", "web", "feed")
"""The outputs. Plain text is a part of the email, so content for `email` is in it, too."""
AUDIENCES = ("paid", "free")
NAMES = (*OUTPUTS, *AUDIENCES)
MAILED = frozenset({"email", "text"})
"""The outputs for subscribers. All others are public, and are made for free readers."""

_SEPARATORS = re.compile(r"[\s,|]+")
_WORDS = re.compile(r"[\W_]+")
_ONCE = re.compile(r"[^a-z]+")
_MEANT = {
    "paid": "payed paying pay premium member members membership membersonly supporter supporters patron patrons pro plus "
    "subscriber subscribers subscription backer backers vip exclusive private hidden hide locked",
    "free": "public everyone everybody all nonpaying unpaid",
    "email": "mail e-mail emails mails html newsletter inbox",
    "text": "plain plaintext txt",
    "web": "site website page online archive browser",
    "feed": "feeds rss atom json reader",
}
_MEANT_BY = {_ONCE.sub("", word): name for name, words in _MEANT.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Readers:
    """A kind of reader, and one of `OUTPUTS`, or all of them if `output` is empty."""

    paid: bool = False
    output: str = ""

    @property
    def pay(self) -> bool:
        """Whether they get the parts for paying readers; False for public outputs."""
        return self.paid and (not self.output or self.output in MAILED)


@dataclass(frozen=True, slots=True)
class Limit:
    """The readers and outputs after an `::: only`.

    An unknown name, or none, counts as `paid`, so that text that was meant for some readers is held back from others.
    """

    outputs: frozenset[str] = frozenset()
    """Empty for all."""
    audiences: frozenset[str] = frozenset()
    """Empty for all, unless `unknown` is set or there are no names."""
    unknown: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """The named readers: `paid` if a name is unknown or there are no names; empty if there are only outputs."""
        if self.unknown or not (self.outputs or self.audiences):
            return frozenset({"paid"})
        return self.audiences

    def admits(self, readers: Readers) -> bool:
        """Whether these readers get what it limits."""
        named, output = self.named, readers.output
        if named and ("paid" if readers.pay else "free") not in named:
            return False
        return not (self.outputs and output) or output in self.outputs or (output == "text" and "email" in self.outputs)


@lru_cache(maxsize=256)
def limit_from(text: str) -> Limit:
    """The limit with the names in a text: `email web`, `paid`, `email, paid`."""
    words = [word for word in _SEPARATORS.split(text.lower()) if word]
    return Limit(
        frozenset(word for word in words if word in OUTPUTS),
        frozenset(word for word in words if word in AUDIENCES),
        tuple(word for word in words if word not in NAMES),
    )


def limit_of(directive: Directive) -> Limit:
    """The limit of an `only` directive."""
    return limit_from(plain_text(directive.argument))


def meant_name(word: str) -> str:
    """The name that another word probably stands for: `paid` for `premium` or `payed`; empty if that is not clear."""
    plain = _ONCE.sub("", word.lower())
    return _MEANT_BY.get(plain) or closest(plain, NAMES, cutoff=GUESS, fold=str)


def meant_directive(name: str, argument: str) -> str:
    """The directive for an unknown name that looks like a typo of one that holds text back: `only`, `paywall` or `paid`; else empty."""
    plain = _ONCE.sub("", name.lower())
    if close := closest(plain, (PAYWALL, ONLY), cutoff=0.67, fold=str):
        return close
    given = {_ONCE.sub("", word) for word in _WORDS.split(f"{name} {argument}".lower())}
    # Text that names readers is meant for some of them: `no free`, `except members`.
    names_readers = any(word in AUDIENCES or _MEANT_BY.get(word) == "paid" for word in given)
    return "paid" if names_readers or plain.startswith(ONLY) or plain.endswith(ONLY) else ""
