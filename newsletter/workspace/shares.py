"""`email.clients` of newsletter.yaml: what percentage of the readers has which mail program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.clients import CLIENTS
from newsletter.yamlread import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.yamlread import Table

CLIENT_KEYS = tuple(dict.fromkeys(key for client in CLIENTS for key in (client.family, client.key)))
"""What a share may be given to: a client, or all of its family."""


def read_shares(table: Table) -> Mapping[str, int]:
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
