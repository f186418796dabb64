"""The few kinds of error that stop a run. An author's mistake is a Diagnostic, never one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic


class NewsletterError(Exception):
    """An error that ends a run. `str(error)` is shown to the person without a traceback.

    `hint` says how to fix it. `exit_code` is the exit code of the process.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(NewsletterError):
    """The request cannot be carried out: there is no workspace, no such issue, or two issues have the same name."""


class ConfigurationError(NewsletterError):
    """newsletter.yaml, a house.yaml or a template cannot be used. `diagnostics` has every error, with its position."""

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = (), *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.diagnostics = tuple(diagnostics)
        self.root: Path | None = None
        """The root of the workspace of these files, once a command knows it."""


class FindingsError(ConfigurationError):
    """Findings prevent the request, such as those of an issue that a service cannot take."""

    exit_code = 1


class WorldError(NewsletterError):
    """Something outside the program failed: disk, network or a mailing service."""

    exit_code = 3


def reason_of(error: OSError) -> str:
    """The reason that the operating system gives for an error."""
    return (error.strerror or str(error)).lower()
