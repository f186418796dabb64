"""Suggestions for unknown names: one measure of similarity and one phrase for the whole program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SLIP = 0.7
"""The least similarity (difflib's ratio, 0 to 1) at which a name counts as a typo of another."""
GUESS = 0.6
"""The least similarity if a suggestion is useful even when it may be wrong."""


def closest(word: str, known: Iterable[str], *, cutoff: float = SLIP, fold: Callable[[str], str] = str.casefold) -> str:
    """The name in `known` that is most similar to `word`; empty if none is similar enough.

    Names are compared after `fold`. If several are then equal, the first is returned.
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
    """`Did you mean …?` with the closest name, or `otherwise` if there is none.

    The other arguments are those of `closest`.
    """
    found = closest(word, known, cutoff=cutoff, fold=fold)
    return f"Did you mean `{found}`?" if found else otherwise
