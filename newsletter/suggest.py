"""Suggestions for a name that does not exist: one way to find the nearest one, and one phrase, for the whole program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SLIP = 0.7
"""How alike (difflib's ratio) a name must be to another to be taken for a typo of it."""
GUESS = 0.6
"""How alike where the right name is worth a guess."""


def closest(word: str, known: Iterable[str], *, cutoff: float = SLIP, fold: Callable[[str], str] = str.casefold) -> str:
    """The one of `known` that `word` may have been meant to be; "" if none is near.

    Compared is what `fold` makes of both; of two that are then the same, it is the first.
    """
    folded: dict[str, str] = {}
    for choice in known:
        folded.setdefault(fold(choice), choice)
    wanted = fold(word)
    if wanted in folded:
        return folded[wanted]
    from difflib import get_close_matches

    found = get_close_matches(wanted, folded, 1, cutoff)
    return folded[found[0]] if found else ""


def did_you_mean(
    word: str,
    known: Iterable[str],
    otherwise: str = "",
    *,
    cutoff: float = SLIP,
    fold: Callable[[str], str] = str.casefold,
) -> str:
    """`Did you mean …?`, or `otherwise` if nothing is near; the rest is as for `closest`."""
    found = closest(word, known, cutoff=cutoff, fold=fold)
    return f"Did you mean `{found}`?" if found else otherwise
