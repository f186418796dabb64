"""Reading a configuration file by type: each value is asked for, every fault collected with its place and mend."""

from __future__ import annotations

from newsletter.yamlread.table import Check, Table, nearest, read_table
from newsletter.yamlread.wellformed import (
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

__all__ = [
    "Check",
    "Flaw",
    "Table",
    "colour_flaw",
    "email_flaw",
    "language_flaw",
    "local_file_flaw",
    "nearest",
    "plain_address",
    "read_table",
    "tag_entity_flaw",
    "timezone_flaw",
    "web_address_flaw",
]
