"""The families of rules: the meaning of the letters in their codes."""

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
    """Rules about one subject."""

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
"""The families, in the order of their importance for a new user."""


def family_of(code: str) -> Family | None:
    """The family of a code, or of its letters; None if there is none."""
    letters = code.upper().rstrip("0123456789")
    return next((family for family in FAMILIES if family.code == letters), None)


def pages_folder() -> Path:
    """The folder with the documentation pages that are installed with the tool."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "docs" / "rules"


@cache
def documentation_url() -> str:
    """The address of the documentation site, from `Project-URL: Documentation` in the package's core metadata; else empty."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        named = metadata("newsletter-press").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    urls: dict[str, str] = dict(each.split(", ", 1) for each in named if ", " in each)
    return urls.get("Documentation", "").rstrip("/")


def documentation_version() -> str:
    """The folder of this version on the documentation site: `0.1` for 0.1.0 and its patch releases."""
    return ".".join(__version__.split(".")[:2])


def help_address(rule: Rule) -> str:
    """The address of a rule's page on the site, in this version; empty if the package names no site.

    The address has the version because reports are kept for years, and the page must still match the finding.
    """
    url = documentation_url()
    return f"{url}/{documentation_version()}/rules/{rule.code}/" if url else ""


def _as_typed(code: str) -> str:
    """A code with digits where letters were typed that look like them: `FM101` for `FM1O1`. A name stays as it is."""
    if not re.fullmatch(r"[A-Za-z]{2}[0-9OoIil]{3}", code):
        return code
    return code[:2] + code[2:].translate(str.maketrans("OoIil", "00111"))


def page_of(code: str) -> str:
    """The page of a rule in docs/rules/, as Markdown. From a page for a family: the general part, and the part about this rule.

    `code` may be in lower case, or the name of the rule. Raises UsageError if there is no such rule.
    """
    rule = rule_of(code)
    if rule is None:
        known = [name for rule in RULES for name in (rule.code, rule.name)]
        near = closest(_as_typed(code), known)
        msg = f"there is no rule `{code}`"
        raise UsageError(msg, hint=f"Did you mean `{near}`?" if near else "`newsletter rule` lists all rules.")
    text = (pages_folder() / rule.page_name).read_text(encoding="utf-8")
    if not rule.page:
        return text
    shared, *parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    own = [part for part in parts if part.startswith(f"## {rule.code} ")]
    return (shared + "".join(own)).rstrip() + "\n"
