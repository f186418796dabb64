"""What newsletter.yaml says: its records, and the rows of its keys.

The loader and the JSON Schema read the rows. To add a key, write its row, a field of its record, and what uses that.
"""

from __future__ import annotations

import re
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.config.clients import CLIENTS, LEAST_READERS
from newsletter.config.podcasts import category_flaw
from newsletter.config.table import Key
from newsletter.config.wellformed import (
    ADDRESS_FORMS,
    COLOUR,
    EMAIL,
    ENTITY,
    LANGUAGE,
    Flaw,
    colour_flaw,
    email_flaw,
    host_flaw,
    language_flaw,
    tag_entity_flaw,
    timezone_flaw,
    web_address_flaw,
)
from newsletter.files import ISSUE_LIMIT
from newsletter.model import NOWHERE, Span
from newsletter.records import dataclass
from newsletter.tokens import SERVICE_TOKENS

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


FEED_GROUPS = ("tag", "author", "language")
"""What issues can be grouped by, each group with feeds of its own."""
CAMPAIGN_SERVICES = ("mailchimp", "kit", "buttondown", "mailerlite")
"""The mailing services that make a letter of each new item of a feed."""


@dataclass(frozen=True, slots=True)
class PodcastSettings:
    """What directories of podcasts want to know of a feed with recordings in it, besides what is known already."""

    category: str = ""
    """One of Apple's, `Society & Culture`; with one below it, `Society & Culture > Documentary`."""
    explicit: bool = False
    image: str = ""
    """The address of a square picture of 1,400 to 3,000 pixels; empty: there is none."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    entries: int = 20
    """How many of the newest issues the feeds hold."""
    tag: str = ""
    """The tagging entity of RFC 4151, `letters.example,2024`: domain and a date on which it was ours."""
    by: tuple[str, ...] = ()
    """What there are feeds of their own by, besides that of all issues: some of FEED_GROUPS."""
    hubs: tuple[str, ...] = ()
    """Addresses of WebSub hubs, which tell readers of a new issue at once."""
    campaign: str = ""
    """The service that sends letters from a feed of their own: one of CAMPAIGN_SERVICES; empty: none does."""
    podcast: PodcastSettings = field(default_factory=PodcastSettings)


SEARCHES = ("none", "pagefind")
"""What searches the web archive: nothing, or Pagefind (the extra `search`)."""
SOCIAL = ("cover", "card", "none")
"""What link previews show of an issue: its cover, and a drawn card where it has none; always a card; or only a cover."""


@dataclass(frozen=True, slots=True)
class SubscribeForm:
    """The form of a mailing service, in which readers of the web archive subscribe."""

    action: str = ""
    """Where it is sent; empty: there is no form."""
    email_field: str = "email"
    """What the service calls the field of the email address."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """What else it wants to be sent, by name."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The web archive."""

    search: str = "none"
    """One of SEARCHES."""
    social: str = "cover"
    """One of SOCIAL."""
    license: str = ""
    """Under which the letters may be used, by name: `CC BY 4.0`; empty: nothing is said."""
    license_url: str = ""
    form: SubscribeForm = field(default_factory=SubscribeForm)


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """How heavy the email may be, in KB of 1,024 bytes, and what it is read in."""

    warn_at: int = 85
    """From here on an email is told to be nearly too large."""
    limit: int = 102
    """Where Gmail cuts it."""
    link_growth: int = 75
    """Bytes that a service adds to each link when it rewrites them to count clicks."""
    section: int = 0
    """What a single section may weigh; 0: as much as it likes."""
    clients: Mapping[str, int] = field(default_factory=dict)
    """Percent of the readers by email client, or family of them (see newsletter/clients.py); empty: our own estimate."""
    least_readers: int = LEAST_READERS
    """Percent of the readers: what fewer would notice is not told."""


SLUGS = ("unicode", "ascii")
"""Letters of any script, or those of ASCII alone."""
LINK_PLACES = ("item", "section", "end")
"""Where the plain text sets down the addresses of its links, the nearest to them first."""


@dataclass(frozen=True, slots=True)
class TextSettings:
    links: str = "item"
    """Under what the addresses of the plain text stand: one of LINK_PLACES."""


REDIRECTS = ("none", "netlify", "cloudflare", "apache")
"""Whose file of redirects is written beside the pages that lead on."""


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """How what was published is kept, in archive/ and on the web."""

    redirects: str = "none"
    """One of REDIRECTS."""
    paid_in_git: bool = False
    """Whether archive/paid/ may stand in git with the rest."""


@dataclass(frozen=True, slots=True)
class CampaignNames:
    """What campaign parameters say; empty: as the level above has it."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    """May hold `{slug}`, `{number}`, `{date}`, `{service}` and `{edition}`."""


@dataclass(frozen=True, slots=True)
class EditionCampaigns:
    """What differs by edition."""

    free: CampaignNames = field(default_factory=CampaignNames)
    paid: CampaignNames = field(default_factory=CampaignNames)


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """The campaign parameters of links, set at export."""

    source: str = ""
    """Empty: links are left as they are."""
    medium: str = "email"
    campaign: str = "{slug}"
    content: str = "item"
    """What `utm_content` tells: one of CONTENTS."""
    leave_out: tuple[str, ...] = ()
    """Hosts, with all below them, whose addresses are left as they are."""
    services: Mapping[str, CampaignNames] = field(default_factory=dict)
    editions: EditionCampaigns = field(default_factory=EditionCampaigns)


CONTENTS = ("item", "section", "none")


@dataclass(frozen=True, slots=True)
class LinkSettings:
    keep_parameters: tuple[str, ...] = ()
    """Tracking parameters that stay in addresses, and domains whose links keep all of theirs."""
    utm: CampaignSettings = field(default_factory=CampaignSettings)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What newsletter.yaml says about a mailing service: who gets a letter there, and what its API wants to know."""

    free: Mapping[str, object] = field(default_factory=dict)
    """By the name of the key: of the letter that all readers get."""
    paid: Mapping[str, object] | None = None
    """Of the letter of paying readers: as `free`, with what `paid:` says instead; None where it says nothing."""


MAIL_SECURITY = ("starttls", "tls", "none")
"""How the connection to a mail server is protected; not at all only on this machine."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server that test emails are handed to."""

    host: str = ""
    """Empty: there is none."""
    port: int = 0
    """0: the usual one."""
    security: str = ""
    """One of MAIL_SECURITY; empty: as the port has it."""
    user: str = ""
    """Who logs in; empty: nobody."""


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Somebody who pays for a place in issues, by the key that issues name."""

    key: str
    name: str
    url: str = ""
    text: str = ""
    """Markdown; what an issue says itself stands in for it."""
    picture: str = ""
    """A file, relative to the workspace."""
    alt: str = ""
    """What the picture shows; empty: the name."""
    booked: tuple[str, ...] = ()
    """The issues that it is booked for, each by number, ISO date or name."""
    until: str = ""
    """The last day, as an ISO date, on which the web page shows it; empty: for ever."""
    utm: CampaignNames = field(default_factory=CampaignNames)
    """Its own campaign parameters."""


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
    address_form: str = ""
    """How the fixed words speak to readers, `formal` or `informal`; empty: as the words of each language have it."""
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
    issue_limit: int = 2
    """Megabytes (1,000,000 bytes) that an issue may have."""
    slugs: str = "unicode"
    """Which letters the addresses of new issues are made of: one of SLUGS."""
    authors: Mapping[str, Author] = field(default_factory=dict)
    sponsors: Mapping[str, Sponsor] = field(default_factory=dict)
    personal_fields: Mapping[str, str] = field(default_factory=dict)
    """Further personal fields that issues may use, with their fallbacks."""
    theme: Theme = field(default_factory=Theme)
    web: WebSettings = field(default_factory=WebSettings)
    feeds: FeedSettings = field(default_factory=FeedSettings)
    email: EmailSettings = field(default_factory=EmailSettings)
    text: TextSettings = field(default_factory=TextSettings)
    links: LinkSettings = field(default_factory=LinkSettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    services: Mapping[str, ServiceSettings] = field(default_factory=dict)
    """By the name of the service."""

    @property
    def largest_issue(self) -> int:
        """Bytes that an issue may have."""
        return self.issue_limit * 1_000_000


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


# ── Keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class SettingKind(StrEnum):
    """What a key of newsletter.yaml holds."""

    LINE = "a text on one line"
    LINES = "a text"
    WORD = "one of its choices"
    ADDRESS = "a web address"
    FOLDER = "the web address of a folder"
    PICTURE = "a picture file of the workspace"
    NUMBER = "a whole number"
    BLOCK = "a block of keys"
    AUTHORS = "a block for each author"
    SPONSORS = "a block for each sponsor"
    FIELDS = "personal fields by name"
    THEME = "the block of the theme"
    LOOK = "a look that there is"
    COLOURS = "changed colours by token"
    CLIENTS = "percentages by email client"
    WORDS = "a list of words"
    HOSTS = "hosts"
    ADDRESSES = "a list of web addresses"
    CHOICES = "some of its choices"
    CAMPAIGNS = "campaign parameters by mailing service"
    RULES = "rules by code or the beginning of one"
    WEIGHTS = "weights by rule"
    SERVICES = "a block for each mailing service"
    FLAG = "true or false"
    VALUES = "texts by name"


SEVERITIES = ("error", "warning", "off")
CLIENT_KEYS = tuple(dict.fromkeys(key for client in CLIENTS for key in (client.family, client.key)))
"""What a share may be given to: a client, or all of its family."""

# What these ask beyond a shape (a host that can be, a zone of the IANA database, a file that is there) is told by the tool alone.
_AUTHORITY = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"\\^`{|}/?#@]+"
ADDRESS = _AUTHORITY + r"(?:[/?#][^\s<>\"\\^`{|}]*)?"
FOLDER = _AUTHORITY + r"(?:/[^\s<>\"\\^`{|}?#]*)?"
FILE = r"(?![a-zA-Z][a-zA-Z0-9+.-]*:)(?!/)(?!(?:.*/)?\.\.(?:/|$))[^\\\n]+"
FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
RULE = re.compile(r"[A-Z]{2}[0-9]{0,3}")
KIND_NAME = re.compile(r"\w[\w-]*")
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")
REGION = r"[a-z]{2}(?:-[a-z]+)+-[0-9]+"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
FONT_STACK = re.compile(r"[\w\s,'\"+.-]+")


def header_flaw(value: str) -> Flaw | None:
    """Whether a name can stand in a From header as people write it."""
    return Flaw("has an address in it", "Write the name alone.") if re.search(r"[<>@]", value) else None


def _kind_flaw(value: str) -> Flaw | None:
    return None if KIND_NAME.fullmatch(value) else Flaw("is not a kind", "Write a folder's name, as in briefing.")


def _font_flaw(value: str) -> Flaw | None:
    if FONT_STACK.fullmatch(value):
        return None
    return Flaw("is not a list of fonts", "Separate the names by commas, as in Georgia, 'Times New Roman', serif.")


def rule_flaw(value: str) -> Flaw | None:
    """Whether a text can be the code of a rule, or the beginning of one."""
    if RULE.fullmatch(value):
        return None
    return Flaw("is not a rule", "Write a code such as ST104, or the start of one, such as ST1 or ST.")


def _day_flaw(value: str) -> Flaw | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return Flaw("is no day", "Write year, month and day, as in 2026-12-31.")
    return None


def _links_flaw(value: str) -> Flaw | None:
    if value in LINK_PLACES:
        return None
    return Flaw("is no place for addresses", f"Write {', '.join(LINK_PLACES[:-1])} or {LINK_PLACES[-1]}.")


def _region_flaw(value: str) -> Flaw | None:
    if re.fullmatch(REGION, value):
        return None
    return Flaw("is no region of AWS", "Write it as the console shows it, as in eu-central-1.")


def folder_flaw(value: str) -> Flaw | None:
    """Whether a text is a web address below which there can be others."""
    if "?" in value or "#" in value:
        return Flaw("has a query or an anchor in it", "Write only where the folder public/ is served.")
    return web_address_flaw(value)


UNEXPLAINED = frozenset({header_flaw, _kind_flaw, _font_flaw, _links_flaw, _day_flaw})
"""Checks of which editors do not show the words."""

# One to three lines a key, as in a table; the formatter would make ten of some.
# fmt: off
PUBLICATION = (
    Key("title", SettingKind.LINE, "What the publication is called.", required=True, examples=["The Lock Keeper"]),
    Key("url", SettingKind.FOLDER,
        "Where the folder `public/` is served; a path is fine. Addresses in emails and feeds begin with it.",
        required=True, examples=["https://letters.example/"]),
    Key("sender", SettingKind.BLOCK, "The From and Reply-To of the letter.", of="sender", required=True),
    Key("description", SettingKind.LINES, "What readers get, and how often; for feeds and the archive."),
    Key("language", SettingKind.LINE, "BCP 47 tag, of issues that name none.",
        pattern=LANGUAGE, check=language_flaw, default="en", examples=["en", "nl", "pt-BR"]),
    Key("address_form", SettingKind.WORD,
        "How the fixed words speak to readers: *vous* or *tu*, *Sie* or *du*. Without it, as the language does by default.",
        choices=ADDRESS_FORMS),
    Key("timezone", SettingKind.LINE, "IANA name, of dates without a zone.",
        pattern=r"[A-Za-z0-9_+/-]+", check=timezone_flaw, default="UTC", examples=["UTC", "Europe/Brussels", "America/New_York"]),
    Key("address", SettingKind.LINES, "The postal address, which mass mail must carry in most countries."),
    Key("reason", SettingKind.LINES, "Why the reader gets this, for the footer; else the theme's own words are used."),
    Key("subscribe_url", SettingKind.ADDRESS, "Where readers subscribe; without it no subscribe box is shown."),
    Key("paid_url", SettingKind.FOLDER,
        "Where you serve the pictures and files that only paying readers get; they are never in the web archive.",
        examples=["https://members.letters.example/"]),
    Key("kind", SettingKind.LINE, "The kind of an issue that names none: a folder of `templates/`.",
        pattern=KIND_NAME, check=_kind_flaw, examples=["briefing"]),
    Key("issue_limit", SettingKind.NUMBER, "The megabytes of Markdown that one issue may have; what is larger is not read.",
        least=1, most=ISSUE_LIMIT // 1_000_000, default=2),
    Key("slugs", SettingKind.WORD,
        "What `newsletter new` makes addresses of: `unicode`, letters of any script, or `ascii`, for systems that take no others.",
        choices=SLUGS, default="unicode"),
    Key("authors", SettingKind.AUTHORS, "By the key that issues name in `authors: [marit]`.", of="author"),
    Key("sponsors", SettingKind.SPONSORS, "By the key that issues name in `::: sponsor KEY`.", of="sponsor"),
    Key("fields", SettingKind.FIELDS,
        "Further personal fields, each with what stands in where there is no reader: `company: your company`.",
        field="personal_fields", pattern=FIELD_NAME, taken=SERVICE_TOKENS),
    Key("theme", SettingKind.THEME, "The look: logo, widths, fonts and colours.", of="theme"),
    Key("web", SettingKind.BLOCK, "The web archive.", of="web"),
    Key("feeds", SettingKind.BLOCK, "RSS, Atom and JSON Feed.", of="feeds"),
    Key("email", SettingKind.BLOCK, "How heavy the email may be, and what it is read in.", of="email"),
    Key("text", SettingKind.BLOCK, "The plain-text part of the email.", of="text"),
    Key("links", SettingKind.BLOCK, "The links of a letter.", of="links"),
    Key("archive", SettingKind.BLOCK, "How what was published is kept.", of="archive"),
    Key("smtp", SettingKind.BLOCK, "The server that `newsletter send` hands test emails to.", of="smtp"),
    Key("services", SettingKind.SERVICES, "Who gets the letter at each mailing service, for `newsletter push`. Keys of APIs are never here."),
    Key("check", SettingKind.BLOCK, "Which rules count, and how much.", of="check"),
)
SENDER = (
    Key("name", SettingKind.LINE, "As inboxes show it.", required=True, pattern=r"[^<>@\n]+", check=header_flaw),
    Key("email", SettingKind.LINE, "The address alone.",
        required=True, pattern=EMAIL, check=email_flaw, examples=["letters@letters.example"]),
    Key("reply_to", SettingKind.LINE, "Where answers go; else to `email`.", pattern=EMAIL, check=email_flaw),
)
AUTHOR = (
    Key("name", SettingKind.LINE, "As readers see it.", required=True),
    Key("email", SettingKind.LINE, "The address alone.", pattern=EMAIL, check=email_flaw),
    Key("url", SettingKind.ADDRESS, "The author's own page."),
    Key("bio", SettingKind.LINES, "A line or two for the author box."),
    Key("picture", SettingKind.PICTURE, "A file, from the workspace's folder."),
)
SPONSOR = (
    Key("name", SettingKind.LINE, "As readers see it.", required=True),
    Key("url", SettingKind.ADDRESS, "Where its name and picture lead."),
    Key("text", SettingKind.LINES, "What it says, as Markdown; an issue may say something else."),
    Key("picture", SettingKind.PICTURE, "A file, from the workspace's folder."),
    Key("alt", SettingKind.LINE, "What the picture shows; else the name stands in."),
    Key("booked", SettingKind.WORDS, "The issues that it is booked for, each by number, date or name.", examples=[["14", "2026-11-30"]]),
    Key("until", SettingKind.LINE, "The last day on which the web page shows it; emails and feeds keep it.",
        pattern=DAY, check=_day_flaw, examples=["2026-12-31"]),
    Key("utm", SettingKind.BLOCK, "Campaign parameters of its links, where they are to differ from those under `links`.", of="campaign"),
)
THEME = (
    Key("look", SettingKind.LOOK,
        "A set of tokens: `letter` (a serif on paper), `plain` (a sans on white), or a file of your own in `templates/theme/looks/`.",
        pattern=r"[^/\\\n]+", default="letter", examples=["letter", "plain"]),
    Key("colors", SettingKind.BLOCK, "Changes to the theme's colours: `#rrggbb`, in quotes.", of="colors"),
    Key("fonts", SettingKind.BLOCK, "Font stacks.", of="fonts"),
    Key("logo", SettingKind.PICTURE, "A picture file, from the workspace's folder."),
    Key("logo_dark", SettingKind.PICTURE, "The logo by night."),
    Key("logo_alt", SettingKind.LINE, "What the logo says, for who does not see it."),
    Key("logo_width", SettingKind.NUMBER, "In pixels as shown; else as the picture is, at most 200 wide and 96 high.",
        least=16, most=640),
    Key("width", SettingKind.NUMBER, "Of the letter, in pixels; else the look's: 640.", least=320, most=960),
    Key("radius", SettingKind.NUMBER, "Of corners, in pixels; else the look's.", least=0, most=24),
)
COLORS = (
    Key("light", SettingKind.COLOURS, "By day.", of="tokens"),
    Key("dark", SettingKind.COLOURS, "By night.", of="tokens"),
)
TOKENS = tuple(
    Key(token, SettingKind.LINE, about, pattern=COLOUR, check=colour_flaw)
    for token, about in (
        ("paper", "Around the letter."),
        ("card", "The letter's own ground."),
        ("ink", "The text."),
        ("soft", "What is said quietly: captions, dates."),
        ("rule", "Lines between parts."),
        ("tint", "Behind callouts."),
        ("accent", "Links and buttons."),
        ("on_accent", "The text of buttons."),
    )
)
"""What a publication may give a colour."""
FONTS = tuple(
    Key(token, SettingKind.LINE, "Names separated by commas.",
        pattern=FONT_STACK, check=_font_flaw, examples=["Georgia, serif"])
    for token in ("serif", "sans", "mono")
)
WEB = (
    Key("search", SettingKind.WORD,
        "`pagefind`: a search page (`pip install 'newsletter-press[search]'`), with a search field on the index.",
        choices=SEARCHES, default="none"),
    Key("social", SettingKind.WORD,
        "What link previews show: the `cover`, and a drawn card for an issue without one; always a `card`; or `none` but covers.",
        choices=SOCIAL, default="cover"),
    Key("license", SettingKind.LINE, "Under which letters may be used, by name.", examples=["CC BY 4.0"]),
    Key("license_url", SettingKind.ADDRESS, "Where that license stands.",
        examples=["https://creativecommons.org/licenses/by/4.0/"]),
    Key("form", SettingKind.BLOCK, "The form of your mailing service, in which readers subscribe; without it, a button leads to `subscribe_url`.",
        of="form"),
)
FORM = (
    Key("action", SettingKind.ADDRESS, "Where the form is sent: the `action` of the form that the service gives you.",
        examples=["https://buttondown.com/api/emails/embed-subscribe/letters"]),
    Key("field", SettingKind.LINE, "What the service calls the field of the email address.",
        field="email_field", default="email", examples=["email", "email_address", "EMAIL"]),
    Key("hidden", SettingKind.VALUES, "The hidden fields of the service's form, each with its value."),
)
FEEDS = (
    Key("entries", SettingKind.NUMBER, "How many of the newest issues the feeds hold.", least=1, most=1000, default=20),
    Key("tag", SettingKind.LINE,
        "A domain, and a year in which it was yours: the first half of every entry's permanent id (RFC 4151). Set it once.",
        pattern=ENTITY, check=tag_entity_flaw, examples=["letters.example,2024"]),
    Key("by", SettingKind.CHOICES, "Further feeds, one for each tag, author or language.",
        choices=FEED_GROUPS, examples=[["tag", "author"]]),
    Key("hubs", SettingKind.ADDRESSES, "WebSub hubs, which tell feed readers of a new issue at once; `newsletter feed ping` tells them.",
        examples=[["https://hub.example/"]]),
    Key("campaign", SettingKind.WORD, "The mailing service that makes a letter of each new issue in `feeds/campaign.xml`.",
        choices=CAMPAIGN_SERVICES),
    Key("podcast", SettingKind.BLOCK, "What directories of podcasts want to know, where issues have recordings.", of="podcast"),
)
PODCAST = (
    Key("category", SettingKind.LINE, "One of Apple's categories; one within it behind a `>`.",
        check=category_flaw, examples=["Society & Culture", "Society & Culture > Documentary"]),
    Key("explicit", SettingKind.FLAG, "Whether it is not for children.", default=False),
    Key("image", SettingKind.ADDRESS, "A square picture of 1,400 to 3,000 pixels, PNG or JPEG."),
)
EMAIL_KEYS = (
    Key("warn_at", SettingKind.NUMBER, "From how many KB on an email is nearly too large.", least=10, most=1000, default=85),
    Key("limit", SettingKind.NUMBER, "The KB (1,024 bytes) at which Gmail cuts an email.", least=10, most=1000, default=102),
    Key("link_growth", SettingKind.NUMBER, "Bytes that the service adds to each link, to count clicks.",
        least=0, most=1000, default=75),
    Key("section", SettingKind.NUMBER, "The KB that a single section may weigh.", least=1, most=1000, examples=[30]),
    Key("clients", SettingKind.CLIENTS,
        "What your readers read in: percent by email client, or by all of a family, such as `gmail`. Without any, an estimate counts.",
        examples=[{"apple-mail": 45, "gmail": 30, "outlook-windows": 10}]),
    Key("least_readers", SettingKind.NUMBER, "What fewer readers than this percentage would notice is not told.",
        least=0, most=100, default=LEAST_READERS),
)
TEXT = (
    Key("links", SettingKind.LINE,
        "Where the addresses stand: under each item (and under each screenful of a long one), under each section, or at the end.",
        pattern=r"item|section|end", check=_links_flaw, default="item", examples=["item", "section", "end"]),
)
ARCHIVE = (
    Key("redirects", SettingKind.WORD,
        "The host that public/ stands on, if it takes a file of redirects: `netlify` and `cloudflare` (_redirects), `apache` (.htaccess).",
        choices=REDIRECTS, default="none"),
    Key("paid_in_git", SettingKind.FLAG,
        "That archive/paid/, what only paying readers got, may be kept in git: when nobody else reads the repository.", default=False),
)
SMTP = (
    Key("host", SettingKind.LINE, "Its name, without the port.", required=True, check=host_flaw, examples=["smtp.letters.example"]),
    Key("port", SettingKind.NUMBER, "Without it 587, or 465 with `security: tls`.", least=1, most=65535, examples=[587, 465]),
    Key("security", SettingKind.WORD,
        "`starttls`: encrypted from the first command on; `tls`: from the first byte on; `none`: for a server on this machine alone.",
        choices=MAIL_SECURITY),
    Key("user", SettingKind.LINE, "Who logs in. The password is never here: `newsletter login smtp` keeps it, or NEWSLETTER_SMTP_PASSWORD holds it."),
)
LINKS = (
    Key("keep_parameters", SettingKind.WORDS,
        "Tracking parameters that stay, as a sponsor counts by them (`utm_*`: all that begin so), or domains whose links keep theirs.",
        examples=[["utm_source", "sponsor.example"]]),
    Key("utm", SettingKind.BLOCK, "Campaign parameters, which exports put behind the addresses of a letter.", of="utm"),
)
CAMPAIGN = (
    Key("source", SettingKind.LINE, "`utm_source`: who sends readers on.", examples=["the-lock-keeper"]),
    Key("medium", SettingKind.LINE, "`utm_medium`.", examples=["email"]),
    Key("campaign", SettingKind.LINE,
        "`utm_campaign`; `{slug}`, `{number}`, `{date}`, `{service}` and `{edition}` are filled in.", examples=["{slug}"]),
)
UTM = (
    Key("source", SettingKind.LINE, "`utm_source`: who sends readers on. Without it, links are left as they are.",
        examples=["the-lock-keeper"]),
    Key("medium", SettingKind.LINE, "`utm_medium`.", default="email", examples=["email"]),
    Key("campaign", SettingKind.LINE,
        "`utm_campaign`; `{slug}`, `{number}`, `{date}`, `{service}` and `{edition}` are filled in.",
        default="{slug}", examples=["{slug}"]),
    Key("content", SettingKind.WORD, "What `utm_content` tells of the place of a link: its section and item, its section, or nothing.",
        choices=CONTENTS, default="item"),
    Key("leave_out", SettingKind.HOSTS, "Hosts whose addresses are left as they are, with all below them.",
        examples=[["shop.example"]]),
    Key("services", SettingKind.CAMPAIGNS, "What differs by mailing service, by its name in `newsletter services`.", of="campaign"),
    Key("editions", SettingKind.BLOCK, "What differs by edition.", of="campaign_editions"),
)
CAMPAIGN_EDITIONS = tuple(
    Key(edition, SettingKind.BLOCK, about, of="campaign")
    for edition, about in (("free", "For the letter of all readers."), ("paid", "For that of paying ones."))
)
CHECK = (
    Key("select", SettingKind.RULES, "Only these rules, by code or prefix; empty: all."),
    Key("ignore", SettingKind.RULES, "All rules but these, by code or prefix.", examples=[["FG102"]]),
    Key("severity", SettingKind.WEIGHTS, "The weight of rules, by code or prefix.", field="severities"),
)
_LISTS = Key("lists", SettingKind.WORDS, "The lists that get it, by id.")
_SEGMENTS = Key("segments", SettingKind.WORDS, "The segments that get it, by id.")
_TAGS = Key("tags", SettingKind.WORDS, "Readers with any of these tags get it, by id; without, all do.")
_URL = Key("url", SettingKind.ADDRESS, "Where it runs.", required=True, examples=["https://lists.letters.example"])
_TEMPLATE = Key("template", SettingKind.NUMBER, "The template that the letter is put into, by id.", least=0)
SERVICE_KEYS: Mapping[str, tuple[Key, ...]] = {
    "mailchimp": (
        Key("list", SettingKind.LINE, "The audience, by id.", examples=["a1b2c3d4e5"]),
        Key("segment", SettingKind.NUMBER, "A saved segment of it, by id.", least=0),
    ),
    "buttondown": (
        replace(_TAGS, examples=[["sub_tag_0j6hb7h40j6hb7h40j6hb7h40j"]]),
        Key("newsletter", SettingKind.LINE, "Which of several newsletters of the account, by id."),
    ),
    "listmonk": (_URL, _LISTS, _TEMPLATE),
    "ghost": (
        _URL,
        Key("visibility", SettingKind.WORD, "Who may read the post on the web.", choices=("public", "members", "paid")),
        Key("newsletter", SettingKind.LINE, "The newsletter that sends it, by its slug, for --schedule.", examples=["default-newsletter"]),
        Key("segment", SettingKind.LINE, "Which of its members get it by email, for --schedule; without, all do.",
            examples=["status:free", "status:-free"]),
        Key("canonical", SettingKind.FLAG, "Whether the post says that the letter's own page is the original."),
    ),
    "kit": (
        _SEGMENTS, _TAGS,
        Key("everyone", SettingKind.FLAG, "That all subscribers are meant, where no segment and no tag is named."),
        _TEMPLATE,
    ),
    "brevo": (_LISTS, _SEGMENTS),
    "sendgrid": (
        _LISTS, _SEGMENTS,
        Key("sender", SettingKind.NUMBER, "The verified sender, by id.", least=0),
        Key("suppression_group", SettingKind.NUMBER, "The unsubscribe group, by id.", least=0),
    ),
    "mailgun": (
        Key("domain", SettingKind.LINE, "The sending domain, under which the template is kept.", required=True,
            check=host_flaw, examples=["mg.letters.example"]),
        Key("region", SettingKind.WORD, "Where the domain is kept; without, in the United States.", choices=("us", "eu")),
    ),
    "postmark": (),
    "ses": (
        Key("region", SettingKind.LINE, "The region of AWS.", required=True, pattern=REGION,
            check=_region_flaw, examples=["eu-central-1"]),
    ),
    "mailerlite": (Key("groups", SettingKind.WORDS, "The groups that get it, by id."), _SEGMENTS),
    "klaviyo": (Key("audiences", SettingKind.WORDS, "The lists or segments that get it, by id."),),
    "campaign-monitor": (
        Key("client", SettingKind.LINE, "The client whose campaign it is, by id.", required=True),
        _LISTS, _SEGMENTS,
    ),
    "resend": (
        Key("segment", SettingKind.LINE, "The segment that gets it, by id."),
        Key("topic", SettingKind.LINE, "The topic that readers can leave, by id."),
    ),
    "beehiiv": (
        Key("publication", SettingKind.LINE, "The publication, by id.", examples=["pub_01234567-89ab-cdef-0123-456789abcdef"]),
        Key("template", SettingKind.LINE, "The template that the letter is put into, by id."),
    ),
    "mailcoach": (
        _URL,
        Key("list", SettingKind.LINE, "The list that gets it, by its UUID.", required=True),
        Key("segment", SettingKind.LINE, "A segment of it, by its UUID."),
    ),
    "keila": (
        _URL,
        Key("sender", SettingKind.LINE, "The sender, by id.", required=True, examples=["ms_12345"]),
        Key("segment", SettingKind.LINE, "The segment that gets it, by id.", examples=["sgm_12345"]),
        Key("everyone", SettingKind.FLAG, "That all contacts are meant, where no segment is named."),
    ),
}
"""What can be said of each service that drafts are pushed to."""
# fmt: on
BLOCKS = {
    "sender": SENDER,
    "author": AUTHOR,
    "sponsor": SPONSOR,
    "theme": THEME,
    "colors": COLORS,
    "tokens": TOKENS,
    "fonts": FONTS,
    "web": WEB,
    "form": FORM,
    "feeds": FEEDS,
    "podcast": PODCAST,
    "email": EMAIL_KEYS,
    "text": TEXT,
    "links": LINKS,
    "archive": ARCHIVE,
    "smtp": SMTP,
    "utm": UTM,
    "campaign": CAMPAIGN,
    "campaign_editions": CAMPAIGN_EDITIONS,
    "check": CHECK,
}
