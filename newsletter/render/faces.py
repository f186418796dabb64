"""How each writing system is set: its fonts, how tall its lines are, and whether it knows italics and spaced letters.

The tokens of a look are made for Latin, Greek and Cyrillic. What other scripts need instead stands in scripts.json of the
theme, by their ISO 15924 codes; `other` is for those without an entry. A workspace's file says only what differs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.errors import ConfigurationError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SCRIPTS = "scripts.json"
OTHER = "other"
_AS_THE_LOOK = frozenset(("latn", "cyrl", "grek", "armn", "geor"))
"""Scripts with capitals, italics and spaced letters."""
_KINDS: dict[str, tuple[type, str]] = {
    "serif": (str, "a list of fonts"),
    "sans": (str, "a list of fonts"),
    "leading": (int, "a whole number, of percent"),
    "italics": (bool, "true or false"),
    "spacing": (bool, "true or false"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """How a script is set."""

    serif: str = ""
    """The fonts of text; empty: those of the look."""
    sans: str = ""
    leading: int = 100
    """How tall lines are, in percent of the look's."""
    italics: bool = True
    spacing: bool = True
    """Whether letters may be spaced out: it tears apart letters that join, and Chinese has its own."""


PLAIN = Face()


def face_name(script: str, faces: Mapping[str, Face]) -> str:
    """The entry that says how `script` is set; empty where it is set as the look is."""
    if script in faces:
        return script
    return OTHER if OTHER in faces and script not in _AS_THE_LOOK else ""


def face_of(script: str, faces: Mapping[str, Face]) -> Face:
    """How `script` is set."""
    return faces.get(face_name(script, faces), PLAIN)


def load_faces(folders: Sequence[Path]) -> dict[str, Face]:
    """What scripts.json says in each of `folders` that has one, the first of which wins value by value.

    Raises ConfigurationError for a file with faults.
    """
    values: dict[str, dict[str, Any]] = {}
    for folder in reversed(folders):
        path = folder / SCRIPTS
        if path.is_file():
            for script, tokens in _read(path).items():
                values[script] = values.get(script, {}) | tokens
    return {script: Face(**tokens) for script, tokens in values.items()}


def _read(path: Path) -> dict[str, dict[str, Any]]:
    name = "/".join(path.parts[-3:])
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{name} cannot be used: {error}") from error
    if not isinstance(values, dict) or not all(isinstance(tokens, dict) for tokens in values.values()):
        raise ConfigurationError(f"{name} cannot be used: it holds tokens by script")
    for script, tokens in values.items():
        if script != OTHER and not (len(script) == len("latn") and script.isalpha() and script.islower()):
            hint = "Scripts are named as in ISO 15924, in small letters: arab, hebr, hans."
            raise ConfigurationError(f"{name}: `{script}` is no script", hint=hint)
        for token, value in tokens.items():
            _check(name, f"{script}.{token}", token, value)
    return values


def _check(name: str, where: str, token: str, value: object) -> None:
    if token not in _KINDS:
        raise ConfigurationError(f"{name}: `{where}` means nothing", hint=f"tokens: {', '.join(_KINDS)}")
    wanted, kind = _KINDS[token]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise ConfigurationError(f"{name}: `{where}` must be {kind}, not {json.dumps(value)}")
