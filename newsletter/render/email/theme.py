"""The email's theme: templates, design tokens and the style table, loaded once and used for every letter."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from newsletter.errors import ConfigurationError
from newsletter.files import is_there, read_text
from newsletter.records import dataclass
from newsletter.render.design import FONTS, NUMBERS, load_design, shown
from newsletter.render.email.inspection import is_balanced, parents_in, place_faults, plain, template_faults
from newsletter.render.email.styles import SHEET, SHIPPED, fill_variables, is_expressible, marked, styled, table_for
from newsletter.render.templates import begin, failures, fill_template, make_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jinja2 import Environment

    from newsletter.config.publication import Publication
    from newsletter.diagnostics import Diagnostic
    from newsletter.render.design import Design
    from newsletter.render.email.styles import Attributes, Table

HOME = "templates/theme/email"
"""The folder of a workspace's own email templates."""


@dataclass(frozen=True, slots=True)
class EmailTheme:
    """Everything besides the letter that rendering an email needs."""

    environment: Environment
    design: Design
    attributes: Mapping[str, Attributes]
    """The attributes of prose, by the direction of the script: `ltr` and `rtl`."""
    sheet: str = ""
    """The style sheet to inline in each letter, if a table cannot express it; else empty."""
    own: frozenset[str] = frozenset()
    """The templates that are the workspace's own: their MJML is checked as it is filled."""
    globals: Mapping[str, object] = field(default_factory=dict)
    """The variables of every template: `light` and `dark` colours, fonts, and the numbers of a Design."""
    table: Table = field(default_factory=dict)
    """The style table that `attributes` are made from; empty if there is a `sheet`."""
    where: str = SHEET
    """The style sheet's path, for errors."""
    scripts: dict[str, EmailTheme] = field(default_factory=dict)
    """The same theme for other scripts, made on first use."""

    def in_script(self, script: str) -> EmailTheme:
        """The theme with the fonts of a script."""
        if script not in self.scripts:
            design = self.design.in_script(script)
            self.scripts[script] = self if design == self.design else self._designed(design)
        return self.scripts[script]

    def _designed(self, design: Design) -> EmailTheme:
        attributes = self.attributes if self.sheet else _attributes(self.table, design, self.where)
        return replace(
            self, design=design, attributes=attributes, globals={**self.globals, **_fonts(design)}, scripts={}
        )

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """Fills `template`.

        Raises ConfigurationError with its file and line for any error in it.
        """
        begin(self.environment)
        try:
            found = self.environment.get_template(template)
            # As `found.render(values)`, which copies all globals through a ChainMap: a third of an email's time.
            context = found.new_context({**self.globals, **values}, shared=True)
            return str(self.environment.concat(found.root_render_func(context)))
        except failures():
            # The slow way, with the lines of templates in Jinja's traceback.
            return fill_template(self.environment, template, values, home=HOME)

    def unbalanced(self) -> Iterator[str]:
        """The paths of the workspace's own templates with unclosed or misnested tags, as far as known before they are filled."""
        for name in sorted(self.own):
            source = self.environment.loader.get_source(self.environment, name)[0] if self.environment.loader else ""
            if not is_balanced(plain(source)):
                yield f"{HOME}/{name}"


def load_theme(publication: Publication, folders: Sequence[Path], cache: Path | None = None) -> EmailTheme:
    """Loads the theme from `folders`. For each file the first folder that has it is used; the bundled one comes last.

    `cache` is a folder for the style table of a custom style sheet, which is slow to make. With `cache`, compiled
    templates are kept too, in another folder. Raises ConfigurationError with every problem in the workspace's own
    templates.
    """
    own = _own_templates(folders[:-1])
    faults = _faults(own, folders) if own else []
    if faults:
        raise ConfigurationError("the templates of the email cannot be used", faults)
    design = load_design(publication.theme, [folder.parent for folder in folders])
    sheet_path = next((folder / SHEET for folder in folders if is_there(folder / SHEET)), folders[-1] / SHEET)
    sheet = _read(sheet_path)
    environment = _environment(folders, design, remember=cache is not None)
    where, table = shown(sheet_path), dict[tuple[str, str], str]()
    if is_expressible(sheet):
        table.update(table_for(sheet, folders[-1] / SHIPPED, cache, _make_table))
        attributes, sheet = _attributes(table, design, where), ""
    else:
        fill_variables(sheet, design.variables("left", "right"), where)
        attributes = dict.fromkeys(("ltr", "rtl"), marked())
    return EmailTheme(
        environment, design, attributes, sheet, frozenset(own), dict(environment.globals), table=table, where=where
    )


def _make_table(sheet: str) -> Table:
    from newsletter.render.email.inliner import make_table  # a quarter of a second, for style sheets not seen before

    return make_table(sheet)


def _attributes(table: Table, design: Design, where: str) -> dict[str, Attributes]:
    variables = {"ltr": design.variables("left", "right"), "rtl": design.variables("right", "left")}
    return {
        direction: styled(table, values, where, right_to_left=direction == "rtl")
        for direction, values in variables.items()
    }


def _own_templates(folders: Sequence[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found.update({path.name: path for path in folder.glob("[!.]*.mjml")})
    return found


def _faults(own: Mapping[str, Path], folders: Sequence[Path]) -> list[Diagnostic]:
    """The problems of the workspace's own templates; for correct ones, also the problems of their place."""
    texts = {name: _read(path) for name, path in own.items()}
    faults = [fault for name in sorted(own) for fault in template_faults(texts[name], shown(own[name]))]
    if faults:
        return faults
    parents = parents_in({**{name: _read(path) for name, path in _own_templates(folders[-1:]).items()}, **texts})
    return [
        fault for name in sorted(own) for fault in place_faults(texts[name], shown(own[name]), parents.get(name, ""))
    ]


def _environment(folders: Sequence[Path], design: Design, *, remember: bool) -> Environment:
    environment = make_environment(folders, remember=remember)
    numbers = {name: getattr(design, name) for name in NUMBERS}
    environment.globals.update(light=_markup(design.light), dark=_markup(design.dark), **numbers, **_fonts(design))
    return environment


def _fonts(design: Design) -> dict[str, str]:
    return _markup({name: getattr(design, name) for name in FONTS})


def _markup(tokens: Mapping[str, str]) -> dict[str, str]:
    from markupsafe import Markup

    # Colours and fonts are checked by load_design: they cannot end an attribute or a style.
    return {name: Markup(value) for name, value in tokens.items()}  # noqa: S704


def _read(path: Path) -> str:
    text, faults = read_text(path, shown(path), "CF")
    if faults:
        raise ConfigurationError(f"{shown(path)} cannot be used", faults)
    return text
