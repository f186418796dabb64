"""The few kinds of error that stop a run. An author's mistake is a Diagnostic, never one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic


class NewsletterError(Exception):
    """A run cannot go on; `str(error)` is shown to the person as it is, without a traceback.

    `hint` says how to fix it. `exit_code` is what the process ends with.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(NewsletterError):
    """The request cannot be carried out: no workspace here, no such issue, two issues of one name."""


class ConfigurationError(NewsletterError):
    """newsletter.yaml, a house.yaml or a template cannot be used. `diagnostics` has every fault found, with its place."""

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = (), *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.diagnostics = tuple(diagnostics)
        self.root: Path | None = None
        """The root of the workspace that the places are in, once a command knows it."""


class FindingsError(ConfigurationError):
    """The findings in something forbid the request: an issue that a service cannot take."""

    exit_code = 1


class WorldError(NewsletterError):
    """The world outside failed: disk, network or a mailing service."""

    exit_code = 3


def reason_of(error: OSError) -> str:
    """Why the operating system refuses, in its own words."""
    return (error.strerror or str(error)).lower()
