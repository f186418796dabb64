"""A mailing service as a record: how it writes tokens, what it takes, needs and does to a letter, and how sure that is."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.records import dataclass
from newsletter.tokens import UNSUBSCRIBE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class CannotExpressError(UsageError):
    """The issue asks for something that this service has no way to say; the message says what, and for which service."""


class TokenContext(StrEnum):
    """Where a token is, which decides how what surrounds it and what it gives must be escaped."""

    TEXT = "text"
    """The plain-text part, a subject: nothing is escaped."""
    TEXT_ADDRESS = "text-address"
    """Within an address in plain text: percent-encoded."""
    HTML = "html"
    """Between tags."""
    ATTRIBUTE = "attribute"
    """Within a double-quoted attribute that is text for readers: alt, title."""
    ADDRESS = "address"
    """A part of an address in a double-quoted attribute, href or src: percent-encoded."""
    WHOLE_ADDRESS = "whole-address"
    """The beginning of an attribute that is an address as a whole. It is encoded no more than any other text."""

    @property
    def plain(self) -> bool:
        """Whether it is in plain text."""
        return self in {TokenContext.TEXT, TokenContext.TEXT_ADDRESS}

    @property
    def encoded(self) -> bool:
        """Whether what is filled in becomes a part of an address."""
        return self in {TokenContext.ADDRESS, TokenContext.TEXT_ADDRESS}

    @property
    def quoted(self) -> bool:
        """Whether it is in a double-quoted attribute."""
        return self in {TokenContext.ATTRIBUTE, TokenContext.ADDRESS, TokenContext.WHOLE_ADDRESS}


class Form(StrEnum):
    """The form of a letter that a service takes."""

    DOCUMENT = "document"
    """The email as it is: one HTML document."""
    FRAGMENT = "fragment"
    """The letter alone, as feeds have it, for the service's own frame, which brings footer and unsubscribing."""
    PASTED = "pasted"
    """As a fragment, without anything that an editor drops when it is pasted: no tables, no styles."""
    MESSAGE = "message"
    """One complete message (RFC 5322)."""


class Pictures(StrEnum):
    """Where a service wants the pictures of a letter to be."""

    HOSTED = "hosted"
    """In our web archive, by their addresses: the service has no place for them, or none that files can be sent to."""
    UPLOADED = "uploaded"
    """With the service, which copies or hosts them."""
    EITHER = "either"


class Evidence(StrEnum):
    """How sure something about a service is."""

    RUN = "run"
    """Seen with the service's own software, or the engine that it runs."""
    DOCUMENTED = "documented"
    """In its own documentation, specification or source."""
    THIRD_PARTY = "third-party"
    """Only by others, several of whom agree."""
    UNCONFIRMED = "unconfirmed"
    """From memory: try it with an account of yours first."""


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """Something said about a service, and by whom."""

    about: str
    """A column of the service's record, for people: `unsubscribe`, `fields`, `pictures`."""
    evidence: Evidence
    source: str
    """An address, or what is named if there is none."""


@dataclass(frozen=True, slots=True)
class DraftWay:
    """How a letter gets there to be looked at before anybody sends it."""

    way: str
    """The call that makes one; empty if there is none."""
    certain: str
    """The reason why it stays a draft."""
    evidence: Evidence
    sends: bool = False
    """Whether that call sends by default."""


@dataclass(frozen=True, slots=True)
class Service:
    """One mailing service.

    Text that a service would read as its own notation is recognized by `reserved`. If an author's text has such
    characters, they are separated in a way that readers do not see, so that braces stay braces in every service.
    """

    name: str
    """The name for `--for`: lower case, no spaces."""
    title: str
    """The name that people know."""
    docs: str
    """The page of its own documentation about merge tags; empty for a convention that is nobody's."""
    addresses: Mapping[str, str]
    """How it writes the addresses that it makes for each reader, by the names in `tokens.SERVICE_TOKENS`, and the postal
    address. One that it does not have is left out: an issue that needs it is refused."""
    personal: Callable[[str, str, TokenContext], str]
    """How it writes the personal field `name` with the plain text `fallback` at a place. Raises CannotExpressError."""
    reserved: tuple[str, ...] = ()
    """Runs of characters that it would take for its own, each of two characters or more."""
    touching: str = ""
    """Characters that would change what a token means if the author's text had them right beside it."""
    notes: str = ""
    """Other facts for a person who exports to it, one or two sentences."""
    form: Form = Form.DOCUMENT
    takes_text: bool = True
    """Whether it takes a plain-text part of ours; else it makes its own."""
    pictures: Pictures = Pictures.HOSTED
    limit: int = 0
    """Bytes of HTML that it takes at most; 0: none that is known."""
    text_addresses: Mapping[str, str] | None = None
    """Those of `addresses` that it writes otherwise in plain text."""
    needs: tuple[str, ...] = (UNSUBSCRIBE,)
    """Tokens that every letter must have."""
    adds: str = ""
    """The content that it adds to a letter by itself."""
    rewrites: str = ""
    """The changes that it makes to a letter."""
    patterns: tuple[str, ...] = ()
    """As `reserved`, where a run says too little: regular expressions that match the one character to be broken off."""
    entities: bool = True
    """Whether an entity reaches the readers as one. If it is read and written again, what must be broken up is so by a
    character that nobody sees."""
    tag: str = ""
    """A regular expression of its complete tags: in a letter for another service they are a typo."""
    last_step: Callable[[str], str] | None = None
    """The last step for the finished HTML, in which each token is a mark (see MARK)."""
    last_text_step: Callable[[str], str] | None = None
    """The same for the plain text, in which the author's own then is as written: nothing in it is broken up before."""
    draft: DraftWay | None = None
    """None: it has no interface that takes a draft."""
    facts: tuple[ServiceFact, ...] = ()

    def address(self, name: str, place: TokenContext) -> str | None:
        """How it writes the token `name`; None if it has none."""
        if place.plain and self.text_addresses and name in self.text_addresses:
            return self.text_addresses[name]
        return self.addresses.get(name)


MARK = re.compile("\ufdde([a-z][a-z0-9_]*) ([a-z-]+) ([0-9]+)\ufddf")
"""The mark of a token until the last step: its name, its place, and a number that distinguishes it from others. The
step may change the place."""
