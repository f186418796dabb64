"""Regular expressions that are compiled when they are first used.

A class of characters from all over Unicode takes some milliseconds to compile, and most letters do not need it. That
would be noticeable in a command that starts in a tenth of a second.
"""

from __future__ import annotations

import re
from typing import Any, cast


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Does the same as `re.compile`, but at the first use. An invalid pattern raises `re.error` then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))


class _Late:
    """Compiles the pattern when one of its methods is first used."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._given), name)  # `re` caches the compiled pattern.
        setattr(self, name, value)
        return value
