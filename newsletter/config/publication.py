"""What newsletter.yaml says, as records, and where a workspace keeps its issues."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.config.clients import LEAST_READERS
from newsletter.model import NOWHERE, Span
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Author:
    """One of the publication's authors, by the key that issues name."""

    key: str
    name: str
    email: str = ""
    url: str = ""
    bio: str = ""
    picture: str = ""
    """A file, relative to the workspace."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The From and Reply-To of the letter."""

    name: str
    email: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """The look, and the design tokens of it that a publication changes. Colours are `#rrggbb`."""

    look: str = ""
    """A file of templates/theme/looks/; empty: the first look, `letter`."""
    light: Mapping[str, str] = field(default_factory=dict)
    """Changes to the light colours by token: paper, card, ink, soft, rule, tint, accent, on_accent."""
    dark: Mapping[str, str] = field(default_factory=dict)
    """Changes to the dark colours, same tokens."""
    serif: str = ""
    """Font stack of the text; empty: the theme's own."""
    sans: str = ""
    mono: str = ""
    logo: str = ""
    """A picture file, relative to the workspace."""
    logo_dark: str = ""
    logo_alt: str = ""
    logo_width: int = 0
    """As shown, in CSS pixels; 0: as the picture is, at most 200."""
    width: int = 0
    """Of the card, in CSS pixels; 0: the look's."""
    radius: int | None = None
    """Of corners, in CSS pixels; None: the look's."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    entries: int = 20
    """How many of the newest issues the feeds hold."""
    tag: str = ""
    """The tagging entity of RFC 4151, `letters.example,2024`: domain and a date on which it was ours."""


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """How heavy the e-mail may be, in KB of 1,024 bytes, and what it is read in."""

    warn_at: int = 85
    """From here on an e-mail is told to be nearly too large."""
    limit: int = 102
    """Where Gmail cuts it."""
    link_growth: int = 75
    """Bytes that a service adds to each link when it rewrites them to count clicks."""
    section: int = 0
    """What a single section may weigh; 0: as much as it likes."""
    clients: Mapping[str, int] = field(default_factory=dict)
    """Percent of the readers by mail program, or family of them (see newsletter/clients.py); empty: our own estimate."""
    least_readers: int = LEAST_READERS
    """Percent of the readers: what fewer would notice is not told."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What newsletter.yaml says."""

    title: str
    url: str
    """Where public/ is served; always ends in "/"."""
    sender: Sender
    description: str = ""
    language: str = "en"
    """BCP 47."""
    timezone: str = "UTC"
    """IANA name; dates without a zone are in it."""
    address: str = ""
    """The postal address that mass mail must carry (CAN-SPAM and its like)."""
    reason: str = ""
    """Why the reader gets this: "You get this because you subscribed at letters.example."; empty: the theme's words."""
    subscribe_url: str = ""
    paid_url: str = ""
    """Where the files are served that only paying readers get; ends in "/"; empty: nowhere that the tool knows of."""
    kind: str = ""
    """The kind of an issue that names none."""
    authors: Mapping[str, Author] = field(default_factory=dict)
    personal_fields: Mapping[str, str] = field(default_factory=dict)
    """Further personal fields that issues may use, with their fallbacks."""
    theme: Theme = field(default_factory=Theme)
    feeds: FeedSettings = field(default_factory=FeedSettings)
    email: EmailSettings = field(default_factory=EmailSettings)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A publication and where it stands on disk."""

    root: Path
    publication: Publication
    select: tuple[str, ...] = ()
    """Prefixes of rules to run; empty: all."""
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    """Weight by rule code or prefix: error, warning, off."""
    spans: Mapping[tuple[str | int, ...], Span] = field(default_factory=lambda: {(): NOWHERE})
    """Where each value of newsletter.yaml stands, by its path."""
