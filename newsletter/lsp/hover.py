"""The description of the text under the pointer, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.check.families import page_of
from newsletter.check.registry import rule_of
from newsletter.files import PICTURE_LIMIT, read_bytes
from newsletter.house.draft import bounds_words, one_of
from newsletter.house.format import TYPE_NAMES, FieldType, Need
from newsletter.house.keys import about_field
from newsletter.lsp.blocks import DIRECTIVES, SETTINGS
from newsletter.lsp.front_matter import field_at, format_of, in_front
from newsletter.lsp.links import file_of
from newsletter.lsp.outline import parts_of
from newsletter.markdown.directives import FIELDS
from newsletter.model import Directive, Opener, PersonalField
from newsletter.pictures import UnreadablePictureError, read_header
from newsletter.walk import called, figures_in, images_in, plain_text, walk_blocks, walk_inlines, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import Bounds, FieldFormat, SectionFormat
    from newsletter.lsp.documents import CheckedIssue
    from newsletter.lsp.findings import EditorSupport
    from newsletter.model import Issue, Item, Section


def hover(look: CheckedIssue, _client: EditorSupport, params: types.HoverParams) -> types.Hover | None:
    """The findings at the position, each with the page of its rule, and a description of the text itself."""
    offset = look.buffer.offset(params.position)
    parts = [*_findings(look, offset), *_thing(look, offset)]
    if not parts:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts)))


def _findings(look: CheckedIssue, offset: int) -> Iterator[str]:
    pages: set[str] = set()
    for found in look.findings:
        if found.span.start <= offset <= max(found.span.end, found.span.start):
            rule = rule_of(found.code)
            text = f"**{found.code}** {rule.name if rule else ''}: {found.message}"
            yield "\n\n".join(filter(None, (text, found.advice, _asked(look, found))))
            pages.add(found.code)
    for code in sorted(pages):
        yield page_of(code).rstrip()


def _asked(look: CheckedIssue, found: Diagnostic) -> str:
    """The line of house.yaml that sets the requirement, as a link."""
    if found.asked is None:
        return ""
    file = look.workspace.root / found.asked.path
    line = found.asked.span.line
    return f"Asked for by [{'/'.join(file.parts[-3:])}:{line}]({file.as_uri()}#L{line}): `{found.asked.text}`"


def _thing(look: CheckedIssue, offset: int) -> Iterator[str]:
    if in_front(look.buffer.text, offset):
        yield from _front(look, offset)
        return
    yield from _picture(look, offset)
    yield from _directive(look, offset)
    yield from _heading(look, offset)
    for inline in walk_inlines(look.parsed.issue):
        if isinstance(inline, PersonalField) and inline.span.start <= offset < inline.span.end:
            otherwise = (
                f"“{inline.fallback}” for readers who have none"
                if inline.fallback
                else "nothing for readers who have none"
            )
            yield f"**{inline.name}**: a value that the mailing service has for each reader; {otherwise}"


def _front(look: CheckedIssue, offset: int) -> Iterator[str]:
    path = field_at(look.parsed.issue.front, offset)
    wanted = format_of(look.parsed.house, path) if path else None
    if not path or wanted is None:
        return
    yield described(wanted, inside=len(path) > 1 and isinstance(path[-1], str))
    if path[0] == "cover" and look.parsed.issue.cover:
        yield from _picture_file(look, look.parsed.issue.cover.src)
    if path[0] == "authors":
        span = look.parsed.issue.front.where(*path)
        authors = look.workspace.project.publication.authors if look.workspace.project else {}
        author = authors.get(look.buffer.text[span.start : span.end].strip("'\""))
        if author:
            yield "\n\n".join(filter(None, (f"**{author.name}**", author.bio, author.email, author.url)))


def described(field: FieldFormat, *, inside: bool = False) -> str:
    """A field of the front matter: its description, its value, and the requirements for it."""
    units = {FieldType.TEXT: "characters", FieldType.LIST: "entries", FieldType.NUMBER: ""}
    asked = [
        TYPE_NAMES[field.type],
        "required" if field.required else "optional",
        bounds_words(field.length, units.get(field.type, "")),
        one_of(field.choices),
        f"fits `{field.pattern}`" if field.pattern else "",
        " or ".join(f"like `{form}`" for form in field.forms),
        "continues from the previous issue" if field.consecutive else "",
    ]
    meaning = about_field(field.name, inside=inside)
    return "\n\n".join(filter(None, (f"**{field.name}**: {'; '.join(filter(None, asked))}", meaning, field.hint)))


def _directive(look: CheckedIssue, offset: int) -> Iterator[str]:
    """The description of a directive on its name, a setting on its line, and a sponsor on the line that names one."""
    line, end = look.buffer.line_at(offset)
    for block in walk_blocks(look.parsed.issue):
        if not isinstance(block, Directive) or not block.span.start <= offset < max(
            block.span.end, block.span.start + 1
        ):
            continue
        for key, span in block.field_spans.items():
            if line <= span.start <= end and (about := SETTINGS.get((block.name, key))):
                yield f"**{key}** of `::: {block.name}`: {about}"
        if not line <= block.name_span.start <= end:
            continue
        if offset <= block.name_span.end:
            settings = ", ".join(f"`{key}:`" for key in FIELDS.get(block.name, ()))
            yield "\n\n".join(filter(None, (f"**{block.name}**: {DIRECTIVES[block.name][0]}", settings)))
        elif block.name == "sponsor":
            yield from _sponsor(look, plain_text(block.argument).strip())


def _sponsor(look: CheckedIssue, name: str) -> Iterator[str]:
    sponsors = look.workspace.project.publication.sponsors if look.workspace.project else {}
    if name in sponsors:
        sponsor = sponsors[name]
        booked = f"Booked: {', '.join(sponsor.booked)}" if sponsor.booked else ""
        until = f"On the web page until {sponsor.until}" if sponsor.until else ""
        yield "\n\n".join(filter(None, (f"**{sponsor.name}**", sponsor.text, sponsor.url, booked, until)))


def _picture(look: CheckedIssue, offset: int) -> Iterator[str]:
    for image in images_in(look.parsed.issue):
        if image.span.start <= offset < image.span.end:
            yield from _picture_file(look, image.src)
            return


def _picture_file(look: CheckedIssue, src: str) -> Iterator[str]:
    file = file_of(look, src)
    if file is None:
        return
    yield f"![{file.name}]({file.as_uri()})\n\n{picture_facts(file)}"


def picture_facts(file: Path) -> str:
    """Name, dimensions and size of a picture file."""
    try:
        content = read_bytes(file, PICTURE_LIMIT)
        header = read_header(content)
    except UnreadablePictureError as error:
        return f"`{file.name}` {error}"
    except OSError:
        return f"`{file.name}` cannot be read"
    size = f"{max(round(len(content) / 1000), 1):,} kB"
    moving = ", moving" if header.animated else ""
    return f"`{file.name}`: {header.width:,} × {header.height:,} pixels, {size}, {header.media_type}{moving}"


def _heading(look: CheckedIssue, offset: int) -> Iterator[str]:
    start, end = look.buffer.line_at(offset)
    for section, wanted, items in parts_of(look):
        if start <= section.title_span.start <= end:
            yield _section(look.parsed.issue, section, wanted, items)
        behind = section.title_span.end if section.opener is Opener.HEADING else 0
        for item in items:
            if start <= item.title_span.start <= end and item.title_span.start >= behind:
                bounds = wanted.items.words if wanted and wanted.items else None
                yield f"**{plain_text(item.title)}**: {_count(words_in(item.blocks), 'word', bounds)}"


def _section(issue: Issue, section: Section, wanted: SectionFormat | None, items: tuple[Item, ...]) -> str:
    blocks = (*section.blocks, *(block for item in section.items for block in item.blocks))
    figures = list(figures_in(section))
    counts = [_count(words_in(blocks), "word", wanted.words if wanted else None)]
    if items:
        counts.append(_count(len(items), "item", wanted.items.count if wanted and wanted.items else None))
    if figures or (wanted and not wanted.figures.free):
        counts.append(_count(len(figures), "figure", wanted.figures if wanted else None))
    title = called(section)
    if wanted is None:
        return f"**{title}**: a section that the {issue.kind} does not have\n\n{'; '.join(counts)}"
    need = "required" if wanted.need is Need.REQUIRED else "optional"
    return "\n\n".join(filter(None, (f"**{title}**: `{wanted.key}`, {need}", "; ".join(counts), wanted.hint)))


def _count(count: int, unit: str, bounds: Bounds | None) -> str:
    """`312 words (250–1500 asked)`."""
    asked = bounds_words(bounds, "") if bounds else ""
    text = f"{count:,} {unit if count == 1 else unit + 's'}"
    return f"{text} ({asked} asked)" if asked else text
