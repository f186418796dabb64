"""The records of newsletter.yaml, and the rows of its keys.

The loader and the JSON Schema read the rows. To add a key, write its row, a field in its record, and the code that uses
the field.
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
    """The look, and the design tokens that a publication changes. Colours are `#rrggbb`."""

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
    """The displayed width in CSS pixels; 0 for the width of the picture, at most 200."""
    width: int = 0
    """The width of the card, in CSS pixels; 0 for that of the look."""
    radius: int | None = None
    """The radius of corners, in CSS pixels; None for that of the look."""


FEED_GROUPS = ("tag", "author", "language")
"""The properties by which issues can be grouped. Each group has feeds of its own."""
CAMPAIGN_SERVICES = ("mailchimp", "kit", "buttondown", "mailerlite")
"""The mailing services that can send a letter for each new entry of a feed."""


@dataclass(frozen=True, slots=True)
class PodcastSettings:
    """The details of a feed with recordings that podcast directories require and that no other setting gives."""

    category: str = ""
    """One of Apple's categories, `Society & Culture`, or one with a subcategory, `Society & Culture > Documentary`."""
    explicit: bool = False
    image: str = ""
    """The address of a square picture of 1,400 to 3,000 pixels; empty: there is none."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    entries: int = 20
    """The number of newest issues in the feeds."""
    tag: str = ""
    """The tagging entity of RFC 4151, `letters.example,2024`: a domain, and a date on which the publication had it."""
    by: tuple[str, ...] = ()
    """The groups that have feeds of their own, besides the feed of all issues: some of FEED_GROUPS."""
    hubs: tuple[str, ...] = ()
    """Addresses of WebSub hubs, which notify readers of a new issue at once."""
    campaign: str = ""
    """The service that sends letters from a feed of their own: one of CAMPAIGN_SERVICES; empty if none does."""
    podcast: PodcastSettings = field(default_factory=PodcastSettings)


SEARCHES = ("none", "pagefind")
"""The kinds of search in the web archive: none, or Pagefind (the extra `search`)."""
SOCIAL = ("cover", "card", "none")
"""The picture in link previews: the cover, or a drawn card if there is none; always a card; or only a cover."""


@dataclass(frozen=True, slots=True)
class SubscribeForm:
    """The form of a mailing service, in which readers of the web archive subscribe."""

    action: str = ""
    """The address that the form is sent to; empty if there is no form."""
    email_field: str = "email"
    """The service's name for the field of the email address."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Its hidden fields, by name."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The web archive."""

    search: str = "none"
    """The kind of search: one of SEARCHES."""
    social: str = "cover"
    """The picture in link previews: one of SOCIAL."""
    license: str = ""
    """The name of the license of the letters: `CC BY 4.0`; empty if none is stated."""
    license_url: str = ""
    form: SubscribeForm = field(default_factory=SubscribeForm)


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """The size limits of the email, in KB of 1,024 bytes, and the email clients of the readers."""

    warn_at: int = 85
    """The size from which an email is reported as nearly too large."""
    limit: int = 102
    """The size at which Gmail cuts the email."""
    link_growth: int = 75
    """Bytes that a service adds to each link when it rewrites them to count clicks."""
    section: int = 0
    """The largest size of a section; 0: no limit."""
    clients: Mapping[str, int] = field(default_factory=dict)
    """Percent of the readers by email client or family (see config/clients.py); empty for our own estimate."""
    least_readers: int = LEAST_READERS
    """Problems that affect fewer readers than this percentage are not reported."""


SLUGS = ("unicode", "ascii")
"""The characters in slugs: letters of any script, or only those of ASCII."""
LINK_PLACES = ("item", "section", "end")
"""The places where the plain text lists the addresses of its links, the nearest first."""


@dataclass(frozen=True, slots=True)
class TextSettings:
    links: str = "item"
    """The part of the plain text after which addresses are listed: one of LINK_PLACES."""


REDIRECTS = ("none", "netlify", "cloudflare", "apache")
"""The hosts for which a file of redirects can be written, beside the pages that redirect."""


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """The settings for published issues in archive/ and on the web."""

    redirects: str = "none"
    """The host for the file of redirects: one of REDIRECTS."""
    paid_in_git: bool = False
    """Whether archive/paid/ may be in git."""


@dataclass(frozen=True, slots=True)
class CampaignNames:
    """The values of campaign parameters. An empty one is inherited from the level above."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    """May hold `{slug}`, `{number}`, `{date}`, `{service}` and `{edition}`."""


@dataclass(frozen=True, slots=True)
class EditionCampaigns:
    """The campaign parameters that differ by edition."""

    free: CampaignNames = field(default_factory=CampaignNames)
    paid: CampaignNames = field(default_factory=CampaignNames)


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """The campaign parameters of links, set at export."""

    source: str = ""
    """The value of `utm_source`; if empty, links are not changed."""
    medium: str = "email"
    campaign: str = "{slug}"
    content: str = "item"
    """The content of `utm_content`: one of CONTENTS."""
    leave_out: tuple[str, ...] = ()
    """Hosts whose links, and those of their subdomains, are not changed."""
    services: Mapping[str, CampaignNames] = field(default_factory=dict)
    editions: EditionCampaigns = field(default_factory=EditionCampaigns)


CONTENTS = ("item", "section", "none")


@dataclass(frozen=True, slots=True)
class LinkSettings:
    keep_parameters: tuple[str, ...] = ()
    """Tracking parameters that are kept in addresses, and domains whose links keep all of theirs."""
    utm: CampaignSettings = field(default_factory=CampaignSettings)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The settings of a mailing service in newsletter.yaml: its audiences, and the values that its API needs."""

    free: Mapping[str, object] = field(default_factory=dict)
    """The settings for the letter that all readers get, by key."""
    paid: Mapping[str, object] | None = None
    """The settings for the letter of paying readers: as `free`, with the values of `paid:` instead; None without `paid:`."""


MAIL_SECURITY = ("starttls", "tls", "none")
"""The kinds of protection of the connection to a mail server. `none` is only allowed on this machine."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server for test emails."""

    host: str = ""
    """The host; empty if there is no server."""
    port: int = 0
    """The port; 0 for the usual one."""
    security: str = ""
    """The protection of the connection: one of MAIL_SECURITY; empty for the default of the port."""
    user: str = ""
    """The user name for the login; empty: no login."""


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A sponsor, by the key that issues use."""

    key: str
    name: str
    url: str = ""
    text: str = ""
    """The text in Markdown. The issue's own text replaces it."""
    picture: str = ""
    """A file, relative to the workspace."""
    alt: str = ""
    """The alt text of the picture; empty for the name of the sponsor."""
    booked: tuple[str, ...] = ()
    """The issues that it is booked for, each by number, ISO date or name."""
    until: str = ""
    """The last day, as an ISO date, on which the web page shows it; empty: forever."""
    utm: CampaignNames = field(default_factory=CampaignNames)
    """Its own campaign parameters."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The publication, as newsletter.yaml describes it."""

    title: str
    url: str
    """The web address of public/. It always ends in "/"."""
    sender: Sender
    description: str = ""
    language: str = "en"
    """BCP 47."""
    address_form: str = ""
    """The form in which fixed words address readers, `formal` or `informal`; empty for the default of each language."""
    timezone: str = "UTC"
    """IANA name. It applies to dates without a time zone."""
    address: str = ""
    """The postal address that the law requires in mass mail (CAN-SPAM and similar laws)."""
    reason: str = ""
    """Why the reader gets this: "You get this because you subscribed at letters.example."; empty for the theme's words."""
    subscribe_url: str = ""
    paid_url: str = ""
    """The address of the files that only paying readers get; ends in "/"; empty if the tool does not know one."""
    kind: str = ""
    """The default kind of an issue."""
    issue_limit: int = 2
    """The largest size of an issue, in megabytes (1,000,000 bytes)."""
    slugs: str = "unicode"
    """The characters in the addresses of new issues: one of SLUGS."""
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
    """The settings of each service, by its name."""

    @property
    def largest_issue(self) -> int:
        """The largest size of an issue, in bytes."""
        return self.issue_limit * 1_000_000


@dataclass(frozen=True, slots=True)
class Workspace:
    """A publication and where it is on disk."""

    root: Path
    publication: Publication
    select: tuple[str, ...] = ()
    """Prefixes of rules to run; empty: all."""
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    """Severity by rule code or prefix: error, warning, off."""
    spans: Mapping[tuple[str | int, ...], Span] = field(default_factory=lambda: {(): NOWHERE})
    """The span of each value of newsletter.yaml, by its path."""


class SettingKind(StrEnum):
    """The kinds of values in newsletter.yaml."""

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
    SEVERITIES = "severity by rule"
    SERVICES = "a block for each mailing service"
    FLAG = "true or false"
    VALUES = "texts by name"


SEVERITIES = ("error", "warning", "off")
CLIENT_KEYS = tuple(dict.fromkeys(key for client in CLIENTS for key in (client.family, client.key)))
"""The keys that can have a share: a client, or a family of clients."""

# Some requirements are only checked by the tool: a possible host, an IANA time zone, an existing file.
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
    """The problem with a name in a From header; None if it can be there as people write it."""
    return Flaw("contains an address", "Write the name alone.") if re.search(r"[<>@]", value) else None


def _kind_flaw(value: str) -> Flaw | None:
    return None if KIND_NAME.fullmatch(value) else Flaw("is not a kind", "Write a folder's name, as in briefing.")


def _font_flaw(value: str) -> Flaw | None:
    if FONT_STACK.fullmatch(value):
        return None
    return Flaw("is not a list of fonts", "Separate the names by commas, as in Georgia, 'Times New Roman', serif.")


def rule_flaw(value: str) -> Flaw | None:
    """The problem with the code of a rule; None for a possible code, or the beginning of one."""
    if RULE.fullmatch(value):
        return None
    return Flaw("is not a rule", "Write a code such as ST104, or the start of one, such as ST1 or ST.")


def _day_flaw(value: str) -> Flaw | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return Flaw("is not a date", "Write year, month and day, as in 2026-12-31.")
    return None


def _links_flaw(value: str) -> Flaw | None:
    if value in LINK_PLACES:
        return None
    return Flaw("is not a place for links", f"Write {', '.join(LINK_PLACES[:-1])} or {LINK_PLACES[-1]}.")


def _region_flaw(value: str) -> Flaw | None:
    if re.fullmatch(REGION, value):
        return None
    return Flaw("is not an AWS region", "Write it as the AWS console shows it, as in eu-central-1.")


def folder_flaw(value: str) -> Flaw | None:
    """The problem with the address of a folder; None for a web address to which paths can be added."""
    if "?" in value or "#" in value:
        return Flaw("has a query or an anchor in it", "Write only the address where the folder public/ is served.")
    return web_address_flaw(value)


UNEXPLAINED = frozenset({header_flaw, _kind_flaw, _font_flaw, _links_flaw, _day_flaw})
"""Checks whose messages editors do not show."""

# One to three lines for each key, as in a table; the formatter would make ten of some.
# fmt: off
PUBLICATION = (
    Key("title", SettingKind.LINE, "What the publication is called.", required=True, examples=["The Lock Keeper"]),
    Key("url", SettingKind.FOLDER,
        "Where the folder `public/` is served; a path is fine. Addresses in emails and feeds begin with it.",
        required=True, examples=["https://letters.example/"]),
    Key("sender", SettingKind.BLOCK, "The From and Reply-To addresses of the email.", of="sender", required=True),
    Key("description", SettingKind.LINES, "What readers get and how often, for feeds and the archive."),
    Key("language", SettingKind.LINE, "BCP 47 tag for issues without a `language`.",
        pattern=LANGUAGE, check=language_flaw, default="en", examples=["en", "nl", "pt-BR"]),
    Key("address_form", SettingKind.WORD,
        "How fixed texts address readers: *vous* or *tu*, *Sie* or *du*. Default: what is usual in the language.",
        choices=ADDRESS_FORMS),
    Key("timezone", SettingKind.LINE, "IANA name of the time zone for dates without one.",
        pattern=r"[A-Za-z0-9_+/-]+", check=timezone_flaw, default="UTC", examples=["UTC", "Europe/Brussels", "America/New_York"]),
    Key("address", SettingKind.LINES, "The postal address. Most countries require one in mass email."),
    Key("reason", SettingKind.LINES, "Why the reader gets this email, for the footer. Default: the theme's text."),
    Key("subscribe_url", SettingKind.ADDRESS, "Where readers subscribe. Without it there is no subscribe box."),
    Key("paid_url", SettingKind.FOLDER,
        "Where you serve pictures and files for paying readers. They are never in the web archive.",
        examples=["https://members.letters.example/"]),
    Key("kind", SettingKind.LINE, "The kind of issues without a `kind`: a folder in `templates/`.",
        pattern=KIND_NAME, check=_kind_flaw, examples=["briefing"]),
    Key("issue_limit", SettingKind.NUMBER, "The largest size of one issue's Markdown, in megabytes. Larger issues are not read.",
        least=1, most=ISSUE_LIMIT // 1_000_000, default=2),
    Key("slugs", SettingKind.WORD,
        "The characters in addresses that `newsletter new` makes: `unicode` for letters of any script, or `ascii` for systems that accept nothing else.",
        choices=SLUGS, default="unicode"),
    Key("authors", SettingKind.AUTHORS, "The authors, each under the key that issues use in `authors: [marit]`.", of="author"),
    Key("sponsors", SettingKind.SPONSORS, "The sponsors, each under the key that issues use in `::: sponsor KEY`.", of="sponsor"),
    Key("fields", SettingKind.FIELDS,
        "More personal fields, each with its fallback: `company: your company`.",
        field="personal_fields", pattern=FIELD_NAME, taken=SERVICE_TOKENS),
    Key("theme", SettingKind.THEME, "The look: logo, widths, fonts and colours.", of="theme"),
    Key("web", SettingKind.BLOCK, "The web archive.", of="web"),
    Key("feeds", SettingKind.BLOCK, "RSS, Atom and JSON Feed.", of="feeds"),
    Key("email", SettingKind.BLOCK, "Size limits of the email, and your readers' email clients.", of="email"),
    Key("text", SettingKind.BLOCK, "The plain-text part of the email.", of="text"),
    Key("links", SettingKind.BLOCK, "The links of a letter.", of="links"),
    Key("archive", SettingKind.BLOCK, "How published issues are stored.", of="archive"),
    Key("smtp", SettingKind.BLOCK, "The server that `newsletter send` hands test emails to.", of="smtp"),
    Key("services", SettingKind.SERVICES, "Who gets the letter at each mailing service, for `newsletter push`. API keys never go here."),
    Key("check", SettingKind.BLOCK, "Which rules apply, and their severity.", of="check"),
)
SENDER = (
    Key("name", SettingKind.LINE, "As inboxes show it.", required=True, pattern=r"[^<>@\n]+", check=header_flaw),
    Key("email", SettingKind.LINE, "The address alone.",
        required=True, pattern=EMAIL, check=email_flaw, examples=["letters@letters.example"]),
    Key("reply_to", SettingKind.LINE, "Where replies go. Default: `email`.", pattern=EMAIL, check=email_flaw),
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
    Key("text", SettingKind.LINES, "Its text, as Markdown. An issue can replace it."),
    Key("picture", SettingKind.PICTURE, "A file, from the workspace's folder."),
    Key("alt", SettingKind.LINE, "What the picture shows. Default: the name."),
    Key("booked", SettingKind.WORDS, "The issues it is booked for, each by number, date or name.", examples=[["14", "2026-11-30"]]),
    Key("until", SettingKind.LINE, "The last day on which the web page shows it. Emails and feeds keep it.",
        pattern=DAY, check=_day_flaw, examples=["2026-12-31"]),
    Key("utm", SettingKind.BLOCK, "Campaign parameters for its links, if they differ from those under `links`.", of="campaign"),
)
THEME = (
    Key("look", SettingKind.LOOK,
        "A set of design tokens: `letter` (a serif on paper), `plain` (a sans on white), or your own file in `templates/theme/looks/`.",
        pattern=r"[^/\\\n]+", default="letter", examples=["letter", "plain"]),
    Key("colors", SettingKind.BLOCK, "Changes to the theme's colours: `#rrggbb`, in quotes.", of="colors"),
    Key("fonts", SettingKind.BLOCK, "Font stacks.", of="fonts"),
    Key("logo", SettingKind.PICTURE, "A picture file, from the workspace's folder."),
    Key("logo_dark", SettingKind.PICTURE, "The logo in dark mode."),
    Key("logo_alt", SettingKind.LINE, "The alt text of the logo."),
    Key("logo_width", SettingKind.NUMBER, "Displayed size in pixels. Default: the picture's size, at most 200 wide and 96 high.",
        least=16, most=640),
    Key("width", SettingKind.NUMBER, "Width of the letter in pixels. Default: the look's, 640.", least=320, most=960),
    Key("radius", SettingKind.NUMBER, "Radius of corners in pixels. Default: the look's.", least=0, most=24),
)
COLORS = (
    Key("light", SettingKind.COLOURS, "Colours in light mode.", of="tokens"),
    Key("dark", SettingKind.COLOURS, "Colours in dark mode.", of="tokens"),
)
TOKENS = tuple(
    Key(token, SettingKind.LINE, about, pattern=COLOUR, check=colour_flaw)
    for token, about in (
        ("paper", "Around the letter."),
        ("card", "The background of the letter."),
        ("ink", "The text."),
        ("soft", "Secondary text: captions, dates."),
        ("rule", "Lines between parts."),
        ("tint", "The background of callouts."),
        ("accent", "Links and buttons."),
        ("on_accent", "The text of buttons."),
    )
)
"""The colours that a publication can change."""
FONTS = tuple(
    Key(token, SettingKind.LINE, "Names separated by commas.",
        pattern=FONT_STACK, check=_font_flaw, examples=[example])
    for token, example in (
        ("serif", "Georgia, serif"),
        ("sans", "Arial, sans-serif"),
        ("mono", "Consolas, monospace"),
    )
)
WEB = (
    Key("search", SettingKind.WORD,
        "`pagefind`: a search page (`pip install 'newsletter-press[search]'`), with a search field on the index.",
        choices=SEARCHES, default="none"),
    Key("social", SettingKind.WORD,
        "What link previews show. `cover`: the cover, or a drawn card if there is none; `card`: always a card; `none`: only covers.",
        choices=SOCIAL, default="cover"),
    Key("license", SettingKind.LINE, "The license of your letters, by name.", examples=["CC BY 4.0"]),
    Key("license_url", SettingKind.ADDRESS, "The address of that license.",
        examples=["https://creativecommons.org/licenses/by/4.0/"]),
    Key("form", SettingKind.BLOCK, "The subscribe form of your mailing service. Without it, a button links to `subscribe_url`.",
        of="form"),
)
FORM = (
    Key("action", SettingKind.ADDRESS, "The `action` of the form that the service gives you.",
        examples=["https://buttondown.com/api/emails/embed-subscribe/letters"]),
    Key("field", SettingKind.LINE, "The service's name for the email field.",
        field="email_field", default="email", examples=["email", "email_address", "EMAIL"]),
    Key("hidden", SettingKind.VALUES, "The hidden fields of the service's form, each with its value."),
)
FEEDS = (
    Key("entries", SettingKind.NUMBER, "How many of the newest issues are in the feeds.", least=1, most=1000, default=20),
    Key("tag", SettingKind.LINE,
        "A domain and a year in which you owned it: the first half of each entry's permanent id (RFC 4151). Set it once.",
        pattern=ENTITY, check=tag_entity_flaw, examples=["letters.example,2024"]),
    Key("by", SettingKind.CHOICES, "More feeds: one for each tag, author or language.",
        choices=FEED_GROUPS, examples=[["tag", "author"]]),
    Key("hubs", SettingKind.ADDRESSES, "WebSub hubs, which tell feed readers about new issues at once. `newsletter feed ping` notifies them.",
        examples=[["https://hub.example/"]]),
    Key("campaign", SettingKind.WORD, "The mailing service that sends each new issue from `feeds/campaign.xml`.",
        choices=CAMPAIGN_SERVICES),
    Key("podcast", SettingKind.BLOCK, "Details for podcast directories, if issues have recordings.", of="podcast"),
)
PODCAST = (
    Key("category", SettingKind.LINE, "One of Apple's categories, with a subcategory after a `>`.",
        check=category_flaw, examples=["Society & Culture", "Society & Culture > Documentary"]),
    Key("explicit", SettingKind.FLAG, "Whether it has explicit content.", default=False),
    Key("image", SettingKind.ADDRESS, "A square picture of 1,400 to 3,000 pixels, PNG or JPEG."),
)
EMAIL_KEYS = (
    Key("warn_at", SettingKind.NUMBER, "The size in KB from which an email is nearly too large.", least=10, most=1000, default=85),
    Key("limit", SettingKind.NUMBER, "The KB (1,024 bytes) at which Gmail cuts an email.", least=10, most=1000, default=102),
    Key("link_growth", SettingKind.NUMBER, "Bytes that the service adds to each link to count clicks.",
        least=0, most=1000, default=75),
    Key("section", SettingKind.NUMBER, "The largest size of one section, in KB.", least=1, most=1000, examples=[30]),
    Key("clients", SettingKind.CLIENTS,
        "The email clients of your readers: the percentage for each client or family, such as `gmail`. Default: an estimate.",
        examples=[{"apple-mail": 45, "gmail": 30, "outlook-windows": 10}]),
    Key("least_readers", SettingKind.NUMBER, "Problems that affect a smaller percentage of readers are not reported.",
        least=0, most=100, default=LEAST_READERS),
)
TEXT = (
    Key("links", SettingKind.LINE,
        "Where link addresses go: under each item (and under each screenful of a long one), under each section, or at the end.",
        pattern=r"item|section|end", check=_links_flaw, default="item", examples=["item", "section", "end"]),
)
ARCHIVE = (
    Key("redirects", SettingKind.WORD,
        "The web host of public/, if it supports a file of redirects: `netlify` and `cloudflare` (_redirects), `apache` (.htaccess).",
        choices=REDIRECTS, default="none"),
    Key("paid_in_git", SettingKind.FLAG,
        "Whether archive/paid/ (what only paying readers got) may be in git. Use it only if the repository is private.", default=False),
)
SMTP = (
    Key("host", SettingKind.LINE, "Its name, without the port.", required=True, check=host_flaw, examples=["smtp.letters.example"]),
    Key("port", SettingKind.NUMBER, "Default: 587, or 465 with `security: tls`.", least=1, most=65535, examples=[587, 465]),
    Key("security", SettingKind.WORD,
        "`starttls`: encrypted after the first command; `tls`: encrypted from the first byte; `none`: only for a server on this machine.",
        choices=MAIL_SECURITY),
    Key("user", SettingKind.LINE, "The user name. The password never goes here: store it with `newsletter login smtp`, or set NEWSLETTER_SMTP_PASSWORD."),
)
LINKS = (
    Key("keep_parameters", SettingKind.WORDS,
        "Tracking parameters to keep, for example for a sponsor (`utm_*`: all with this prefix), or domains whose links keep theirs.",
        examples=[["utm_source", "sponsor.example"]]),
    Key("utm", SettingKind.BLOCK, "Campaign parameters that exports add to links.", of="utm"),
)
CAMPAIGN = (
    Key("source", SettingKind.LINE, "`utm_source`: where readers come from.", examples=["the-lock-keeper"]),
    Key("medium", SettingKind.LINE, "`utm_medium`.", examples=["email"]),
    Key("campaign", SettingKind.LINE,
        "`utm_campaign`; `{slug}`, `{number}`, `{date}`, `{service}` and `{edition}` are filled in.", examples=["{slug}"]),
)
UTM = (
    Key("source", SettingKind.LINE, "`utm_source`: where readers come from. Without it, links are not changed.",
        examples=["the-lock-keeper"]),
    Key("medium", SettingKind.LINE, "`utm_medium`.", default="email", examples=["email"]),
    Key("campaign", SettingKind.LINE,
        "`utm_campaign`; `{slug}`, `{number}`, `{date}`, `{service}` and `{edition}` are filled in.",
        default="{slug}", examples=["{slug}"]),
    Key("content", SettingKind.WORD, "What `utm_content` contains: the link's section and item, its section, or nothing.",
        choices=CONTENTS, default="item"),
    Key("leave_out", SettingKind.HOSTS, "Hosts, with their subdomains, whose links are not changed.",
        examples=[["shop.example"]]),
    Key("services", SettingKind.CAMPAIGNS, "Different values by mailing service, under its name in `newsletter services`.", of="campaign"),
    Key("editions", SettingKind.BLOCK, "Different values by edition.", of="campaign_editions"),
)
CAMPAIGN_EDITIONS = tuple(
    Key(edition, SettingKind.BLOCK, about, of="campaign")
    for edition, about in (("free", "For the free edition."), ("paid", "For the paid edition."))
)
CHECK = (
    Key("select", SettingKind.RULES, "Use only these rules, by code or prefix. Empty: all rules."),
    Key("ignore", SettingKind.RULES, "Do not use these rules, by code or prefix.", examples=[["FG102"]]),
    Key("severity", SettingKind.SEVERITIES, "The severity of rules, by code or prefix.", field="severities"),
)
_LISTS = Key("lists", SettingKind.WORDS, "The lists that get it, by id.")
_SEGMENTS = Key("segments", SettingKind.WORDS, "The segments that get it, by id.")
_TAGS = Key("tags", SettingKind.WORDS, "Readers with any of these tags get it, by id. Default: all readers.")
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
        Key("segment", SettingKind.LINE, "The members who get it by email, for --schedule. Default: all members.",
            examples=["status:free", "status:-free"]),
        Key("canonical", SettingKind.FLAG, "Whether the post names the letter's own page as the canonical address."),
    ),
    "kit": (
        _SEGMENTS, _TAGS,
        Key("everyone", SettingKind.FLAG, "Send to all subscribers. Required if there is no segment and no tag."),
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
        Key("region", SettingKind.WORD, "The region of the domain. Default: the United States.", choices=("us", "eu")),
    ),
    "postmark": (),
    "ses": (
        Key("region", SettingKind.LINE, "The region of AWS.", required=True, pattern=REGION,
            check=_region_flaw, examples=["eu-central-1"]),
    ),
    "mailerlite": (Key("groups", SettingKind.WORDS, "The groups that get it, by id."), _SEGMENTS),
    "klaviyo": (Key("audiences", SettingKind.WORDS, "The lists or segments that get it, by id."),),
    "campaign-monitor": (
        Key("client", SettingKind.LINE, "The client that owns the campaign, by id.", required=True),
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
        Key("everyone", SettingKind.FLAG, "Send to all contacts. Required if there is no segment."),
    ),
}
"""The keys of each service to which drafts can be pushed."""
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
