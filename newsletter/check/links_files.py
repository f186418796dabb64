"""Where relative links lead: to files beside the issue, which go out with it, and to other issues."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.wording import did_you_mean, quoted
from newsletter.late import late

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check.base import CheckContext
    from newsletter.check.links_base import AddressUse
    from newsletter.diagnostics import Diagnostic

_ISSUE = late(r"(?:^|/)(?:\d{4}-\d{2}-\d{2}-)?([^/]+?)(?:/index)?\.md$")
_WHOLE = "Write the whole address, from `https://` on."
_ISSUE_PAGE = late(r"\.\./([^/]+)/(?:index\.html)?$")


def leads_somewhere(context: CheckContext, href: str) -> bool:
    """Whether a relative address leads to a file that goes out with the letter, or to another issue."""
    path = _path(href)
    if path.endswith(".md"):
        return _is_issue(context, path)
    if page := _ISSUE_PAGE.fullmatch(path):
        return page[1] in _slugs(context)
    return href in context.files or (_goes_out(href) and _is_file(_folder(context) / path))


def what_is_missing(context: CheckContext, use: AddressUse) -> Diagnostic:
    """The finding for a relative address that leads nowhere."""
    path = _path(use.href)
    if path.endswith(".md"):
        names = [other.path.removeprefix("issues/") for other in context.others]
        mend = did_you_mean(path.removeprefix("../"), names) or _WHOLE
        return context.found("LK104", use.span, f"there is no issue {quoted(path)}", mend=mend)
    if _is_file(_folder(context) / path):
        return context.found(
            "LK104",
            use.span,
            f"{quoted(path)} does not go out with the letter",
            label="only a file right beside the issue does, by its name alone",
            mend="Move it beside the issue and link to its name.",
        )
    mend = did_you_mean(path, _names(_folder(context))) or _WHOLE
    return context.found("LK104", use.span, f"{quoted(use.href)} leads nowhere from a mail", mend=mend)


def _path(href: str) -> str:
    return unquote(re.split(r"[?#]", href, maxsplit=1)[0])


def _goes_out(href: str) -> bool:
    """Whether it is a bare name: those files go out beside the letter's page."""
    name = unquote(href)
    return name[:1] not in {"", "."} and not set(name) & set("/\\:#?%{")


def _is_issue(context: CheckContext, path: str) -> bool:
    found = _ISSUE.search(path)
    name = found[1] if found else ""
    return name in _slugs(context) or (_inside(context, path) and _is_file(_folder(context) / path))


def _slugs(context: CheckContext) -> set[str]:
    return {context.issue.slug, *(other.slug for other in context.others)}


def _inside(context: CheckContext, path: str) -> bool:
    try:
        return (_folder(context) / path).resolve().is_relative_to(context.root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _folder(context: CheckContext) -> Path:
    return (context.root / context.issue.path).parent


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, or a NUL
        return False


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 (names only)
    except OSError:
        return []
