"""Parses pieces of Markdown in tests, and shows the result as a short text."""

from __future__ import annotations

from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import (
    Break,
    Code,
    Emphasis,
    FootnoteReference,
    Image,
    Link,
    PersonalField,
    RawHtml,
    ReadingOptions,
    Strikethrough,
    Strong,
    Text,
)

PATH = "issues/2024-01-31-ports/index.md"


class Read:
    """A parsed text."""

    def __init__(self, text, *, name="2024-01-31-ports", **options):
        self.source = Source(text, PATH)
        self.issue, self.findings = parse(self.source, name=name, options=ReadingOptions(**options))

    @property
    def blocks(self):
        return self.issue.opening

    @property
    def block(self):
        (block,) = self.issue.opening
        return block

    def cut(self, span):
        """The source text of a span."""
        return self.source.text[span.start : span.end]

    def found(self):
        """The findings as code, line, column and underlined text."""
        return [(at.code, at.span.line, at.span.column, self.cut(at.span)) for at in self.findings]


def short_text(inlines):
    """Inlines as a short text: `a *b* [c](d)`, with each construct in its simplest form."""
    return "".join(map(_word, inlines))


def _word(inline):
    match inline:
        case Text():
            return inline.text
        case Break():
            return " // " if inline.hard else " / "
        case Code():
            return f"`{inline.text}`"
        case Emphasis():
            return f"*{short_text(inline.inlines)}*"
        case Strong():
            return f"**{short_text(inline.inlines)}**"
        case Strikethrough():
            return f"~~{short_text(inline.inlines)}~~"
        case Link():
            return f"[{short_text(inline.inlines)}]({inline.href})"
        case Image():
            return f"![{inline.alt}]({inline.src})"
        case PersonalField():
            return f"{{{{{inline.name}|{inline.fallback}}}}}"
        case FootnoteReference():
            return f"[^{inline.number}.{inline.occurrence}]"
        case RawHtml():
            return inline.html
        case _:
            raise AssertionError(inline)


def inlines_of(text, **options):
    """The only paragraph of a text, in the form of `short_text`."""
    return short_text(Read(text, **options).block.inlines)
