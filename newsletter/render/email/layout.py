"""A letter as MJML: its parts in order, each in its template, with everything that an author wrote in slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from newsletter import tokens
from newsletter.model import Directive, Figure, Heading, List, Opener, Paragraph
from newsletter.render.directives.only import is_shown
from newsletter.render.email.inspection import is_row
from newsletter.render.html import note_anchor, reference_anchor, unbroken
from newsletter.render.html_blocks import caption, footnote, led, roundup_entries
from newsletter.render.kicker import split_category, split_title
from newsletter.render.letter import (
    AuthorBox,
    Contents,
    Opening,
    SectionPart,
    Standing,
    byline,
    cover_figure,
    first_published,
    of_publication,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.config.publication import Author
    from newsletter.house.format import ItemFormat
    from newsletter.model import Block, Footnote, Inline, Item
    from newsletter.render.email.writer import EmailWriter

PREVIEW = 150
"""The most characters of preview text that inboxes show.

A shorter preview is padded, so that inboxes do not add text from the letter.
"""
LEAST_PADDING = 30
"""The least padding: some inboxes show more characters, or count differently."""
_PADDING = "\u034f\u200c\u00a0"
COVER = 120
"""The width of the cover of a recommendation, in CSS pixels."""
PORTRAIT = 72


def frame(writer: EmailWriter) -> dict[str, object]:
    """The variables of letter.mjml and of the templates that it includes, without the rows."""
    letter, publication = writer.letter, writer.letter.publication
    preheader, number = letter.preheader, letter.issue.number
    # The standfirst is used only for the inbox: in the letter itself it comes anyway, and would be there twice.
    preview = preheader or letter.issue.subtitle
    padding = _PADDING * max(LEAST_PADDING, PREVIEW - len(preview))
    picture, about = _cover(writer)
    return {
        "title": writer.words(letter.issue.title or letter.subject),
        "headline": writer.html(unbroken(writer.letter.language.isolated(letter.issue.title or letter.subject))),
        "subject": writer.words(letter.subject),
        "preview": writer.words(preview + padding if preview else ""),
        "preheader": writer.words(preheader),
        "standfirst": writer.words(letter.issue.subtitle),
        "names": writer.html(_byline(writer), "attribution"),
        "minutes": writer.say("minutes", count=letter.minutes),
        "original": writer.html(first_published(letter, writer.prose.linked), "attribution"),
        "number": writer.say("number", number=number) if number is not None else "",
        "date": writer.text(letter.date_text),
        "cover": bool(picture),
        "picture": picture,
        "caption": about,
        "publication": writer.words(publication.title),
        "logo": _logo(writer),
        "home_url": writer.text(publication.url),
        "view_url": writer.slots(tokens.placeholder(tokens.VIEW_IN_BROWSER, letter.page_url)),
        "unsubscribe_url": writer.slots(tokens.placeholder(tokens.UNSUBSCRIBE)),
        "preferences_url": writer.slots(tokens.placeholder(tokens.PREFERENCES)),
        "archive_url": writer.text(publication.url),
        "feed_url": writer.text(f"{publication.url}feeds/rss.xml"),
        "reason": writer.words(publication.reason) or writer.say("reason", title=publication.title),
        "sender": writer.words(publication.sender.name),
        "address": writer.words(publication.address),
    }


def _byline(writer: EmailWriter) -> str:
    return byline([writer.author(author, "attribution") for author in writer.letter.byline], writer.letter.language)


def _cover(writer: EmailWriter) -> tuple[str, str]:
    """The picture and its caption, if the house format has the cover in the email; else empty."""
    letter = writer.letter
    figure = cover_figure(letter)
    if figure is None or not letter.house.cover:
        return "", ""
    picture = writer.blocks.picture(writer.prose, figure.image)
    return writer.slots(picture), writer.html(caption(writer.prose, figure), "figure")


def _logo(writer: EmailWriter) -> dict[str, object] | None:
    letter, theme = writer.letter, writer.letter.publication.theme
    logo, dark = (letter.images.get(of_publication(path)) for path in (theme.logo, theme.logo_dark))
    if logo is None:
        return None
    return {
        "src": writer.text(letter.picture_base + logo.name),
        "dark": writer.text(letter.picture_base + dark.name) if dark else "",
        "alt": writer.words(theme.logo_alt or letter.publication.title),
        "width": logo.width,
        "height": logo.height,
    }


class Layout:
    """Lays one letter out."""

    def __init__(self, writer: EmailWriter) -> None:
        self._writer = writer
        self._prose = writer.prose
        self._letter = writer.letter
        self._trace = writer.trace
        self._rows: list[str] = []
        self._column: list[str] = []

    def mjml(self) -> str:
        """The whole letter: the notes are under the text; who wrote it comes after them."""
        boxes = [part for part in self._letter.parts if isinstance(part, AuthorBox)]
        for part in self._letter.parts:
            if not isinstance(part, AuthorBox):
                self._part(part)
        if self._letter.footnotes:
            self._footnotes(self._letter.footnotes)
        for box in boxes:
            self._authors(box.authors)
        self._end_row()
        values = {
            **frame(self._writer),
            "rows": Markup("".join(self._rows)),  # noqa: S704 (our templates' MJML)
            "classes": self._writer.classes(),
            "narrow": self._writer.narrow(),
        }
        return self._writer.render("letter", values)

    def _part(self, part: Opening | Standing | Contents | SectionPart) -> None:
        if self._trace:
            self._trace.begin_part(part)
        if isinstance(part, (Opening, Standing)):
            self._flow(part.blocks)
        elif isinstance(part, Contents):
            self._contents(part)
        elif isinstance(part, SectionPart):
            self._section(part)

    def _section(self, part: SectionPart) -> None:
        section, form = part.section, part.format
        if section.blocks and not section.items and not self._is_shown(section.blocks):
            return
        look = form.look if form else ""
        # `## Book of the month: The Long Ebb`: the section is the kicker, the work is beside its cover.
        names_work = look == "recommendation" and bool(section.blocks)
        title, work = split_title(section.title) if names_work else (section.title, ())
        if title:
            self._add("heading", title=self._writer.inlines(title, "title"), anchor=self._writer.text(section.anchor))
        if names_work:
            self._recommendation(work, section.blocks)
        elif look == "roundup":
            self._roundup(section.blocks)
        else:
            self._flow(section.blocks)
        if part.contents:
            self._contents(part.contents)
        if section.items:
            tag = "h3" if section.opener is Opener.HEADING else "h2"
            self._items(section.items, form.items if form else None, look, tag)

    def _items(self, items: Sequence[Item], form: ItemFormat | None, look: str, tag: str) -> None:
        look = (form.look if form else "") or look
        last_look = (form.last.look if form and form.last else "") or look
        if look == "roundup":
            self._short_items(items)
            return
        labelled = form is not None and form.categories is not None
        for item in items[:-1]:
            self._item(item, look, tag, labelled=labelled)
        self._item(items[-1], last_look, tag, labelled=labelled)

    def _item(self, item: Item, look: str, tag: str, *, labelled: bool) -> None:
        if self._trace:
            self._trace.at(item.title_span)
        if look == "recommendation":
            self._recommendation(item.title, item.blocks, item.anchor)
            return
        # `Dams: The Klamath runs free again`
        category, title = split_category(item.title, labelled=labelled)
        if title:
            self._add(
                "item",
                category=self._writer.inlines(category, "title"),
                title=self._writer.inlines(title, "title"),
                number=self._writer.numeral(item.number),
                anchor=self._writer.text(item.anchor),
                tag=tag,
            )
        if look == "roundup":
            self._roundup(item.blocks)
        else:
            self._flow(item.blocks)

    def _recommendation(self, title: Sequence[Inline], blocks: Sequence[Block], anchor: str = "") -> None:
        writer = self._writer
        figure = next((block for block in blocks if isinstance(block, Figure)), None)
        rest = [block for block in blocks if block is not figure]
        cover = about = ""
        if figure:
            cover = writer.blocks.picture(writer.prose, figure.image, figure.link, COVER, fluid=False)
            about = caption(writer.prose, figure)
        if about:
            cover += writer.theme.render("caption.html", {**writer.sides, "caption": Markup(about)})  # noqa: S704
        html = writer.prose.blocks(rest)
        self._add(
            "recommendation",
            cover=writer.slots(cover),
            cover_width=COVER,
            title=writer.inlines(title, "title"),
            anchor=writer.text(anchor),
            html=writer.html(html),
        )

    def _roundup(self, blocks: Sequence[Block]) -> None:
        entries: list[dict[str, str]] = []
        for entry in roundup_entries(self._shown(blocks)):
            block = entry[0]
            if isinstance(block, (Paragraph, Heading)):
                entries.append(self._entry(self._entry_html(entry)))
            elif isinstance(block, List):
                entries += [self._entry(self._entry_html(item.blocks)) for item in block.items]
            else:
                self._end_roundup(entries)
                self._flow((block,))
        self._end_roundup(entries)

    def _entry_html(self, blocks: Sequence[Block]) -> str:
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return self._prose.inlines(blocks[0].inlines, "roundup")
        if blocks and isinstance(blocks[0], Heading):
            heading = self._prose.blocks(blocks[:1], "roundup")
            return "\n".join(filter(None, (heading, self._set_apart(self._prose.blocks(blocks[1:], "roundup")))))
        return self._set_apart(self._prose.blocks(blocks, "roundup"))

    def _set_apart(self, html: str) -> str:
        """`html` of an entry with space between its paragraphs, which they do not have by themselves."""
        about = self._prose.attributes("p", "roundup")
        first, *others = html.split(f"\n<p{about}>")
        return "".join((first, *(f"\n<p{about.replace('margin:0', 'margin:10px 0 0', 1)}>{other}" for other in others)))

    def _short_items(self, items: Sequence[Item]) -> None:
        run_in = [
            (self._set_apart(led(self._prose, item.title, item.blocks, "roundup")), item.anchor) for item in items
        ]
        self._end_roundup([self._entry(html, anchor) for html, anchor in run_in])

    def _entry(self, html: str, anchor: str = "") -> dict[str, str]:
        return {"html": self._writer.html(html, "roundup"), "anchor": self._writer.text(anchor)}

    def _end_roundup(self, entries: list[dict[str, str]]) -> None:
        if entries:
            self._add("roundup", entries=list(entries))
            entries.clear()

    def _contents(self, contents: Contents) -> None:
        entries = [
            {
                "title": self._writer.slots(self._prose.label(entry.title)),
                "href": self._writer.text(f"#{entry.anchor}"),
                "number": self._writer.numeral(entry.number),
            }
            for entry in contents.entries
        ]
        numbered = any(entry.number is not None for entry in contents.entries)
        self._add("contents", entries=entries, heading=self._writer.text(contents.heading), numbered=numbered)

    def _footnotes(self, footnotes: Sequence[Footnote]) -> None:
        writer = self._writer
        if self._trace:
            self._trace.begin("footnotes", path=self._letter.issue.path, span=footnotes[0].span)
        notes = [
            {
                "number": writer.numeral(note.number),
                "anchor": writer.slots(note_anchor(note.number)),
                "back": writer.slots(f"#{reference_anchor(note.number, 1)}"),
                "html": writer.html(footnote(self._prose, note), "footnote"),
            }
            for note in footnotes
        ]
        self._add("footnotes", notes=notes)

    def _authors(self, authors: Sequence[Author]) -> None:
        if self._trace:
            self._trace.begin("authors")
        shown = [self._author(author) for author in authors]
        self._add("authors", authors=shown, with_pictures=any(author["picture"] for author in shown))

    def _author(self, author: Author) -> dict[str, object]:
        writer = self._writer
        made = self._letter.images.get(of_publication(author.picture)) if author.picture else None
        return {
            "picture": writer.text(self._letter.picture_base + made.name) if made else "",
            "width": PORTRAIT,
            "height": round(made.height * PORTRAIT / made.width) if made else 0,
            "name": writer.html(writer.author(author)),
            "bio": writer.words(author.bio),
        }

    def _flow(self, blocks: Sequence[Block]) -> None:
        html = self._prose.blocks(blocks)
        if html:
            self._add("prose", html=self._writer.html(html))

    def _shown(self, blocks: Sequence[Block]) -> Iterator[Block]:
        for block in blocks:
            if isinstance(block, Directive) and block.name == "only":
                if is_shown(block, "email"):
                    yield from self._shown(block.blocks)
            else:
                yield block

    def _is_shown(self, blocks: Sequence[Block]) -> bool:
        return next(self._shown(blocks), None) is not None

    def _add(self, template: str, **values: object) -> None:
        piece = self._writer.render(template, values)
        if self._trace:
            self._trace.filled(f"{template}.mjml", piece)
        if is_row(piece):
            self._end_row()
            self._rows.append(piece)
        else:
            self._column.append(piece)

    def _end_row(self) -> None:
        if self._column:
            blocks = Markup("".join(self._column))  # noqa: S704 (our templates' MJML)
            self._column.clear()
            self._rows.append(self._writer.render("row", {"blocks": blocks}))
