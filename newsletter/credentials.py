"""Passwords and keys of services: from the environment or the system's keyring, never from a file of a publication."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from newsletter.errors import UsageError, WorldError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from types import ModuleType

PROGRAM = "newsletter"
"""The program that owns the entries in the keyring."""


class Secret:
    """A password or key. It is never shown in a message, a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> Any:
        msg = "a secret is not handed on"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Account:
    """The owner of a secret: `variable` names it in the environment, `entry` in the keyring."""

    variable: str
    """The environment variable, such as NEWSLETTER_SMTP_PASSWORD."""
    entry: str
    """The entry in the keyring, such as smtp:marit@mail.example.org."""


def secret_of(account: Account) -> Secret | None:
    """The secret of an account: from the environment, or else from the keyring; None if neither has one.

    Raises WorldError if there is a keyring that does not answer.
    """
    if given := os.environ.get(account.variable):
        return Secret(given)
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        kept = keyring.get_password(PROGRAM, account.entry)
    except keyring.errors.NoKeyringError:
        return None
    except keyring.errors.KeyringError as error:
        raise _no_answer(account, error) from error
    return Secret(kept) if kept else None


def keep_secret(account: Account, secret: Secret) -> None:
    """Keeps a secret in the keyring. Raises UsageError if there is no keyring, WorldError if it does not answer."""
    keyring = _needed_keyring(account)
    try:
        keyring.set_password(PROGRAM, account.entry, secret.reveal())
    except keyring.errors.NoKeyringError as error:
        raise _no_keyring(account) from error
    except keyring.errors.KeyringError as error:
        raise _no_answer(account, error) from error


def forget_secret(account: Account) -> bool:
    """Removes a secret from the keyring. Returns whether there was one. Raises as `keep_secret` does."""
    keyring = _needed_keyring(account)
    try:
        keyring.delete_password(PROGRAM, account.entry)
    except keyring.errors.PasswordDeleteError:
        return False
    except keyring.errors.NoKeyringError as error:
        raise _no_keyring(account) from error
    except keyring.errors.KeyringError as error:
        raise _no_answer(account, error) from error
    return True


def _keyring() -> ModuleType | None:
    """The library that the extra `keyring` installs; None if it is not installed."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    return keyring


def _needed_keyring(account: Account) -> ModuleType:
    keyring = _keyring()
    if keyring is None:
        raise UsageError(
            "the keyring is not available: the package keyring is not installed",
            hint=f"Run `pip install 'newsletter-press[keyring]'`, or set {account.variable} in the environment.",
        )
    return keyring


def _no_keyring(account: Account) -> UsageError:
    return UsageError("this system has no keyring", hint=f"Set {account.variable} in the environment.")


def _no_answer(account: Account, error: Exception) -> WorldError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return WorldError(f"the keyring does not answer: {reason}", hint=f"Set {account.variable} in the environment.")
