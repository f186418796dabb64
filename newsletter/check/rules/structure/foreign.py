"""ST: markup of other programs, which readers would see as text here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.facts.files import file_stem
from newsletter.check.facts.prose import code_in
from newsletter.check.rule import WARNING, rule
from newsletter.house.format import NO_KIND
from newsletter.house.forms import dated_name
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Span


@rule("ST165", "nested-comment", "No comment begins inside another", "text")
def nested_comment(context: CheckContext) -> Iterator[Diagnostic]:
    """ST165: a comment contains `<!--`: the first comment was never closed, or text after the inner one is published."""
    for note in context.issue.notes:
        inner = context.source.text.find("<!--", note.span.start + 4, note.span.end)
        if inner >= 0:
            line = context.span(note.span.start, note.span.start).line
            yield context.found(
                "ST165",
                context.span(inner, inner + 4),
                f"this comment begins inside the one in line {line}, which ends at the first `-->`",
                label="comments do not nest",
                advice="Close the first one with `-->` where it ends. If one is inside the other, keep only the outer `<!--` and `-->`.",
            )


@rule(
    "ST168",
    "dated-by-name",
    "If the file name has a date, the front matter has it too",
    "front matter",
    severity=WARNING,
    keys=("file_name",),
)
def dated_by_name(context: CheckContext) -> Iterator[Diagnostic]:
    """ST168: only the file name has a date, which other programs would use.

    Here the issue has no date and is not published.
    """
    issue, day = context.issue, dated_name(file_stem(context.issue.path))
    asked = any(field.name == "date" and field.required for field in context.house.fields)
    # If the house format has a pattern for names, the date in a name is used. Of an unknown kind, nothing is known.
    named = bool(context.house.file_names) or context.house.kind == NO_KIND
    if (
        day is None
        or named
        or issue.draft
        or issue.date is not None
        or asked
        or context.broken_front
        or "date" in issue.front.values
    ):
        return
    yield context.found(
        "ST168",
        context.start,
        f"the date {day.isoformat()} is only in the file name: without a `date` field the issue is not published",
        advice=f"Write `date: {day.isoformat()}` in its front matter, between two lines of `---` at the top of the file.",
    )


TEMPLATE_TAG = late(
    r"\{\{(?P<hugo>[<%])\s*(?P<closes>/?)\s*(?P<shortcode>[\w./-]*)[^{}]*?[>%]\}\}"
    r"|\{%-?\s*(?P<liquid>end)?(?P<name>include(?:_relative|_cached)?|raw|highlight|link|post_url|comment|assign|capture|for|"
    r"render|figure|shortcode|gist|youtube|tablerow|cycle|increment|decrement|layout|extends|block|import|macro|call|set)\b[^{}]*?-?%\}"
)
_CODE = "Write code between two lines of three backticks."
_WRITE = {
    "highlight": _CODE,
    "raw": "Remove it: newsletter does not need it. " + _CODE,
    "link": "Write the address itself; for another issue, the path to its file.",
    "post_url": "Write the path to the file of the other issue: it becomes its address.",
    "ref": "Write the path to the file of the other issue: it becomes its address.",
    "relref": "Write the path to the file of the other issue: it becomes its address.",
    "comment": "Write a comment as `<!-- … -->`.",
    "figure": 'Write a picture as `![What it shows](file.png "Caption")`.',
    "youtube": "Write `::: video [Title](address)`.",
    "vimeo": "Write `::: video [Title](address)`.",
    "tweet": "Write `::: post [What it says](address)`.",
}
_ANYTHING = "Write its value, or remove it."


@rule("ST166", "template-leftover", "No template tag of another program is left", "text")
def template_leftover(context: CheckContext) -> Iterator[Diagnostic]:
    """ST166: a tag of Hugo, Jekyll or Liquid, which readers would see as text.

    A closing tag is reported with its opening one.
    """
    text = context.source.text
    if "{{<" not in text and "{{%" not in text and "{%" not in text:
        return
    shown = _Shown(context)
    for tag in TEMPLATE_TAG.finditer(text, context.body_start):
        if tag["closes"] or tag["liquid"] or not shown.at(tag.start()):
            continue
        name, program = (tag["name"], "Jekyll") if tag["name"] else (tag["shortcode"], "Hugo")
        kind = "shortcode" if tag["hugo"] else "tag"
        called = f" `{name}`" if name else ""
        yield context.found(
            "ST166",
            context.span(*tag.span()),
            f"the {kind}{called} of {program} is not supported here: readers see it as it is written",
            advice=_WRITE.get(name, _ANYTHING),
        )


_MARKS = late(
    r"(?P<attributes>\{:(?:[ \t]*(?:[.#][A-Za-z]|[\w-]+=[\"'\w]|(?:no_)?toc\b)|:[a-z/])[^{}\n]*\})"
    r"|(?P<pandoc>(?<=[^\n{])\{(?:[#.][A-Za-z][\w-]*)(?:[ \t]+(?:[#.][\w-]+|[\w-]+=[^\s{}]+))*\})(?=[ \t]*$)"
    r"|^[ \t]*(?P<contents>\[\[_?TOC_?\]\]|\[TOC\]|@\[toc\](?:\([^)]*\))?|\\tableofcontents|\.\. contents::)[ \t]*$"
    r"|^[ \t>]*(?P<alert>\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|INFO|ABSTRACT|DANGER|QUOTE|EXAMPLE)\][+-]?)"
    r"|^(?P<admonition>(?:!!!|\?\?\?)[ \t]+[a-z]+)"
    r"|(?P<embed>!\[\[[^\[\]\n]+\]\])"
    r"|^(?P<page>\\(?:newpage|pagebreak))[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_MARKED = {
    "{": ("{:", "{#", "{."),
    "[": ("[toc", "[_toc", "[!", "![["),
    "\\": ("\\tableof", "\\newpage", "\\pagebreak"),
    ".. ": (".. content",),
    "!!!": ("!!!",),
    "???": ("???",),
}
"""A quick test that takes a thousandth of the time: each of these kinds of markup contains one of these.

Each is looked for only if the text has the sign before it here, which most texts do not.
"""
_KINDS = {
    "attributes": ("kramdown attributes are not supported", "Remove them: the theme defines the look."),
    "pandoc": (
        "attributes in braces are not supported",
        "Remove them: headings get anchors by themselves, and the theme defines the look.",
    ),
    "contents": (
        "this does not make a table of contents here",
        "Remove it. `contents` in house.yaml makes a table of contents.",
    ),
    "alert": ("GitHub alerts are not supported", "Write `::: callout` above the text and `:::` below it."),
    "admonition": ("admonitions are not supported", "Write `::: callout` above the text and `:::` below it."),
    "embed": (
        "embedded files are not supported",
        "Write a picture as `![What it shows](file.png)`, or link to the file.",
    ),
    "page": ("an email has no page breaks", "Remove it, or write `---` for a horizontal line."),
}


@rule("ST167", "foreign-markup", "No syntax of another kind of Markdown is left", "text")
def foreign_markup(context: CheckContext) -> Iterator[Diagnostic]:
    """ST167: markup of kramdown, Pandoc, GitHub and others, which readers would see as text."""
    folded = context.source.text.lower()
    if not any(sign in folded and any(mark in folded for mark in marks) for sign, marks in _MARKED.items()):
        return
    shown = _Shown(context)
    for mark in _MARKS.finditer(context.source.text, context.body_start):
        kind = mark.lastgroup or ""
        start, end = mark.span(kind)
        line = context.source.text.rfind("\n", 0, start) + 1
        if shown.at(start) and not context.source.text.startswith(":::", line):  # reported by other rules
            what, advice = _KINDS[kind]
            yield context.found(
                "ST167", context.span(start, end), f"{what}: readers see it as it is written", advice=advice
            )


class _Shown:
    """The places in the source that readers see. Comments and code, which may contain anything, are left out."""

    def __init__(self, context: CheckContext) -> None:
        self._context = context
        self._code: list[Span] | None = None

    def at(self, offset: int) -> bool:
        if self._code is None:
            self._code = code_in(self._context.issue)
        code = any(span.start <= offset < span.end for span in self._code)
        return not code and not self._context.is_unread(offset)
