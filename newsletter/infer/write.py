"""A plan as house.yaml: grouped, commented, and behind each rule how many issues obey it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, FieldType, Need
from newsletter.infer.report import bound, since, span_of, until, written_bounds
from newsletter.infer.tally import Tally
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.infer.course import Stretch
    from newsletter.infer.plan import FieldPlan, ItemPlan, Plan, SectionPlan, Subject

_PLAIN = re.compile(r"[^\W\d_](?:[^:#\n]|:(?! |$)|(?<! )#)*")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_OF_FLOW = frozenset("[]{},")
_NOT_TEXT = re.compile(r"(?i:true|false|yes|no|on|off|null|y|n)")
_COLUMN = 42
_YAML_WIDTH = 110


def scalar(text: str, *, inside: bool = False) -> str:
    """A text as a YAML value, in quotes where it needs them; `inside`: of a list or block in one line.

    Control characters, which YAML does not carry, are left out.
    """
    text = _CONTROL.sub("", text)
    plain = _PLAIN.fullmatch(text) and text.isprintable() and not text.endswith((" ", ":"))
    if plain and not _NOT_TEXT.fullmatch(text) and not (inside and _OF_FLOW & set(text)):
        return text
    return _quoted(text)


def key(name: str) -> str:
    """A name as a YAML key."""
    plain = _NAME.fullmatch(name) and not _NOT_TEXT.fullmatch(name)
    return name if plain else _quoted(_CONTROL.sub("", name))


def _quoted(text: str) -> str:
    if text.isprintable() and "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(character if character.isprintable() else _escape(character) for character in escaped) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def texts(values: Sequence[str]) -> str:
    """Texts in a row: `[a, b]`."""
    return flow([scalar(value, inside=True) for value in values])


def flow(entries: Sequence[str]) -> str:
    """Values in a row: `[a, b]`."""
    return f"[{', '.join(entries)}]"


def _fits(row: str, depth: int) -> bool:
    return len(row) + 2 * depth <= _YAML_WIDTH - 20


@dataclass(slots=True)
class Lines:
    """A YAML text in the making."""

    lines: list[str] = dataclasses.field(default_factory=list)

    def add(self, depth: int, text: str, comment: str = "") -> None:
        """A line, with a comment behind it."""
        line = "  " * depth + text
        if comment:
            line = f"{line.ljust(_COLUMN - 1)} # {comment}"
        self.lines.append(line)

    def note(self, depth: int, text: str) -> None:
        """A comment by itself, wrapped."""
        import textwrap

        indent = "  " * depth + "# "
        self.lines += textwrap.wrap(
            text,
            _YAML_WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def rule(self, title: str) -> None:
        """A heading between parts."""
        self.lines += ["", f"# ── {title} ".ljust(_YAML_WIDTH, "─")]

    def texts(self, depth: int, name: str, texts: Sequence[str], comment: str = "") -> None:
        """A key with one text, or a list of texts: in one line where they fit."""
        if len(texts) == 1:
            self.add(depth, f"{key(name)}: {texts[0]}", comment)
        elif not any(_OF_FLOW & set(text) for text in texts) and _fits(row := f"{key(name)}: {flow(texts)}", depth):
            self.add(depth, row, comment)
        else:
            self.add(depth, f"{key(name)}:", comment)
            for text in texts:
                self.add(depth + 1, f"- {text}")

    def text(self) -> str:
        """All lines."""
        return "\n".join(line.rstrip() for line in self.lines).strip("\n") + "\n"


# ── A plan as house.yaml: grouped, commented, and behind each rule how many issues obey it ────────────────────────────


_WIDTH = 110


@dataclass(frozen=True, slots=True)
class WrittenHouse:
    """A house.yaml."""

    text: str
    rules: tuple[tuple[Subject, str], ...]
    """What each of its rules is about, and the rule as it stands there, in their order."""


def write(plan: Plan, tally: Tally | None = None) -> WrittenHouse:
    """The house.yaml of a plan; with the numbers of `tally` behind its rules."""
    writer = _Writer(plan, tally or Tally())
    return WrittenHouse(writer.write(), tuple(writer.rules.items()))


class _Writer:
    def __init__(self, plan: Plan, tally: Tally) -> None:
        self.plan = plan
        self.tally = tally
        self.out = Lines()
        self.rules: dict[Subject, str] = {}

    def write(self) -> str:
        self._head()
        self._front()
        self._opening()
        self._sections()
        self._order()
        self._whole()
        self._standing()
        return self.out.text()

    def _obeying(self, *subject: str) -> str:
        """How many issues obey a rule, as a comment."""
        good, total = self.tally.obeying(subject)
        return f"all {total}" if good == total > 0 else f"{good} of {total}" if total else ""

    def _rule(self, depth: int, text: str, *subject: str, remark: str = "") -> None:
        """A line that is a rule, with how many issues obey it."""
        self.rules[subject] = text
        comment = "; ".join(part for part in (remark, self._obeying(*subject)) if part)
        self.out.add(depth, text, comment if self.tally.issues else "")

    def _head(self) -> None:
        plan, course = self.plan, self.plan.course
        span = span_of(course)
        self.out.note(0, f"Inferred from {course.total} issues{f', {span}' if span else ''}.")
        self.out.note(
            0,
            "Behind a rule stands how many issues obey it, of those that it is about. It says what was usual, which need not be "
            "what you want: change it, and take out what is no rule of yours.",
        )
        self.out.note(0, 'What each key means, and what else may stand here: "House formats" in the guide.')
        self.out.lines.append("")
        self.out.add(0, f"name: {scalar(plan.name)}")
        if plan.level != 2 or plan.earlier_level:
            self.out.add(0, f"section_level: {plan.level}", f"{'#' * plan.level} opens a section")
        if plan.earlier_level:
            level, place = plan.earlier_level
            self.out.add(0, "eras:")
            self.out.add(1, f"- until: {bound(course.bounds[place - 1])}")
            self.out.add(1, f"  section_level: {level}", f"until then it was {'#' * level}")
        if plan.file_names:
            self._rule(0, f"file_name: {_one_or_more(plan.file_names)}", "file_name")

    # ── Front matter ────────────────────────────────────────────────────────────────────────────────────────────────

    def _front(self) -> None:
        if not self.plan.fields:
            return
        self.out.rule("The front matter")
        self._rule(0, "front:", "front", remark="no other fields")
        self._fields(self.plan.fields, 1, ("front",))
        if self.plan.other_fields:
            self.out.add(0, "other_fields: true")

    def _fields(self, fields: tuple[FieldPlan, ...], depth: int, above: Subject) -> None:
        for field in fields:
            self._field(field, depth, (*above, field.name))

    def _field(self, plan: FieldPlan, depth: int, subject: Subject) -> None:
        keys = self._field_keys(plan)
        required = plan.required == plan.stretch
        if not keys and not plan.fields and plan.stretch.whole and (required or plan.required is None):
            if required:
                self._rule(depth, f"{key(plan.name)}: required", *subject, "required")
            else:
                self.out.add(depth, f"{key(plan.name)}: optional", self._there(subject))
            return
        self.out.add(depth, f"{key(plan.name)}:", "" if required else self._there(subject))
        self._era(plan.stretch, depth + 1)
        self._required(plan.required, plan.stretch, depth + 1, (*subject, "required"))
        for name, text in keys:
            characters = name == "length" and plan.type is FieldType.TEXT
            self._rule(depth + 1, f"{name}: {text}", *subject, name, remark="characters" if characters else "")
        if plan.fields:
            self.out.add(depth + 1, "fields:")
            self._fields(plan.fields, depth + 2, subject)

    def _there(self, subject: Subject) -> str:
        count = self.tally.concerned[(*subject, "")]
        return f"in {count} of {self.tally.issues}" if self.tally.issues else ""

    def _field_keys(self, plan: FieldPlan) -> list[tuple[str, str]]:
        found = []
        if not plan.standard and plan.type not in {FieldType.TEXT, FieldType.NESTED}:
            found.append(("type", plan.type.value))
        if plan.forms:
            found.append(("form", self._form(plan)))
        if plan.choices:
            found.append(("choices", texts(plan.choices)))
        if not plan.length.free:
            found.append(("length", written_bounds(plan.length)))
        if plan.consecutive:
            found.append(("consecutive", "true"))
        return found

    def _form(self, plan: FieldPlan) -> str:
        if plan.formed is None:
            return _one_or_more(plan.forms)
        said = scalar(plan.forms[0], inside=True) if len(plan.forms) == 1 else texts(plan.forms)
        bounds = (("since", since(self.plan.course, plan.formed)), ("until", until(self.plan.course, plan.formed)))
        return f"{{is: {said}, {', '.join(f'{name}: {text}' for name, text in bounds if text)}}}"

    def _era(self, stretch: Stretch, depth: int) -> None:
        if first := since(self.plan.course, stretch):
            self.out.add(depth, f"since: {first}")
        if last := until(self.plan.course, stretch):
            self.out.add(depth, f"until: {last}")

    def _required(self, required: Stretch | None, stretch: Stretch, depth: int, subject: Subject) -> None:
        """`required: true`, or from which issue on."""
        if required is None:
            return
        course = self.plan.course
        inside = []
        if required.start > stretch.start:
            inside.append(f"since: {since(course, required)}")
        if required.end < stretch.end:
            inside.append(f"until: {until(course, required)}")
        text = f"{{{', '.join(inside)}}}" if inside else "true"
        self._rule(depth, f"required: {text}", *subject)

    # ── The opening and the sections ────────────────────────────────────────────────────────────────────────────────

    def _opening(self) -> None:
        plan = self.plan
        if plan.opening_required is None and plan.opening.free:
            return
        self.out.rule("The text before the first heading")
        self.out.add(0, "opening:")
        if plan.opening_required is not None:
            self._required(plan.opening_required, plan.course.all, 1, ("opening", "required"))
        if not plan.opening.free:
            self._rule(1, f"words: {written_bounds(plan.opening)}", "opening", "words")

    def _sections(self) -> None:
        if not self.plan.sections:
            return
        self.out.rule("The sections")
        self._rule(0, "sections:", "sections", remark="no others")
        for at, section in enumerate(self.plan.sections):
            if at:
                self.out.lines.append("")
            self._section(section)

    def _section(self, plan: SectionPlan) -> None:
        subject = ("sections", plan.key)
        self.out.add(1, f"{plan.key}:", self._there(subject))
        if plan.headings:
            self._headings(plan)
        else:
            self.out.add(2, "heading: any", "of the writer's own")
        self._era(plan.stretch, 2)
        if plan.required is None:
            self.out.add(2, "required: false")
        elif plan.required == plan.stretch:
            self._rule(2, "required: true", *subject, "required")
        else:
            self._required(plan.required, plan.stretch, 2, (*subject, "required"))
        if plan.repeat != Bounds(None, 1):
            text = "at least 1" if plan.repeat.free else written_bounds(plan.repeat)
            self._rule(2, f"repeat: {text}", *subject, "repeat")
        if plan.forgive:
            self.out.add(2, f"forgive: {flow(plan.forgive)}")
        for name, bounds in (("words", plan.words), ("figures", plan.figures)):
            if not bounds.free:
                self._rule(2, f"{name}: {written_bounds(bounds)}", *subject, name)
        if plan.items is not None:
            self._items(plan.items, subject)

    def _headings(self, plan: SectionPlan) -> None:
        shown = []
        for heading in plan.headings:
            last = until(self.plan.course, heading.stretch)
            text = scalar(heading.text, inside=bool(last))
            if last:
                text = f"{{is: {text}, until: {last}}}"
            shown.append("[any]" if heading.text == "any" else text)
        good, total = self.tally.obeying(("sections", plan.key, "heading"))
        self.rules["sections", plan.key, "heading"] = f"heading: {', '.join(shown)}"
        self.out.texts(2, "heading", shown, f"{good} of {total}" if good < total else "")

    def _items(self, plan: ItemPlan, subject: Subject) -> None:
        self.out.add(2, "items:")
        self.out.add(3, f"shape: {plan.shape.value}", _SHAPES[plan.shape.value])
        said: list[tuple[str, str]] = []
        if not plan.count.free:
            said.append(("count", written_bounds(plan.count)))
        if plan.numbered:
            said.append(("numbered", "true"))
        said += [
            (name, need.value)
            for name, need in (("link", plan.link), ("author", plan.author), ("picture", plan.picture))
            if need is not Need.OPTIONAL
        ]
        if plan.categories is not None:
            said.append(("categories", texts(plan.categories) if plan.categories else "any"))
        if plan.full_stop is not Need.OPTIONAL:
            said.append(("full_stop", plan.full_stop.value))
        if not plan.words.free:
            said.append(("words", written_bounds(plan.words)))
        for name, text in said:
            self._rule(3, f"{name}: {text}", *subject, "items", name)

    # ── The issue as a whole ────────────────────────────────────────────────────────────────────────────────────────

    def _order(self) -> None:
        plan = self.plan
        if len(plan.sections) > 1:
            self.out.lines.append("")
            if plan.order is None:
                self.out.add(0, "order: free")
            elif plan.listed:
                self._rule(0, "order: fixed", "order", remark="as they are listed")
            else:
                self.out.note(
                    0, "What stands in brackets may come either way round, and what is not named here anywhere."
                )
                rows = [group[0] if len(group) == 1 else flow(group) for group in plan.order]
                self._long_list("order", rows)
        if plan.sets:
            self.out.lines.append("")
            self.out.add(0, "sets:")
            for one in plan.sets:
                self.out.add(1, f"{one.name}:")
                self.out.add(2, f"sections: {flow(one.sections)}")
                self._rule(2, f"count: {written_bounds(one.count)}", "sets", one.name)

    def _long_list(self, name: str, entries: Sequence[str]) -> None:
        """A list of keys over as many lines as it needs."""
        self._rule(0, f"{name}:", name)
        self.rules[name,] = f"{name}: {flow(entries)}"
        row = "["
        for at, entry in enumerate(entries):
            end = "]" if at == len(entries) - 1 else ","
            if len(row) + len(entry) > _WIDTH - 4:
                self.out.add(1, row.rstrip())
                row = " "
            row += f"{entry}{end} "
        self.out.add(1, row.rstrip())

    def _whole(self) -> None:
        plan = self.plan
        needs = [
            (name, need)
            for name, need in (("caption", plan.caption), ("credit", plan.credit))
            if need is not Need.OPTIONAL
        ]
        if plan.words.free and not needs and not plan.never and not plan.severity:
            return
        self.out.rule("The issue as a whole")
        if not plan.words.free:
            self._rule(0, f"words: {written_bounds(plan.words)}", "words")
        if needs:
            self.out.add(0, "figures:")
            for name, need in needs:
                self._rule(1, f"{name}: {need.value}", "figures", name)
        if plan.never:
            self.out.add(0, "never:")
            for word, count in plan.never:
                self.out.add(1, f"- {scalar(word)}", f"went out in {count} issue{'s' if count > 1 else ''}")
        if plan.severity:
            self.out.note(0, "Rules of the tool that many issues break: warnings, until you have decided.")
            self.out.add(0, "severity:")
            for code, (weight, count) in sorted(plan.severity.items()):
                self.out.add(1, f"{code}: {weight}", f"broken in {count} of {self.tally.issues}")

    def _standing(self) -> None:
        for snippet in self.plan.snippets:
            self.out.rule("Standing matter")
            self.out.note(
                0,
                f"This text stands in {snippet.issues} issues word for word. The tool can insert it: write it as "
                f"snippets/{snippet.name}.md, take it out of the issues, and put this here:",
            )
            self.out.lines += ["#", "# standing:", f"#   {snippet.name}: {snippet.place}", "#"]
            for paragraph in snippet.text.split("\n\n"):
                self.out.note(0, f"> {paragraph}")


def _one_or_more(forms: Sequence[str]) -> str:
    return scalar(forms[0]) if len(forms) == 1 else texts(forms)


_SHAPES = {
    "heading": "under headings one level below the section's",
    "bullet": "- …",
    "lead": "**…** …",
    "numbered": "1. …",
}
