"""Completion in the text: headings, personal fields, directives, files, labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from lsprotocol import types

from newsletter.editions import NAMES as READERS
from newsletter.house.draft import bounds_words
from newsletter.house.format import Need
from newsletter.house.headings import field_value, fold
from newsletter.house.patterns import pieces
from newsletter.lsp.blocks import DIRECTIVES, SETTINGS, VALUES
from newsletter.lsp.completion_front import offered_in_front
from newsletter.lsp.front_matter import in_front
from newsletter.lsp.offers import Offer, escaped, files_below, pictures_below
from newsletter.lsp.outline import parts_of
from newsletter.markdown.directives import FIELDS, NAMES
from newsletter.model import CodeBlock
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.house.format import SectionFormat, SectionGroup
    from newsletter.lsp.documents import CheckedIssue
    from newsletter.lsp.findings import EditorSupport

if TYPE_CHECKING:
    Offered = Callable[[CheckedIssue, re.Match[str], int], Iterator[Offer]]

_KINDS = types.CompletionItemKind
_AUDIO = (".mp3", ".m4a", ".ogg", ".opus", ".wav")

_PLACE = re.compile(r"\$(?:\{\d+(?::([^}]*)|\|([^,|]*)[^}]*)?\}|\d+)")


def offered_in_body(look: CheckedIssue, offset: int) -> Iterator[Offer]:
    """The completions at an offset of the text."""
    if _in_code(look, offset):
        return
    start, _ = look.buffer.line_at(offset)
    line = look.buffer.text[start:offset]
    for pattern, offered in _PLACES:
        if found := pattern.search(line):
            yield from offered(look, found, offset)
            return


def _in_code(look: CheckedIssue, offset: int) -> bool:
    blocks = walk_blocks(look.parsed.issue)
    return any(isinstance(block, CodeBlock) and block.span.start < offset < block.span.end for block in blocks)


def _headings(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    """The headings that the house format still expects, required ones first, with this issue's date and number filled in."""
    house, marks = look.parsed.house, len(found["marks"])
    wanted: list[SectionFormat | SectionGroup] = [
        *(section for section in _expected(look, offset) if house.level_of(section) == marks),
        *(group for group in house.groups if house.level_of_group(group) == marks),
    ]
    start = offset - len(found["typed"])
    _, end = look.buffer.line_at(offset)
    for section in wanted:
        for pattern in section.headings:
            text, snippet = _filled(look, pattern)
            if text.strip():
                yield Offer(
                    start,
                    end,
                    text if found["space"] else f" {text}",
                    label=text.strip(),
                    detail=section.key,
                    about=_about(section),
                    snippet=snippet and (snippet if found["space"] else f" {snippet}"),
                    kind=_KINDS.Module,
                )


def _expected(look: CheckedIssue, offset: int) -> list[SectionFormat]:
    """The sections that are missing or may be repeated, required ones first. The one being written does not count."""
    line, _ = look.buffer.line_at(offset)
    keys = [wanted.key for section, wanted, _ in parts_of(look) if wanted and section.span.start != line]
    sections = look.parsed.house.sections
    open_ones = [
        section
        for section in sections
        if section.need is not Need.FORBIDDEN
        and (section.repeat.maximum is None or keys.count(section.key) < section.repeat.maximum)
    ]
    return sorted(open_ones, key=lambda section: (section.key in keys, section.need is not Need.REQUIRED))


def _filled(look: CheckedIssue, pattern: str) -> tuple[str, str]:
    """A heading with its known fields filled in, and a snippet with placeholders for the others."""
    project = look.workspace.project
    issue = look.parsed.issue
    texts, parts, chosen = [], [], 0
    for piece in pieces(fold(pattern)):
        known: str | None = piece.plain
        if piece.field:
            known = field_value(piece, issue, project.language(issue.language)) if project else None
        if known is None:
            chosen += 1
            parts.append(f"${{{chosen}:{piece.field if piece.field != 'any' else '…'}}}")
        else:
            texts.append(known)
            parts.append(escaped(known))
    return "".join(texts), "".join(parts) if chosen else ""


def _about(section: SectionFormat | SectionGroup) -> str:
    from newsletter.house.format import SectionFormat

    if not isinstance(section, SectionFormat):
        return "A heading above: " + ", ".join(section.sections)
    need = "required" if section.need is Need.REQUIRED else "optional"
    items = bounds_words(section.items.count, "items") if section.items else ""
    facts = [need, bounds_words(section.words, "words"), items, bounds_words(section.figures, "figures")]
    return "\n\n".join(filter(None, ("; ".join(filter(None, facts)), section.hint)))


def _personal(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    """The personal fields, each with its fallback if the publication has one."""
    project = look.workspace.project
    fallbacks = project.publication.personal_fields if project else {}
    names = project.reading_options(look.parsed.house).personal_fields if project else ()
    _, end = look.buffer.line_at(offset)
    rest = look.buffer.text[offset:end]
    closed = re.match(r"[ \w|]*\}\}?", rest)
    for name in sorted(names):
        fallback = fallbacks.get(name, "")
        text = f" {name} | {fallback} }}}}" if fallback else f" {name} }}}}"
        snippet = "" if fallback else f" {name}${{1: | fallback}} \\}}\\}}"
        stop = offset + (len(closed[0]) if closed else 0)
        yield Offer(offset - len(found["typed"]), stop, text, name, fallback, snippet=snippet, kind=_KINDS.Variable)


def _directives(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    space = "" if found["space"] else " "
    _, end = look.buffer.line_at(offset)
    alone = not look.buffer.text[offset:end].strip()
    for name in NAMES:
        about, body = DIRECTIVES[name]
        whole = space + body
        text = _PLACE.sub(lambda place: place[1] or place[2] or "", whole) if alone else space + name
        snippet = whole if alone else ""
        yield Offer(offset - len(found["typed"]), offset, text, name, about=about, snippet=snippet, kind=_KINDS.Class)


def _editions(_look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    there = found["before"].split()
    for name in READERS:
        if name not in there:
            yield Offer(offset - len(found["typed"]), offset, name, kind=_KINDS.EnumMember)


def _directive_fields(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    """The `key: value` lines that are allowed directly under the first line of a directive."""
    start, _ = look.buffer.line_at(offset)
    there = []
    for line in reversed(look.buffer.text[:start].splitlines()):
        key = re.match(r"[ \t]*([^\W\d_][^:：\n]{0,40}?)[ \t]*[:：]", line)
        opened = re.match(r"[ \t]*:{3,}[ \t]*([\w-]+)", line)
        if opened:
            for name in FIELDS.get(opened[1], ()):
                if name not in there:
                    about = SETTINGS.get((opened[1], name), "")
                    yield Offer(offset - len(found["typed"]), offset, f"{name}: ", name, about=about, kind=_KINDS.Field)
            return
        if not key:
            return
        there.append(key[1].lower())


def _directive_values(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    """The values for a `key:` line of a directive."""
    start, _ = look.buffer.line_at(offset)
    for line in reversed(look.buffer.text[:start].splitlines()):
        opened = re.match(r"[ \t]*:{3,}[ \t]*([\w-]+)", line)
        if opened:
            for value in VALUES.get((opened[1], found["key"].lower()), ()):
                yield Offer(offset - len(found["typed"]), offset, value, kind=_KINDS.EnumMember)
            return
        if not re.match(r"[ \t]*[A-Za-z]+[ \t]*:", line):
            return


def _sponsors(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    """The sponsors of newsletter.yaml, those booked for this issue first."""
    from newsletter.blocks.sponsors import is_booked

    project, issue = look.workspace.project, look.parsed.issue
    known = project.publication.sponsors.values() if project else ()
    for sponsor in sorted(known, key=lambda one: not is_booked(one, issue)):
        detail = f"{sponsor.name}, booked" if is_booked(sponsor, issue) else sponsor.name
        yield Offer(offset - len(found["typed"]), offset, sponsor.key, sponsor.key, detail, kind=_KINDS.Reference)


def _addresses(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    """The targets for an address.

    For a picture, the pictures in the issue's folder. For a link, the other files and the headings of the letter.
    """
    folder = look.workspace.root / look.parsed.file.folder
    lone = not look.parsed.file.path.endswith("/index.md")
    start = offset - len(found["typed"])
    if found["typed"].startswith("#") or not found["picture"]:
        for section, _wanted, items in parts_of(look):
            for anchor, title in ((section.anchor, section.title), *((item.anchor, item.title) for item in items)):
                if anchor:
                    yield Offer(start, offset, f"#{anchor}", detail=plain_text(title), kind=_KINDS.Reference)
    if found["typed"].startswith("#"):
        return
    names = pictures_below(folder) if found["picture"] else files_below(folder)
    for name in names:
        if not name.endswith(".md") and (not lone or found["picture"] or name.endswith(_AUDIO)):
            yield Offer(
                start, offset, quote(name, safe="/!$&'*+,;=:@-._~" + name_letters(name)), name, kind=_KINDS.File
            )


def name_letters(name: str) -> str:
    """The characters of a file's name that need no encoding in an address: all but ASCII ones with a special meaning."""
    return "".join(character for character in name if not character.isascii() and not character.isspace())


def _footnotes(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    text = look.buffer.text
    closed = text.startswith("]", offset)
    for note in re.finditer(r"^ {0,3}\[\^([^\s\]]+)\]:[ \t]*(.*)$", text, re.MULTILINE):
        written = note[1] if closed else f"{note[1]}]"
        yield Offer(offset - len(found["typed"]), offset, written, note[1], note[2][:80], kind=_KINDS.Reference)


def _labels(look: CheckedIssue, found: re.Match[str], offset: int) -> Iterator[Offer]:
    """The labels of definitions, after `][` and `[`. After `[`, footnotes as well."""
    closed = look.buffer.text.startswith("]", offset)
    start = offset - len(found["typed"])
    for definition in look.parsed.issue.definitions:
        written = definition.label if closed else f"{definition.label}]"
        yield Offer(start, offset, written, definition.label, definition.href, kind=_KINDS.Reference)


_PLACES: tuple[tuple[re.Pattern[str], Offered], ...] = (
    (re.compile(r"^(?P<marks>#{1,6})(?P<space>[ \t]*)(?P<typed>[^#].*|)$"), _headings),
    (re.compile(r"\{\{(?P<typed>[ \t]*\w*)$"), _personal),
    (re.compile(r"^[ \t]*:{3,}[ \t]*only[ \t]+(?P<before>(?:\w+[ \t,|]+)*)(?P<typed>\w*)$"), _editions),
    (re.compile(r"^[ \t]*:{3,}[ \t]*sponsor[ \t]+(?P<typed>[\w-]*)$"), _sponsors),
    (re.compile(r"^[ \t]*:{3,}(?P<space>[ \t]*)(?P<typed>[\w-]*)$"), _directives),
    (re.compile(r"^[ \t]*(?P<key>[A-Za-z]+)[ \t]*:[ \t]+(?P<typed>[\w:]*)$"), _directive_values),
    (re.compile(r"(?P<picture>!)\[[^\]]*\]\((?P<typed>[^()\s]*)$"), _addresses),
    (re.compile(r"(?P<picture>(?!))?\]\((?P<typed>[^()\s]*)$"), _addresses),
    (re.compile(r"\[\^(?P<typed>[^\s\]]*)$"), _footnotes),
    (re.compile(r"\[(?P<typed>[^\[\]]*)$"), _labels),
    (re.compile(r"^[ \t]*(?P<typed>[a-z]*)$"), _directive_fields),
)
"""The text before the cursor on its line, and the completions for it. The first match is used."""


TRIGGERS = ("#", " ", ":", "{", "(", "[", "^", ",", "/", "!")
"""The characters after which the editor opens the list. Each begins something that can be completed."""


def complete(look: CheckedIssue, client: EditorSupport, params: types.CompletionParams) -> types.CompletionList:
    """The completions at a position, the most likely first."""
    offset = look.buffer.offset(params.position)
    offered = offered_in_front if in_front(look.buffer.text, offset) else offered_in_body
    offers = list(offered(look, offset))
    return types.CompletionList(False, [_item(offer, place, look, client) for place, offer in enumerate(offers)])


def _item(offer: Offer, place: int, look: CheckedIssue, client: EditorSupport) -> types.CompletionItem:
    snippet = client.snippets and offer.snippet
    text = offer.snippet if snippet else offer.text
    about = types.MarkupContent(types.MarkupKind.Markdown, offer.about) if offer.about else None
    return types.CompletionItem(
        label=offer.label or offer.text.strip(),
        kind=offer.kind,
        detail=offer.detail or None,
        documentation=about,
        sort_text=f"{place:04}",
        filter_text=offer.text,
        insert_text_format=types.InsertTextFormat.Snippet if snippet else None,
        text_edit=types.TextEdit(
            look.buffer.range(offer.start, offer.end), (text or "").replace("\n", look.buffer.line_end)
        ),
    )
