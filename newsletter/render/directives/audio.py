"""`::: audio`: a recording, with its `length`; only the page plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.blocks.leading import body, lead_label, lead_link
from newsletter.model import Paragraph
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.directives.button import lead_parts, pointer, without_link
from newsletter.render.html_blocks import lines
from newsletter.render.markup import escape

if TYPE_CHECKING:
    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter


def _length(audio: Directive) -> str:
    return audio.fields.get("length", "")


def _html(writer: HtmlWriter, audio: Directive, container: str) -> str:
    link = lead_link(audio)
    source = writer.address(link.href) if link else ""
    if link is None or not source:
        argument = (Paragraph(audio.argument),) if audio.argument else ()
        return writer.blocks((*argument, *audio.blocks), container)
    label = writer.anchor(link, writer.label(lead_label(audio)), "audio", "a.audio")
    length = f" · {escape(_length(audio))}" if _length(audio) else ""
    about = f"<p{writer.attributes('p', 'audio')}>{label}{length}</p>"
    player = f'<audio controls="" preload="none" src="{source}"></audio>' if writer.look.profile == "web" else ""
    content = lines(about, player, writer.blocks(body(audio), "audio"))
    return f"<div{writer.attributes('div.audio', container)}>\n{content}\n</div>"


def _email(templates: Templates, writer: HtmlWriter, audio: Directive, container: str) -> str:
    href, label, html = lead_parts(writer, audio, container)
    if href:
        return templates.render(writer, "audio", href=href, label=label, length=escape(_length(audio)), html=html)
    return without_link(writer, label, html, container)


def _text(writer: TextWriter, audio: Directive, width: int) -> list[str]:
    return pointer(writer, audio, _length(audio), width)


AUDIO = DirectiveForms(_html, _email, _text)
