"""The documents that the frame shows: the letter as it is sent, its text, page, inbox rows, feed entry and source."""

from __future__ import annotations

import re
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.preview.dark import Scheme, in_scheme, inverted
from newsletter.preview.documents import feed_document, inbox_document, source_document, text_document
from newsletter.preview.inbox import rows
from newsletter.preview.request import ViewRequest
from newsletter.preview.tags import filled, filled_text
from newsletter.project.letters import attached_path, paid_base, render_email

if TYPE_CHECKING:
    from newsletter.model import ImageFile, Rendering
    from newsletter.preview.inbox import Row
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter

_QUOTED = r"""(?:"[^"]*"|'[^']*'|[^"'>])*+"""
_PICTURES = re.compile(f"<(?:img|source|video|audio)\\b{_QUOTED}>", re.IGNORECASE)
_SOURCE = re.compile(r"""(\s(?:src|srcset|poster)\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_LINKS = re.compile(f"<(?:a|area)\\b{_QUOTED}>", re.IGNORECASE)
_ADDRESS = re.compile(r"""(\shref\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_GROUND = re.compile(r"""url\([^)]*\)|(?<=\s)background\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_SHEET_LINK = re.compile(r"<link\b[^>]*\brel=[\"']?stylesheet\b[^>]*>", re.IGNORECASE)


class LetterViews:
    """One letter in all its forms. Each form is made when it is first requested, and then kept."""

    def __init__(self, project: Project, letter: Letter, base: str) -> None:
        self.project = project
        self.letter = letter
        self.base = base
        """The base of the addresses of the letter's own files in the preview; ends in "/"."""

    @cached_property
    def rendering(self) -> Rendering:
        """The email and its text part, with the addresses that they have when they are sent."""
        return render_email(self.project, self.letter, traced=True)

    @cached_property
    def html(self) -> str:
        """The email with the preview's files."""
        return self._with_own_files(self.rendering.html)

    @cached_property
    def page(self) -> str:
        """The web page, including its style sheet."""
        from newsletter.render.page import render_page

        theme = self.project.page_theme
        sheet = f"<style>{theme.stylesheet}</style>"
        return self._with_own_files(_SHEET_LINK.sub(lambda _: sheet, render_page(self.letter, theme), count=1))

    @cached_property
    def feed(self) -> str:
        """The text of the feed entry."""
        from newsletter.render.feed import render_feed

        return self._with_own_files(render_feed(self.letter))

    def _with_own_files(self, html: str) -> str:
        """The HTML with the addresses at which the preview serves the letter's own pictures and attachments."""
        bases = ("", self.letter.page_url, self.letter.picture_base, paid_base(self.letter))
        own = {prefix + name: name for name in (*self.attachments, *self.images) for prefix in bases}

        def address(found: re.Match[str]) -> str:
            name = own.get(unescape(found[2].strip("\"'")))
            return f'{found[1]}"{self.base}{quote(name)}"' if name else found[0]

        html = _PICTURES.sub(lambda tag: _SOURCE.sub(address, tag[0]), html)
        return _LINKS.sub(lambda tag: _ADDRESS.sub(address, tag[0]), html)

    @cached_property
    def attachments(self) -> dict[str, str]:
        """The paths in the workspace of files to which any form links, by the names under which they are published."""
        folder, base = self.letter.issue.path.rpartition("/")[0], paid_base(self.letter)
        return {
            name.removeprefix(base): attached_path(self.project, folder, href)
            for letter in (self.letter, *self.letter.variants.values())
            for href, name in letter.attachments.items()
        }

    @cached_property
    def images(self) -> dict[str, ImageFile]:
        """The files of pictures that any form shows, by name."""
        from newsletter.render.images.plan import file_names

        letters = (self.letter, *self.letter.variants.values())
        pictures = dict.fromkeys(image for letter in letters for image in letter.images.values())
        return {name: image for image in pictures for name in file_names(image)}

    def document(self, request: ViewRequest) -> str:
        """The document in the frame. Raises ConfigurationError for a template that cannot be used."""
        match request.view:
            case "text":
                return text_document(self._words(self.rendering.text, request), request)
            case "web":
                html = in_scheme(self.page, Scheme.LIGHT if request.scheme is Scheme.LIGHT else Scheme.DARK)
            case "inbox":
                return inbox_document(self.inbox_rows(request), self.letter, request)
            case "feed":
                html = feed_document(self.letter, self.feed, request)
            case "html":
                return source_document(self.source(request), dark=request.scheme is not Scheme.LIGHT)
            case _:
                html = in_scheme(self.email(request), request.scheme)
                if request.scheme is Scheme.FORCED:
                    html = inverted(html)
        return html if request.pictures else without_pictures(html)

    def email(self, request: ViewRequest) -> str:
        """The email with its tokens filled as requested."""
        return self._filled(self.html, request)

    def _filled(self, html: str, request: ViewRequest) -> str:
        return filled(html, request.fill, page_url=self.letter.page_url, publication=self.letter.publication)

    def source(self, request: ViewRequest) -> str:
        """The HTML as it is sent, with the final addresses of its pictures."""
        return self._filled(self.rendering.html, request)

    def inbox_rows(self, request: ViewRequest) -> tuple[Row, ...]:
        """The rows of the letter in the inboxes of email clients."""
        letter = self.letter
        subject = self._words(self.rendering.subject, request)
        preheader = self._words(self.rendering.preheader, request)
        return rows(letter.publication.sender.name, subject, preheader, self.email(request), request.device)

    def summary(self) -> dict[str, str]:
        """Sender, subject and preview text, for the row above the letter."""
        row = self.inbox_rows(ViewRequest())[0]
        letter = self.letter
        return {
            "dir": letter.language.dir,
            "sender": letter.publication.sender.name,
            "subject": row.subject,
            "preview": "".join(own + bleed for own, bleed in zip(row.own, row.bleed, strict=True)),
        }

    def _words(self, text: str, request: ViewRequest) -> str:
        """Plain text with its tokens filled as requested."""
        return filled_text(text, request.fill, page_url=self.letter.page_url, publication=self.letter.publication)


def without_pictures(html: str) -> str:
    """A document with alt texts in place of its pictures."""
    html = _PICTURES.sub(lambda tag: _SOURCE.sub("", tag[0]), html)
    return _GROUND.sub(lambda found: "none" if found[0].lower().startswith("url") else "", html)
