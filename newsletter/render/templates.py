"""The Jinja settings for every output: sandboxed, escaping, strict, and with errors reported by file and line."""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.errors import ConfigurationError
from newsletter.files import is_there, read_text
from newsletter.language.scripts import isolated
from newsletter.model import Span
from newsletter.suggest import GUESS, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import CodeType

    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket

_UNDEFINED = re.compile(r"'([^']+)' is undefined")
"""Jinja's message about an unknown name."""
BROKEN = "CF104"
"""A workspace's template that cannot be filled."""
_compiled: dict[str, CodeType] = {}
"""The compiled templates of this process, by name and text."""
_MOST_COMPILED = 500
"""The most of them that are kept: a theme has 60, and each save of a template in the preview adds one."""


def make_environment(folders: Sequence[Path], *, remember: bool = False) -> Environment:
    """An environment that takes each template from the first of `folders` that has it.

    With `remember`, compiled templates are kept for later processes.
    """
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound
    from jinja2.loaders import split_template_path

    from newsletter.render.bounded import BoundedEnvironment

    class Guarded(FileSystemLoader):
        """Loads templates with the same checks as all files, and only from within the workspace."""

        def get_source(self, _: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
            for folder in folders:
                file = folder.joinpath(*split_template_path(template))
                if is_there(file):
                    # The compiled code has this path in it, and is the same in every workspace with this template.
                    path = "/".join(file.parts[-4:])
                    text, faults = read_text(file, path, "CF")
                    if faults:
                        raise ConfigurationError(f"{faults[0].path} cannot be used", faults)
                    return text, path, lambda: True
            raise TemplateNotFound(template)

    environment = BoundedEnvironment(
        loader=Guarded([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_bytecode_cache(on_disk=remember),
    )
    environment.filters["isolated"] = isolated  # {{ title | isolated(language.dir) }}
    return environment


def _bytecode_cache(*, on_disk: bool) -> BytecodeCache:
    """The cache of compiled templates: in this process and, with `on_disk`, for later ones, where it saves 40 ms.

    The files are in the user's own temporary folder, never in the workspace. Byte code runs outside of the sandbox, so
    a workspace must not be able to include any. Templates are found by their text: most workspaces have the same.
    """
    from jinja2 import BytecodeCache, FileSystemBytecodeCache

    class Compiled(BytecodeCache):
        def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
            return super().get_bucket(environment, name, f"{filename}|{self.get_source_checksum(source)}", source)

        def load_bytecode(self, bucket: Bucket) -> None:
            bucket.code = _compiled.get(bucket.key)
            if bucket.code is None and files is not None:
                files.load_bytecode(bucket)
                _keep(bucket)

        def dump_bytecode(self, bucket: Bucket) -> None:
            _keep(bucket)
            if files is not None:
                # A full or read-only disk costs time, nothing else.
                with suppress(OSError):
                    files.dump_bytecode(bucket)

    files = None
    if on_disk:
        # There may be no temporary folder, or others can write to it.
        with suppress(OSError, RuntimeError):
            files = FileSystemBytecodeCache(pattern="newsletter_bounded_%s.cache")
    return Compiled()


def _keep(bucket: Bucket) -> None:
    """Keeps the code of a template in this process."""
    if len(_compiled) >= _MOST_COMPILED:
        _compiled.clear()
    if bucket.code is not None:
        _compiled[bucket.key] = bucket.code


def fill_template(environment: Environment, template: str, values: Mapping[str, object], *, home: str) -> str:
    """Fills `template`; `home` is the folder of its kind, such as `templates/theme/page`.

    Raises ConfigurationError, with the template's file and line, for an error in it.
    """
    begin(environment)
    try:
        return environment.get_template(template).render(values)
    except failures() as error:
        known = (*values, *environment.globals)
        raise template_error(home, template, error, known) from error


def begin(environment: Environment) -> None:
    """Resets the limits before a template is filled."""
    from newsletter.render.bounded import BoundedEnvironment

    if isinstance(environment, BoundedEnvironment):
        environment.begin()


def failures() -> tuple[type[Exception], ...]:
    """The exceptions that filling a template may raise: Jinja's own, and those of expressions in it."""
    from jinja2 import TemplateError

    return (
        TemplateError,
        TypeError,
        ValueError,
        AttributeError,
        KeyError,
        ArithmeticError,
        RecursionError,
        MemoryError,
    )


def template_error(home: str, template: str, error: Exception, known: Sequence[str] = ()) -> ConfigurationError:
    """The error of a template with its file and line, from the traceback.

    `known` are the variables of the template, by name.
    """
    name, line = f"{home}/{template}", getattr(error, "lineno", 0) or 0
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.endswith((".mjml", ".html", ".css")):
            name, line = "/".join(frame.filename.replace("\\", "/").split("/")[-4:]), frame.lineno or 0
    message, advice = str(error) or type(error).__name__, ""
    if isinstance(error, RecursionError):
        message = "the template includes or calls itself without end"
    elif isinstance(error, MemoryError):
        message = "the template makes more text than fits in memory"
    if missing := _UNDEFINED.fullmatch(message):
        message = f"the template has no value `{missing[1]}`"
        otherwise = "The theme guide lists what each template gets."
        advice = did_you_mean(missing[1], known, otherwise, cutoff=GUESS, fold=str)
    found = Diagnostic(name, Span(0, 0, max(1, line), 1), BROKEN, message, advice=advice)
    return ConfigurationError(f"{name} cannot be used", (found,))
