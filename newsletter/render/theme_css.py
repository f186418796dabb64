"""The design tokens of newsletter.yaml as custom properties of CSS, for the web."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.workspace import Theme

_UNFIT = re.compile(r"[<>{};\\\n\r]|/\*")
"""What could end a declaration, a rule or a style element; no colour or font stack holds it."""

DEFAULT_RADIUS = 4
"""As in style.css and `Theme`."""


def custom_properties(theme: Theme) -> str:
    """A style sheet with what this theme changes, to stand after the bundled one; empty where it changes nothing.

    Light colours are set for light screens only: else they would win over the bundled dark ones.
    """
    plain = list(_fonts(theme))
    if theme.radius != DEFAULT_RADIUS:
        plain.append(f"--radius:{theme.radius}px")
    sheet = _root(plain)
    for scheme, colours in (("light", theme.light), ("dark", theme.dark)):
        rule = _root([f"--{token.replace('_', '-')}:{value}" for token, value in sorted(colours.items())])
        if rule:
            sheet += f"@media (prefers-color-scheme:{scheme}){{{rule}}}"
    return sheet


def _fonts(theme: Theme) -> Iterator[str]:
    for name, stack in (("serif", theme.serif), ("sans", theme.sans), ("mono", theme.mono)):
        if stack:
            yield f"--{name}:{stack}"


def _root(declarations: Sequence[str]) -> str:
    fit = [declaration for declaration in declarations if not _UNFIT.search(declaration)]
    return f":root{{{';'.join(fit)}}}" if fit else ""
