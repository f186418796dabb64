"""newsletter.yaml -> Workspace, or every fault of it at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.bundled import templates_folder
from newsletter.config.clients import CLIENTS, LEAST_READERS
from newsletter.config.publication import Author, EmailSettings, FeedSettings, Publication, Sender, Theme, Workspace
from newsletter.config.table import nearest, read_table
from newsletter.config.wellformed import (
    Flaw,
    colour_flaw,
    email_flaw,
    language_flaw,
    local_file_flaw,
    plain_address,
    tag_entity_flaw,
    timezone_flaw,
    web_address_flaw,
)
from newsletter.config.workspace import CONFIGURATION
from newsletter.config.yaml import load
from newsletter.diagnostics import in_order
from newsletter.errors import ConfigurationError, UsageError
from newsletter.files import read_text
from newsletter.late import late
from newsletter.tokens import SERVICE_TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.config.table import Check, ConfigTable
    from newsletter.diagnostics import Diagnostic

CLIENT_KEYS = tuple(dict.fromkeys(key for client in CLIENTS for key in (client.family, client.key)))
"""What a share may be given to: a client, or all of its family."""


def read_shares(table: ConfigTable) -> Mapping[str, int]:
    """The percentage by client or family, as it is given."""
    shares = {}
    for name in table.names():
        share = table.number(name, minimum=0, maximum=100)
        if name in CLIENT_KEYS:
            shares[name] = share
        else:
            close = nearest(name, CLIENT_KEYS)
            mend = f"Did you mean `{close}`?" if close else f"Known here: {', '.join(_families())}."
            table.fault(f"no mail program is called `{name}` here", name, mend=mend, at_key=True)
    whole = sum(shares.values())
    if whole > 100:
        mend = "Write percent of the readers; what is missing to 100 is read elsewhere."
        table.fault(f"the shares add up to {whole} percent", mend=mend, at_key=True)
    return shares


def _families() -> list[str]:
    return [f"`{key}`" for key in dict.fromkeys(client.family for client in CLIENTS)]


# ── newsletter.yaml -> Workspace, or every fault of it at once ────────────────────────────────────────────────────────


FAMILY = "CF"
NO_FILE = "015"
NO_PICTURE = "016"
COLOURS = ("paper", "card", "ink", "soft", "rule", "tint", "accent", "on_accent")
"""The tokens that a publication may give a colour."""
SEVERITIES = ("error", "warning", "off")
FIELD_NAME = late(r"[a-z][a-z0-9_]*")
KIND = re.compile(r"\w[\w-]*")
RULE = late(r"[A-Z]{2}[0-9]{0,3}")
FONTS = late(r"[\w\s,'\"+.-]+")
_TAG_YEAR = 2026
"""Of feed ids where newsletter.yaml gives no `feeds.tag`: `letters.example,2026`. RFC 4151 wants a day on which the
domain was the publication's. Nothing here can know one, and one taken from the clock or the first issue would change,
and with it every id; so it is the year in which this tool came out, for all and for ever. `newsletter init` writes a
`tag` of its own, and who moves to another domain writes the old one there."""


def load_workspace(root: Path, text: str | None = None) -> Workspace:
    """The workspace at `root`; with `text` instead of what its newsletter.yaml has, where that is given.

    Raises UsageError where there is no newsletter.yaml, ConfigurationError with every fault found in it.
    """
    path = root / CONFIGURATION
    if not path.is_file():
        raise UsageError(f"there is no {CONFIGURATION} in {root}", hint="`newsletter init` makes a workspace")
    undecodable: tuple[Diagnostic, ...] = ()
    if text is None:
        text, undecodable = read_text(path, CONFIGURATION, FAMILY)
    document, faults = load(text, CONFIGURATION, FAMILY)
    table = read_table(document, text, CONFIGURATION, FAMILY)
    publication = _publication(table, root)
    check = table.table("check")
    select, ignore = check.texts("select", check=_rule_flaw), check.texts("ignore", check=_rule_flaw)
    severities = _severities(check.table("severity"))
    found = in_order((*undecodable, *faults, *table.findings()))
    if found:
        raise ConfigurationError(f"{CONFIGURATION} cannot be used", found)
    return Workspace(root, publication, select, ignore, severities, document.value_spans)


def _publication(table: ConfigTable, root: Path) -> Publication:
    title = table.text("title", required=True)
    url = _address(table, "url", required=True, check=_base_flaw)
    url = url if url.endswith("/") else url + "/"
    sender = table.table("sender", required=True)
    return Publication(
        title=title,
        url=url,
        sender=Sender(
            name=sender.text("name", required=True, check=_header_flaw),
            email=sender.text("email", required=True, check=email_flaw),
            reply_to=sender.text("reply_to", check=email_flaw),
        ),
        description=table.text("description", lines=True),
        language=table.text("language", "en", check=language_flaw),
        timezone=table.text("timezone", "UTC", check=timezone_flaw),
        address=table.text("address", lines=True),
        reason=table.text("reason", lines=True),
        subscribe_url=_address(table, "subscribe_url"),
        paid_url=_folder_url(table, "paid_url"),
        kind=table.text("kind", check=_kind_flaw),
        authors={key: _author(key, author, root) for key, author in table.tables("authors")},
        personal_fields=_personal_fields(table.table("fields")),
        theme=_theme(table.table("theme"), root),
        feeds=_feeds(table.table("feeds"), url),
        email=_email(table.table("email")),
    )


def _author(key: str, table: ConfigTable, root: Path) -> Author:
    return Author(
        key=key,
        name=table.text("name", required=True),
        email=table.text("email", check=email_flaw),
        url=_address(table, "url"),
        bio=table.text("bio", lines=True),
        picture=_picture(table, "picture", root),
    )


def _personal_fields(table: ConfigTable) -> dict[str, str]:
    fields = {}
    for name in table.names():
        fallback = table.text(name)
        if name in SERVICE_TOKENS:
            table.fault(f"`{name}` is an address that the mailing service makes", name, mend="Delete it.", at_key=True)
        elif not FIELD_NAME.fullmatch(name):
            mend = "Use lower-case letters, digits and underscores, as in first_name."
            table.fault(f"`{name}` is no name for a personal field", name, mend=mend, at_key=True)
        else:
            fields[name] = fallback
    return fields


def _theme(table: ConfigTable, root: Path) -> Theme:
    colours, fonts = table.table("colors"), table.table("fonts")
    radius = table.number("radius", -1, minimum=0, maximum=24)
    return Theme(
        look=table.text("look", choices=_looks(root) if table.value("look") else ()),
        light=_colours(colours.table("light")),
        dark=_colours(colours.table("dark")),
        serif=fonts.text("serif", check=_font_flaw),
        sans=fonts.text("sans", check=_font_flaw),
        mono=fonts.text("mono", check=_font_flaw),
        logo=_picture(table, "logo", root),
        logo_dark=_picture(table, "logo_dark", root),
        logo_alt=table.text("logo_alt"),
        logo_width=table.number("logo_width", 0, minimum=16, maximum=640),
        width=table.number("width", 0, minimum=320, maximum=960),
        radius=radius if radius >= 0 else None,
    )


def _looks(root: Path) -> tuple[str, ...]:
    """The looks there are: the workspace's own, and those that came with the tool."""
    folders = (root / "templates", templates_folder())
    return tuple(sorted({path.stem for folder in folders for path in (folder / "theme" / "looks").glob("*.json")}))


def _colours(table: ConfigTable) -> dict[str, str]:
    given = {token: table.text(token, check=colour_flaw) for token in COLOURS}
    return {token: colour.lower() for token, colour in given.items() if colour}


def _feeds(table: ConfigTable, url: str) -> FeedSettings:
    return FeedSettings(
        entries=table.number("entries", 20, minimum=1, maximum=1000),
        tag=table.text("tag", check=tag_entity_flaw) or f"{urlsplit(url).hostname or 'localhost'},{_TAG_YEAR}",
    )


def _email(table: ConfigTable) -> EmailSettings:
    return EmailSettings(
        warn_at=table.number("warn_at", 85, minimum=10, maximum=1000),
        limit=table.number("limit", 102, minimum=10, maximum=1000),
        link_growth=table.number("link_growth", 75, minimum=0, maximum=1000),
        section=table.number("section", 0, minimum=1, maximum=1000),
        clients=read_shares(table.table("clients")),
        least_readers=table.number("least_readers", LEAST_READERS, minimum=0, maximum=100),
    )


def _severities(table: ConfigTable) -> dict[str, str]:
    severities = {}
    for rule in table.names():
        severity = table.text(rule, choices=SEVERITIES)
        if flaw := _rule_flaw(rule):
            table.fault(f"`{rule}` {flaw.problem}", rule, mend=flaw.mend, at_key=True)
        elif severity:
            severities[rule] = severity
    return severities


def _address(table: ConfigTable, key: str, *, required: bool = False, check: Check = web_address_flaw) -> str:
    """A web address in the characters that a URI has (RFC 3986), whatever it is written in."""
    return plain_address(table.text(key, required=required, check=check))


def _folder_url(table: ConfigTable, key: str) -> str:
    """The address of a folder: it ends in "/"."""
    url = _address(table, key, check=_base_flaw)
    return url if not url or url.endswith("/") else f"{url}/"


def _file(table: ConfigTable, key: str, root: Path) -> str:
    """A file of the workspace that is there."""
    name = table.text(key, check=local_file_flaw)
    if name and not (root / name).is_file():
        table.fault(f"there is no file {name}", key, mend="Write its path from the workspace.", code=NO_FILE)
    return name.removeprefix("./")


def _picture(table: ConfigTable, key: str, root: Path) -> str:
    """A picture file of the workspace, as far as its header tells."""
    name = _file(table, key, root)
    if name and (root / name).is_file():
        from newsletter.pictures.files import picture_file

        fault = picture_file(root / name).fault
        if fault:
            table.fault(f"{name} {fault}", key, mend="Save it anew as PNG, JPEG or SVG.", code=NO_PICTURE)
    return name


# ── Flaws ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _base_flaw(value: str) -> Flaw | None:
    if "?" in value or "#" in value:
        return Flaw("has a query or an anchor in it", "Write only where the folder public/ is served.")
    return web_address_flaw(value)


def _header_flaw(value: str) -> Flaw | None:
    """Whether a name can stand in a From header as people write it."""
    return Flaw("has an address in it", "Write the name alone.") if re.search(r"[<>@]", value) else None


def _kind_flaw(value: str) -> Flaw | None:
    return None if KIND.fullmatch(value) else Flaw("is not a kind", "Write a folder's name, as in briefing.")


def _rule_flaw(value: str) -> Flaw | None:
    if RULE.fullmatch(value):
        return None
    return Flaw("is not a rule", "Write a code such as ST104, or the start of one, such as ST1 or ST.")


def _font_flaw(value: str) -> Flaw | None:
    if FONTS.fullmatch(value):
        return None
    return Flaw("is not a list of fonts", "Separate the names by commas, as in Georgia, 'Times New Roman', serif.")
