"""EM: an e-mail that a screen reader can read, and a person with tired eyes: names, headings, language, sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.facts.email_html import pixels
from newsletter.check.rules.email.places import at_offset, by_hand, mail_in, own_template, source_of, style_place
from newsletter.check.wording import quoted
from newsletter.diagnostics import Diagnostic
from newsletter.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Element
    from newsletter.check.facts.mail import Mail

SMALLEST = 11
"""Pixels below which a text is too small to read for many; phones enlarge what is below 13."""
TARGET = 24
"""Pixels that a link on a line of its own needs in height: WCAG 2.2, 2.5.8."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def nameless(context: CheckContext) -> Iterator[Diagnostic]:
    """EM110: a picture or a link has nothing that a screen reader could say."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    for element in page.elements:
        if element.name not in {"img", "a"} or page.is_hidden(element.index):
            continue
        if not by_hand(context, mail, element.start) and not (
            element.name == "img" and "alt" not in element.attributes
        ):
            continue
        if element.name == "img" and "alt" not in element.attributes:
            message = "the picture has no `alt`: screen readers read out its address"
            mend = 'Say what it shows, or write `alt=""` where it is mere decoration.'
            yield at_offset(context, mail, element.start, "EM110", message, mend=mend)
        elif element.name == "a" and "href" in element.attributes and not page.name_of(element):
            if any(inside.name == "img" and "alt" not in inside.attributes for inside in page.within(element)[0]):
                continue  # that picture has a finding, and its alt text will name the link
            message = "the link has no text, and no picture with an alt text: screen readers read out its address"
            yield at_offset(context, mail, element.start, "EM110", message)


def heading_order(context: CheckContext) -> Iterator[Diagnostic]:
    """EM111: the headings of the e-mail are no outline: no first one, two of them, or a level left out."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    headings = [element for element in page.elements if element.name in _HEADINGS and not page.is_hidden(element.index)]
    firsts = [element for element in headings if element.name == "h1"]
    if not firsts and context.issue.title:
        message = "the e-mail has no `h1`: screen readers look for the title there"
        yield Diagnostic(_frame_template(mail, "title.mjml"), Span(0, 0), "EM111", message)
    for second in firsts[1:]:
        if by_hand(context, mail, second.start):
            message = "the e-mail has a second `h1`; the title is the first"
            yield at_offset(context, mail, second.start, "EM111", message)
    level = 0
    for element in headings:
        here = _HEADINGS[element.name]
        if level and here > level + 1 and by_hand(context, mail, element.start):
            message = f"an `h{here}` follows an `h{level}`: screen readers miss what is between"
            yield at_offset(context, mail, element.start, "EM111", message, label=f"`h{level + 1}` is next")
        level = here


def language(context: CheckContext) -> Iterator[Diagnostic]:
    """EM112: the e-mail does not say which language it is in, and which way it is written."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    root = next((element for element in page.elements if element.name == "html"), None)
    said: Mapping[str, str] = root.attributes if root else {}
    wanted = context.issue.language or context.publication.language
    given = said.get("lang", "").strip()
    given = "" if given.lower() == "und" else given  # what MJML writes where a template names none
    if _main(given) not in {_main(wanted), _main(context.language.code)}:
        message = f"the e-mail says it is in {quoted(given)}" if given else "the e-mail names no language"
        yield _of_root(mail, f"{message}; the issue is in `{wanted}`")
    elif context.language.dir == "rtl" and not any(
        element.attributes.get("dir", "").lower() == "rtl" for element in page.elements
    ):
        yield _of_root(mail, f"the e-mail does not say that it is written from right to left, as `{wanted}` is")


def tiny_text(context: CheckContext) -> Iterator[Diagnostic]:
    """EM113: a text is smaller than most can read."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    told = set()
    for run in page.runs:
        if not any(map(str.isalnum, run.text)) or not page.shows(run):
            continue
        size = page.look(run).size
        if size is None or not 0 < size < SMALLEST:
            continue
        message = f"the text is {size:g} pixels high; below {SMALLEST} few can read it"
        place = style_place(context, mail, page, run.element, "font-size")
        place = place or source_of(context, mail, page.elements[run.element].start)
        finding = Diagnostic(*place, "EM113", message)
        if (finding.path, finding.span) not in told:
            told.add((finding.path, finding.span))
            yield finding


def small_target(context: CheckContext) -> Iterator[Diagnostic]:
    """EM143: a button is too low for a thumb."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    for element in page.elements:
        if element.name == "a" and by_hand(context, mail, element.start) and not page.is_hidden(element.index):
            height = _height(element)
            if height is not None and 0 < height < TARGET:
                message = f"the button is {height:g} pixels high; a thumb needs {TARGET}"
                yield at_offset(context, mail, element.start, "EM143", message)


def table_semantics(context: CheckContext) -> Iterator[Diagnostic]:
    """EM141: a table that is layout is not said to be, so that screen readers count its rows and columns."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    for element in page.elements:
        if element.name != "table" or not by_hand(context, mail, element.start) or page.is_hidden(element.index):
            continue
        if element.attributes.get("role", "").lower() in {"presentation", "none"}:
            continue
        inside = page.within(element)[0]
        if not any(other.name == "th" for other in inside) and any(other.name == "td" for other in inside):
            message = "the table has no heading cells: is it layout, or are its headings missing?"
            mend = 'Write `role="presentation"` where it is layout, `th` for headings where it is not.'
            yield at_offset(context, mail, element.start, "EM141", message, mend=mend)


def _height(element: Element) -> float | None:
    """How high a link is that is drawn as a box; None for one in a line of text, or where it is not known."""
    style = element.style
    if style.get("display") not in {"block", "inline-block"} or "background" not in " ".join(style):
        return None
    padding = style.get("padding", "0").split()
    line, top = pixels(style.get("line-height", "")), pixels(style.get("padding-top", padding[0] if padding else "0"))
    bottom = pixels(style.get("padding-bottom", (padding + padding)[2 if len(padding) > 2 else 0] if padding else "0"))
    return None if None in {line, top, bottom} else (line or 0) + (top or 0) + (bottom or 0)


def _of_root(mail: Mail, message: str) -> Diagnostic:
    mend = 'Begin letter.mjml with `<mjml lang="{{ lang }}" dir="{{ dir }}">`.'
    return Diagnostic(_frame_template(mail, "letter.mjml"), Span(0, 0), "EM112", message, mend=mend)


def _frame_template(mail: Mail, name: str) -> str:
    return own_template(mail, name, "letter.mjml") or "newsletter.yaml"


def _main(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()
