"""A letter as MJML: its parts in order, each by its template, with all that an author wrote in slots."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from newsletter import tokens
from newsletter.errors import ConfigurationError
from newsletter.model import Directive, Figure, List, Paragraph, Text
from newsletter.render.directives import is_shown
from newsletter.render.email.blocks import BlockTemplates
from newsletter.render.email.inspection import find_faults, is_balanced
from newsletter.render.email.look import EmailLook
from newsletter.render.email.slots import Slots
from newsletter.render.email.styles import SHEET, fill_variables
from newsletter.render.letter import AuthorBox, Contents, Opening, SectionPart, Standing
from newsletter.render.markup import escape, escape_attribute
from newsletter.render.prose import Prose, note_anchor, reference_anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model import Block, Inline, Item
    from newsletter.render.email.theme import EmailTheme
    from newsletter.render.letter import Letter
    from newsletter.workspace import Author

COVER = 120
"""How wide the cover of a recommendation is, in CSS pixels."""
PORTRAIT = 72
LOGO = 200
PREVIEW = 150
"""How many characters of preview the widest inbox shows: what the letter's own do not fill is padded, so that nothing
of its body runs into it."""
_PADDING = "\u034f\u200c\u00a0"
_ROW = re.compile(r"\s*<mj-(?:section|wrapper|hero)\b")


class Layout:
    """Lays one letter out. `slots` holds its texts by then."""

    def __init__(self, letter: Letter, theme: EmailTheme) -> None:
        self._letter = letter
        self._theme = theme
        self.slots = Slots()
        right_to_left = letter.language.dir == "rtl"
        sides = {"dir": letter.language.dir, "start": "left", "end": "right"}
        if right_to_left:
            sides.update(start="right", end="left")
        self.blocks = BlockTemplates(theme, sides)
        self._shared: dict[str, object] = {**sides, "lang": letter.language.code, "say": self._say}
        look = EmailLook(letter, theme.attributes[letter.language.dir])
        self._prose = Prose(look, letter.language, self.blocks.overrides())
        self._rows: list[str] = []
        self._column: list[str] = []

    def finish_style(self, style: str) -> str:
        """Declarations from the style sheet with this letter's sides and the theme's tokens."""
        return fill_variables(
            style, self._theme.design.variables(str(self._shared["start"]), str(self._shared["end"])), SHEET
        )

    def mjml(self) -> str:
        """The whole letter."""
        parts = self._letter.parts
        # The notes stand under the text; who wrote it comes after them.
        for part in parts:
            if not isinstance(part, AuthorBox):
                self._part(part)
        if self._letter.footnotes:
            self._footnotes()
        for part in parts:
            if isinstance(part, AuthorBox):
                self._authors(part.authors)
        self._end_row()
        values = {**self._frame(), "rows": Markup("".join(self._rows))}  # noqa: S704 (our templates' MJML)
        return self._render("letter", values)

    # ── the parts ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _part(self, part: Opening | Standing | Contents | SectionPart) -> None:
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
        title, work = _split_title(section.title) if look == "recommendation" else (section.title, ())
        self._add("heading", title=self._inline(title, "title"), anchor=self._attribute(section.anchor))
        if look == "recommendation" and section.blocks:
            self._recommendation(work, section.blocks)
        elif look == "roundup":
            self._roundup(section.blocks)
        else:
            self._flow(section.blocks)
        if part.contents:
            self._contents(part.contents)
        last = section.items[-1] if section.items else None
        items = form.items if form else None
        shapes = [(item, (items.last or items) if items and item is last else items) for item in section.items]
        for short, run in groupby(shapes, key=lambda pair: bool(pair[1] and pair[1].look == "roundup")):
            if look == "roundup" or (short and len(section.items) > 1 and items and items.look == "roundup"):
                self._short_items([item for item, _ in run])
                continue
            for item, _ in run:
                self._item(item, "roundup" if short else look)

    def _item(self, item: Item, look: str) -> None:
        if look == "recommendation":
            self._recommendation(item.title, item.blocks)
            return
        self._add(
            "item",
            title=self._inline(item.title, "title"),
            number=self._text(str(item.number)) if item.number is not None else "",
            anchor=self._attribute(item.anchor),
        )
        if look == "roundup":
            self._roundup(item.blocks)
        else:
            self._flow(item.blocks)

    def _recommendation(self, title: Sequence[Inline], blocks: Sequence[Block]) -> None:
        figure = next((block for block in blocks if isinstance(block, Figure)), None)
        rest = [block for block in blocks if block is not figure]
        cover = self.blocks.picture(self._prose, figure.image, figure.link, COVER, fluid=False) if figure else ""
        caption = self._prose.caption(figure) if figure else ""
        if caption:
            cover += self._theme.render("caption.html", {**self.blocks.shared, "caption": Markup(caption)})  # noqa: S704
        html = self._prose.blocks(rest)
        self._add(
            "recommendation",
            cover=self.slots(cover),
            cover_width=COVER,
            title=self._inline(title, "title"),
            html=self.slots.prose(html),
        )

    def _roundup(self, blocks: Sequence[Block]) -> None:
        entries: list[dict[str, str]] = []
        for block in self._shown(blocks):
            if isinstance(block, Paragraph):
                entries.append(self._entry(self._prose.inlines(block.inlines, "roundup")))
            elif isinstance(block, List):
                entries += [self._entry(self._entry_html(item.blocks)) for item in block.items]
            else:
                self._end_roundup(entries)
                self._flow((block,))
        self._end_roundup(entries)

    def _entry_html(self, blocks: Sequence[Block]) -> str:
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return self._prose.inlines(blocks[0].inlines, "roundup")
        return self._prose.blocks(blocks, "roundup")

    def _short_items(self, items: Sequence[Item]) -> None:
        led = [(self._prose.led(item.title, item.blocks, "roundup"), item.anchor) for item in items]
        self._end_roundup([self._entry(html, anchor) for html, anchor in led])

    def _entry(self, html: str, anchor: str = "") -> dict[str, str]:
        return {"html": self.slots.prose(self.blocks.zone("roundup", html)), "anchor": self._attribute(anchor)}

    def _end_roundup(self, entries: list[dict[str, str]]) -> None:
        if entries:
            self._add("roundup", entries=list(entries))
            entries.clear()

    def _contents(self, contents: Contents) -> None:
        entries = [
            {
                "title": self.slots(self._prose.label(entry.title)),
                "href": self._attribute(f"#{entry.anchor}"),
                "number": self._text("" if entry.number is None else str(entry.number)),
            }
            for entry in contents.entries
        ]
        numbered = any(entry.number is not None for entry in contents.entries)
        self._add("contents", entries=entries, heading=self._text(contents.heading), numbered=numbered)

    def _footnotes(self) -> None:
        notes = [
            {
                "number": note.number,
                "anchor": self.slots(note_anchor(note.number)),
                "back": self.slots(f"#{reference_anchor(note.number, 1)}"),
                "html": self.slots.prose(self.blocks.zone("footnote", self._prose.blocks(note.blocks, "footnote"))),
            }
            for note in self._letter.footnotes
        ]
        self._add("footnotes", notes=notes)

    def _authors(self, authors: Sequence[Author]) -> None:
        shown = []
        for author in authors:
            made = self._letter.images.get(author.picture) if author.picture else None
            shown.append(
                {
                    "picture": self._attribute(self._letter.picture_base + made.name) if made else "",
                    "width": PORTRAIT,
                    "height": round(made.height * PORTRAIT / made.width) if made else 0,
                    "name": self.slots.prose(self._author_html(author)),
                    "bio": self._text(author.bio),
                }
            )
        self._add("authors", authors=shown, with_pictures=any(author["picture"] for author in shown))

    # ── around them ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _frame(self) -> dict[str, object]:
        letter, publication = self._letter, self._letter.publication
        preheader = letter.preheader
        number = letter.issue.number
        by = ""
        if letter.byline:
            names = ", ".join(self._author_html(author, "attribution") for author in letter.byline)
            by = escape(letter.language.say("by")).replace("{names}", names)
        padding = _PADDING * max(0, PREVIEW - len(preheader))
        return {
            "title": self._text(letter.issue.title or letter.subject),
            "subject": self._text(letter.subject),
            "preview": self._text(preheader + padding if preheader else ""),
            "preheader": self._text(preheader),
            "standfirst": self._text(letter.issue.subtitle),
            "names": self.slots.prose(self.blocks.zone("attribution", by)),
            "minutes": self._text(letter.language.say("minutes", count=letter.minutes)),
            "number": self._text(letter.language.say("number", number=number) if number is not None else ""),
            "date": self._text(letter.date_text),
            "publication": self._text(publication.title),
            "logo": self._logo(),
            "home_url": self._attribute(publication.url),
            "view_url": self.slots(tokens.placeholder(tokens.VIEW_IN_BROWSER, letter.page_url)),
            "unsubscribe_url": self.slots(tokens.placeholder(tokens.UNSUBSCRIBE)),
            "preferences_url": self.slots(tokens.placeholder(tokens.PREFERENCES)),
            "archive_url": self._attribute(publication.url),
            "feed_url": self._attribute(f"{publication.url}feeds/rss.xml"),
            "reason": self._text(publication.reason or letter.language.say("reason", title=publication.title)),
            "sender": self._text(publication.sender.name),
            "address": self._text(publication.address),
        }

    def _logo(self) -> dict[str, object] | None:
        theme = self._letter.publication.theme
        logo, dark = self._letter.images.get(theme.logo), self._letter.images.get(theme.logo_dark)
        if logo is None:
            return None
        width = theme.logo_width or min(LOGO, logo.width)
        return {
            "src": self._attribute(self._letter.picture_base + logo.name),
            "dark": self._attribute(self._letter.picture_base + dark.name) if dark else "",
            "alt": self._attribute(theme.logo_alt or self._letter.publication.title),
            "width": width,
            "height": round(logo.height * width / logo.width),
        }

    def _author_html(self, author: Author, container: str = "") -> str:
        href = self._prose.address(author.url)
        name = escape(author.name)
        return f'<a href="{href}"{self._prose.look.attributes("a", container)}>{name}</a>' if href else name

    # ── texts and pieces ────────────────────────────────────────────────────────────────────────────────────────────

    def _say(self, key: str, **fields: object) -> str:
        return self._text(self._letter.language.say(key, **fields))

    def _text(self, text: str) -> str:
        # Fit for an attribute too: a template may use it in either place.
        return self.slots(escape_attribute(text))

    _attribute = _text

    def _inline(self, inlines: Sequence[Inline], container: str) -> str:
        return self.slots.prose(self.blocks.zone(container, self._prose.inlines(inlines, container)))

    def _flow(self, blocks: Sequence[Block]) -> None:
        html = self._prose.blocks(blocks)
        if html:
            self._add("prose", html=self.slots.prose(html))

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
        piece = self._render(template, values)
        if _ROW.match(piece):
            self._end_row()
            self._rows.append(piece)
        else:
            self._column.append(piece)

    def _end_row(self) -> None:
        if self._column:
            blocks = Markup("".join(self._column))  # noqa: S704 (our templates' MJML)
            self._column.clear()
            self._rows.append(self._render("row", {"blocks": blocks}))

    def _render(self, template: str, values: dict[str, object]) -> str:
        piece = self._theme.render(f"{template}.mjml", {**self._shared, **values})
        if f"{template}.mjml" in self._theme.own:
            _inspect(template, piece)
        return piece


def _inspect(template: str, piece: str) -> None:
    """What only shows once a template is filled. Raises ConfigurationError that names it."""
    name = f"templates/theme/email/{template}.mjml"
    parent = "" if template == "letter" else ("mj-wrapper" if _ROW.match(piece) else "mj-column")
    fault = next(find_faults(piece, parent), None)
    if fault:
        raise ConfigurationError(f"{name}: {fault.message}", hint=fault.mend)
    if not is_balanced(piece):
        raise ConfigurationError(f"{name}: its tags do not close in order", hint="MJML is XML: <br />, not <br>.")


def _split_title(title: Sequence[Inline]) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """`Book of the month: China Incorporated` as the kicker and the work."""
    for index, inline in enumerate(title):
        if isinstance(inline, Text):
            kicker, colon, work = inline.text.partition(": ")
            if not colon and inline.text.endswith(":"):
                kicker, colon = inline.text[:-1], ":"
            if colon:
                rest = (Text(work, inline.span),) if work else ()
                return (*title[:index], Text(kicker, inline.span)), (*rest, *title[index + 1 :])
    return tuple(title), ()
