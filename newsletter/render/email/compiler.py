"""MJML to HTML: the one place that calls the compiler (mjml-python, which is mrml in Rust)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from newsletter.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable


class MjmlError(Exception):
    """The compiler cannot read the MJML.

    Its message only counts bytes of text that nobody wrote.
    """


def compile_mjml(source: str) -> str:
    """The HTML of an MJML document, with no web fonts except those that the theme names.

    The compiler prints attribute values as Rust debug strings. So a value must have no backslash, tab or line end, and
    only plain letters. Everything that an author wrote is therefore in a slot (see trace.Slots). Raises MjmlError if
    the source is not well-formed, ConfigurationError if the compiler is not installed.
    """
    try:
        return _compiler()(source, fonts={})
    except ValueError as error:
        raise MjmlError(str(error)) from error


@cache
def _compiler() -> Callable[..., str]:
    try:
        import mjml
    except ImportError as error:
        raise ConfigurationError(
            "the MJML compiler is not installed", hint="Install it with: pip install mjml-python"
        ) from error
    convert: Callable[..., str] | None = getattr(mjml, "mjml2html", None)
    if convert is None:
        # Two packages on PyPI install a module of this name.
        raise ConfigurationError(
            f"the module mjml in {getattr(mjml, '__file__', 'this environment')} is not that of mjml-python",
            hint="Replace it: pip uninstall mjml && pip install --force-reinstall mjml-python",
        )
    return convert
