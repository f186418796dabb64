"""The design tokens of e-mail and page: those of the look that newsletter.yaml chooses, with what it changes.

A look is a file of tokens in templates/theme/looks/; `letter` is the one that all others begin from.
"""

from __future__ import annotations

import json
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from newsletter.errors import ConfigurationError
from newsletter.late import late
from newsletter.records import dataclass
from newsletter.render.faces import Face, face_of, load_faces
from newsletter.suggest import GUESS, closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from newsletter.config.publication import Theme

LOOKS = "looks"
"""The folder of looks, in a theme's."""
FIRST_LOOK = "letter"
FONTS = ("serif", "sans", "mono")
NUMBERS = ("size", "leading", "width", "radius")
MARGIN = 40
"""Of the card, left and right, in CSS pixels."""
SMALL = 3
"""The radius of what is as small as a word, in CSS pixels, at most."""
_GENERIC = frozenset(("serif", "sans-serif", "system-ui", "ui-serif", "ui-sans-serif"))
_SCHEMES = ("light", "dark")
_UNFIT = re.compile(r"[<>{};&\\\n\r]|/\*")
"""What could end an attribute, a declaration or a style element; no font stack holds it."""
_COLOUR = late(r"#[0-9a-f]{6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Design:
    """What the templates and style sheets are filled with."""

    light: Mapping[str, str]
    """Colours by token, `#rrggbb`."""
    dark: Mapping[str, str]
    serif: str
    sans: str
    mono: str
    size: int
    """Of text, in CSS pixels; so are those below."""
    leading: int
    """From line to line of it."""
    width: int
    """Of the card."""
    radius: int
    faces: Mapping[str, Face] = field(default_factory=dict)
    """How scripts other than Latin are set, by script; see faces.py."""

    @property
    def column(self) -> int:
        """How wide text and pictures may be."""
        return self.width - 2 * MARGIN

    def in_script(self, script: str) -> Design:
        """The same design with the fonts of a script."""
        face = face_of(script, self.faces)
        return replace(self, serif=face.serif or self.serif, sans=face.sans or self.sans)

    def variables(self, start: str, end: str) -> dict[str, str]:
        """What `var(--name)` of prose.css stands for: light colours, fonts, radius, and the sides of the script.

        The dark comes by classes.
        """
        return {
            **{name.replace("_", "-"): colour for name, colour in self.light.items()},
            **{name: getattr(self, name) for name in FONTS},
            **{name: f"{getattr(self, name)}px" for name in ("size", "leading", "radius")},
            "radius-small": f"{min(self.radius, SMALL)}px",
            "start": start,
            "end": end,
        }


def load_design(theme: Theme, folders: Sequence[Path]) -> Design:
    """The tokens of the look that `theme` names, changed as it says.

    `folders` are theme folders (`templates/theme`), the bundled one last; one before it adds to the look of the same name,
    or has looks of its own. Raises ConfigurationError for a look that is not there, or whose tokens are unfit for CSS.
    """
    name = theme.look or FIRST_LOOK
    first = folders[-1] / LOOKS / f"{FIRST_LOOK}.json"
    files = [path for folder in reversed(folders) if (path := folder / LOOKS / f"{name}.json").is_file()]
    if not files:
        known = sorted({path.stem for folder in folders for path in (folder / LOOKS).glob("*.json")})
        raise ConfigurationError(f"there is no look called `{name}`", hint=f"looks: {', '.join(known)}")
    values = _read(first)
    for path in files:
        if path != first:
            _add(values, _read(path), path)
    return Design(
        light=values["light"] | theme.light,
        dark=values["dark"] | theme.dark,
        serif=_fit("serif", theme.serif or values["serif"]),
        sans=_fit("sans", theme.sans or values["sans"]),
        mono=_fit("mono", theme.mono or values["mono"]),
        size=values["size"],
        leading=values["leading"],
        width=theme.width or values["width"],
        radius=values["radius"] if theme.radius is None else theme.radius,
        faces=_faces(theme, folders, serif=values["serif"]),
    )


def _faces(theme: Theme, folders: Sequence[Path], *, serif: str) -> dict[str, Face]:
    """How scripts are set: a publication's own fonts stand before theirs, and a look in sans is one in every script."""
    faces = {}
    for script, face in load_faces(folders).items():
        text = face.sans if serif.endswith("sans-serif") else face.serif
        serif_stack, sans_stack = _before(theme.serif, text), _before(theme.sans, face.sans)
        faces[script] = replace(face, serif=_fit("serif", serif_stack), sans=_fit("sans", sans_stack))
    return faces


def _before(own: str, stack: str) -> str:
    """`own` fonts, without the family of all others that they end in, before a script's."""
    if not stack:
        return ""
    kept = [font for part in own.split(",") if (font := part.strip()) and font not in _GENERIC]
    return ",".join((*kept, stack))


def _fit(name: str, stack: str) -> str:
    if _UNFIT.search(stack):
        raise ConfigurationError(f"theme: {name} cannot be {stack!r}: it would end the style it stands in")
    # Attributes are written between double quotes.
    return stack.replace('"', "'")


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{_shown(path)} cannot be used: {error}") from error
    if not isinstance(values, dict):
        raise ConfigurationError(f"{_shown(path)} cannot be used: it holds no tokens by name")
    return values


def _add(values: dict[str, Any], more: Mapping[str, Any], path: Path) -> None:
    """Puts the tokens of `more` in the place of those in `values`. Raises ConfigurationError for what is none."""
    for token, value in more.items():
        _known(token, values, path)
        if token in _SCHEMES:
            if not isinstance(value, dict):
                raise ConfigurationError(f"{_shown(path)} cannot be used: `{token}` holds colours by name")
            for name, colour in value.items():
                _known(name, values[token], path)
                if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
                    raise ConfigurationError(
                        f"{_shown(path)} cannot be used: `{token}.{name}` is {json.dumps(colour)}",
                        hint="A colour is six hexadecimal digits behind a #, as in #a6341b.",
                    )
            values[token] = values[token] | {name: colour.lower() for name, colour in value.items()}
            continue
        wanted = int if token in NUMBERS else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            kind = "a whole number" if wanted is int else "a list of fonts"
            raise ConfigurationError(
                f"{_shown(path)} cannot be used: `{token}` must be {kind}, not {json.dumps(value)}"
            )
        values[token] = value


def _known(token: str, known: Mapping[str, object], path: Path) -> None:
    """Raises ConfigurationError for a token that the theme does not have: nothing would ever show it."""
    if token not in known:
        close = closest(token, known, cutoff=GUESS, fold=str)
        hint = f"did you mean `{close}`?" if close else f"tokens: {', '.join(sorted(known))}"
        raise ConfigurationError(f"{_shown(path)}: `{token}` is no token of the theme", hint=hint)


def _shown(path: Path) -> str:
    """A file's path as people know it: from the workspace down."""
    return "/".join(path.parts[-4:])


# ── The design tokens as custom properties of CSS, for the web: what style.css begins from ────────────────────────────


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
