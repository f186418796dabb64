"""The record of a mailing service: how it writes tokens, what it accepts, needs and changes, and the evidence for that."""

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
    """The issue uses something that this service cannot express. The message names both."""


class TokenContext(StrEnum):
    """The place of a token, which decides how the text around it and its value are escaped."""

    TEXT = "text"
    """In the plain-text part or a subject: nothing is escaped."""
    TEXT_ADDRESS = "text-address"
    """In an address in plain text: percent-encoded."""
    HTML = "html"
    """Between tags."""
    ATTRIBUTE = "attribute"
    """In a double-quoted attribute with text for readers: alt, title."""
    ADDRESS = "address"
    """A part of an address in a double-quoted attribute, href or src: percent-encoded."""
    WHOLE_ADDRESS = "whole-address"
    """At the beginning of an attribute, as a whole address: escaped like other text, not percent-encoded."""

    @property
    def plain(self) -> bool:
        """Whether it is in plain text."""
        return self in {TokenContext.TEXT, TokenContext.TEXT_ADDRESS}

    @property
    def encoded(self) -> bool:
        """Whether the value becomes a part of an address."""
        return self in {TokenContext.ADDRESS, TokenContext.TEXT_ADDRESS}

    @property
    def quoted(self) -> bool:
        """Whether it is in a double-quoted attribute."""
        return self in {TokenContext.ATTRIBUTE, TokenContext.ADDRESS, TokenContext.WHOLE_ADDRESS}


class Form(StrEnum):
    """The form of an email that a service accepts."""

    DOCUMENT = "document"
    """A whole HTML document: the email as rendered."""
    FRAGMENT = "fragment"
    """The content alone, as in feeds. The service adds its own frame with footer and unsubscribe link."""
    PASTED = "pasted"
    """Like a fragment, but only with elements that survive being pasted into an editor: no tables, no styles."""
    MESSAGE = "message"
    """One complete message (RFC 5322)."""


class Pictures(StrEnum):
    """The place where a service expects the pictures of an email."""

    HOSTED = "hosted"
    """In our web archive, by their addresses. The service has no storage for pictures, or none for uploads."""
    UPLOADED = "uploaded"
    """At the service, which copies or hosts them."""
    EITHER = "either"


class Evidence(StrEnum):
    """The certainty of a fact about a service."""

    RUN = "run"
    """Tested with the service's own software, or the engine that it uses."""
    DOCUMENTED = "documented"
    """In its own documentation, specification or source."""
    THIRD_PARTY = "third-party"
    """Only in texts by others, several of which agree."""
    UNCONFIRMED = "unconfirmed"
    """From memory. Test it with your account first."""


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """A fact about a service, and its source."""

    about: str
    """The subject, as people see it: `unsubscribe`, `fields`, `pictures`."""
    evidence: Evidence
    source: str
    """The address of the source, or its name if it has no address."""


@dataclass(frozen=True, slots=True)
class DraftWay:
    """The way in which an email becomes a draft at the service, so that a person can look at it before sending."""

    way: str
    """The call that creates the draft; empty if there is none."""
    certain: str
    """The reason why it remains a draft."""
    evidence: Evidence
    sends: bool = False
    """Whether that call sends the email by default."""


@dataclass(frozen=True, slots=True)
class Service:
    """One mailing service.

    `reserved` and `patterns` find text that the service would read as its own notation. Such characters in an author's
    text are separated invisibly, so that braces stay braces in every service.
    """

    name: str
    """The name for `--for`: lower case, no spaces."""
    title: str
    """The name of the product."""
    docs: str
    """The page of its documentation about merge tags; empty if it is a convention of no single service."""
    addresses: Mapping[str, str]
    """How it writes the addresses that it makes for each reader, by the names in `tokens.SERVICE_TOKENS`, and the postal address.

    One that the service does not have is left out, and an issue that needs it cannot be exported.
    """
    personal: Callable[[str, str, TokenContext], str]
    """Writes the personal field `name` with the plain text `fallback` at a place. Raises CannotExpressError."""
    reserved: tuple[str, ...] = ()
    """Sequences of two or more characters that the service would read as its notation."""
    touching: str = ""
    """Characters of the author's text that would change the meaning of a token right beside them."""
    notes: str = ""
    """Other facts for users of the service, one or two sentences."""
    form: Form = Form.DOCUMENT
    takes_text: bool = True
    """Whether it accepts our plain-text part; else it makes its own."""
    pictures: Pictures = Pictures.HOSTED
    limit: int = 0
    """The most bytes of HTML that it accepts; 0 if no limit is known."""
    text_addresses: Mapping[str, str] | None = None
    """Those of `addresses` that it writes in another way in plain text."""
    needs: tuple[str, ...] = (UNSUBSCRIBE,)
    """Tokens that every email must have."""
    adds: str = ""
    """The content that the service adds to an email."""
    rewrites: str = ""
    """The changes that the service makes to an email."""
    patterns: tuple[str, ...] = ()
    """Like `reserved`, as regular expressions that match the one character to be separated from what follows."""
    entities: bool = True
    """Whether entities reach the reader.

    If the service resolves them, characters are separated by an invisible one instead.
    """
    tag: str = ""
    """A regular expression for its complete tags. In an email for another service, they are a mistake."""
    last_step: Callable[[str], str] | None = None
    """A last step for the finished HTML, in which each token is still a mark (see MARK)."""
    last_text_step: Callable[[str], str] | None = None
    """A last step for the plain text, in which the author's text is still as written, without separated characters."""
    draft: DraftWay | None = None
    """None if no interface of the service accepts drafts."""
    facts: tuple[ServiceFact, ...] = ()

    def address(self, name: str, place: TokenContext) -> str | None:
        """The token `name` as the service writes it; None if it has none."""
        if place.plain and self.text_addresses and name in self.text_addresses:
            return self.text_addresses[name]
        return self.addresses.get(name)


MARK = re.compile("\ufdde([a-z][a-z0-9_]*) ([a-z-]+) ([0-9]+)\ufddf")
"""The mark of a token until the last step: its name, its place, and its number. The step may change the place."""
