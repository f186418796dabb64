"""The design tokens of the letter: the theme's own (tokens.json), with what newsletter.yaml changes."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from newsletter.errors import ConfigurationError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.workspace import Theme

TOKENS = "tokens.json"
_UNFIT = re.compile(r"[<>{};&\\\n\r]|/\*")
"""What could end an attribute, a declaration or a style element; no colour or font stack holds it."""
_FONTS = ("serif", "sans", "mono")


@dataclass(frozen=True, slots=True)
class Design:
    """What the templates and prose.css are filled with."""

    light: Mapping[str, str]
    dark: Mapping[str, str]
    serif: str
    sans: str
    mono: str
    width: int
    """Of the card, in CSS pixels."""
    radius: int

    def variables(self, start: str, end: str) -> dict[str, str]:
        """What `var(--name)` of prose.css stands for: light colours, fonts, radius, and the sides of the script.

        The dark comes by classes.
        """
        return {
            **{name.replace("_", "-"): colour for name, colour in self.light.items()},
            **{name: getattr(self, name) for name in _FONTS},
            "radius": f"{self.radius}px",
            "start": start,
            "end": end,
        }


def load_design(theme: Theme, folders: Sequence[Path]) -> Design:
    """The tokens in the first of `folders` that has them, changed as `theme` says.

    Raises ConfigurationError for tokens that are unreadable or unfit for CSS.
    """
    tokens = [_read(folder / TOKENS) for folder in reversed(folders) if (folder / TOKENS).is_file()]
    light, dark, found = dict[str, str](), dict[str, str](), dict[str, str]()
    for light_here, dark_here, fonts_here in tokens:
        if light:
            _refuse_unknown(light, {**light_here, **dark_here})
        light |= light_here
        dark |= dark_here
        found |= fonts_here
    light |= theme.light
    dark |= theme.dark
    fonts = {name: getattr(theme, name) or found.get(name, "serif") for name in _FONTS}
    for name, value in (*light.items(), *dark.items(), *fonts.items()):
        if _UNFIT.search(value):
            raise ConfigurationError(f"theme: {name} cannot be {value!r}: it would end the style it stands in")
    # Attributes are written between double quotes.
    fonts = {name: stack.replace('"', "'") for name, stack in fonts.items()}
    return Design(light, dark, fonts["serif"], fonts["sans"], fonts["mono"], theme.width, theme.radius)


def _read(path: Path) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Light colours, dark colours and fonts of a tokens.json."""
    name = "/".join(path.parts[-4:])
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        light, dark = values.get("light", {}), values.get("dark", {})
        fonts = {font: values[font] for font in _FONTS if font in values}
    except (OSError, ValueError, AttributeError) as error:
        raise ConfigurationError(f"{name} cannot be used: {error}") from error
    groups = (light, dark, fonts)
    if not all(isinstance(group, dict) and all(map(_is_text, group.values())) for group in groups):
        raise ConfigurationError(f"{name} cannot be used: light, dark and fonts hold texts by name")
    return light, dark, fonts


def _refuse_unknown(known: Mapping[str, str], found: Mapping[str, str]) -> None:
    """Raises ConfigurationError for a colour that the bundled theme does not have: nothing would ever show it."""
    for token in sorted(found.keys() - known.keys()):
        close = get_close_matches(token, known, 1)
        hint = f"did you mean `{close[0]}`?" if close else f"tokens: {', '.join(sorted(known))}"
        raise ConfigurationError(f"{TOKENS}: `{token}` is no colour of the theme", hint=hint)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
