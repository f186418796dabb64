"""house.yaml as a tree whose values keep their places, so that formats can be merged.

A format is changed by the kind that it extends (`extends`), an era (`eras`) and a variant (`variants`). All are merged
by one rule, `overlay`: a block adds to a block, key by key; any other value replaces; an empty value (`key:` or `null`)
removes. Afterwards, `flatten` makes one YAML document again, in which each value keeps its place in its own file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from newsletter.house.keys import NAMED
from newsletter.model import YamlDocument
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model import Path, Span

IS = "is"
"""The key of a value that has an era: `{is: 900, since: 120}`."""
_SHORT = {"required": True, "optional": False}


class File(NamedTuple):
    """The file of a branch."""

    path: str
    """The path for findings."""
    text: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A value with everything below it."""

    value: dict[str, Branch] | list[Branch] | object
    """Branches by key or in a list; or a single YAML value."""
    span: Span
    key_span: Span | None
    """The span of its key; None in a list and for the root."""
    file: File
    broken: bool = False
    """Whether it has a YAML fault, so that it gets no other findings."""
    passages: bool = False
    """Whether its keys are passages with their number. Such a key may be the word `since`."""

    @property
    def below(self) -> dict[str, Branch]:
        """Its branches by key; empty if it is not a block."""
        return self.value if isinstance(self.value, dict) else {}

    def with_value(self, value: dict[str, Branch] | list[Branch] | object) -> Branch:
        """The same branch with another value."""
        return replace(self, value=value)


def grow(document: YamlDocument, file: File) -> Branch:
    """The tree of a document."""
    return _branch(document, file, (), document.values)


def _branch(document: YamlDocument, file: File, path: Path, value: object, *, named: bool = False) -> Branch:
    """The tree of a value; `named` means that its own key is a name."""
    below: object = value
    whose = path[-2:-1] if path[-1:] == (IS,) else path[-1:]
    passages = isinstance(value, dict) and whose == ("contains",) and not named and IS not in value
    if isinstance(value, dict):
        names = bool(path) and holds_names(path[-1], named=named)
        below = {key: _branch(document, file, (*path, key), inner, named=names) for key, inner in value.items()}
    elif isinstance(value, list):
        below = [_branch(document, file, (*path, index), inner) for index, inner in enumerate(value)]
    return Branch(below, document.where(*path), document.key_spans.get(path), file, path in document.broken, passages)


def overlay(base: Branch, over: Branch, *, whole: bool = False) -> Branch:
    """`base` merged with `over`.

    With `whole`, `base` is complete, so a new key with an empty value is added (a section with any heading). Otherwise
    the key is of another era or variant, and has nothing to remove.
    """
    return _overlay(base, over, named=False, whole=whole)


def _overlay(base: Branch, over: Branch, *, named: bool, whole: bool) -> Branch:
    if not isinstance(over.value, dict) or not isinstance(base.value, dict):
        return over
    merged = dict(base.value)
    for key, branch in over.value.items():
        under = merged.get(key)
        if branch.value is None and not branch.broken and not (under is None and whole):
            merged.pop(key, None)
        elif under is None:
            merged[key] = branch
        else:
            if isinstance(branch.value, dict) and isinstance(under.value, str) and under.value in _SHORT:
                # `title: required` is short for a block.
                short = replace(under, value=_SHORT[under.value])
                under = under.with_value({"required": short})
            merged[key] = _overlay(under, branch, named=holds_names(key, named=named), whole=whole)
    return over.with_value(merged)


def holds_names(key: str | int, *, named: bool) -> bool:
    """Whether the keys of the block at `key` are names; `named`: whether `key` itself is one."""
    return key in NAMED and not named


def walk(branch: Branch) -> Iterator[Branch]:
    """Every branch of a tree, from the root down."""
    yield branch
    below = branch.value
    for inner in below.values() if isinstance(below, dict) else below if isinstance(below, list) else ():
        yield from walk(inner)


def section_names(root: Branch) -> tuple[str, ...]:
    """The keys of all sections in a tree, in any era or variant."""
    found: dict[str, None] = {}
    for branch in walk(root):
        sections = branch.below.get("sections")
        found.update(dict.fromkeys(sections.below if sections is not None else ()))
    return tuple(found)


def flatten(root: Branch) -> tuple[YamlDocument, Mapping[Path, File]]:
    """The tree as one document, and the file of each value."""
    spans: dict[Path, Span] = {}
    keys: dict[Path, Span] = {}
    files: dict[Path, File] = {}
    broken: set[Path] = set()

    def plain(branch: Branch, path: Path) -> object:
        spans[path], files[path] = branch.span, branch.file
        if branch.key_span is not None:
            keys[path] = branch.key_span
        if branch.broken:
            broken.add(path)
        if isinstance(branch.value, dict):
            return {key: plain(inner, (*path, key)) for key, inner in branch.value.items()}
        if isinstance(branch.value, list):
            return [plain(inner, (*path, index)) for index, inner in enumerate(branch.value)]
        return branch.value

    values = plain(root, ())
    return YamlDocument(values if isinstance(values, dict) else {}, keys, spans, frozenset(broken)), files
