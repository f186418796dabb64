"""Mailing services: for each, how it writes tokens; for all, one way to turn a rendering into the files it takes."""

from __future__ import annotations

from newsletter.errors import UsageError
from newsletter.services.base import CannotExpressError, Service, TokenContext
from newsletter.services.eml import EML
from newsletter.services.exporting import export_files, filled
from newsletter.services.html import GENERIC
from newsletter.suggest import GUESS, did_you_mean

__all__ = [
    "EML",
    "GENERIC",
    "SERVICES",
    "CannotExpressError",
    "Service",
    "TokenContext",
    "export_files",
    "filled",
    "service_named",
]

SERVICES = (GENERIC, EML)
"""In the order of the documentation. A service joins by standing here."""


def service_named(name: str) -> Service:
    """The service that goes by `name`. Raises UsageError, with what there is, for any other."""
    for service in SERVICES:
        if service.name == name:
            return service
    names = [service.name for service in SERVICES]
    hint = did_you_mean(name, names, f"There are: {', '.join(names)}.", cutoff=GUESS, fold=str)
    raise UsageError(f"no mailing service is called `{name}` here", hint=hint)
