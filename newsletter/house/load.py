"""Loading a house format: `templates/<kind>/house.yaml`, the snippets it names and its draft.

A file of the workspace comes before the bundled one of the same name, file by file: a workspace may change one snippet of
`briefing` and keep all else. Only draft.md goes with house.yaml: a workspace with its own house.yaml gets no bundled draft,
whose headings might be others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity, in_order
from newsletter.errors import UsageError
from newsletter.files import read_text
from newsletter.house.format import Bounds, HouseFormat, Need, StandingMatter
from newsletter.house.front import read_fields
from newsletter.house.patterns import field_fault, fields_in
from newsletter.house.reader import (
    ANY,
    CONTRADICTION,
    PLACE,
    SNIPPET,
    SNIPPET_FIELD,
    WRONG_VALUE,
    Entry,
    Faults,
    suggestion,
)
from newsletter.house.sections import OPENING, read_sections
from newsletter.house.standing import SNIPPET_FIELDS
from newsletter.model import ReadingOptions, Span
from newsletter.yamldoc import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import SectionFormat

HOUSE = "house.yaml"
DRAFT = "draft.md"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_RULE = re.compile(r"(FM|ST|LK|FG|TX|EM|HS)\d{0,3}")
_PLACES = ("start", "after opening", "before SECTION", "after SECTION", "end")


def known_kinds(folders: Sequence[Path]) -> tuple[str, ...]:
    """The kinds that have a house.yaml in any of the template folders, by name."""
    found = {file.parent.name for folder in folders for file in folder.glob(f"*/{HOUSE}")}
    return tuple(sorted(kind for kind in found if _NAME.fullmatch(kind)))


def load_house(kind: str, folders: Sequence[Path], root: Path) -> tuple[HouseFormat, tuple[Diagnostic, ...]]:
    """The house format of `kind` and every fault of it; with faults it is as much of a format as could be read.

    `folders` are template folders, the workspace's first; paths in findings are relative to `root` where they are inside.
    Raises UsageError for a kind that none of them has, and WorldError where a file cannot be read.
    """
    homes = [folder / kind for folder in folders] if _NAME.fullmatch(kind) else []
    own = next((place for place, home in enumerate(homes) if (home / HOUSE).is_file()), None)
    if own is None:
        msg = f"there is no kind of issue called `{kind}`" if kind else "the kind of the issue is not given"
        raise UsageError(msg, hint=suggestion(kind, known_kinds(folders)))
    path = _shown(homes[own] / HOUSE, root)
    text, problems = read_text(homes[own] / HOUSE, path, "HF")
    document, mistakes = load(text, path, "HF")
    faults = Faults(path)
    faults.found += [*problems, *mistakes]
    house = _Loader(kind, homes, root, faults).house(Entry(document, (), document.values, faults), homes[: own + 1])
    return house, in_order(faults.found)


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()


class _Loader:
    """Reads one house.yaml and the files that stand beside it."""

    def __init__(self, kind: str, homes: Sequence[Path], root: Path, faults: Faults) -> None:
        self.kind = kind
        self.homes = homes
        self.root = root
        self.faults = faults

    def house(self, entry: Entry, drafts: Sequence[Path]) -> HouseFormat:
        sections = read_sections(entry.child("sections"))
        opening = entry.child(OPENING)
        figures = entry.child("figures")
        house = HouseFormat(
            kind=self.kind,
            name=entry.text("name", self.kind.replace("-", " ").capitalize()),
            path=self.faults.path,
            fields=read_fields(entry.child("front")),
            own_fields=entry.flag("other_fields"),
            opening=opening.bounds("words") if opening else ANY,
            opening_need=_opening_need(opening),
            opening_hint=opening.text("hint") if opening else "",
            words=entry.bounds("words"),
            sections=sections,
            ordered=entry.word("order", ("fixed", "free"), "fixed") == "fixed",
            contents=entry.flag("contents"),
            author_box=entry.flag("author_box"),
            caption=figures.need("caption") if figures else Need.OPTIONAL,
            credit=figures.need("credit") if figures else Need.OPTIONAL,
            never=_never(entry),
            standing=self._standing(entry.child("standing"), sections),
            severities=_severities(entry.child("severities")),
            reading=_reading(entry, figures),
            draft=self._draft(drafts),
        )
        for read in (opening, figures, entry):
            if read:
                read.done()
        _contradictions(entry, house)
        return house

    # ── files beside house.yaml ─────────────────────────────────────────────────────────────────────────────────────

    def _standing(self, entry: Entry | None, sections: Sequence[SectionFormat]) -> tuple[StandingMatter, ...]:
        if entry is None:
            return ()
        found = []
        for name, value in entry.children():
            place = _place(entry, name, value, sections)
            file = self._file(f"snippets/{name}.md") if _NAME.fullmatch(name) else None
            if file is None:
                message = f"there is no snippet `{name}`"
                mend = (
                    f"Write it as templates/{self.kind}/snippets/{name}.md."
                    if _NAME.fullmatch(name)
                    else ("A snippet is called by a short name in small letters: subscribe, sign-off.")
                )
                self.faults.add(SNIPPET, entry.document.where_key(*entry.path, name), message, mend)
                continue
            path, text = file
            self._check_fields(path, text)
            found.append(StandingMatter(name, place, text, path, entry.where(name)))
        return tuple(found)

    def _draft(self, drafts: Sequence[Path]) -> str:
        file = self._file(DRAFT, drafts)
        if file is None:
            return ""
        self._check_fields(*file)
        return file[1]

    def _file(self, name: str, homes: Sequence[Path] | None = None) -> tuple[str, str] | None:
        """The path and the text of the first file of this name."""
        for home in self.homes if homes is None else homes:
            file = home / name
            if file.is_file():
                path = _shown(file, self.root)
                text, problems = read_text(file, path, "HF")
                self.faults.found += problems
                return path, text
        return None

    def _check_fields(self, path: str, text: str) -> None:
        """The fields of a snippet or draft: each must be one that there is."""
        for piece in fields_in(text):
            fault = field_fault(piece, SNIPPET_FIELDS)
            if fault:
                mend = suggestion(piece.field, SNIPPET_FIELDS) if piece.field not in SNIPPET_FIELDS else ""
                mend = f"{mend} A brace that is meant as one is written `\\{{`.".strip()
                start = text.find(piece.text)
                line = text.count("\n", 0, start) + 1
                span = Span(start, start + len(piece.text), line, start - text.rfind("\n", 0, start))
                self.faults.add(SNIPPET_FIELD, span, fault, mend, path=path)


# ── The smaller parts ───────────────────────────────────────────────────────────────────────────────────────────────


def _opening_need(opening: Entry | None) -> Need:
    return Need.REQUIRED if opening is not None and opening.flag("required") else Need.OPTIONAL


def _never(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.texts("never") or ()))


def _reading(entry: Entry, figures: Entry | None) -> ReadingOptions:
    ordinary = ReadingOptions()
    words = (figures.texts("credit_words") if figures else None) or ()
    return ReadingOptions(
        section_level=entry.number("section_level", ordinary.section_level, within=Bounds(2, 5)),
        credit_words=tuple(dict.fromkeys((*ordinary.credit_words, *words))),
        allow_html=entry.flag("allow_html"),
    )


def _place(entry: Entry, name: str, value: object, sections: Sequence[SectionFormat]) -> str:
    """Where a snippet goes, as StandingMatter has it: `after news` is `after:news`."""
    words = value.split() if isinstance(value, str) else []
    if words in (["start"], ["end"], ["after", OPENING]):
        return "-".join(words)
    if len(words) == 2 and words[0] in {"before", "after"}:
        keys = [section.key for section in sections]
        if words[1] not in keys:
            mend = suggestion(words[1], keys)
            entry.faults.add(PLACE, entry.where(name), f"there is no section `{words[1]}`", mend)
        return ":".join(words)
    mend = f"Write one of: {', '.join(_PLACES)}."
    entry.faults.add(PLACE, entry.where(name), f"`{name}` needs the place where it goes", mend)
    return "end"


def _severities(entry: Entry | None) -> dict[str, Severity]:
    if entry is None:
        return {}
    found = {}
    for code, _ in entry.children():
        if not _RULE.fullmatch(code):
            mend = "Write a code such as ST104, or a family such as FG."
            entry.faults.add(WRONG_VALUE, entry.document.where_key(*entry.path, code), f"`{code}` is no rule", mend)
        found[code] = entry.choice(code, Severity, Severity.ERROR)
    return found


def _contradictions(entry: Entry, house: HouseFormat) -> None:
    least = sum(
        (section.words.minimum or 0) * max(section.repeat.minimum or 0, 1)
        for section in house.sections
        if section.need is Need.REQUIRED
    )
    if house.words.maximum is not None and least > house.words.maximum:
        message = f"the sections ask for {least} words or more, and the whole issue may have {house.words.maximum}"
        entry.faults.add(CONTRADICTION, entry.where("words"), message)
