"""Loads newsletter.yaml into a Workspace, or reports all errors in it at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.bundled import templates_folder
from newsletter.config.clients import CLIENTS
from newsletter.config.publication import (
    AUTHOR,
    BLOCKS,
    CHECK,
    CLIENT_KEYS,
    COLORS,
    FIELD_NAME,
    FONTS,
    PUBLICATION,
    SERVICE_KEYS,
    SEVERITIES,
    SPONSOR,
    THEME,
    TOKENS,
    Author,
    CampaignNames,
    Publication,
    Sender,
    ServiceSettings,
    SettingKind,
    Sponsor,
    Theme,
    Workspace,
    folder_flaw,
    rule_flaw,
)
from newsletter.config.table import fill, nearest, read_number, read_table
from newsletter.config.wellformed import choice_flaw, host_flaw, local_file_flaw, plain_address, web_address_flaw
from newsletter.config.workspace import CONFIGURATION
from newsletter.config.yaml import load, with_composed_keys
from newsletter.diagnostics import in_order
from newsletter.errors import ConfigurationError, UsageError
from newsletter.files import is_there, open_workspace, read_text
from newsletter.names import spelled
from newsletter.tokens import SERVICE_TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import StrEnum
    from pathlib import Path

    from newsletter.config.table import ConfigTable, Key, Reader
    from newsletter.diagnostics import Diagnostic

FAMILY = "CF"
NO_FILE = "015"
NO_PICTURE = "016"
PAID = "paid"
"""The key under a service for settings that differ for the letter of paying readers."""
_TAG_YEAR = 2026
"""The year in feed ids if newsletter.yaml gives no `feeds.tag`: `letters.example,2026`.

RFC 4151 requires a date on which the publication had the domain. The tool cannot know one. A date from the clock or the
first issue could change, and with it every id. So the year is fixed: the one in which this tool was released.
`newsletter init` writes a `tag` of its own. After a move to another domain, the old value has to be written there.
"""


def load_workspace(root: Path, text: str | None = None) -> Workspace:
    """The workspace at `root`. If `text` is given, it replaces the content of newsletter.yaml.

    Raises UsageError if there is no newsletter.yaml, ConfigurationError with every error in it.
    """
    open_workspace(root)
    path = root / CONFIGURATION
    if not is_there(path):
        raise UsageError(f"there is no {CONFIGURATION} in {root}", hint="`newsletter init` creates a workspace.")
    undecodable: tuple[Diagnostic, ...] = ()
    if text is None:
        text, undecodable = read_text(path, CONFIGURATION, FAMILY)
    document, faults = load(text, CONFIGURATION, FAMILY)
    document, twice = with_composed_keys(document, CONFIGURATION, FAMILY)
    table = read_table(document, text, CONFIGURATION, FAMILY)
    workspace = Workspace(root, _publication(table, root), spans=document.value_spans)
    workspace = fill(workspace, CHECK, table.table("check"), _READERS, root)
    found = in_order((*undecodable, *faults, *twice, *table.findings()))
    if found:
        raise ConfigurationError(f"{CONFIGURATION} cannot be used", found)
    return workspace


def _publication(table: ConfigTable, root: Path) -> Publication:
    publication = fill(Publication("", "", Sender("", "")), PUBLICATION, table, _READERS, root)
    if publication.feeds.tag:
        return publication
    return replace(publication, feeds=replace(publication.feeds, tag=default_tag(publication.url)))


def default_tag(url: str) -> str:
    """The default of `feeds.tag`, for a publication at `url`."""
    return f"{urlsplit(plain_address(url)).hostname or 'localhost'},{_TAG_YEAR}"


def _address(table: ConfigTable, key: Key, _otherwise: str, _root: Path) -> str:
    """A web address in the characters that a URI allows (RFC 3986)."""
    return plain_address(table.text(key.name, check=web_address_flaw))


def _folder(table: ConfigTable, key: Key, _otherwise: str, _root: Path) -> str:
    """The address of a folder: it ends in "/"."""
    url = plain_address(table.text(key.name, required=key.required, check=folder_flaw))
    return url if not url or url.endswith("/") else f"{url}/"


def _picture(table: ConfigTable, key: Key, _otherwise: str, root: Path) -> str:
    """A picture file of the workspace, as far as its header shows."""
    name = table.text(key.name, check=local_file_flaw)
    name = spelled(root, name) if name else ""
    if name and not is_there(root / name):
        table.fault(f"there is no file {name}", key.name, advice="Write its path from the workspace.", code=NO_FILE)
    elif name:
        from newsletter.pictures.files import picture_file

        if fault := picture_file(root / name.removeprefix("./")).fault:
            message = f"{name.removeprefix('./')} {fault}"
            table.fault(message, key.name, advice="Save it again as PNG, JPEG or SVG.", code=NO_PICTURE)
    return name.removeprefix("./")


def _fields(above: ConfigTable, key: Key, _otherwise: object, _root: Path) -> dict[str, str]:
    table = above.table(key.name)
    fields = {}
    for name in table.names():
        fallback = table.text(name)
        if name in SERVICE_TOKENS:
            table.fault(
                f"`{name}` is an address that the mailing service fills in", name, advice="Delete it.", at_key=True
            )
        elif not FIELD_NAME.fullmatch(name):
            advice = "Use lower-case letters, digits and underscores, as in first_name."
            table.fault(f"`{name}` is not a valid name for a personal field", name, advice=advice, at_key=True)
        else:
            fields[name] = fallback
    return fields


def _values(above: ConfigTable, key: Key, _otherwise: object, _root: Path) -> dict[str, str]:
    table = above.table(key.name)
    return {name: table.text(name) for name in table.names()}


def _theme(above: ConfigTable, key: Key, _otherwise: Theme, root: Path) -> Theme:
    table = above.table(key.name)
    theme = fill(Theme(), COLORS, table.table("colors"), _READERS, root)
    theme = fill(theme, FONTS, table.table("fonts"), _READERS, root)
    table.value("radius")  # Before the others in the list of keys that a message gives.
    return fill(theme, THEME, table, _READERS, root)


def _looks(root: Path) -> tuple[str, ...]:
    """The available looks: the workspace's own, and the bundled ones."""
    folders = (root / "templates", templates_folder())
    return tuple(sorted({path.stem for folder in folders for path in (folder / "theme" / "looks").glob("[!.]*.json")}))


def _colours(above: ConfigTable, key: Key, _otherwise: object, _root: Path) -> dict[str, str]:
    table = above.table(key.name)
    given = {token.name: table.text(token.name, check=token.check) for token in TOKENS}
    return {token: colour.lower() for token, colour in given.items() if colour}


def read_shares(table: ConfigTable) -> Mapping[str, int]:
    """The percentage by client or family, as written in newsletter.yaml."""
    shares = {}
    for name in table.names():
        share = table.number(name, minimum=0, maximum=100)
        if name in CLIENT_KEYS:
            shares[name] = share
        else:
            close = nearest(name, CLIENT_KEYS)
            advice = f"Did you mean `{close}`?" if close else f"Choose one of: {', '.join(_families())}."
            table.fault(f"there is no email client `{name}`", name, advice=advice, at_key=True)
    whole = sum(shares.values())
    if whole > 100:
        advice = "Write the percentage of readers. The rest up to 100 counts as other clients."
        table.fault(f"the shares add up to {whole} percent", advice=advice, at_key=True)
    return shares


def _families() -> list[str]:
    return [f"`{key}`" for key in dict.fromkeys(client.family for client in CLIENTS)]


def _severities(above: ConfigTable, key: Key, _otherwise: object, _root: Path) -> dict[str, str]:
    table = above.table(key.name)
    severities = {}
    for rule in table.names():
        severity = table.text(rule, choices=SEVERITIES)
        if flaw := rule_flaw(rule):
            table.fault(f"`{rule}` {flaw.problem}", rule, advice=flaw.advice, at_key=True)
        elif severity:
            severities[rule] = severity
    return severities


def _services(above: ConfigTable, key: Key, _otherwise: object, root: Path) -> dict[str, ServiceSettings]:
    table = above.table(key.name)
    services = {}
    for name in table.names():
        if name not in SERVICE_KEYS:
            table.value(name)  # reported here, and not as an unknown key
            close = nearest(name, SERVICE_KEYS)
            advice = f"Did you mean `{close}`?" if close else f"Choose one of: {', '.join(SERVICE_KEYS)}."
            table.fault(f"drafts cannot be pushed to `{name}`", name, advice=advice, at_key=True)
            continue
        block = table.table(name)
        free = _service(block, SERVICE_KEYS[name], root)
        paid = _service(block.table(PAID), SERVICE_KEYS[name], root) if block.value(PAID) is not None else None
        services[name] = ServiceSettings(free, None if paid is None else {**free, **paid})
    return services


def _service(table: ConfigTable, keys: Sequence[Key], root: Path) -> dict[str, object]:
    """The settings of a service, by key. Empty if there are none."""
    values: dict[str, object] = {}
    for key in keys:
        if table.value(key.name) is not None:
            values[key.name] = _READERS[key.kind](table, replace(key, required=False), 0, root)
    return values


_READERS: dict[StrEnum, Reader] = {
    SettingKind.LINE: lambda table, key, otherwise, _: table.text(
        key.name, otherwise, required=key.required, check=key.check
    ),
    SettingKind.LINES: lambda table, key, otherwise, _: table.text(key.name, otherwise, lines=True),
    SettingKind.WORD: lambda table, key, otherwise, _: table.text(key.name, otherwise, choices=key.choices),
    SettingKind.ADDRESS: _address,
    SettingKind.FOLDER: _folder,
    SettingKind.PICTURE: _picture,
    SettingKind.NUMBER: read_number,
    SettingKind.BLOCK: lambda table, key, otherwise, root: fill(
        otherwise, BLOCKS[key.of], table.table(key.name, required=key.required), _READERS, root
    ),
    SettingKind.AUTHORS: lambda table, key, _, root: {
        name: fill(Author(name, ""), AUTHOR, author, _READERS, root) for name, author in table.tables(key.name)
    },
    SettingKind.SPONSORS: lambda table, key, _, root: {
        name: fill(Sponsor(name, ""), SPONSOR, sponsor, _READERS, root) for name, sponsor in table.tables(key.name)
    },
    SettingKind.FIELDS: _fields,
    SettingKind.THEME: _theme,
    SettingKind.LOOK: lambda table, key, _, root: table.text(
        key.name, choices=_looks(root) if table.value(key.name) else ()
    ),
    SettingKind.COLOURS: _colours,
    SettingKind.CLIENTS: lambda table, key, *_: read_shares(table.table(key.name)),
    SettingKind.WORDS: lambda table, key, *_: table.texts(key.name),
    SettingKind.HOSTS: lambda table, key, *_: table.texts(key.name, check=host_flaw),
    SettingKind.ADDRESSES: lambda table, key, *_: tuple(
        dict.fromkeys(plain_address(address) for address in table.texts(key.name, check=web_address_flaw))
    ),
    SettingKind.CHOICES: lambda table, key, *_: tuple(
        dict.fromkeys(table.texts(key.name, check=partial(choice_flaw, choices=key.choices)))
    ),
    SettingKind.CAMPAIGNS: lambda table, key, _, root: {
        name: fill(CampaignNames(), BLOCKS[key.of], campaign, _READERS, root)
        for name, campaign in table.tables(key.name)
    },
    SettingKind.RULES: lambda table, key, *_: table.texts(key.name, check=rule_flaw),
    SettingKind.SEVERITIES: _severities,
    SettingKind.SERVICES: _services,
    SettingKind.FLAG: lambda table, key, *_: table.flag(key.name),
    SettingKind.VALUES: _values,
}
