"""Templates and style sheets of a theme, read for the features that they use: as they are written, before any Jinja has run."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.email_clients.declarations import declaration_marks
from newsletter.check.email_clients.features import FEATURES
from newsletter.check.email_clients.marks import Mark
from newsletter.check.email_clients.pictures import picture_marks
from newsletter.check.email_clients.scan import marks_in
from newsletter.check.email_clients.sheets import sheet_marks
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

_JINJA = late(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TOKEN = late(r"var\(--[a-z0-9-]+\)")
_COMPONENT = late(r"""<(mj-[a-z-]+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = late(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PROSE = "prose.css"
_BRINGS = {
    "mj-accordion": ("html-input-checkbox", "css-pseudo-class-checked", "css-selector-adjacent-sibling"),
    "mj-hero": ("css-background-image", "html-background", "css-background-size", "css-background-position"),
    "mj-font": ("html-link", "css-at-import"),
}
"""What components of MJML become, where their attributes do not tell."""


@lru_cache(maxsize=256)
def template_marks(path: str, source: str) -> tuple[Mark, ...]:
    """The features that a template uses, at its own offsets."""
    plain = _JINJA.sub(_blank, source)
    if path.endswith(f"/{_PROSE}"):
        # Its var() are design tokens, and its selectors are read here, not by anybody's mail program.
        marks = sheet_marks(_TOKEN.sub(_blank, plain))
        return tuple(
            mark._replace(guards=frozenset()) for mark in marks if not mark.feature.slug.startswith("css-selector-")
        )
    if path.endswith(".css"):
        return sheet_marks(plain)
    return (*marks_in(plain), *_component_marks(plain))


def _component_marks(mjml: str) -> Iterator[Mark]:
    """What attributes of components become: declarations of the same name, mostly."""
    for component in _COMPONENT.finditer(mjml):
        for slug in _BRINGS.get(component[1], ()):
            yield from (Mark(feature, "", *component.span()) for feature in FEATURES if feature.slug == slug)
        for attribute in _ATTRIBUTE.finditer(component[2]):
            name, value = attribute[1], attribute[2] or attribute[3] or ""
            start = component.start(2) + attribute.start()
            end = component.start(2) + attribute.end()
            if name in {"src", "background-url"}:
                marks = [*picture_marks(value)]
            else:
                marks = [*declaration_marks(f"{name}:{value}")]
            if name == "background-url":
                marks += declaration_marks("background-image:url(x)")
            yield from (mark._replace(start=start, end=end) for mark in marks)


def _blank(found: re.Match[str]) -> str:
    # Same length, same lines: places in what is left are places in the template.
    return re.sub(r"[^\n]", " ", found[0])
