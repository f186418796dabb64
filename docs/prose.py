"""Checks the words of docs/vale in all texts for people: documents, messages, docstrings and comments.

`make lint` runs it.

python docs/prose.py [FILE …]

The styles are in the format of Vale (vale.sh), which can read them unchanged. Vale is a binary that no package index
has, so this script supports the two kinds of rules that are used there, `substitution` and `existence`, and needs
nothing else. docs/vale/Newsletter applies to everything, docs/vale/Source also to docstrings and comments. Code is not
checked, except the comments in fenced YAML.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "docs/vale"
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**/*.md")
SOURCES = ("newsletter/**/*.py", "docs/*.py", "bench/**/*.py")
SETTINGS = ("newsletter.yaml", "templates/*/house.yaml", "Makefile", "pyproject.toml", "mkdocs.yml", "action.yml")
NOT_OURS = re.compile(r"(?:newsletter/(?:importing/phrases|editions/names)|docs/prose)\.py")
"""Files with texts by other people, which the tool must recognize, and files that list the words themselves."""
_FENCE = re.compile(r"^([ ]*)(```+|~~~+)(\w*).*?^\1\2[ ]*$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.MULTILINE)
_CODE = re.compile(r"\A---\n.*?\n---\n|``.+?``|`[^`\n]*`|\]\([^)\s]*\)|https?://\S+|<!--.*?-->", re.DOTALL)
_INLINE = re.compile(r"`[^`\n]*`|https?://\S+")


class Rule(NamedTuple):
    """A word that must not be used."""

    pattern: re.Pattern[str]
    advice: str
    """The end of the message: "write `email`"."""
    is_opening: bool = False
    """Whether it applies to the beginning of a docstring."""


class Text(NamedTuple):
    """A line of text for people."""

    number: int
    line: str
    is_source: bool = False
    """Whether it is from a docstring or a comment."""
    continues: bool = False
    """Whether it is a further line of a docstring. A pattern that begins with `^` applies only to the first."""


def rules(style: str) -> list[Rule]:
    """The rules of a style."""
    found = []
    for path in sorted((STYLES / style).glob("*.yml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        flags = re.IGNORECASE if read.get("ignorecase") else re.NOFLAG
        if read["extends"] == "substitution":
            pairs = [(pattern, f"write `{instead}`") for pattern, instead in read["swap"].items()]
        else:
            pairs = [(token, read["message"]) for token in read["tokens"]]
        found += [Rule(re.compile(rf"\b(?:{word})\b", flags), advice, word[0] == "^") for word, advice in pairs]
    return found


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """The text with spaces in place of all matches of the pattern, so that lines and columns stay the same."""
    return pattern.sub(lambda found: _blank(found[0]), text)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def texts_of(path: Path) -> Iterator[Text]:
    """The lines of a file with text for people."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _lines_of_source(text)
        return
    shown = blanked(_FENCE.sub(_fenced, text), _CODE) if path.suffix == ".md" else _comments(text)
    for number, line in enumerate(shown.splitlines(), 1):
        yield Text(number, line)


def _fenced(found: re.Match[str]) -> str:
    """A block of code with spaces in place of everything except the comments of YAML."""
    return _comments(found[0]) if found[3] == "yaml" else _blank(found[0])


def _comments(text: str) -> str:
    """YAML with spaces in place of everything except its comments."""
    kept, done = "", 0
    for found in _COMMENT.finditer(text):
        kept += _blank(text[done : found.start()]) + blanked(found[0], _INLINE)
        done = found.end()
    return kept + _blank(text[done:])


def _lines_of_source(text: str) -> Iterator[Text]:
    tree = ast.parse(text)
    docstrings = {id(each) for each in _docstrings(tree)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value):
            continue
        for number, line in enumerate(blanked(node.value, _INLINE).splitlines()):
            yield Text(node.lineno + number, line, id(node) in docstrings, continues=number > 0)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield Text(token.start[0], blanked(token.string, _INLINE), is_source=True)


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """The docstrings, including those of fields. Those of commands are not included, because they are help texts."""
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for statement in node.body:
            is_help = isinstance(node, ast.FunctionDef) and node.name in {"command", "group"}
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and not is_help:
                yield statement.value


def main(names: list[str]) -> int:
    """Prints each match. Returns 1 if there are any."""
    chosen = [Path(name).resolve() for name in names] or sorted(
        {path for pattern in (*PAGES, *SOURCES, *SETTINGS) for path in ROOT.glob(pattern)}
    )
    everywhere, in_source, count = rules("Newsletter"), rules("Source"), 0
    for path in chosen:
        shown = path.relative_to(ROOT).as_posix()
        if NOT_OURS.fullmatch(shown):
            continue
        for text in sorted(texts_of(path)):
            for rule in everywhere + in_source if text.is_source else everywhere:
                for found in () if text.continues and rule.is_opening else rule.pattern.finditer(text.line):
                    count += 1
                    print(f"{shown}:{text.number}:{found.start() + 1}: `{found[0]}`: {rule.advice}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
