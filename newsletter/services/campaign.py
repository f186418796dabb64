"""Campaign parameters (`utm_source` and others), which an export adds to the addresses of links.

They are added before rendering, so HTML and plain text have the same. Only the author's links to the web get them.
Addresses made by a service, mail addresses, anchors and files do not.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from newsletter.blocks.sponsors import NAME as SPONSOR
from newsletter.config.publication import CampaignNames
from newsletter.model import Directive, Link
from newsletter.names import slugify
from newsletter.records import dataclass
from newsletter.render.letter import AuthorBox, Contents, Opening, SectionPart, Standing
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.config.publication import CampaignSettings
    from newsletter.model import Inline
    from newsletter.render.letter import Letter, Part

_FIELD = re.compile(r"\{\{[^{}]*\}\}")
_ON_WEB = re.compile(r"https?://(?:[^/?#\s]*@)?([^/?#:\s]+)", re.IGNORECASE)
_LONGEST = 50
"""The most characters of a section's or item's name."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """The campaign parameters for the links of an email."""

    parameters: tuple[tuple[str, str], ...]
    """Name and value, in order; the same for all links."""
    content: str
    """The content of `utm_content`: `item`, `section` or `none`."""
    leave_out: tuple[str, ...]
    """Hosts whose addresses get no parameters."""


def campaign_for(settings: CampaignSettings, letter: Letter, service: str) -> Campaign | None:
    """The parameters for an issue and a service; None if there is no value for `utm_source`."""
    of_edition = settings.editions.paid if letter.edition == "paid" else settings.editions.free
    of_service = settings.services.get(service)
    sources = [getattr(each, "source", "") or "" for each in (of_edition, of_service, settings)]
    source = next(filter(None, sources), "")
    if not source:
        return None
    medium = next(filter(None, (of_edition.medium, of_service.medium if of_service else "", settings.medium)), "email")
    name = next(
        filter(None, (of_edition.campaign, of_service.campaign if of_service else "", settings.campaign)), "{slug}"
    )
    values = {
        "slug": letter.issue.slug,
        "number": "" if letter.issue.number is None else str(letter.issue.number),
        "date": letter.issue.date.date().isoformat() if letter.issue.date else "",
        "service": service,
        "edition": letter.edition,
    }
    parameters = (("utm_source", source), ("utm_medium", medium), ("utm_campaign", name))
    filled = tuple((key, _filled(value, values)) for key, value in parameters)
    return Campaign(tuple((key, value) for key, value in filled if value), settings.content, settings.leave_out)


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{([a-z]+)\}", lambda name: values.get(name[1], name[0]), text).strip("-_ ")


def with_campaign(letter: Letter, campaign: Campaign | None) -> Letter:
    """The issue with the parameters in its addresses."""
    if campaign is None:
        if not any(sponsor.utm != CampaignNames() for sponsor in letter.publication.sponsors.values()):
            return letter
        campaign = Campaign((), "none", ())
    variants = {output: _tagged(each, campaign) for output, each in letter.variants.items()}
    return replace(_tagged(letter, campaign), variants=variants)


def _tagged(letter: Letter, campaign: Campaign) -> Letter:
    parts = tuple(_part(part, campaign) for part in letter.parts)
    return replace(letter, parts=parts, footnotes=_links(letter.footnotes, campaign, "notes"))


def _part(part: Part, campaign: Campaign) -> Part:
    match part:
        case Opening():
            return replace(part, blocks=_links(part.blocks, campaign, "opening"))
        case Standing(name=name):
            return replace(part, blocks=_links(part.blocks, campaign, name))
        case SectionPart(section=section):
            where = _called(section.title)
            items = tuple(_links(item, campaign, where, _called(item.title)) for item in section.items)
            title, blocks = (_links(each, campaign, where) for each in (section.title, section.blocks))
            return replace(part, section=replace(section, title=title, blocks=blocks, items=items))
        case AuthorBox() | Contents():
            return part


def _called(title: tuple[Inline, ...]) -> str:
    return slugify(plain_text(title))[:_LONGEST].strip("-")


def _links(value: Any, campaign: Campaign, section: str, item: str = "") -> Any:
    """The record, or tuple of records, with the parameters in every link inside it."""
    if isinstance(value, tuple):
        changed = tuple(_links(each, campaign, section, item) for each in value)
        return value if all(new is old for new, old in zip(changed, value, strict=True)) else changed
    if not is_dataclass(value) or isinstance(value, type):
        return value
    if isinstance(value, Directive) and value.name == SPONSOR:
        campaign = _of_sponsor(value, campaign)
    held = {field.name: getattr(value, field.name) for field in fields(value)}
    new = {name: _links(each, campaign, section, item) for name, each in held.items()}
    if isinstance(value, Link):
        new["href"] = tagged(value.href, campaign, section, item)
    changes = {name: each for name, each in new.items() if each is not held[name]}
    return replace(value, **changes) if changes else value


def _of_sponsor(sponsor: Directive, campaign: Campaign) -> Campaign:
    """The parameters, with a sponsor's own ones in place of the general ones."""
    own = {key: value for key, value in sponsor.fields.items() if key.startswith("utm_")}
    if not own:
        return campaign
    values = {**dict(campaign.parameters), **own}
    return replace(
        campaign,
        parameters=tuple((key, values[key]) for key in ("utm_source", "utm_medium", "utm_campaign") if key in values),
    )


def tagged(address: str, campaign: Campaign, section: str = "", item: str = "") -> str:
    """An address with the parameters that it does not have yet, before its fragment. Other addresses stay unchanged."""
    on_web = _ON_WEB.match(address)
    if not on_web or _left_out(on_web[1], campaign.leave_out):
        return address
    end = _end_of_query(address)
    base, rest = address[:end], address[end:]
    named = {"item": "/".join(filter(None, (section, item))), "section": section}.get(campaign.content, "")
    wanted = (*campaign.parameters, *((("utm_content", named),) if named else ()))
    has = _FIELD.sub("", base).partition("?")[2]
    missing = [f"{name}={quote(value, safe='')}" for name, value in wanted if not re.search(rf"(?:^|[&;]){name}=", has)]
    if not missing:
        return address
    mark = "" if base.endswith(("?", "&")) else "&" if "?" in _FIELD.sub("", base) else "?"
    return f"{base}{mark}{'&'.join(missing)}{rest}"


def _left_out(host: str, hosts: tuple[str, ...]) -> bool:
    host = host.lower().rstrip(".")
    return "{{" in host or any(host == each.lower() or host.endswith(f".{each.lower()}") for each in hosts)


def _end_of_query(address: str) -> int:
    """The offset of the fragment, or the end of the address. A `#` in a personal field does not count."""
    masked = _FIELD.sub(lambda field: "x" * len(field[0]), address)
    found = masked.find("#")
    return len(address) if found < 0 else found
