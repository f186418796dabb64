"""Turns a YAML parser's events into plain values with their positions, and reports unsupported YAML."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newsletter.digits import MOST
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from newsletter.model import Path

    Ends = tuple[int, int]

TOO_DEEP = "nested too deeply"
"""The problem of a complaint that comes from us, not from the parser."""
_DEEPEST = 40
"""The deepest nesting of mappings and lists. No file here needs eight levels; a deeper text is a typo or an attack."""
_COMMENT = re.compile(r"[ \t]*(?<=[ \t])#(?=[^\s#])")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]")
"""The characters that no text may contain, even as escapes. XML, and so every feed, does not allow most of these."""


class Complaint(NamedTuple):
    """A complaint of the parser. An offset is -1 if the parser gave none."""

    problem: str
    at: int
    context: str = ""
    since: int = -1
    """The start of the construct that could not be read to its end."""


class YamlFault(NamedTuple):
    """A typo, as the finding describes it."""

    start: int
    end: int
    message: str
    advice: str
    code: str = "001"


def quoted(value: str) -> str:
    """`value` as a quoted YAML text on one line."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read."""

    value: dict[str, object] | list[object]
    path: Path | None
    """None if its content is only read for its errors: in a key, or under a duplicate key."""
    start: int
    flow: bool
    is_key: bool = False
    end: int = 0
    """The end of its last child."""
    key: str | None = None
    """The key whose value comes next."""
    child: Path | None = None
    """The path of that value."""


class Walk:
    """One pass over a YAML text. Afterwards its attributes hold the result. Offsets are of that text."""

    def __init__(self, text: str, zone: str, first_line: int = 1) -> None:
        self.values: dict[str, object] = {}
        self.keys: dict[Path, Ends] = {}
        self.spans: dict[Path, Ends] = {}
        self.written: dict[Path, str] = {}
        """The source of values that are not text, by their path."""
        self.faults: list[YamlFault] = []
        self.broken: set[Path] = set()
        self.complaint: Complaint | None = None
        """The complaint of the parser, if it did not reach the end."""
        self._text = text
        self._zone = zone
        self._first_line = first_line
        self._stack: list[_Frame] = []
        self._hashes = " #" in text or "\t#" in text
        self._walk()

    def _walk(self) -> None:
        import yaml  # Saves 29 ms in commands that read no YAML.

        documents = 0
        try:
            for event in _events(self._text):
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    self._scalar(event)
                elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    self._open(event, {} if kind is yaml.MappingStartEvent else [])
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._close(event.end_mark.index)
                elif kind is yaml.AliasEvent:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    documents += 1
                    if not self._document(event, documents):
                        break
                if self.complaint:
                    break
        except yaml.MarkedYAMLError as error:
            problem, context = error.problem_mark, error.context_mark
            self.complaint = Complaint(
                error.problem or "",
                problem.index if problem else len(self._text),
                error.context or "",
                context.index if context else -1,
            )
        except yaml.YAMLError as error:  # The reader's own error, which has no position.
            self.complaint = Complaint(str(error), int(getattr(error, "position", 0)))

    def _document(self, event: Any, count: int) -> bool:
        start, end = event.start_mark.index, event.end_mark.index
        if event.version or event.tags:
            line = self._text.find("%")
            self._fault("010", line, self._line_end(line), "YAML directives are not supported", "Delete this line.")
        if count > 1:
            self._fault("010", start, end, "a second YAML document begins here", "Keep one document: delete this line.")
        return count == 1

    def _open(self, event: Any, value: dict[str, object] | list[object]) -> None:
        start = event.start_mark.index
        self._properties(event, start)
        if not self._stack:
            if not isinstance(value, dict):
                self._not_a_mapping(start, self._line_end(start))
                self._stack.append(_Frame(value, None, start, flow=True))
                return
            self.values = value
            self._stack.append(_Frame(value, (), start, bool(event.flow_style)))
            return
        if len(self._stack) >= _DEEPEST:
            self.complaint = Complaint(TOO_DEEP, start)
            return
        parent = self._stack[-1]
        is_key = isinstance(parent.value, dict) and parent.key is None
        path = None if is_key else self._place(parent, value)
        self._stack.append(_Frame(value, path, start, bool(event.flow_style), is_key))

    def _close(self, end: int) -> None:
        frame = self._stack.pop()
        if not frame.flow:
            end = max(frame.end, frame.start)
        if frame.path is not None:
            self.spans[frame.path] = (frame.start, end)
        if not self._stack:
            return
        parent = self._stack[-1]
        parent.end = end
        if frame.is_key:
            self._key_that_is_no_text(frame, parent, end)
        else:
            parent.key = parent.child = None

    def _scalar(self, event: Any) -> None:
        start, end, text, style = event.start_mark.index, event.end_mark.index, event.value, event.style
        if event.tag is not None or event.anchor is not None:
            self._properties(event, start)
        if style:
            if style in "|>":
                end = start + len(self._text[start:end].rstrip())
            elif style == '"' and _INVISIBLE.search(text):
                self._fault("001", start, end, "an escape stands for an invisible character", "Delete the escape.")
                text = _INVISIBLE.sub("\ufffd", text)
        if not self._stack:
            if text.strip() or style:
                self._not_a_mapping(start, end)
            return
        frame = self._stack[-1]
        if frame.key is None and isinstance(frame.value, dict):
            self._key(frame, text, start, end, plain=not style)
            return
        value: object = text
        bad = None
        if not style and event.tag is None:
            value, bad = resolve(text, self._zone)
        path = self._value(frame, value, start, end)
        if path is not None and value is not None and not isinstance(value, str):
            self.written[path] = text
        if bad:
            self._fault("005", start, end, bad.message, bad.advice, path)
        if self._hashes and not style:
            self._cut_by_comment(text, start, end, path)

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        written = self._text[start:end]
        message = f"`{written}` is a YAML alias, which is not supported"
        advice = f"If it is text, write {quoted(written)}."
        if not self._stack:
            self._not_a_mapping(start, end)
            return
        frame = self._stack[-1]
        if frame.key is None and isinstance(frame.value, dict):
            self._fault("003", start, end, message, advice)
            frame.key, frame.child = written, None
            return
        self._fault("003", start, end, message, advice, self._value(frame, written, start, end))

    def _key(self, frame: _Frame, text: str, start: int, end: int, *, plain: bool) -> None:
        """Takes `text` as the key of the next value. Keys are always text, even if they look like another type."""
        frame.key = text
        frame.end = max(end, frame.end)
        if plain and text == "<<":
            self._fault("003", start, end, "`<<` is a YAML merge key, which is not supported", "Write the fields out.")
        elif not text:
            self._fault("001", start, max(end, start + 1), "a value without a name", "Write a name before the colon.")
        elif frame.path is None:
            return
        elif text in frame.value:
            line = self._first_line + self._text.count("\n", 0, self.keys[(*frame.path, text)][0])
            self._fault("002", start, end, f"`{text}` is given twice, first in line {line}", "Keep one of the two.")
        else:
            frame.child = (*frame.path, text)
            self.keys[frame.child] = (start, end)

    def _value(self, frame: _Frame, value: object, start: int, end: int) -> Path | None:
        """Takes the source from `start` to `end` as the next value. Returns its path, as `_place` does."""
        path = self._place(frame, value)
        frame.key = frame.child = None
        frame.end = max(end, frame.end)
        if path is not None:
            self.spans[path] = (start, end)
        return path

    def _place(self, frame: _Frame, value: object) -> Path | None:
        """Puts `value` into `frame`. Returns its path, None if it has none."""
        if isinstance(frame.value, list):
            frame.value.append(value)
            return None if frame.path is None else (*frame.path, len(frame.value) - 1)
        if frame.child is not None and frame.key is not None:
            frame.value[frame.key] = value
        return frame.child

    def _fault(self, code: str, start: int, end: int, message: str, advice: str, path: Path | None = None) -> None:
        self.faults.append(YamlFault(start, end, message, advice, code))
        if path is not None:
            self.broken.add(path)

    def _not_a_mapping(self, start: int, end: int) -> None:
        glued = re.match(r"[\w-]+:(?=[^\s/])", self._text[start:end])
        advice = f"Put a space after the colon of `{glued[0]}`." if glued else "Write it as `name: value` lines."
        self._fault("009", start, end, "these are not `name: value` lines", advice)

    def _key_that_is_no_text(self, frame: _Frame, parent: _Frame, end: int) -> None:
        """`{{ name }}` without quotes, `[a]: b`: a list or mapping is in the place of a name."""
        parent.key, parent.child = "", None
        if parent.path is not None:
            self.broken.add(parent.path)
        start = frame.start
        if self._text[start - 1 : start + 1] == "{{":
            value = self._text[start - 1 : self._line_end(start)]
            advice = f"Put the whole value in quotes: {quoted(value)}"
            self._fault(
                "001", start - 1, start - 1 + len(value), "a text without quotes cannot begin with `{{`", advice
            )
        else:
            self._fault("001", start, end, "a list or mapping cannot be a name", "Put it in quotes if it is text.")

    def _properties(self, event: Any, start: int) -> None:
        """Anchors and tags before a value."""
        for match in _properties(self._text, start):
            written = match[0]
            advice = f"If it is text, put the whole value in quotes; otherwise delete `{written}`."
            if written[0] == "&" and event.anchor is not None:
                message = f"`{written}` is a YAML anchor, which is not supported"
                self._fault("003", match.start(), match.end(), message, advice)
            elif written[0] == "!" and event.tag is not None and written != "!":
                # A lone `!` only says "this is text" (YAML 1.2 §6.9.1); Ruby's writer puts it before quoted titles.
                self._fault(
                    "004", match.start(), match.end(), f"`{written}` is a YAML tag, which is not supported", advice
                )

    def _cut_by_comment(self, value: str, start: int, end: int, path: Path | None) -> None:
        """`title: Issue #14`: the value is cut short by a `#`, though it was probably not meant as a comment.

        No space follows the `#`.
        """
        match = _COMMENT.match(self._text, end)
        if not match and not value:
            match = _COMMENT.match(self._text, start)
        if not match:
            return
        finish = self._line_end(match.end())
        whole = self._text[start if value else match.end() - 1 : finish].strip()
        advice = f"Put it in quotes, {quoted(whole)}, or write a comment as `# …` with a space."
        self._fault(
            "013", match.end() - 1, finish, "the text after `#` is a comment and not part of the value", advice, path
        )

    def _line_end(self, start: int) -> int:
        """The end of the content in the line of `start`."""
        end = self._text.find("\n", start)
        return start + len(self._text[start : len(self._text) if end < 0 else end].rstrip())


def _properties(text: str, start: int) -> Iterator[re.Match[str]]:
    """The anchor and the tag at `start`, in either order."""
    for _ in range(2):
        match = _PROPERTY.match(text, start)
        if not match:
            return
        yield match
        start = match.end()
        while text[start : start + 1].isspace():
            start += 1


def _events(text: str) -> Iterator[Any]:
    """The parser's events.

    Uses libyaml's parser if PyYAML was built with it, otherwise PyYAML's own parser, which gives the same events.
    """
    import yaml

    parser = yaml.CSafeLoader(text) if yaml.__with_libyaml__ else yaml.SafeLoader(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9:.+\-Zz \t]*(?:UTC|GMT)?))?", re.ASCII)
_TIME = late(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?[ \t]*"
    r"(?:(Z|z|UTC|GMT)|([-+])([0-9]{1,2})(?::?([0-9]{2}))?)?",
    re.ASCII,
)
YEARS = range(1000, 3000)
"""The years that a date may have."""
_FARTHEST_OFFSET = timedelta(hours=14)


class BadDate(NamedTuple):
    """Why something that looks like a date is invalid, and how to fix it."""

    message: str
    advice: str


def resolve(text: str, zone: str) -> tuple[object, BadDate | None]:
    """The value of the unquoted `text`.

    Dates with a time but no zone are in `zone` (IANA name). A bad date stays text, with its error. Numbers with leading
    zeros are numbers, as in the core schema and in every editor's YAML support: `007` is 7, and text needs quotes.
    """
    if text in _WORDS:
        return _WORDS[text], None
    if text[0] not in _NUMERIC:
        return text, None
    if _INTEGER.fullmatch(text):
        return (int(text.lstrip("+"), _base(text)) if len(text) <= MOST else text), None
    if _FLOAT.fullmatch(text):
        value = float(text)
        return (value if abs(value) != float("inf") else text), None
    if match := _DATE.fullmatch(text):
        return _date(text, match, zone)
    return text, None


@lru_cache(maxsize=8)
def time_zone(name: str) -> tzinfo:
    """The time zone of an IANA name. Raises ZoneInfoNotFoundError or ValueError if there is none."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # Imported only if a time is written.

    return ZoneInfo(name)


def _base(text: str) -> int:
    return {"0o": 8, "0x": 16}.get(text[:2], 10)


def _date(text: str, match: re.Match[str], zone: str) -> tuple[object, BadDate | None]:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    try:
        plain = date(year, month, day)
    except ValueError:
        return text, BadDate(
            f"the date {text[: match.end(3)]} does not exist", "Write a date as year-month-day: 2024-01-31."
        )
    if len(match[2]) + len(match[3]) < 4:
        return text, BadDate(f"`{text[: match.end(3)]}` needs a leading zero", f"Write {plain.isoformat()}.")
    if year not in YEARS:
        return text, BadDate(f"the year {match[1]} is out of range", "Write a year from 1000 to 2999.")
    if match[4] is None:
        return plain, None
    return _moment(text, plain, match[4], zone)


def _moment(text: str, day: date, clock: str, zone: str) -> tuple[object, BadDate | None]:
    advice = f"Write the time as in {day.isoformat()} 09:30 or {day.isoformat()}T09:30:00+01:00."
    match = _TIME.fullmatch(clock)
    if not match:
        return text, BadDate(f"`{clock}` is not a time of day", advice)
    hour, minute, second, fraction, utc, sign, off_hours, off_minutes = match.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        naive = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0), micro)  # noqa: DTZ001
    except ValueError:
        return text, BadDate(f"there is no time {clock}", advice)
    if utc:
        return naive.replace(tzinfo=UTC), None
    if sign is None:
        return _existing(text, naive.replace(tzinfo=time_zone(zone)))
    offset = timedelta(hours=int(off_hours), minutes=int(off_minutes or 0))
    if offset > _FARTHEST_OFFSET or int(off_minutes or 0) > 59:
        return text, BadDate(f"no time zone is {sign}{off_hours}:{off_minutes or '00'} from UTC", advice)
    return naive.replace(tzinfo=timezone(-offset if sign == "-" else offset) if offset else UTC), None


def _existing(text: str, moment: datetime) -> tuple[object, BadDate | None]:
    """A wall-clock time, unless a change to summer time skips it.

    If it occurs twice in autumn, it is the first of the two (`fold=0`, PEP 495).
    """
    then = moment.astimezone(UTC).astimezone(moment.tzinfo)
    if then.replace(tzinfo=None) == moment.replace(tzinfo=None):
        return then, None
    message = f"there is no time {moment:%H:%M} on this day in {moment.tzinfo}: clocks go forward over it"
    return text, BadDate(message, f"Write {then:%H:%M}, or an offset as in {moment:%Y-%m-%dT%H:%M}:00+00:00.")
