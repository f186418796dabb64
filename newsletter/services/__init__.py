"""Mailing services: for each, how it writes tokens and what it takes; for all, one way to turn a rendering into its files."""

from __future__ import annotations

from newsletter.errors import UsageError
from newsletter.services.base import CannotExpressError, Evidence, Form, Pictures, Service, TokenContext
from newsletter.services.filling import export_files, filled
from newsletter.services.known import EML, GENERIC, SERVICES
from newsletter.suggest import GUESS, did_you_mean

__all__ = [
    "EML",
    "GENERIC",
    "SERVICES",
    "CannotExpressError",
    "Evidence",
    "Form",
    "Pictures",
    "Service",
    "TokenContext",
    "export_files",
    "filled",
    "service_named",
]


def service_named(name: str) -> Service:
    """The service that goes by `name`. Raises UsageError, with what there is, for any other."""
    for service in SERVICES:
        if service.name == name:
            return service
    names = [service.name for service in SERVICES]
    hint = did_you_mean(name, names, f"Choose one of: {', '.join(names)}.", cutoff=GUESS, fold=str)
    raise UsageError(f"there is no mailing service `{name}`", hint=hint)
