"""Small phrases that several outputs make from a language's fixed words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.language import Language


def listed(names: Sequence[str], language: Language) -> str:
    """Names as a sentence has them: `Ann`, `Ann and Bo`, `Ann, Bo and Cy`."""
    if len(names) < len("ab"):
        return "".join(names)
    return f"{', '.join(names[:-1])} {language.words['and']} {names[-1]}"
