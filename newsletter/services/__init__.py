"""Mailing services: how each writes tokens and what it accepts; and how a rendering becomes the files for one."""

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
    """The service called `name`. Raises UsageError, with the known names, for any other."""
    for service in SERVICES:
        if service.name == name:
            return service
    names = [service.name for service in SERVICES]
    hint = did_you_mean(name, names, f"Choose one of: {', '.join(names)}.", cutoff=GUESS, fold=str)
    raise UsageError(f"there is no mailing service `{name}`", hint=hint)
