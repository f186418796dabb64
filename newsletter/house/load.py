"""Loads a house format: `templates/<kind>/house.yaml`, its snippets, and its draft.

A file of the workspace replaces the bundled one with the same name. So a workspace can change one snippet of
`briefing` and keep the rest. Only draft.md belongs to house.yaml: a workspace with its own house.yaml gets no bundled
draft, whose headings might differ.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.config.table import nearest, read_table
from newsletter.config.yaml import load, with_composed_keys
from newsletter.diagnostics import Diagnostic, in_order
from newsletter.errors import UsageError
from newsletter.files import is_there, read_text
from newsletter.house.format import HouseText
from newsletter.house.keys import NAME
from newsletter.house.patterns import field_fault, fields_in
from newsletter.house.read import BASE, ERA, SNIPPET_FIELD, VARIANT, names_advice, read_house
from newsletter.house.snippets import SNIPPET_FIELDS
from newsletter.house.tree import File, flatten, grow, overlay, section_names
from newsletter.house.versions import (
    MOST_MOMENTS,
    MOST_VARIANTS,
    VARIANTS,
    HouseVersions,
    chosen,
    era_faults,
    has_eras,
    in_force,
    lapsed_headings,
    moments_of,
    variant_faults,
    variants_of,
)
from newsletter.model import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.house.format import HouseFormat
    from newsletter.house.tree import Branch
    from newsletter.house.versions import Fault, Version
    from newsletter.model import YamlDocument

FAMILY = "HF"
HOUSE = "house.yaml"
DRAFT = "draft.md"
EXTENDS = "extends"
NAME_OF_KIND = "name"
"""The only key that a kind does not take from the kind on which it is built."""


def known_kinds(folders: Sequence[Path]) -> tuple[str, ...]:
    """The kinds that have a house.yaml in any of the template folders, by name."""
    found = {file.parent.name for folder in folders for file in folder.glob(f"*/{HOUSE}")}
    return tuple(sorted(kind for kind in found if NAME.fullmatch(kind)))


def load_house(
    kind: str, folders: Sequence[Path], root: Path, texts: Mapping[Path, str] | None = None
) -> tuple[HouseVersions, tuple[Diagnostic, ...]]:
    """The formats in the house.yaml of `kind`, and all its faults; with faults, as much as could be read.

    `folders` are template folders, the workspace's first; paths in findings are relative to `root` if they are
    inside. `texts` replace the contents of files that are open in an editor and not saved. Raises UsageError for a
    kind that no folder has, and WorldError if a file cannot be read.
    """
    files = _Files(kind, folders, root, texts or {})
    if not files.homes(kind):
        raise _unknown(kind, known_kinds(folders))
    path, text, document, mistakes = files.house(files.homes(kind)[0])
    keys = {place[-1] for place in document.key_spans if place}
    if {EXTENDS, VARIANTS}.isdisjoint(document.values) and not has_eras(keys):
        # most files have no eras, and need no tree
        table = read_table(document, text, path, FAMILY)
        house = read_house(table, kind=kind, path=path, snippets=files.snippet, draft=files.draft())
        house = replace(house, written=HouseText(document, (path, text)))
        return HouseVersions.single(house), in_order((*mistakes, *table.findings(), *files.faults))
    tree = _whole(grow(document, File(path, text)), [files.homes(kind)[0]], files)
    versions, found = _versions(tree, kind, files)
    return versions, in_order((*mistakes, *found, *files.faults))


def _versions(tree: Branch, kind: str, files: _Files) -> tuple[HouseVersions, tuple[Diagnostic, ...]]:
    """The formats in a tree, and the faults in all of them."""
    elsewhere = section_names(tree)
    moments = moments_of(tree)
    # Eras share most of their faults.
    faults: dict[tuple[str, Span, str], Diagnostic] = {}

    def read(version: Version) -> HouseFormat:
        era, variant = version
        branch, lapsed = in_force(tree, *moments.example(era))
        branch = chosen(branch, variant)
        document, places = flatten(branch)
        path, text = branch.file
        table = read_table(document, text, path, FAMILY, places)
        house = read_house(
            table, kind=kind, path=path, snippets=files.snippet, draft=files.draft(), elsewhere=elsewhere
        )
        faults.update({(one.path, one.span, one.code): one for one in table.findings()})
        headings = lapsed_headings(lapsed, [section.key for section in house.sections])
        return replace(house, variant=variant, lapsed=headings, written=HouseText(document, (path, text), places))

    variants = variants_of(tree)
    versions = HouseVersions(moments, variants, read)
    if len(moments.numbers) + len(moments.days) <= MOST_MOMENTS and len(variants) <= MOST_VARIANTS:
        for _ in versions.all():
            pass
    own = [
        *(_diagnostic(fault, ERA) for fault in era_faults(tree)),
        *(_diagnostic(fault, VARIANT) for fault in variant_faults(tree)),
    ]
    return versions, (*own, *faults.values())


def _diagnostic(fault: Fault, code: str) -> Diagnostic:
    place, message, advice = fault
    return Diagnostic(place.file.path, place.span, FAMILY + code, message, advice=advice)


def _whole(tree: Branch, seen: Sequence[Path], files: _Files) -> Branch:
    """A tree merged with that of the kind on which it is built, and so on.

    `seen` are the folders of the kinds so far.
    """
    extends = tree.below.get(EXTENDS)
    if extends is None:
        return tree
    own = tree.with_value({key: branch for key, branch in tree.below.items() if key != EXTENDS})
    if extends.broken:
        return own
    name = extends.value if isinstance(extends.value, str) else ""
    homes = files.homes(name)
    home = next((home for home in homes if home not in seen), None)
    if home is None:
        files.faults.append(_no_base(extends, name, files, circle=bool(homes)))
        return own
    files.behind(name)
    path, text, document, mistakes = files.house(home)
    files.faults += mistakes
    base = _whole(grow(document, File(path, text)), (*seen, home), files)
    inherited = {key: branch for key, branch in base.below.items() if key != NAME_OF_KIND}
    return overlay(base.with_value(inherited), own, whole=True)


def _no_base(extends: Branch, name: str, files: _Files, *, circle: bool) -> Diagnostic:
    if circle:
        message, advice = f"the kind extends itself, through `{name}`", "Remove `extends` from one of them."
    else:
        message = f"there is no kind `{name}`" if name else "`extends` must be the name of a kind"
        advice = names_advice(name, known_kinds(files.folders), "kind")
    return Diagnostic(extends.file.path, extends.span, FAMILY + BASE, message, advice=advice)


def _unknown(kind: str, known: Sequence[str]) -> UsageError:
    close = nearest(kind, known)
    hint = f"Did you mean `{close}`?" if close else f"Choose one of: {', '.join(known)}."
    return UsageError(f"there is no kind `{kind}`" if kind else "no kind is given", hint=hint)


class _Files:
    """The files of a kind, from the folders that may have them. Their faults are collected in `faults`."""

    def __init__(self, kind: str, folders: Sequence[Path], root: Path, texts: Mapping[Path, str]) -> None:
        self.faults: list[Diagnostic] = []
        self._texts = texts
        self.folders = folders
        self._kinds = [kind]
        self._root = root
        self._known: dict[str, tuple[str, str] | None] = {}

    def homes(self, kind: str) -> list[Path]:
        """The folders of a kind that have a house.yaml, the workspace's first."""
        found = [folder / kind for folder in self.folders] if NAME.fullmatch(kind) else []
        return [home for home in found if is_there(home / HOUSE)]

    def behind(self, kind: str) -> None:
        """Adds the folders of this kind for snippets, because the current kind is built on it."""
        self._kinds.append(kind)

    def house(self, home: Path) -> tuple[str, str, YamlDocument, tuple[Diagnostic, ...]]:
        """The house.yaml of a kind: its path, text and content, and its YAML faults."""
        path, text = self.read(home / HOUSE)
        document, mistakes = load(text, path, FAMILY)
        document, twice = with_composed_keys(document, path, FAMILY)
        return path, text, document, (*mistakes, *twice)

    def snippet(self, name: str) -> tuple[str, str] | None:
        """The path and text of a snippet; None if it does not exist."""
        homes = [folder / kind for kind in dict.fromkeys(self._kinds) for folder in self.folders]
        return self.first(f"snippets/{name}.md", homes) if NAME.fullmatch(name) else None

    def draft(self) -> str:
        """The text of draft.md. A bundled one is used only with the bundled house.yaml."""
        kind = self._kinds[0]
        homes = [folder / kind for folder in self.folders]
        own = next((place for place, home in enumerate(homes) if is_there(home / HOUSE)), 0)
        found = self.first(DRAFT, homes[: own + 1])
        return found[1] if found else ""

    def first(self, name: str, homes: Sequence[Path]) -> tuple[str, str] | None:
        """The path and text of the first file with this name. Its fields are checked."""
        if name not in self._known:
            file = next((home / name for home in homes if is_there(home / name)), None)
            self._known[name] = self.read(file) if file else None
            if found := self._known[name]:
                self._check_fields(*found)
        return self._known[name]

    def read(self, file: Path) -> tuple[str, str]:
        """The path of a file for findings, and its text."""
        path = file.relative_to(self._root).as_posix() if file.is_relative_to(self._root) else file.as_posix()
        if file in self._texts:
            return path, self._texts[file]
        text, problems = read_text(file, path, FAMILY)
        self.faults += problems
        return path, text

    def _check_fields(self, path: str, text: str) -> None:
        """Reports unknown fields in a snippet or draft."""
        at = 0
        for piece in fields_in(text):
            start = text.index(piece.text, at)
            at = start + len(piece.text)
            if fault := field_fault(piece, SNIPPET_FIELDS):
                close = "" if piece.field in SNIPPET_FIELDS else nearest(piece.field, SNIPPET_FIELDS)
                advice = f"Did you mean `{close}`?" if close else "To write a plain brace, use `\\{`."
                span = Span(start, at, text.count("\n", 0, start) + 1, _column(text, start))
                self.faults.append(Diagnostic(path, span, FAMILY + SNIPPET_FIELD, fault, advice=advice))


def _column(text: str, offset: int) -> int:
    return offset - text.rfind("\n", 0, offset)
