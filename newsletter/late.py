"""Regular expressions that are compiled when they are first used.

A class of characters from all over Unicode takes some milliseconds to compile, and most letters never need it; a command
that starts in a tenth of a second has none to spare.
"""

from __future__ import annotations

import re
from typing import Any, cast


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, but at the first use; a faulty pattern raises `re.error` then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))


class _Late:
    """Becomes the compiled pattern, method by method, as it is asked for them."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._given), name)  # `re` keeps what it compiled
        setattr(self, name, value)
        return value
