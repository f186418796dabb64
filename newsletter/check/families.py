"""The families of rules: what the letters of a code stand for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsletter import __version__
from newsletter.check.registry import RULES, rule_of
from newsletter.errors import UsageError
from newsletter.suggest import closest

if TYPE_CHECKING:
    from newsletter.check.rule import Rule


class Family(NamedTuple):
    """Rules that look at one thing."""

    code: str
    """The letters that its codes begin with: `ST`."""
    title: str
    """Its title, for a heading: `Structure`."""
    summary: str
    """The subject of its rules, one line without a full stop."""


FAMILIES = (
    Family(
        "FM", "Front matter", "the fields between the --- lines: which are required, their types, lengths and choices"
    ),
    Family("ST", "Structure", "sections and items: which, in what order, how many, how long, and what each needs"),
    Family("LK", "Links", "addresses that work for every reader, link texts that say where the link leads"),
    Family("FG", "Figures", "pictures: alt text, caption, credit, and files that email clients can show"),
    Family("TX", "Text", "typing errors: doubled words, quotation marks, placeholders, unwanted characters"),
    Family("EM", "Email", "the email made from an issue: its size, and what email clients do to it"),
    Family("HS", "History across issues", "what ran before, and how an issue differs from earlier ones"),
    Family(
        "EX",
        "Export",
        "what a mailing service requires of a letter: `newsletter export` checks it, for one service at a time",
    ),
    Family("HF", "House format", "errors in house.yaml itself, which stop every check of issues of the kind"),
    Family(
        "CF",
        "newsletter.yaml",
        "errors in the configuration of the publication or in its theme, which stop every command",
    ),
)
"""The families, in the order in which people meet them."""


def family_of(code: str) -> Family | None:
    """The family that a code, or the letters of one, belongs to; None if there is none."""
    letters = code.upper().rstrip("0123456789")
    return next((family for family in FAMILIES if family.code == letters), None)


# ── The page of each rule: docs/rules/ of a checkout, shipped inside the wheel ────────────────────────────────────────


def pages_folder() -> Path:
    """The folder with the pages that came with the tool."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "docs" / "rules"


@cache
def documentation_url() -> str:
    """Where the documentation is served: `Project-URL: Documentation` of the installed package (core metadata); empty if it names none."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        named = metadata("newsletter-press").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    urls: dict[str, str] = dict(each.split(", ", 1) for each in named if ", " in each)
    return urls.get("Documentation", "").rstrip("/")


def documentation_version() -> str:
    """The folder in which the site keeps the pages of this version: `0.1` for 0.1.0 and all its corrections."""
    return ".".join(__version__.split(".")[:2])


def help_address(rule: Rule) -> str:
    """The address of a rule's page on the site, in the version that made the finding; empty if the package names no site.

    Such an address does not change with later versions: reports are kept for years, and their links must still fit their findings.
    """
    url = documentation_url()
    return f"{url}/{documentation_version()}/rules/{rule.code}/" if url else ""


def page_of(code: str) -> str:
    """The page of a rule in docs/rules/, as Markdown. Of a page shared by a family: the general part and the part about this rule.

    `code` may be in small letters, or the rule's name. Raises UsageError if there is no such rule.
    """
    rule = rule_of(code)
    if rule is None:
        known = [name for rule in RULES for name in (rule.code, rule.name)]
        near = closest(code, known)
        msg = f"there is no rule `{code}`"
        raise UsageError(msg, hint=f"Did you mean `{near}`?" if near else "`newsletter rule` lists all rules.")
    text = (pages_folder() / rule.page_name).read_text(encoding="utf-8")
    if not rule.page:
        return text
    shared, *parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    own = [part for part in parts if part.startswith(f"## {rule.code} ")]
    return (shared + "".join(own)).rstrip() + "\n"
