"""Blocks that have a template of their own, for Prose to call: figure, quotation, divider and the directives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from newsletter.model import Directive, Figure, List, Quotation, ThematicBreak
from newsletter.render import directives
from newsletter.render.markup import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model import Image, Link
    from newsletter.render.email.theme import EmailTheme
    from newsletter.render.prose import Prose

PICTURE = "display:block;border:0;width:100%;height:auto;border-radius:3px"


class BlockTemplates:
    """Writes single blocks of one letter by their templates, as HTML that stands anywhere: in a list, in a call-out.

    `shared` is what every template gets: the direction of the script.
    """

    def __init__(self, theme: EmailTheme, shared: Mapping[str, object]) -> None:
        self._theme = theme
        self.shared = shared
        self._inliner = bool(theme.sheet)

    def overrides(self) -> dict[type, Callable[[Prose, Any, str], str]]:
        """By kind of block, for Prose."""
        return {
            Figure: self._figure,
            Quotation: self._quotation,
            ThematicBreak: lambda _prose, _block, _container: self._render("divider"),
            Directive: self._directive,
        }

    def zone(self, container: str, html: str) -> str:
        """`html` marked as standing in `container`, where an inliner has to know."""
        return f'<x-zone class="{container}">{html}</x-zone>' if self._inliner and html else html

    def picture(self, prose: Prose, image: Image, link: Link | None, width: int, most: int) -> str:
        """A picture at most `most` CSS pixels wide, `width` of them where it has so many; linked where `link` is."""
        plain = prose.picture(image, "figure")
        src, own_width, own_height = prose.look.image(image)
        if not plain.startswith("<img"):
            return plain
        del src, width
        if own_width and own_height:
            shown = min(own_width, most)
            size = f' width="{own_width}" height="{own_height}"'
            height = round(own_height * shown / own_width)
            plain = plain.replace(size, f' width="{shown}" height="{height}"', 1)
            style = PICTURE if shown == most else PICTURE.replace("width:100%", f"width:{shown}px;max-width:100%")
        else:
            # Outlook knows no max-width: without a width it would show the file as large as it is.
            plain = plain.replace("<img ", f'<img width="{most}" ', 1)
            style = PICTURE
        plain = plain.removesuffix(" />") + f' style="{style}" />'
        return prose.anchor(link, plain, "figure", "a.picture") if link else plain

    def _figure(self, prose: Prose, figure: Figure, _container: str) -> str:
        picture = self.picture(prose, figure.image, figure.link, 0, self._theme.design.width - 80)
        caption = prose.caption(figure)
        return self._render("figure", picture=picture, caption=self.zone("figure", caption))

    def _quotation(self, prose: Prose, quotation: Quotation, _container: str) -> str:
        html = self.zone("quotation", prose.blocks(quotation.blocks, "quotation"))
        by = prose.inlines(quotation.attribution, "attribution")
        return self._render("quotation", html=html, attribution=f"— {self.zone('attribution', by)}" if by else "")

    def _directive(self, prose: Prose, directive: Directive, container: str) -> str:
        writers = {"button": self._button, "event": self._event, "audio": self._audio, "poll": self._poll}
        return writers.get(directive.name, self._callout)(prose, directive, container)

    def _button(self, prose: Prose, directive: Directive, container: str) -> str:
        link = directives.lead_link(directive)
        rest = prose.blocks(directives.body(directive), container)
        href = prose.address(link.href) if link else ""
        label = prose.label(link.inlines if link else directive.argument)
        if link is None or not href:
            return f"<p{prose.look.attributes('p', container)}>{label}</p>{rest}" if label else rest
        return self._render("button", href=href, label=label) + rest

    def _callout(self, prose: Prose, directive: Directive, _container: str) -> str:
        html = prose.led(directive.argument, directive.blocks, "callout")
        return self._render("callout", html=self.zone("callout", html)) if html else ""

    def _event(self, prose: Prose, directive: Directive, _container: str) -> str:
        title = self.zone("event", prose.inlines(directive.argument, "event"))
        facts = " · ".join(map(escape, directives.event_facts(directive, prose.language)))
        html = self.zone("event", prose.blocks(directive.blocks, "event"))
        return self._render("event", title=title, facts=facts, html=html)

    def _audio(self, prose: Prose, directive: Directive, container: str) -> str:
        link = directives.lead_link(directive)
        href = prose.address(link.href) if link else ""
        html = prose.blocks(directives.body(directive), container)
        label = prose.label(link.inlines if link else directive.argument)
        if link is None or not href:
            return f"<p{prose.look.attributes('p', container)}>{label}</p>{html}" if label else html
        length = escape(directive.fields.get("length", ""))
        return self._render("audio", href=href, label=label, length=length, html=html)

    def _poll(self, prose: Prose, directive: Directive, container: str) -> str:
        links = [(prose.address(link.href), prose.label(link.inlines)) for link in directives.choices(directive)]
        choices = [{"href": Markup(href), "label": Markup(label)} for href, label in links if href]
        whole = len(choices) == sum(len(block.items) for block in directive.blocks if isinstance(block, List))
        others = [block for block in directive.blocks if not isinstance(block, List)]
        # An answer without a link that can be followed stays: as a list.
        html = prose.blocks(others if whole else directive.blocks, container)
        question = self.zone("poll", prose.inlines(directive.argument, "poll"))
        return self._render("poll", question=question, choices=choices if whole else [], html=html)

    def _render(self, block: str, *, choices: object = (), **html: str) -> str:
        # What Prose has written is HTML already.
        values = {name: Markup(text) for name, text in html.items()}  # noqa: S704
        return self._theme.render(f"{block}.html", {**self.shared, **values, "choices": choices})
