"""Writes a plan as house.yaml: in groups, with comments, and after each rule the number of issues that follow it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, FieldType, Need
from newsletter.infer.course import Stretch
from newsletter.infer.standing import insertable, next_issue
from newsletter.infer.tally import Tally
from newsletter.infer.yamltext import OF_FLOW, flow, key, scalar, texts
from newsletter.model import ItemShape
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.infer.plan import Beginning, FieldPlan, GroupPlan, ItemPlan, Plan, SectionPlan, Subject

_COLUMN = 42
"""The column at which comments begin."""
_WIDTH = 110


def _fits(row: str, depth: int) -> bool:
    return len(row) + 2 * depth <= _WIDTH - 20


@dataclass(slots=True)
class Lines:
    """The lines of a YAML text that is being written."""

    lines: list[str] = dataclasses.field(default_factory=list)

    def add(self, depth: int, text: str, comment: str = "") -> None:
        """Adds a line, with an optional comment at its end."""
        line = "  " * depth + text
        if comment:
            line = f"{line.ljust(_COLUMN - 1)} # {comment}"
        self.lines.append(line)

    def note(self, depth: int, text: str) -> None:
        """Adds a comment on lines of its own, wrapped."""
        import textwrap

        indent = "  " * depth + "# "
        self.lines += textwrap.wrap(
            text,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def heading(self, title: str) -> None:
        """Adds a heading between parts."""
        self.lines += ["", f"# ── {title} ".ljust(_WIDTH, "─")]

    def texts(self, depth: int, name: str, texts: Sequence[str], comment: str = "") -> None:
        """Adds a key with a text or a list of texts, on one line if they fit."""
        if len(texts) == 1:
            self.add(depth, f"{key(name)}: {texts[0]}", comment)
        elif not any(OF_FLOW & set(text) for text in texts) and _fits(row := f"{key(name)}: {flow(texts)}", depth):
            self.add(depth, row, comment)
        else:
            self.add(depth, f"{key(name)}:", comment)
            for text in texts:
                self.add(depth + 1, f"- {text}")

    def text(self) -> str:
        """The text of all lines."""
        return "\n".join(line.rstrip() for line in self.lines).strip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class WrittenHouse:
    """A house.yaml, and its rules."""

    text: str
    rules: tuple[tuple[Subject, str], ...]
    """For each rule, in order, its subject and the text of the rule."""


def write(plan: Plan, tally: Tally | None = None, *, standing: bool = False) -> WrittenHouse:
    """The house.yaml of a plan, with the numbers of `tally` after its rules.

    With `standing`, the snippets are inserted from the next issue on, so each needs its file; else they are proposed in
    comments.
    """
    writer = _Writer(plan, tally or Tally(), standing=standing)
    return WrittenHouse(writer.write(), tuple(writer.rules.items()))


class _Writer:
    """Writes a plan, part by part, and records the rule on each line."""

    def __init__(self, plan: Plan, tally: Tally, *, standing: bool) -> None:
        self.plan = plan
        self.course = plan.course
        self.tally = tally
        self.standing = insertable(plan) if standing else ()
        self.box = standing and bool(plan.bios and plan.course.bounds)
        self.out = Lines()
        self.rules: dict[Subject, str] = {}

    def write(self) -> str:
        self._head()
        self._front()
        self._opening()
        self._sections()
        self._order()
        self._sets()
        self._groups()
        self._whole()
        self._author_box()
        self._standing()
        return self.out.text()

    def _rule(self, depth: int, text: str, *subject: str, remark: str = "") -> None:
        """Adds a line with a rule, and the number of issues that follow it."""
        self.rules[subject] = text
        comment = "; ".join(part for part in (remark, self._obeying(subject)) if part)
        self.out.add(depth, text, comment if self.tally.issues else "")

    def _rules(self, depth: int, keys: Sequence[tuple[str, str]], *subject: str) -> None:
        """Adds keys that are rules, each with its value."""
        for name, text in keys:
            self._rule(depth, f"{name}: {text}", *subject, name)

    def _obeying(self, subject: Subject) -> str:
        good, total = self.tally.obeying(subject)
        return f"all {total}" if good == total > 0 else f"{good} of {total}" if total else ""

    def _there(self, subject: Subject) -> str:
        """The number of issues that have a field or a section, as text."""
        return f"in {self.tally.concerned[*subject, '']} of {self.tally.issues}" if self.tally.issues else ""

    def _bounds(self, stretch: Stretch, inside: Stretch) -> list[str]:
        """`since` and `until` of a stretch that is shorter than the one around it."""
        bounds = []
        if stretch.start > inside.start:
            bounds.append(f"since: {self.course.since(stretch)}")
        if stretch.end < inside.end:
            bounds.append(f"until: {self.course.until(stretch)}")
        return bounds

    def _era(self, stretch: Stretch, depth: int) -> None:
        for bound in self._bounds(stretch, self.course.all):
            self.out.add(depth, bound)

    def _required(self, required: Stretch | None, stretch: Stretch, depth: int, *subject: str) -> None:
        """Adds `required: true`, or the issues from which or until which it is required."""
        if required is not None:
            bounds = self._bounds(required, stretch)
            text = f"{{{', '.join(bounds)}}}" if bounds else "true"
            self._rule(depth, f"required: {text}", *subject, "required")

    def _head(self) -> None:
        plan, course = self.plan, self.course
        self.out.note(0, f"Inferred from {course.total} issues{f', {course.span}' if course.span else ''}.")
        self.out.note(
            0,
            "Each rule shows how many issues follow it, of those that it applies to. It describes what was usual, which may not be "
            "what you want. Change the rules, and remove those that you do not need.",
        )
        self.out.note(0, 'For all keys and their meaning, see "House formats" in the guide.')
        self.out.lines.append("")
        self.out.add(0, f"name: {scalar(plan.name)}")
        if plan.level != 2 or plan.earlier_level:
            self.out.add(0, f"section_level: {plan.level}", f"{'#' * plan.level} opens a section")
        if plan.earlier_level:
            level, place = plan.earlier_level
            self.out.add(0, "eras:")
            self.out.add(1, f"- until: {course.until(Stretch(0, place, course.total))}")
            self.out.add(1, f"  section_level: {level}", f"until then it was {'#' * level}")
        if plan.file_names:
            self._rule(0, f"file_name: {_one_or_more(plan.file_names)}", "file_name")

    def _front(self) -> None:
        if not self.plan.fields:
            return
        self.out.heading("The front matter")
        if self.plan.other_fields:
            self.out.add(0, "front:")
        else:
            self._rule(0, "front:", "front", remark="no other fields")
        self._fields(self.plan.fields, 1, ("front",))
        if self.plan.other_fields:
            self.out.add(0, "other_fields: true")

    def _fields(self, fields: Sequence[FieldPlan], depth: int, above: Subject) -> None:
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
        self._required(plan.required, plan.stretch, depth + 1, *subject)
        for name, text in keys:
            characters = name == "length" and plan.type is FieldType.TEXT
            self._rule(depth + 1, f"{name}: {text}", *subject, name, remark="characters" if characters else "")
        if plan.fields:
            self.out.add(depth + 1, "fields:")
            self._fields(plan.fields, depth + 2, subject)

    def _field_keys(self, plan: FieldPlan) -> list[tuple[str, str]]:
        found = []
        if not plan.standard and plan.type not in {FieldType.TEXT, FieldType.NESTED}:
            found.append(("type", plan.type.value))
        if plan.forms:
            found.append(("form", self._form(plan)))
        if plan.choices:
            found.append(("choices", texts(plan.choices)))
        found += _limits(length=plan.length)
        if plan.consecutive:
            found.append(("consecutive", "true"))
        return found

    def _form(self, plan: FieldPlan) -> str:
        if plan.formed is None:
            return _one_or_more(plan.forms)
        pattern = scalar(plan.forms[0], inside=True) if len(plan.forms) == 1 else texts(plan.forms)
        return f"{{is: {', '.join((pattern, *self._bounds(plan.formed, self.course.all)))}}}"

    def _opening(self) -> None:
        plan = self.plan
        if plan.opening_required is None and plan.opening.free and not (plan.opening_begins or plan.opening_contains):
            return
        self.out.heading("The text before the first heading")
        self.out.add(0, "opening:")
        self._required(plan.opening_required, self.course.all, 1, "opening")
        self._rules(1, _limits(words=plan.opening), "opening")
        self._begins(plan.opening_begins, self.course.all, 1, "opening")
        self._contains(plan.opening_contains, self.course.all, 1, "opening")

    def _sections(self) -> None:
        if not self.plan.sections:
            return
        self.out.heading("The sections")
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
            if plan.level:
                self.out.add(2, f"level: {plan.level}", f"{'#' * plan.level} opens it")
        else:
            self.out.add(2, "heading: any", "free headings")
        self._era(plan.stretch, 2)
        if plan.required is None:
            self.out.add(2, "required: false")
        self._required(plan.required, plan.stretch, 2, *subject)
        if plan.repeat != Bounds(None, 1):
            text = "at least 1" if plan.repeat.free else _written(plan.repeat)
            self._rule(2, f"repeat: {text}", *subject, "repeat")
        if plan.forgive:
            self.out.add(2, f"forgive: {flow(plan.forgive)}")
        self._rules(2, _limits(words=plan.words, figures=plan.figures), *subject)
        self._begins(plan.begins, plan.stretch, 2, *subject)
        self._contains(plan.contains, plan.stretch, 2, *subject)
        if plan.contents:
            self._rule(2, "contents_written: true", *subject, "contents_written", remark="a list of its items")
        if plan.items is not None:
            self.out.add(2, "items:")
            self.out.add(3, f"shape: {plan.items.shape.value}", _SHAPES[plan.items.shape])
            self._rules(3, _item_keys(plan.items), *subject, "items")
            if plan.items.last is not None:
                self.out.add(3, "last:", "the last one is of another kind")
                self._rules(4, _keys_of_last(plan.items.last, plan.items), *subject, "items", "last")

    def _begins(self, begins: Beginning | None, inside: Stretch, depth: int, *subject: str) -> None:
        if begins is not None:
            bounds = self._bounds(begins.stretch, inside)
            beginning = scalar(begins.text, inside=bool(bounds))
            text = f"{{is: {', '.join((beginning, *bounds))}}}" if bounds else beginning
            self._rule(depth, f"begins: {text}", *subject, "begins")

    def _contains(self, passages: Sequence[Beginning], inside: Stretch, depth: int, *subject: str) -> None:
        """Adds the texts that a part contains, each with the issues from which or until which it does."""
        if not passages:
            return
        shown = []
        for one in passages:
            bounds = self._bounds(one.stretch, inside)
            text = scalar(one.text, inside=bool(bounds) or len(passages) > 1)
            shown.append(f"{{is: {', '.join((text, *bounds))}}}" if bounds else text)
        place = (*subject, "contains")
        self.rules[place] = f"contains: {', '.join(shown)}"
        self.out.texts(depth, "contains", shown, self._obeying(place) if self.tally.issues else "")

    def _headings(self, plan: SectionPlan) -> None:
        shown = []
        for heading in plan.headings:
            last = self.course.until(heading.stretch)
            text = scalar(heading.text, inside=bool(last))
            if last:
                text = f"{{is: {text}, until: {last}}}"
            shown.append("[any]" if heading.text == "any" else text)
        good, total = self.tally.obeying(("sections", plan.key, "heading"))
        self.rules["sections", plan.key, "heading"] = f"heading: {', '.join(shown)}"
        self.out.texts(2, "heading", shown, f"{good} of {total}" if good < total else "")

    def _order(self) -> None:
        plan = self.plan
        if len(plan.sections) < 2:
            return
        self.out.lines.append("")
        if plan.order is None:
            self.out.add(0, "order: free")
        elif plan.listed:
            self._rule(0, "order: fixed", "order", remark="as they are listed")
        else:
            self.out.note(
                0, "Names in inner brackets can come in any order. Sections that are not listed can come anywhere."
            )
            rows = [group[0] if len(group) == 1 else flow(group) for group in plan.order]
            self._rule(0, "order:", "order")
            self.rules["order",] = f"order: {flow(rows)}"
            self._rows(rows)

    def _rows(self, entries: Sequence[str]) -> None:
        """A list, on as many lines as it needs."""
        row = "["
        for at, entry in enumerate(entries):
            end = "]" if at == len(entries) - 1 else ","
            if len(row) + len(entry) > _WIDTH - 4:
                self.out.add(1, row.rstrip())
                row = " "
            row += f"{entry}{end} "
        self.out.add(1, row.rstrip())

    def _sets(self) -> None:
        if not self.plan.sets:
            return
        self.out.lines.append("")
        self.out.add(0, "sets:")
        for one in self.plan.sets:
            self.out.add(1, f"{one.name}:")
            self.out.add(2, f"sections: {flow(one.sections)}")
            self._rule(2, f"count: {_written(one.count)}", "sets", one.name)

    def _groups(self) -> None:
        if not self.plan.groups:
            return
        self.out.lines.append("")
        self._rule(0, "groups:", "groups", remark=_groups_are(self.plan.groups))
        for one in self.plan.groups:
            self.out.add(1, f"{key(one.name)}:")
            self.out.add(2, f"heading: {scalar(one.heading)}")
            if one.level:
                self.out.add(2, f"level: {one.level}", "that of other sections")
            self._rule(2, f"sections: {flow(one.sections)}", "groups", one.name, "sections")
            self._rule(2, f"required: {str(one.required).lower()}", "groups", one.name, "required")

    def _whole(self) -> None:
        plan = self.plan
        figures = _needs(caption=plan.caption, credit=plan.credit)
        used = {section.items.links_to for section in plan.sections if section.items is not None}
        kinds = {name: hosts for name, hosts in plan.link_kinds.items() if name in used}
        quotations = _needs(source=plan.sourced)
        others = (figures, quotations, plan.never, plan.severity, plan.contents, plan.contains, kinds)
        if plan.words.free and not any(others):
            return
        self.out.heading("The issue as a whole")
        self._rules(0, _limits(words=plan.words))
        self._contains(plan.contains, self.course.all, 0)
        if plan.contents:
            self._rule(0, "contents_written: true", "contents_written", remark="a list of all items, in the opening")
        if kinds:
            self.out.add(0, "links:")
            self.out.add(1, "kinds:")
            for name, hosts in kinds.items():
                self.out.texts(2, name, [scalar(host, inside=True) for host in hosts])
        if figures:
            self.out.add(0, "figures:")
            self._rules(1, figures, "figures")
        if quotations:
            self.out.add(0, "quotations:")
            self._rules(1, quotations, "quotations")
        if plan.never:
            self.out.add(0, "never:")
            for word, count in plan.never:
                self.out.add(1, f"- {scalar(word)}", f"published in {count} issue{'s' if count > 1 else ''}")
        if plan.severity:
            self.out.note(0, "Built-in rules that many issues break: warnings until you decide.")
            self.out.add(0, "severity:")
            for code, (severity, count) in sorted(plan.severity.items()):
                self.out.add(1, f"{code}: {severity}", f"broken in {count} of {self.tally.issues}")

    def _author_box(self) -> None:
        if not self.plan.bios:
            return
        self.out.heading("The author box")
        start = "From the next issue on the tool shows" if self.box else "With the line below, the tool shows"
        self.out.note(
            0,
            f"The issues end with a text about their author. {start} the author's `bio` and picture from newsletter.yaml there. "
            "Put the texts there, and leave them out of the issues:",
        )
        for one in self.plan.bios:
            self.out.note(0, f"> {one.author}: {one.text} (in {one.issues})")
        if self.box:
            self.out.add(0, f"author_box: {{is: true, since: {next_issue(self.course)}}}")
        else:
            self.out.lines += ["#", "# author_box: true"]

    def _standing(self) -> None:
        if self.standing:
            self.out.heading("Standing matter")
            self.out.note(
                0,
                "These texts stood in the issues word for word. From the next issue on the tool inserts them, out of snippets/: "
                "write them no more.",
            )
            self.out.add(0, "standing:")
            for snippet in self.standing:
                place = f"{{is: {snippet.place}, since: {next_issue(self.course)}}}"
                self.out.add(1, f"{snippet.name}: {place}", f"in {snippet.issues} of {self.course.total}")
        for snippet in self.plan.snippets:
            if snippet in self.standing:
                continue
            self.out.heading("Standing matter")
            self.out.note(
                0,
                f"This text is in {snippet.issues} issues word for word. newsletter can insert it: save it as "
                f"snippets/{snippet.name}.md, remove it from the issues, and add this here:",
            )
            self.out.lines += ["#", "# standing:", f"#   {snippet.name}: {snippet.place}", "#"]
            for line in snippet.text.split("\n"):
                self.out.note(0, f"> {line}".rstrip())


_SHAPES = {
    ItemShape.HEADING: "under headings one level below the section's",
    ItemShape.BULLET: "- …",
    ItemShape.LEAD: "**…** …",
    ItemShape.NUMBERED: "1. …",
}


def _item_keys(plan: ItemPlan) -> list[tuple[str, str]]:
    found = _limits(count=plan.count)
    if plan.numbered:
        found.append(("numbered", "true"))
    found += _needs(link=plan.link, author=plan.author, picture=plan.picture)
    if plan.links_to:
        found.append(("links_to", flow([plan.links_to])))
    if plan.categories is not None:
        found.append(("categories", texts(plan.categories) if plan.categories else "any"))
    found += _needs(bold=plan.bold)
    return [*found, *_needs(full_stop=plan.full_stop), *_limits(words=plan.words)]


def _keys_of_last(last: ItemPlan, others: ItemPlan) -> list[tuple[str, str]]:
    """The keys of the last item in which it differs from the others."""
    found = [("look", "roundup")] if last.roundup else []
    found += _limits(entries=last.entries)
    found += [
        (name, getattr(last, name).value)
        for name in ("link", "author", "picture")
        if getattr(last, name) is not getattr(others, name)
    ]
    words = Bounds(0, None) if last.words.free and not others.words.free else last.words
    return found + (_limits(words=words) if words != others.words else [])


def _limits(**limits: Bounds) -> list[tuple[str, str]]:
    return [(name, _written(bounds)) for name, bounds in limits.items() if not bounds.free]


def _needs(**needs: Need) -> list[tuple[str, str]]:
    return [(name, need.value) for name, need in needs.items() if need is not Need.OPTIONAL]


def _written(bounds: Bounds) -> str:
    """Bounds as written in house.yaml: `7`, `5-9`, `at least 5`, `at most 9`."""
    if bounds.minimum is None:
        return f"at most {bounds.maximum}"
    if bounds.maximum is None:
        return f"at least {bounds.minimum}"
    return str(bounds.minimum) if bounds.minimum == bounds.maximum else f"{bounds.minimum}-{bounds.maximum}"


def _groups_are(groups: Sequence[GroupPlan]) -> str:
    """The comment on groups. Headings at the level of sections are sections, if they are not groups."""
    return "headings above the sections" + ("" if all(one.level for one in groups) else "; no others")


def _one_or_more(forms: Sequence[str]) -> str:
    return scalar(forms[0]) if len(forms) == 1 else texts(forms)
