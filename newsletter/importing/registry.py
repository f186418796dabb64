"""The kinds of source that can be imported, in the order in which a source is tried."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.suggest import did_you_mean

if TYPE_CHECKING:
    from newsletter.importing.kind import Kind
    from newsletter.importing.sources import ImportSource

KINDS = {
    "substack": "substack",
    "ghost": "ghost",
    "buttondown": "buttondown",
    "beehiiv": "beehiiv",
    "listmonk": "listmonk",
    "mailchimp": "mailchimp",
    "wordpress": "wordpress",
    "jekyll": "jekyll",
    "hugo": "hugo",
    "pelican": "pelican",
    "eleventy": "eleventy",
    "markdown": "folder",
    "feed": "feeds",
    "mail": "mail",
    "docx": "docx",
    "page": "web_page",
    "text": "text_files",
}
"""The module in `newsletter.importing.kinds` that has the record `KIND`, by the name for `--as`. Kinds with the most
specific signs come first, because the first kind that recognises a source reads it."""


def kind_named(name: str) -> Kind:
    """The kind with this name. Raises UsageError if there is none."""
    if name not in KINDS:
        raise UsageError(f"there is no source type `{name}`", hint=did_you_mean(name, KINDS, _known()))
    kind: Kind = import_module(f"newsletter.importing.kinds.{KINDS[name]}").KIND
    return kind


def kind_of(source: ImportSource) -> Kind:
    """The first kind that recognises the source. Raises UsageError if none does."""
    for name in KINDS:
        kind = kind_named(name)
        if kind.recognises(source):
            return kind
    if source.refused:
        first, *rest = source.refused
        more = f"; {len(rest):,} more cannot be read either" if rest else ""
        raise UsageError(
            f"{source.name} has nothing that can be imported: {first.source} cannot be read: {first.reason}{more}",
            hint=_known()
            if source.names()
            else "Export it again, without a password, or unpack it and name the folder.",
        )
    raise UsageError(f"{source.name} is not a known type of source", hint=_known())


def _known() -> str:
    return f"Name its type with `--as`: {', '.join(KINDS)}."
