"""Facts for the rules about links: every address of an issue, split into its parts, and the answer of the web for it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.hints import HINT
from newsletter.late import late
from newsletter.model import Heading, Image, Link, LinkForm
from newsletter.records import dataclass
from newsletter.walk import address_parts, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.model import Inline, Issue, Span

_PARTS = re.compile(
    r"(?!localhost:)(?:([A-Za-z][A-Za-z0-9+-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)
"""RFC 3986, appendix B, but a scheme has no dot, so that neither `example.org:80/x` nor `localhost:80/x` has one."""
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[[^\]]*\]|[^:]*)(?::(.*))?", re.DOTALL)
_TEMPLATE = re.compile(r"\{\{|%7B%7B|\{%|%7B%25", re.IGNORECASE)
"""Leftovers of another tool's templates. If they have a meaning here, they are reported while the issue is read."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address split into its parts (RFC 3986 §3). Each part is as written, unless its field says otherwise."""

    scheme: str
    """The scheme, in lower case; empty in a relative address."""
    authority: str | None
    """The part between `//` and the next slash; None if there is no `//`."""
    user: str
    """The text before the `@`."""
    host: str
    """The host, in lower case. An IPv6 address is in brackets."""
    port: str
    path: str
    query: str
    fragment: str

    @property
    def on_web(self) -> bool:
        """Whether it has a host on the web."""
        return self.scheme in {"http", "https"} and bool(self.host)


@dataclass(frozen=True, slots=True)
class AddressUse:
    """An address that readers can follow, or that their email client loads."""

    href: str
    """Normalised, as in the parsed issue."""
    span: Span
    """The place where it is written; of a reference link, in its definition."""
    address: Address
    link: Link | None
    """None for the address of a picture, and for one in the front matter."""
    key: str = ""
    """Its key, if it is in the front matter."""

    @property
    def noun(self) -> str:
        """The word for it in messages."""
        if self.key:
            return f"page that `{self.key}` names"
        return "link" if self.link else "picture"


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect on the way from an address to its target."""

    status: int
    """301, 302, 303, 307 or 308 (RFC 9110 §15.4)."""
    to: str
    """The absolute address in the redirect."""


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """The answer of the web to a request for an address."""

    status: int = 0
    """The status of the last response; 0 if there was none."""
    trouble: str = ""
    """The reason if there was no response: `dns`, `refused`, `timeout`, `tls`, `loop`, `private`, `port`, `protocol`; else empty."""
    detail: str = ""
    """More about the trouble, in a few words."""
    hops: tuple[Hop, ...] = ()
    """The redirects that were followed, in order."""


@lru_cache(maxsize=8192)
def parts_of(href: str) -> Address:
    """The parts of `href`. Invalid addresses are split, too; the rules report what is wrong with them."""
    plain = "".join(part if isinstance(part, str) else "field" for part in address_parts(href))
    found = _PARTS.fullmatch(plain)
    scheme, authority, path, query, fragment = found.groups() if found else (None, None, plain, None, None)
    split = _AUTHORITY.fullmatch(authority or "")
    user, host, port = split.groups() if split else (None, authority or "", None)
    return Address(
        (scheme or "").lower(),
        authority,
        user or "",
        host.lower(),
        port or "",
        path,
        query or "",
        fragment or "",
    )


def addresses_in(inlines: Iterable[Inline], never: Sequence[str]) -> tuple[AddressUse, ...]:
    """The addresses of links and pictures, in the order of the text.

    Left out are addresses that are reported anyway: hints, words in `never`, and templates of other tools. Addresses
    that are a personal field as a whole are left out, too: they are known only when the email is sent.
    """
    return tuple(use for use in map(_use, inlines) if use is not None and not _unfilled(use.href, never))


def front_addresses(issue: Issue, own_page: str) -> Iterator[AddressUse]:
    """The valid addresses of other copies of the issue, in front matter (`original`, `canonical`).

    `own_page` is the address of its own page, which does not exist before the issue is published.
    """
    document = issue.front
    original = issue.original.url if issue.original else ""
    path = ("original", "url") if isinstance(document.values.get("original"), dict) else ("original",)
    found = {original: path}
    if "canonical" in document.values:
        found.setdefault(issue.canonical, ("canonical",))
    for href, place in found.items():
        if href and href.rstrip("/") != own_page.rstrip("/"):
            yield AddressUse(href, document.where(*place), parts_of(href), None, ".".join(place))


def _use(inline: Inline) -> AddressUse | None:
    match inline:
        case Link():
            span = inline.href_span if inline.href_span.end else inline.span
            return AddressUse(inline.href, span, parts_of(inline.href), inline)
        case Image():
            span = inline.src_span if inline.src_span.end else inline.span
            return AddressUse(inline.src, span, parts_of(inline.src), None)
        case _:
            return None


def _unfilled(href: str, never: Sequence[str]) -> bool:
    if href.startswith("{{"):
        return True
    plain = "".join(part for part in address_parts(href) if isinstance(part, str)) if "{{" in href else href
    return bool(
        _TEMPLATE.search(plain)
        or ("TK" in plain and HINT.search(unquote(plain)))
        or any(word in plain or word in unquote(plain) for word in never)
    )


_ON_DISK = late(r"file:|(?:[/\\]|%5C)(?![/\\]|%5C)|[A-Za-z]:(?:[/\\]|%5C)|~/", re.IGNORECASE)


def is_on_disk(address: str) -> bool:
    """Whether an address is a path on a local disk: `C:%5Cx.png` (a drive, normalised), `/home/x.png`."""
    return _ON_DISK.match(address) is not None


def written(links: Iterable[AddressUse], *, pictures: bool = False) -> Iterator[AddressUse]:
    """Each place where an address is written, once. A definition used by many links is one place.

    Picture files are left out, because other rules check them.
    """
    seen = set()
    for use in links:
        remote = use.address.scheme or use.address.authority is not None
        if use.span.start in seen or (use.link is None and not (pictures and remote)):
            continue
        seen.add(use.span.start)
        yield use


def uses(links: Iterable[AddressUse]) -> Iterator[tuple[AddressUse, Link]]:
    """Every link, as often as it is used."""
    return ((use, use.link) for use in links if use.link is not None)


def shows_itself(link: Link) -> bool:
    """Whether the link's text is its address: `<https://…>` and `https://…`."""
    return link.form in {LinkForm.AUTOLINK, LinkForm.BARE}


def own_anchors(issue: Issue) -> Iterator[str]:
    """The name of every place in the issue that a link can reach with `#`."""
    for section in issue.sections:
        if section.anchor:
            yield section.anchor
        yield from (item.anchor for item in section.items)
    yield from (block.anchor for block in walk_blocks(issue) if isinstance(block, Heading))
    for note in issue.footnotes:
        yield f"fn:{note.number}"
        yield f"fnref:{note.number}"
        yield from (f"fnref:{note.number}:{count}" for count in range(2, note.references + 1))


# Each is on the lists of parameters that Firefox (query stripping, and "copy clean link") or Brave (query filter)
# remove, or is documented as a click or campaign identifier by the company named. Names that a page may need for other
# purposes (`ref`, `source`, `id`, `cid`, `t`) are left out on purpose, or apply to one site only.


_BEGINNINGS = (
    "utm_",  # Google Analytics: campaigns
    "mtm_",  # Matomo: campaigns
    "pk_",  # Matomo: campaigns, as Piwik
    "piwik_",
    "matomo_",
    "hsa_",  # HubSpot: ads
    "__hs",  # HubSpot: visitors
    "_hs",  # HubSpot: recipients (_hsenc, _hsmi)
    "vero_",  # Vero: recipients
    "oly_",  # Omeda: recipients
    "bsft_",  # Blueshift: recipients
    "elqtrack",  # Oracle Eloqua: recipients
    "pd_rd_",  # Amazon: where it was clicked
    "pf_rd_",
)

_NAMES = frozenset(
    {
        # Google: clicks on ads, in searches and between sites
        *("gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl"),
        # Meta: clicks on Facebook and Instagram
        *("fbclid", "fb_action_ids", "mibextid", "igshid", "igsh"),
        # Microsoft, Yandex, X, TikTok, LinkedIn, Reddit, Pinterest, Impact: clicks
        *("msclkid", "yclid", "ymclid", "ysclid", "_openstat", "twclid", "ttclid", "li_fat_id", "rdt_cid", "epik"),
        *("irclickid", "unicorn_click_id", "rb_clickid", "wickedid"),
        # Mailing services: the email and its recipient (Mailchimp, Marketo, HubSpot, MailerLite, Kit, Klaviyo,
        # beehiiv, Drip, ActiveCampaign, Dotdigital, Salesforce, Squarespace, Sailthru, AT Internet, Bloomreach)
        *("mc_cid", "mc_eid", "mkt_tok", "hsctatracking", "ml_subscriber", "ml_subscriber_hash", "ck_subscriber_id"),
        *("_kx", "_bhlid", "__s", "vgo_ee", "dm_i", "et_rid", "ss_email_id", "sc_customer", "sc_eh", "sc_uid"),
        *("at_recipient_id", "at_recipient_list", "bbeml"),
        # Adobe Analytics, Branch, Yahoo
        *("s_cid", "s_kwcid", "ef_id", "_branch_match_id", "_branch_referrer"),
        *("guccounter", "guce_referrer", "guce_referrer_sig"),
    }
)

_OF_SITES = {
    "instagram.com": frozenset({"utm", "img_index_source"}),
    "youtube.com": frozenset({"si", "feature", "pp"}),
    "youtu.be": frozenset({"si", "feature"}),
    "spotify.com": frozenset({"si"}),
    "twitter.com": frozenset({"ref_src", "ref_url", "s", "t", "cxt"}),
    "x.com": frozenset({"ref_src", "ref_url", "s", "t", "cxt"}),
    "nytimes.com": frozenset({"smid", "smtyp"}),
    "linkedin.com": frozenset({"trk", "trackingid", "rcm"}),
}
"""Parameters that are only for tracking on one site, by site. Subdomains are included."""

_NEEDED = {"mkt_tok": "unsubscribe", "ck_subscriber_id": "unsubscribe"}
"""Tracking parameters that are kept if the path has this word, because the page identifies the subscriber by them."""

_SEPARATOR = re.compile("(&amp;|&)")


def tracking_names(query: str, host: str, path: str, keep: Sequence[str] = ()) -> list[str]:
    """The names of the tracking parameters in the query of an address, in order, except those in `keep`."""
    names = (parameter.partition("=")[0] for parameter in query.split("&"))
    return [name for name in names if _tracks(name.lower(), host, path.lower(), keep)]


def _keeps(name: str, host: str, keep: Sequence[str]) -> bool:
    """Whether a parameter is kept, because of its name or the domain of its address."""
    return any(
        fnmatchcase(name, entry.lower()) or f".{host}".endswith("." + entry.lower().removeprefix("*."))
        for entry in keep
    )


def _tracks(name: str, host: str, path: str, keep: Sequence[str] = ()) -> bool:
    if keep and _keeps(name, host, keep):
        return False
    if name in _NEEDED and _NEEDED[name] in path:
        return False
    if name in _NAMES or name.startswith(_BEGINNINGS):
        return True
    parts = host.split(".")
    return any(name in _OF_SITES.get(".".join(parts[at:]), ()) for at in range(len(parts) - 1))


def without_tracking(address: str, host: str, path: str, keep: Sequence[str] = ()) -> str:
    """`address`, as written in Markdown (`&` may be `&amp;`), without its tracking parameters, except those in `keep`."""
    head, mark, rest = address.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    if not mark or "#" in head:
        return address
    pieces = _SEPARATOR.split(query)
    kept: list[str] = []
    for place in range(0, len(pieces), 2):
        if not _tracks(pieces[place].partition("=")[0].lower(), host, path.lower(), keep):
            kept += ([pieces[place - 1]] if kept else []) + [pieces[place]]
    return head + (mark + "".join(kept) if "".join(kept) else "") + hash_mark + fragment
