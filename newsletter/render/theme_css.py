"""The design tokens as custom properties of CSS, for the web: what style.css begins from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.render.design import FONTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.render.design import Design


def custom_properties(design: Design) -> str:
    """A style sheet of all tokens, light and dark, to stand before the theme's own."""
    fonts = (f"--{name}: {getattr(design, name)}" for name in FONTS)
    # In proportion, so that text grows for readers who have set their browser to larger letters.
    numbers = (
        f"--size: {design.size / 16:g}rem",
        f"--leading: {design.leading / design.size:.3f}",
        f"--radius: {design.radius}px",
    )
    light = _root((*_colours(design.light), *fonts, *numbers, "--stretch: 1"))
    dark = f"@media (prefers-color-scheme: dark) {{ {_root(_colours(design.dark))} }}"
    return "\n".join((light, dark, *(_script(design, script) for script in design.faces))) + "\n"


def _script(design: Design, script: str) -> str:
    """What is set otherwise in a script: see `face` of the templates' `<html>`."""
    face = design.faces[script]
    fonts = [f"--{name}: {stack}" for name, stack in (("serif", face.serif), ("sans", face.sans)) if stack]
    leading = design.leading / design.size * face.leading / 100
    numbers = (f"--leading: {leading:.3f}", f"--stretch: {face.leading / 100:g}")
    return f'[data-face="{script}"] {{ {"; ".join((*fonts, *numbers))} }}'


def _colours(colours: Mapping[str, str]) -> Iterable[str]:
    return (f"--{token.replace('_', '-')}: {colour}" for token, colour in colours.items())


def _root(declarations: Iterable[str]) -> str:
    return f":root {{ {'; '.join(declarations)} }}"
