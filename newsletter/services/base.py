"""What a mailing service is to us: a record of how it writes tokens and what it can take."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class CannotExpressError(UsageError):
    """The issue asks for something that this service has no way to say; the message says what, and for which service."""


class TokenContext(Enum):
    """Where a token stands, which decides how what surrounds it and what it gives must be escaped."""

    TEXT = "text"
    """The plain-text part, a subject: nothing is escaped."""
    HTML = "html"
    """Between tags."""
    ATTRIBUTE = "attribute"
    """Within a double-quoted attribute that is text for readers: alt, title."""
    ADDRESS = "address"
    """A part of an address, behind its host: percent-encoded, in HTML and in text. A field that *is* an address stands there as
    in TEXT or ATTRIBUTE, its fallback encoded already."""


@dataclass(frozen=True, slots=True)
class Service:
    """One mailing service.

    What a service reads as its own is told by `reserved`: where an author's text has such characters, they are broken
    up in a way that readers do not see, so that braces stay braces in every service.
    """

    name: str
    """As given to `--for`: lower-case, no spaces."""
    title: str
    """As people know it."""
    docs: str
    """The page of its own documentation about merge tags; empty for a convention that is nobody's."""
    addresses: Mapping[str, str]
    """How it writes the addresses that it makes for each reader, by the names in `tokens.SERVICE_TOKENS`. One that it
    does not have is left out: an issue that needs it is refused."""
    personal: Callable[[str, str, TokenContext], str]
    """How it writes the personal field `name` with the plain text `fallback` at a place. Raises CannotExpressError."""
    reserved: tuple[str, ...] = ()
    """Runs of characters that it would take for its own, each of two characters or more."""
    touching: str = ""
    """Characters that would change what a token means if the author's text had them right beside it."""
    notes: str = ""
    """What else a person exporting to it should know, one or two sentences."""
    message: bool = False
    """Whether it takes one complete message (RFC 5322) instead of an HTML and a text file."""
