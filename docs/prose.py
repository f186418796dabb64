"""Holds what people read to the words of docs/vale: the documents, and the messages in the source. `make lint` runs it.

    python docs/prose.py [FILE …]

The styles are Vale's (vale.sh), and Vale reads them as they are. Vale itself comes as a binary that no package index has, so this reads the two
kinds of rules that stand there, `substitution` and `existence`, and needs nothing. Code is not looked at.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "docs/vale/Newsletter"
PAGES = ("README.md", "CONTRIBUTING.md", "docs/**/*.md")
SOURCES = ("newsletter/**/*.py",)
NOT_OURS = re.compile(r"docs/decisions\.md|newsletter/(?:importing/phrases|editions/names)\.py")
"""The past is told in the words of its time; others hold what people write, to be recognized."""
_CODE = re.compile(
    r"^(?:---\n.*?\n---\n)|^([ ]*)(```+|~~~+).*?^\1\2[ ]*$|``.+?``|`[^`\n]*`|\]\([^)\s]*\)|https?://\S+|<!--.*?-->",
    re.MULTILINE | re.DOTALL,
)
_INLINE = re.compile(r"`[^`\n]*`|https?://\S+")


class Rule(NamedTuple):
    """One word that is not written here."""

    pattern: re.Pattern[str]
    instead: str


def rules() -> list[Rule]:
    """The rules of all styles."""
    found = []
    for path in sorted(STYLES.glob("*.yml")):
        style = yaml.safe_load(path.read_text(encoding="utf-8"))
        flags = re.IGNORECASE if style.get("ignorecase") else re.NOFLAG
        pairs = (
            style["swap"].items() if style["extends"] == "substitution" else ((token, "") for token in style["tokens"])
        )
        found += [Rule(re.compile(rf"\b(?:{pattern})\b", flags), instead) for pattern, instead in pairs]
    return found


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """The text with what the pattern finds as blanks, so that places stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """What people read in a file: its lines, each with its number."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from enumerate(blanked(text, _CODE).splitlines(), 1)
        return
    for node in messages(ast.parse(text)):
        for number, line in enumerate(blanked(node.value, _INLINE).splitlines()):
            yield node.lineno + number, line


def messages(tree: ast.AST) -> Iterator[ast.Constant]:
    """The strings of a module that may be shown: all with a blank in them but docstrings; those of commands are their help."""
    hidden = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        for statement in node.body
        if isinstance(statement, ast.Expr) and not _is_help(node, statement)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and id(node) not in hidden
        ):
            yield node


def _is_help(node: ast.AST, statement: ast.Expr) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name in {"command", "group"} and node.body[0] is statement


def main(names: list[str]) -> int:
    """Prints each place; 1 where there are some."""
    chosen = [Path(name).resolve() for name in names] or sorted(
        {path for pattern in (*PAGES, *SOURCES) for path in ROOT.glob(pattern)}
    )
    known, count = rules(), 0
    for path in chosen:
        shown = path.relative_to(ROOT).as_posix()
        if NOT_OURS.fullmatch(shown):
            continue
        for number, line in texts_of(path):
            for rule in known:
                for found in rule.pattern.finditer(line):
                    count += 1
                    better = f": write `{rule.instead}`" if rule.instead else ": leave it out"
                    print(f"{shown}:{number}:{found.start() + 1}: `{found[0]}`{better}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
