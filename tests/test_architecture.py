"""The structure of the package: there are no import cycles, and class names are unique.

Imports for type checking and inside functions count, too, because a reader of a file has to know what it names. The
import contracts in pyproject.toml order the packages; this test orders the files.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import newsletter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

PACKAGE = Path(newsletter.__file__).parent


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the package, by its dotted name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text(encoding="utf-8"))
    return found


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement in a module, with the parts of `try` and `match`: a tenth of what `ast.walk` gives."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(tree, field, ()):
            yield inner
            yield from statements(inner)


def imported(tree: ast.Module, modules: AbstractSet[str]) -> Iterator[str]:
    """The modules of the package that a module names in its imports."""
    for node in statements(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from (name for name in (inner if inner in modules else node.module,) if name in modules)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)


def cycles(graph: Mapping[str, AbstractSet[str]]) -> list[list[str]]:
    """The groups of modules that reach each other, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph[node]:
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = [stack.pop()]
            while group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for node in graph:
        if node not in index:
            visit(node)
    return found


def test_cycles_are_found():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]
    assert cycles({"a": {"b"}, "b": set()}) == []


def test_there_are_no_import_cycles():
    modules = sources()
    assert cycles({name: set(imported(tree, modules.keys())) - {name} for name, tree in modules.items()}) == []


def test_class_names_are_unique():
    named = defaultdict(list)
    for module, tree in sources().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                named[node.name].append(module)
    assert {name: places for name, places in named.items() if len(places) > 1} == {}
