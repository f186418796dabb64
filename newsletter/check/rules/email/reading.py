"""EM: accessibility of the email: names for screen readers, headings, language, and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.facts.email_html import pixels
from newsletter.check.rules.email.traced import TOP
from newsletter.check.wording import quoted
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.facts.email_html import Element, Page
    from newsletter.check.rules.email.traced import TracedMail

SMALLEST = 11
"""The smallest readable text, in pixels. Phones enlarge text below 13."""
TARGET = 24
"""The height in pixels that a link on a line of its own needs: WCAG 2.2, 2.5.8."""
_NAMED = frozenset({"img", "a"})
"""The elements that need a text."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def nameless(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM110: a picture or a link has no text that a screen reader could read."""
    page = traced.page
    for element in page.elements:
        if element.name not in _NAMED or page.is_hidden(element.number):
            continue
        if _is_without_alt(element):
            message = "the picture has no `alt`: screen readers read out its address"
            advice = 'Describe the picture, or write `alt=""` if it is only decoration.'
            yield traced.found(element.start, "EM110", message, advice=advice)
        elif _is_nameless_link(page, element) and traced.by_hand(element.start):
            message = "the link has no text, and no picture with an alt text: screen readers read out its address"
            yield traced.found(element.start, "EM110", message)


def _is_without_alt(element: Element) -> bool:
    return element.name == "img" and "alt" not in element.attributes


def _is_nameless_link(page: Page, element: Element) -> bool:
    if element.name != "a" or "href" not in element.attributes or page.name_of(element):
        return False
    # FG101 reports a picture without alt text, and that alt text will name the link.
    return not any(map(_is_without_alt, page.within(element)[0]))


def heading_order(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM111: the headings of the email are no outline: no h1, two of them, or a skipped level."""
    page = traced.page
    headings = [
        element for element in page.elements if element.name in _HEADINGS and not page.is_hidden(element.number)
    ]
    firsts = [element for element in headings if element.name == "h1"]
    if not firsts and traced.context.issue.title:
        message = "the email has no `h1`: screen readers look for the title there"
        yield Diagnostic(traced.own_template("title.mjml", "letter.mjml"), TOP, "EM111", message)
    for second in firsts[1:]:
        if traced.by_hand(second.start):
            yield traced.found(second.start, "EM111", "the email has a second `h1`; the title is the first")
    level = 0
    for element in headings:
        here = _HEADINGS[element.name]
        if level and here > level + 1 and traced.by_hand(element.start):
            message = f"an `h{here}` follows an `h{level}`: screen readers miss what is between"
            yield traced.found(element.start, "EM111", message, label=f"`h{level + 1}` is next")
        level = here


def language(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM112: the email does not declare its language, or its text direction."""
    context, elements = traced.context, traced.page.elements
    root = next((element for element in elements if element.name == "html"), None)
    attributes: Mapping[str, str] = root.attributes if root else {}
    wanted = context.issue.language or context.publication.language
    given = attributes.get("lang", "").strip()
    given = "" if given.lower() == "und" else given  # the value that MJML writes if a template sets no language
    if _main(given) not in {_main(wanted), _main(context.language.code)}:
        message = f"the email says it is in {quoted(given)}" if given else "the email names no language"
        yield _of_root(traced, f"{message}; the issue is in `{wanted}`")
    elif context.language.dir == "rtl" and not any(
        element.attributes.get("dir", "").lower() == "rtl" for element in elements
    ):
        yield _of_root(traced, f"the email does not say that it is written from right to left, as `{wanted}` is")


def _of_root(traced: TracedMail, message: str) -> Diagnostic:
    advice = 'Begin letter.mjml with `<mjml lang="{{ lang }}" dir="{{ dir }}">`.'
    return Diagnostic(traced.own_template("letter.mjml"), TOP, "EM112", message, advice=advice)


def _main(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def tiny_text(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM113: a text is too small for most readers."""
    page = traced.page
    reported = set()
    small = any(style.size is not None and 0 < style.size < SMALLEST for style in page.styles_of_words)
    for run in page.words if small else ():
        size = page.style_of(run).size
        if size is not None and 0 < size < SMALLEST:
            place = traced.style_place(run.element, "font-size") or traced.source_of(page.elements[run.element].start)
            message = f"the text is {size:g} pixels high; below {SMALLEST} few people can read it"
            if place not in reported:
                reported.add(place)
                yield Diagnostic(*place, "EM113", message)


def table_semantics(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM141: a layout table has no `role="presentation"`, so screen readers announce its rows and columns."""
    page = traced.page
    for element in page.named("table"):
        if element.attributes.get("role", "").lower() in {"presentation", "none"} or page.is_hidden(element.number):
            continue
        inside = {other.name for other in page.within(element)[0]}
        if "th" not in inside and "td" in inside and traced.by_hand(element.start):
            message = "the table has no heading cells: is it layout, or are its headings missing?"
            advice = 'Write `role="presentation"` if it is layout. If it is a data table, use `th` for the headings.'
            yield traced.found(element.start, "EM141", message, advice=advice)


def small_target(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM143: a button is not high enough for a thumb."""
    page = traced.page
    for element in page.named("a"):
        height = _height(element.style)
        if height is None or not 0 < height < TARGET or page.is_hidden(element.number):
            continue
        if traced.by_hand(element.start):
            message = f"the button is {height:g} pixels high; a thumb needs {TARGET}"
            yield traced.found(element.start, "EM143", message)


def _height(style: Mapping[str, str]) -> float | None:
    """The height of a link that is drawn as a box; None for a link in a line of text, or if the height is unknown."""
    if style.get("display") not in {"block", "inline-block"} or "background" not in " ".join(style):
        return None
    padding = style.get("padding", "0").split()
    line, top = pixels(style.get("line-height", "")), pixels(style.get("padding-top", padding[0] if padding else "0"))
    bottom = pixels(style.get("padding-bottom", (padding + padding)[2 if len(padding) > 2 else 0] if padding else "0"))
    return None if None in {line, top, bottom} else (line or 0) + (top or 0) + (bottom or 0)
