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
    """Compiles the pattern when one of its methods is first used, and then becomes a plain object with all of them.

    In a class with `__getattr__`, each call of a method takes three times as long.
    """

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # of copying and pickling
            raise AttributeError(name)
        compiled = re.compile(*self._given)
        self.__dict__.update((each, getattr(compiled, each)) for each in dir(compiled) if each[0] != "_")
        self.__class__ = _Compiled  # type: ignore[assignment]
        return getattr(self, name)


class _Compiled:
    """A pattern after its first use, with the methods and attributes of the compiled one."""
