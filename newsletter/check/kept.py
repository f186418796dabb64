"""The content that a fix must keep: everything that readers get, except what the finding is about.

The rule is not trusted with this. The fixed text is parsed again, and both results are compared. Their structure must
be the same: tags, addresses, code, names, and the headings to which links within the issue lead. Their words must be
the same, too, except for those that the rule may change.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.fixes import choose, splice
from newsletter.editions.rewriting import anchors_of
from newsletter.late import late
from newsletter.markdown.misplaced import content_lines
from newsletter.markdown.release import without_release
from newsletter.model import (
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    FootnoteReference,
    HtmlBlock,
    Image,
    Issue,
    Item,
    Link,
    LinkForm,
    Paragraph,
    PersonalField,
    RawHtml,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from newsletter.names import composed
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.diagnostics import Diagnostic, Edit

LINE_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Characters that are line ends in other programs: in Word, on a printer, in JavaScript."""

_QUOTES = str.maketrans(dict.fromkeys("\"'“”„‟‘’‚‛«»‹›\u00a0"))
_LINE_BREAKS = str.maketrans(dict.fromkeys(LINE_BREAKS, " "))
_UNSEEN = late(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_MARKUP = late(r"[\\*_`\[\]<>|~{}]")
_LOOSE_BLANK = late(r"(?<!\w) | (?!\w)")


def _same(text: str) -> str:
    return text


def _as_it_is(values: Mapping[str, object]) -> Mapping[str, object]:
    return values


def _unquoted(text: str) -> str:
    return text.translate(_QUOTES)


def _seen(text: str) -> str:
    return _UNSEEN.sub("", unquote(text).translate(_LINE_BREAKS))


def _letters(text: str) -> str:
    return "".join(char if char.isalpha() else " " for char in text)


def _tight(text: str) -> str:
    """The text without white space that does not separate words."""
    return _LOOSE_BLANK.sub("", " ".join(text.split()))


def _none(text: str) -> str:  # noqa: ARG001
    return ""


@dataclass(frozen=True, slots=True)
class Terms:
    """The content that must stay the same under the fixes of a rule."""

    words: Callable[[str], str] = _same
    """Removes the words that the rule may change."""
    names: Callable[[str], str] = _same
    """The form in which addresses, code and names are compared."""
    addresses: bool = True
    """Whether addresses must stay."""
    blocks: bool = True
    """Whether sections, items, headings and lists must stay."""
    links: bool = True
    """Whether the fix must not make a link."""
    rewrites: bool = False
    """Whether the fix writes new words.

    Then it may not add or remove text that looks like markup, beyond its own edits.
    """
    front: Callable[[Mapping[str, object]], Mapping[str, object]] = _as_it_is
    """Removes the entries of the front matter that the rule may change."""
    finds_front: bool = False
    """Whether the fix moves lines of text into the front matter. Then no line with content may be lost."""


_STRICT = Terms(_tight)
_ADDRESS = Terms(_letters, addresses=False)
_REWRITTEN = Terms(_none, rewrites=True)
TERMS: dict[str, Terms] = {
    "FM130": Terms(_tight, front=without_release),
    "FM131": Terms(finds_front=True),
    "TX105": Terms(_unquoted),
    "TX106": _REWRITTEN,
    "TX107": Terms(_seen, _seen),
    "TX108": Terms(_seen, _seen),
    "TX114": _REWRITTEN,
    "LK102": Terms(_none, addresses=False, links=False),
    "LK109": _STRICT,
    "LK111": _STRICT,
    "ST109": Terms(_letters, blocks=False),
    "ST111": Terms(_tight, blocks=False),
    "ST124": Terms(_none, blocks=False, rewrites=True),
    "ST133": Terms(_tight, blocks=False),
    "ST136": Terms(_letters),
    "ST155": _REWRITTEN,
}


def terms_of(code: str) -> Terms:
    """The content that the fixes of a rule must keep. By default, fixes of rules about links may change addresses."""
    return TERMS.get(code, _ADDRESS if code.startswith("LK") else _STRICT)


_INLINES = (Emphasis, Strong, Strikethrough, Link, Image, Code, PersonalField, FootnoteReference, RawHtml)
_FRAMED = (*_INLINES, CodeBlock, Directive, HtmlBlock, Table, Figure)
"""The content that a fix must keep even if it changes sections and items."""
_LINKS = (Link, Image, Figure)
_WORDS = frozenset("title alt spoken caption credit author".split())
_APART = frozenset(
    "span path front title_span text_span src_span href_span name_span field_spans anchor form notes definitions".split()
)
"""Fields that are not compared here: positions, fields that no reader sees, and the front matter."""
_FIELDS = frozenset("title subtitle summary preheader subject personal".split())
"""The fields of an issue's front matter that hold text."""


class _Reading:
    """The content that readers get from an issue, in a form that can be compared."""

    def __init__(self, issue: Issue, terms: Terms) -> None:
        self._terms = terms
        self._anchors = {anchor: at if terms.blocks else 0 for at, anchor in enumerate(anchors_of(issue))}
        self.frame: list[object] = []
        self._pieces: list[str] = []
        self._add(issue)
        self._value(dict(terms.front(issue.front.values)))

    @property
    def words(self) -> list[str]:
        """The words, without those that the rule may change."""
        return self._terms.words("".join(self._pieces)).split()

    @property
    def markup(self) -> Counter[str]:
        """The characters in its words that look like markup."""
        return Counter(_MARKUP.findall("".join(self._pieces)))

    def _add(self, part: object) -> None:
        if isinstance(part, Text):
            self._pieces.append(part.text)
        elif isinstance(part, Break):
            self._pieces.append("\n")
        elif isinstance(part, tuple):
            for each in part:
                self._add(each)
        elif isinstance(part, Link) and part.form in {LinkForm.BARE, LinkForm.AUTOLINK} and not self._terms.addresses:
            self.frame += ["Link"] if self._terms.links else []
        elif hasattr(part, "__match_args__"):
            self._record(part)
        else:
            self._value(part)

    def _record(self, part: object) -> None:
        framed = (self._terms.blocks or isinstance(part, _FRAMED)) and (
            self._terms.links or not isinstance(part, _LINKS)
        )
        if framed:
            self.frame.append(type(part).__name__)
        elif isinstance(part, Figure):
            self.frame.append(Paragraph.__name__)  # a paragraph whose text became a picture
        for name in part.__match_args__:  # type: ignore[attr-defined]
            value = getattr(part, name)
            if (
                name in _APART
                or (isinstance(part, Issue) and name in _FIELDS)
                or (isinstance(part, Item) and name == "link")
            ):
                continue
            if name in {"href", "src"}:
                self._address(value)
            elif isinstance(value, str) and name in _WORDS:
                self._pieces += ["\n", value, "\n"] if value else []
            elif isinstance(part, Directive) and name == "argument" and part.name == "only":
                self._name("".join(each.text for each in value if isinstance(each, Text)))
            elif framed or isinstance(value, tuple) or hasattr(value, "__match_args__"):
                self._add(value)
            if not isinstance(part, _INLINES):
                self._pieces.append("\n")
        if framed or isinstance(part, Figure):
            self.frame.append(")")

    def _address(self, address: str) -> None:
        if address.startswith("#"):
            self.frame.append(("#", self._anchors.get(composed(unquote(address[1:])), -1)))
        elif self._terms.addresses:
            self._name(address)

    def _value(self, value: object) -> None:
        """Adds the value of a front matter field or a setting."""
        if isinstance(value, dict):
            for key, inner in value.items():
                self._name(str(key))
                self._field(inner)
        else:
            self.frame.append(self._terms.names(value) if isinstance(value, str) else value)

    def _field(self, value: object) -> None:
        if isinstance(value, str):
            self._pieces += ["\n", value, "\n"]
        elif isinstance(value, list):
            self.frame.append(len(value))
            for each in value:
                self._field(each)
        else:
            self._value(value)

    def _name(self, name: str) -> None:
        self.frame.append(self._terms.names(name))


def keeps(before: Issue, after: Issue, terms: Terms, text: str, edits: Sequence[Edit]) -> bool:
    """Whether `edits` change nothing but what `terms` allow, judged by the issue read before and after them."""
    if not (before.front.values or before.opening or before.sections):
        return True  # nothing could be read, so nothing is published
    if terms.finds_front:
        was, now = content_lines(text), content_lines(splice(text, edits))
        return bool(after.front.values) and sorted(was) == sorted(now)
    one, other = _Reading(before, terms), _Reading(after, terms)
    if one.frame != other.frame or one.words != other.words:
        return False
    if not terms.rewrites:
        return True
    gone = Counter(mark for edit in edits for mark in _MARKUP.findall(text[edit.span.start : edit.span.end]))
    new = Counter(mark for edit in edits for mark in _MARKUP.findall(edit.text))
    return one.markup + new == other.markup + gone


def choose_kept(
    issue: Issue, text: str, diagnostics: Sequence[Diagnostic], read: Callable[[str], Issue]
) -> tuple[tuple[Edit, ...], tuple[Diagnostic, ...]]:
    """The fixes that `choose` returns, without those that change content for readers.

    `issue` is the result of `read(text)`.
    """
    edits, fixed = choose(text, diagnostics)
    kept: list[Diagnostic] = []
    for terms in dict.fromkeys(terms_of(found.code) for found in fixed):
        kept += _kept(issue, text, [found for found in fixed if terms_of(found.code) == terms], terms, read)
    return (edits, fixed) if len(kept) == len(fixed) else choose(text, kept)


def _kept(
    issue: Issue, text: str, found: list[Diagnostic], terms: Terms, read: Callable[[str], Issue]
) -> list[Diagnostic]:
    """The findings whose fixes, applied together, keep the content that readers get."""
    edits, _ = choose(text, found)
    if keeps(issue, read(splice(text, edits)), terms, text, edits):
        return found
    if len(found) == 1:
        return []
    half = len(found) // 2
    first = _kept(issue, text, found[:half], terms, read)
    second = _kept(issue, text, found[half:], terms, read)
    edits, _ = choose(text, first + second)
    together = not (first and second) or keeps(issue, read(splice(text, edits)), terms, text, edits)
    return first + second if together else first
