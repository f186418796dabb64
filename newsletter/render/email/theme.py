"""The e-mail's theme: templates, design tokens and the style table, loaded once and used for every letter."""

from __future__ import annotations

import traceback
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.errors import ConfigurationError
from newsletter.model import Span
from newsletter.records import dataclass
from newsletter.render.email.design import load_design
from newsletter.render.email.inspection import BROKEN, template_faults
from newsletter.render.email.look import marked, styled
from newsletter.render.email.styles import SHEET, SHIPPED, fill_variables, is_expressible, table_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket

    from newsletter.render.email.design import Design
    from newsletter.render.email.look import Attributes
    from newsletter.workspace import Publication


@dataclass(frozen=True, slots=True)
class EmailTheme:
    """All that rendering an e-mail needs besides the letter."""

    environment: Environment
    design: Design
    attributes: Mapping[str, Attributes]
    """Of prose, by the direction of the script: `ltr` and `rtl`."""
    sheet: str = ""
    """The style sheet to inline over each letter, where no table can say what it says; else empty."""
    own: frozenset[str] = frozenset()
    """The templates that are the workspace's own: their MJML is checked as it is filled."""
    globals: Mapping[str, object] = field(default_factory=dict)
    """What every template gets: `light` and `dark` colours, `serif`, `sans`, `mono`, `width`, `radius`."""

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """`template` filled. Raises ConfigurationError with its file and line for what goes wrong in it."""
        try:
            found = self.environment.get_template(template)
            # As `found.render(values)`, which copies all globals through a ChainMap: a third of an e-mail's time.
            context = found.new_context({**self.globals, **values}, shared=True)
            return "".join(found.root_render_func(context))
        except _failures():
            return self._explain(template, values)

    def _explain(self, template: str, values: Mapping[str, object]) -> str:
        # The slow way, in which Jinja puts the lines of templates into the traceback.
        try:
            return self.environment.get_template(template).render(values)
        except _failures() as error:
            raise _template_error(template, error) from error


def load_theme(publication: Publication, folders: Sequence[Path], cache: Path | None = None) -> EmailTheme:
    """The theme from `folders`, of which the first that has a file wins, file by file; the bundled one comes last.

    `cache` is a folder for what is slow to make (the style table of an own style sheet); with one, compiled templates are
    kept too, elsewhere.
    Raises ConfigurationError, with every fault found in the workspace's own templates.
    """
    own = _own_templates(folders[:-1])
    faults = [fault for name in sorted(own) for fault in template_faults(_read(own[name]), shown(own[name]))]
    if faults:
        raise ConfigurationError("the templates of the e-mail cannot be used", faults)
    design = load_design(publication.theme, folders)
    sheet_path = next((folder / SHEET for folder in folders if (folder / SHEET).is_file()), folders[-1] / SHEET)
    sheet = _read(sheet_path)
    environment = _environment(folders, design, remember=cache is not None)
    where = shown(sheet_path)
    variables = {"ltr": design.variables("left", "right"), "rtl": design.variables("right", "left")}
    if not is_expressible(sheet):
        fill_variables(sheet, variables["ltr"], where)
        plain = marked()
        return EmailTheme(
            environment, design, {"ltr": plain, "rtl": plain}, sheet, frozenset(own), dict(environment.globals)
        )
    table = table_for(sheet, sheet_path.with_name(SHIPPED), cache)
    attributes = {
        direction: styled(table, values, where, right_to_left=direction == "rtl")
        for direction, values in variables.items()
    }
    return EmailTheme(environment, design, attributes, "", frozenset(own), dict(environment.globals))


def shown(path: Path) -> str:
    """A template's path as people know it: from the workspace down."""
    return "/".join(path.parts[-4:])


def _own_templates(folders: Sequence[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found.update({path.name: path for path in folder.glob("*.mjml")})
    return found


def _environment(folders: Sequence[Path], design: Design, *, remember: bool) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_bytecode_cache() if remember else None,
    )
    # Colours and fonts are checked by load_design: they cannot end an attribute or a style.
    fonts = {name: Markup(getattr(design, name)) for name in ("serif", "sans", "mono")}  # noqa: S704
    environment.globals.update(
        light=_markup(design.light), dark=_markup(design.dark), width=design.width, radius=design.radius, **fonts
    )
    return environment


def _bytecode_cache() -> BytecodeCache | None:
    """Compiled templates, which save 40 ms: in the user's own temporary folder, never in the workspace.

    Bytecode runs outside of the sandbox, so that a workspace from elsewhere must not be able to bring any.
    """
    from jinja2 import FileSystemBytecodeCache

    class Forgiving(FileSystemBytecodeCache):
        def dump_bytecode(self, bucket: Bucket) -> None:
            # A disk that is full or read-only costs time, nothing else.
            with suppress(OSError):
                super().dump_bytecode(bucket)

    try:
        return Forgiving(pattern="newsletter_%s.cache")
    except (OSError, RuntimeError):
        # No temporary folder, or one that others can write to.
        return None


def _markup(colours: Mapping[str, str]) -> dict[str, str]:
    from markupsafe import Markup

    return {name: Markup(colour) for name, colour in colours.items()}  # noqa: S704


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _failures() -> tuple[type[Exception], ...]:
    """What filling a template may raise: Jinja's own errors, and whatever an expression in it does wrong."""
    from jinja2 import TemplateError

    return (TemplateError, TypeError, ValueError, AttributeError, KeyError, ArithmeticError)


def _template_error(template: str, error: Exception) -> ConfigurationError:
    """What went wrong, with the place in the template: Jinja puts its files and lines into the traceback."""
    name, line = f"templates/theme/email/{template}", getattr(error, "lineno", 0) or 0
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.endswith((".mjml", ".html", ".css")):
            name, line = "/".join(frame.filename.replace("\\", "/").split("/")[-4:]), frame.lineno or 0
    message = f"{type(error).__name__}: {error}" if not str(error) else str(error)
    found = Diagnostic(name, Span(0, 0, max(1, line), 1), BROKEN, message)
    return ConfigurationError(f"{name} cannot be used", (found,))
