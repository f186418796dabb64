"""The inline rule for `<`: autolinks, comments, raw HTML, and type parameters that only look like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.rules_inline.autolink import AUTOLINK_RE, EMAIL_RE

from newsletter.diagnostics import Severity
from newsletter.markdown.addresses import normalise
from newsletter.model import Link, LinkForm, Note, RawHtml, Text

if TYPE_CHECKING:
    from newsletter.markdown.context import Context
    from newsletter.markdown.inline import InlineRun
    from newsletter.model import Span

NO = -1
_BLANKS = " \t"
_REFUSED_SCHEMES = ("javascript:", "vbscript:", "file:", "data:")
_ELEMENTS = frozenset(
    """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo big blockquote body br button canvas
    caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset
    figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins
    kbd label legend li link main map mark marquee math menu meta meter nav noframes noscript object ol optgroup option
    output p param picture pre progress q rp rt ruby s samp script search section select slot small source span strike
    strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var
    video wbr
    """.split()
)
"""The names of HTML's elements, old ones too. Any other name between angle brackets is taken for a type parameter."""


def angle(run: InlineRun, at: int, high: int, silent: bool) -> int:
    """What begins with `<`."""
    text = run.text
    if text.startswith("<!--", at):
        return _comment(run, at, high, silent)
    close = text.find(">", at + 1, high)
    if close < 0:
        return NO
    end = _autolink(run, at, close, silent)
    if end > 0:
        return end
    if text.find(">", at, high) < 0 or not (found := HTML_TAG_RE.match(text, at, high)):
        return NO
    end = found.end()
    if run.context.options.allow_html:
        return end if silent else run.take(at, end, RawHtml(found[0], run.context.span(run.places, at, end)))
    if not silent:
        refuse(run.context, found[0], run.context.span(run.places, at, end))
    return end if "\n" not in found[0] else at + 1


def _autolink(run: InlineRun, at: int, close: int, silent: bool) -> int:
    address = run.text[at + 1 : close]
    if AUTOLINK_RE.match(address):
        if address.lower().startswith(_REFUSED_SCHEMES):
            return NO
        scheme = ""
    elif EMAIL_RE.match(address):
        scheme = "mailto:"
    else:
        return NO
    if silent:
        return close + 1
    where = run.context.span(run.places, at + 1, close)
    if run.in_link:  # no link inside a link: its text alone stands
        return run.take(at, close + 1, Text(address, where))
    href = normalise(scheme + address, run.context.options.personal_fields)
    span = run.context.span(run.places, at, close + 1)
    return run.take(at, close + 1, Link(href, (Text(address, where),), "", LinkForm.AUTOLINK, span, where))


# ── Comments ────────────────────────────────────────────────────────────────────────────────────────────────────────


def comment_end(text: str, at: int, high: int) -> int:
    """Where the comment that begins at `at` ends (CommonMark §6.6), or NO where it is never closed."""
    for empty in ("<!-->", "<!--->"):
        if text.startswith(empty, at):
            return at + len(empty)
    close = text.find("-->", at + 4, high)
    return close + 3 if close >= 0 else NO


def note_down(context: Context, text: str, span: Span) -> None:
    """Keeps a comment as a note to the writer."""
    context.notes.append(Note(text[4:-3].strip(), span))


def note_down_all(context: Context, start: int, end: int) -> None:
    """Keeps every comment in a stretch of the source, which is raw HTML, as a note."""
    text = context.source.text
    while (at := text.find("<!--", start, end)) >= 0 and (stop := comment_end(text, at, end)) > 0:
        note_down(context, text[at:stop], context.source.span(at, stop))
        start = stop


def _comment(run: InlineRun, at: int, high: int, silent: bool) -> int:
    """A comment leaves nothing behind: neither doubled blanks nor an empty line."""
    text, end = run.text, NO if run.unclosed else comment_end(run.text, at, high)
    if silent:
        return end
    span = run.context.span(run.places, at, end if end > 0 else at + 4)
    if end < 0:
        if not run.unclosed:
            _unclosed(run.context, span)
        run.unclosed = True
        return at + 4
    note_down(run.context, text[at:end], span)
    run.commented = True
    stop = end
    while stop < high and text[stop] in _BLANKS:
        stop += 1
    if stop >= high or text[stop] == "\n":
        run.flush(at)
        _trim_blanks(run)
        run.pending = stop
        return stop
    follows_blank = at == 0 or text[at - 1] in " \t\n"
    return run.take(at, stop if follows_blank else end)


def _trim_blanks(run: InlineRun) -> None:
    """Takes the blanks off the end of what has been read."""
    while run.pieces and isinstance(piece := run.pieces[-1], tuple):
        start, end = piece
        while end > start and run.text[end - 1] in _BLANKS:
            end -= 1
        run.pieces.pop()
        if end > start:
            run.pieces.append((start, end))
            return


def _unclosed(context: Context, span: Span) -> None:
    """Notes down ST126."""
    context.find(
        span,
        "ST126",
        "this comment is never closed",
        "It stays as text. Close it with `-->` before the next blank line or the end of what it stands in.",
    )


# ── Raw HTML ────────────────────────────────────────────────────────────────────────────────────────────────────────


def refuse(context: Context, tag: str, span: Span) -> None:
    """Notes down ST116 for raw HTML, ST117 for what only looks like it. Either stays as text."""
    name = tag.strip("</>").split()[0].rstrip("/").lower() if tag[1] not in "!?" else tag[:2]
    if tag.startswith("</"):
        if name in context.refused_tags:
            return
    else:
        context.refused_tags.add(name)
    if name in _ELEMENTS or tag[1] in "!?":
        context.find(
            span,
            "ST116",
            f"raw HTML is not read here: `{_shortened(tag)}`",
            "It stays as text. Write it as Markdown, or as code between backticks; the house format can allow HTML.",
        )
    else:
        context.find(
            span,
            "ST117",
            f"`{_shortened(tag)}` looks like an HTML tag",
            "It stays as text. Put it between backticks, as code.",
            severity=Severity.WARNING,
        )


def _shortened(tag: str) -> str:
    tag = " ".join(tag.split())
    return tag if len(tag) <= 40 else tag[:39] + "…"
