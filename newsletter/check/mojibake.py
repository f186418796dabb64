"""UTF-8 that was read as Windows-1252 (or Latin-1), once or several times: finding it, and what it was.

Each sign of it could be meant, in some language. So what is found must be certain by itself (`â€™`, `Ã©`, three letters
of Cyrillic in a row), or stand in a letter in which something is.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from newsletter.late import late

if TYPE_CHECKING:
    import re

_LEAD = "\u00c2-\u00f4"
_TRAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
MANGLED = late(f"[{_LEAD}][{_TRAIL}]|[\u0080-\u009f]")
"""Where mojibake may be."""
_SEQUENCE = f"(?:[\u00c2-\u00df][{_TRAIL}]|[\u00e0-\u00ef][{_TRAIL}]{{2}}|[\u00f0-\u00f4][{_TRAIL}]{{3}})"
_RUN = late(f"{_SEQUENCE}+|â€(?=[\\s.,;:!?]|$)|[\u0080-\u009f]")
_PUNCTUATION = frozenset("‘’“”‚„…–—‹›«»")
"""What may rightly follow an accented capital: `«CAFÉ»`, `“Ã”`."""
_DEEPEST = 3


@cache
def _bytes_of() -> dict[str, int]:
    """The byte that each character was, by Windows-1252 and, where that has none, by Latin-1."""
    found = {chr(code): code for code in range(0x80, 0x100)}
    for code in range(0x80, 0xA0):
        try:
            found[bytes([code]).decode("cp1252")] = code
        except UnicodeDecodeError:
            continue
    return found


def unmangled(text: str) -> list[tuple[int, int, str]]:
    """Start and end of each piece of mojibake in `text`, and what it was; "" where that is lost."""
    sure: list[tuple[int, int, str]] = []
    doubtful: list[tuple[int, int, str]] = []
    for match in _RUN.finditer(text):
        meant = _decoded(match[0])
        if meant is None:
            continue
        (sure if _is_sure(text, match, meant) else doubtful).append((*match.span(), meant))
    return sorted([*sure, *doubtful]) if sure else []


def _decoded(run: str) -> str | None:
    """What `run` was, undone as often as it was done; None where it is no mojibake, "" where too much of it is lost."""
    if run == "â€":
        return ""
    if len(run) == 1:  # a byte of Windows-1252 that was read as Latin-1
        return bytes([ord(run)]).decode("cp1252", "ignore")
    meant = None
    for _ in range(_DEEPEST):
        decoded = _once(meant or run)
        if decoded is None:
            break
        meant = decoded
    return meant


def _once(run: str) -> str | None:
    table = _bytes_of()
    if not any(char in table for char in run):
        return None
    try:
        decoded = b"".join(bytes([table[char]]) if char in table else char.encode("ascii") for char in run)
        found = decoded.decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    return (
        found if all(char.isprintable() or char in "\u00a0\u00ad\ufeff\u200b\u200d\ufe0f" for char in found) else None
    )


def _is_sure(text: str, match: re.Match[str], meant: str) -> bool:
    """Whether this cannot be anything else."""
    run = match[0]
    lead = run[0]
    if run == "â€" or len(run) == 1:
        return True
    if lead in "âð" or run.startswith(("ï»¿", "ï¼", "ï½", "ï¿", "ï¬")):
        return True
    if lead in "ÂÃ":
        return run[1] not in _PUNCTUATION or len(run) > 3
    if "\u00e0" <= lead <= "\u00ef":  # `é»…`, as in `«café»…`, is no Chinese
        return len(meant) > 1
    inside = text[match.start() - 1 : match.start()].isalpha() and text[match.end() : match.end() + 1].isalpha()
    return len(meant) > 1 or (inside and not run[1].isalpha())
