"""The design tokens of email and page: the look that newsletter.yaml chooses, with the changes made there.

A look is a file of tokens in templates/theme/looks/; all others extend `letter`. Its tokens are made for Latin, Greek
and Cyrillic. What other scripts need instead (fonts, taller lines, no italics, no letter spacing) is in the theme's
scripts.json. It is keyed by ISO 15924 code; `other` is for scripts without an entry. A workspace's file has only its
changes.
"""

from __future__ import annotations

import json
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from newsletter.errors import ConfigurationError
from newsletter.files import is_there, read_file
from newsletter.records import dataclass
from newsletter.suggest import GUESS, closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from newsletter.config.publication import Theme

LOOKS = "looks"
"""The folder of looks in a theme folder."""
FIRST_LOOK = "letter"
FONTS = ("serif", "sans", "mono")
NUMBERS = ("size", "leading", "width", "radius")
MARGIN = 40
"""The margin of the card, left and right, in CSS pixels."""
SMALL = 3
"""The largest corner radius of small elements such as labels, in CSS pixels."""
_GENERIC = frozenset(("serif", "sans-serif", "system-ui", "ui-serif", "ui-sans-serif"))
_SCHEMES = ("light", "dark")
_UNFIT = re.compile(r"[<>{};&\\\n\r]|/\*")
"""Characters that could end an attribute, a declaration or a style element. No list of fonts has them."""
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
SCRIPTS = "scripts.json"
OTHER = "other"
_AS_THE_LOOK = frozenset(("latn", "cyrl", "grek", "armn", "geor"))
"""Scripts with capitals, italics and letter spacing."""
_KINDS: dict[str, tuple[type, str]] = {
    "serif": (str, "a list of fonts"),
    "sans": (str, "a list of fonts"),
    "leading": (int, "a whole number, of percent"),
    "italics": (bool, "true or false"),
    "spacing": (bool, "true or false"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """The typography of a script."""

    serif: str = ""
    """The fonts of text; empty: the fonts of the look."""
    sans: str = ""
    leading: int = 100
    """The line height, in percent of the look's."""
    italics: bool = True
    spacing: bool = True
    """Whether letter spacing is allowed: it would tear joined letters apart, and Chinese has its own."""


PLAIN = Face()


@dataclass(frozen=True, slots=True)
class Design:
    """The design tokens of a look as values for templates and style sheets: colours, fonts and sizes."""

    light: Mapping[str, str]
    """Colours by token, `#rrggbb`."""
    dark: Mapping[str, str]
    serif: str
    sans: str
    mono: str
    size: int
    """The size of text, in CSS pixels, like the sizes below."""
    leading: int
    """The line height of text."""
    width: int
    """The width of the card."""
    radius: int
    faces: Mapping[str, Face] = field(default_factory=dict)
    """The typography of scripts other than Latin, by script; see scripts.json."""

    @property
    def column(self) -> int:
        """The largest width of text and pictures, in CSS pixels."""
        return self.width - 2 * MARGIN

    def in_script(self, script: str) -> Design:
        """The same design with the fonts of a script."""
        face = face_of(script, self.faces)
        return replace(self, serif=face.serif or self.serif, sans=face.sans or self.sans)

    def variables(self, start: str, end: str) -> dict[str, str]:
        """The values of `var(--name)` in prose.css: light colours, fonts, radius, and the start and end sides.

        Dark colours come from classes.
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
    """The tokens of the look that `theme` names, with the changes in `theme`.

    `folders` are theme folders (`templates/theme`), the bundled one last. A folder can change a look of the same name,
    or add its own looks. Raises ConfigurationError for an unknown look, and for tokens that CSS cannot use.
    """
    name = theme.look or FIRST_LOOK
    first = folders[-1] / LOOKS / f"{FIRST_LOOK}.json"
    files = [path for folder in reversed(folders) if is_there(path := folder / LOOKS / f"{name}.json")]
    if not files:
        known = sorted({path.stem for folder in folders for path in (folder / LOOKS).glob("[!.]*.json")})
        raise ConfigurationError(f"there is no look `{name}`", hint=f"Choose one of: {', '.join(known)}.")
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
    """The typography of scripts.

    A publication's own fonts come before the script's. A sans-serif look is sans-serif in every script.
    """
    faces = {}
    for script, face in load_faces(folders).items():
        text = face.sans if serif.endswith("sans-serif") else face.serif
        serif_stack, sans_stack = _before(theme.serif, text), _before(theme.sans, face.sans)
        faces[script] = replace(face, serif=_fit("serif", serif_stack), sans=_fit("sans", sans_stack))
    return faces


def _before(own: str, stack: str) -> str:
    """A font stack: the publication's `own` fonts without their generic family, then `stack`, the fonts of a script."""
    if not stack:
        return ""
    kept = [font for part in own.split(",") if (font := part.strip()) and font not in _GENERIC]
    return ",".join((*kept, stack))


def _fit(name: str, stack: str) -> str:
    if _UNFIT.search(stack):
        raise ConfigurationError(f"theme: {name} cannot be {stack!r}: it would end the style around it")
    # Attributes are written between double quotes.
    return stack.replace('"', "'")


def _read(path: Path, parts: int = 4, fault: str = "it holds no tokens by name") -> dict[str, Any]:
    """Reads a file of tokens; `fault` is the error message if it has none."""
    try:
        values = json.loads(read_file(path, shown(path, parts)))
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{shown(path, parts)} cannot be used: {error}") from error
    if not isinstance(values, dict):
        raise ConfigurationError(f"{shown(path, parts)} cannot be used: {fault}")
    return values


def _add(values: dict[str, Any], more: Mapping[str, Any], path: Path) -> None:
    """Replaces tokens in `values` with those in `more`.

    Raises ConfigurationError for an entry that is not a token.
    """
    for token, value in more.items():
        _known(token, values, path)
        if token in _SCHEMES:
            values[token] = values[token] | _read_colours(token, value, values[token], path)
            continue
        wanted = int if token in NUMBERS else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            kind = "a whole number" if wanted is int else "a list of fonts"
            raise ConfigurationError(f"{shown(path)} cannot be used: `{token}` must be {kind}, not {json.dumps(value)}")
        values[token] = value


def _read_colours(scheme: str, colours: object, known: Mapping[str, object], path: Path) -> dict[str, str]:
    """The colours that a look has for `light` or `dark`. Raises as `_add` does."""
    if not isinstance(colours, dict):
        raise ConfigurationError(f"{shown(path)} cannot be used: `{scheme}` holds colours by name")
    for name, colour in colours.items():
        _known(name, known, path)
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            raise ConfigurationError(
                f"{shown(path)} cannot be used: `{scheme}.{name}` is {json.dumps(colour)}",
                hint="A colour is a # with six hexadecimal digits, as in #a6341b.",
            )
    return {name: colour.lower() for name, colour in colours.items()}


def _known(token: str, known: Mapping[str, object], path: Path) -> None:
    """Raises ConfigurationError for a token that the theme does not have: it would have no effect."""
    if token not in known:
        close = closest(token, known, cutoff=GUESS, fold=str)
        hint = f"Did you mean `{close}`?" if close else f"Choose one of: {', '.join(sorted(known))}."
        raise ConfigurationError(f"{shown(path)}: `{token}` is not a token of the theme", hint=hint)


def shown(path: Path, parts: int = 4) -> str:
    """A file's path for messages: its last `parts`, from the workspace down."""
    return "/".join(path.parts[-parts:])


def face_name(script: str, faces: Mapping[str, Face]) -> str:
    """The entry with the typography of `script`; empty if it has the look's own."""
    if script in faces:
        return script
    return OTHER if OTHER in faces and script not in _AS_THE_LOOK else ""


def face_of(script: str, faces: Mapping[str, Face]) -> Face:
    """The typography of `script`."""
    return faces.get(face_name(script, faces), PLAIN)


def load_faces(folders: Sequence[Path]) -> dict[str, Face]:
    """The scripts.json of each of `folders` that has one. The first value wins.

    Raises ConfigurationError for a file with faults.
    """
    values: dict[str, dict[str, Any]] = {}
    for folder in reversed(folders):
        path = folder / SCRIPTS
        if is_there(path):
            for script, tokens in _read_faces(path).items():
                values[script] = values.get(script, {}) | tokens
    return {script: Face(**tokens) for script, tokens in values.items()}


def _read_faces(path: Path) -> dict[str, dict[str, Any]]:
    name, fault = shown(path, 3), "it holds tokens by script"
    values = _read(path, 3, fault)
    if not all(isinstance(tokens, dict) for tokens in values.values()):
        raise ConfigurationError(f"{name} cannot be used: {fault}")
    for script, tokens in values.items():
        if script != OTHER and not (len(script) == len("latn") and script.isalpha() and script.islower()):
            hint = "Use ISO 15924 names in lower case: arab, hebr, hans."
            raise ConfigurationError(f"{name}: `{script}` is not a script", hint=hint)
        for token, value in tokens.items():
            _check_face(name, f"{script}.{token}", token, value)
    return values


def _check_face(name: str, where: str, token: str, value: object) -> None:
    if token not in _KINDS:
        raise ConfigurationError(f"{name}: `{where}` is not a known key", hint=f"Choose one of: {', '.join(_KINDS)}.")
    wanted, kind = _KINDS[token]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise ConfigurationError(f"{name}: `{where}` must be {kind}, not {json.dumps(value)}")


def custom_properties(design: Design) -> str:
    """A style sheet of all tokens, light and dark, to be before the theme's own."""
    fonts = (f"--{name}: {getattr(design, name)}" for name in FONTS)
    # In relative units, so that text grows for readers who choose larger letters in their browser.
    numbers = (
        f"--size: {design.size / 16:g}rem",
        f"--leading: {design.leading / design.size:.3f}",
        f"--radius: {design.radius}px",
    )
    light = _root((*_colours(design.light), *fonts, *numbers, "--stretch: 1"))
    dark = f"@media (prefers-color-scheme: dark) {{ {_root(_colours(design.dark))} }}"
    return "\n".join((light, dark, *(_script(design, script) for script in design.faces))) + "\n"


def _script(design: Design, script: str) -> str:
    """The settings that differ for a script: see `face` of the templates' `<html>`."""
    face = design.faces[script]
    fonts = [f"--{name}: {stack}" for name, stack in (("serif", face.serif), ("sans", face.sans)) if stack]
    leading = design.leading / design.size * face.leading / 100
    numbers = (f"--leading: {leading:.3f}", f"--stretch: {face.leading / 100:g}")
    return f'[data-face="{script}"] {{ {"; ".join((*fonts, *numbers))} }}'


def _colours(colours: Mapping[str, str]) -> Iterable[str]:
    return (f"--{token.replace('_', '-')}: {colour}" for token, colour in colours.items())


def _root(declarations: Iterable[str]) -> str:
    return f":root {{ {'; '.join(declarations)} }}"
