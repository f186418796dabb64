"""Converts merge tags of other services to personal fields: `*|FNAME|*` becomes `{{ first_name }}`.

While Markdown is escaped, they are placeholders (newsletter.tokens). At the end, `written` writes them as fields.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rules.structure.fields import foreign_tags
from newsletter.importing.base import ImportNote
from newsletter.importing.phrases import whole_kind
from newsletter.model import ReadingOptions
from newsletter.tokens import PLACEHOLDER, RESERVED, placeholder

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN = ReadingOptions().personal_fields
_CONDITION = re.compile(r"\*\|(?:IF|IFNOT|ELSE|ELSEIF|END)(?::[^|*\n]{0,100})?\|\*|\*\|/?INTERESTED[^|*\n]{0,100}\|\*")
_OF_BUTTONDOWN = re.compile(r"\{\{\s*subscriber\.metadata\.(?=(?:first|last)?_?name\b)()")
_UNSAFE = re.compile(r"[{}|\n\r\\<>]+")


def with_fields(text: str, report: Callable[[ImportNote], None], place: str = "") -> str:
    """The text with placeholders for known fields, and without tags for links that the tool adds itself.

    Other tags stay, and `report` is called with a note on each. The text must be free of reserved characters
    (`without_reserved`).
    """
    if not any(mark in text for mark in ("{", "%", "[", "##", "*|")):
        return text
    text = _OF_BUTTONDOWN.sub(r"{{ \1", text) if "metadata" in text else text
    pieces: list[str] = []
    done = 0
    if "*|" in text and _CONDITION.search(text):
        report(ImportNote(place, "a Mailchimp condition was removed: all its branches are kept", "changed"))
        text = _CONDITION.sub("", text)
    for tag in foreign_tags(text, KNOWN):
        if tag.start < done:
            continue
        shown = " ".join(text[tag.start : tag.end].split())
        shown = shown if len(shown) < 60 else f"{shown[:56]}…"
        if tag.name:
            piece = placeholder(tag.name, " ".join(_UNSAFE.sub(" ", tag.fallback).split()))
        elif tag.ours:
            piece = ""
            report(ImportNote(place, f"the tag {shown}: newsletter adds this address by itself", "left out"))
        else:
            piece = text[tag.start : tag.end]
            report(ImportNote(place, f"the tag {shown} is not a known field and stays as text", "kept"))
        pieces += [text[done : tag.start], piece]
        done = tag.end
    return "".join((*pieces, text[done:])) if pieces else text


_LINKED_TAG = re.compile(
    r"(?<![!\\])\[(?P<label>[^\[\]\n]{0,200})\]\(\s*(?P<tag>\{\{[^{}\n]{1,80}\}\}|\*\|[^|\n]{1,80}\|\*|%%?\w{1,60}%%?)\s*\)"
)
"""A Markdown link whose address is a tag."""
_FORM = re.compile(r"\{\{\s*subscribe_form\s*\}\}")


def unlinked(text: str, report: Callable[[ImportNote], None], place: str = "") -> str:
    """Markdown without subscribe forms and links, and without links whose address the tool sets itself.

    A line with no words left becomes empty.
    """
    lines = []
    for line in text.split("\n"):
        rest = _FORM.sub("", _LINKED_TAG.sub(lambda found: "" if _is_frame(found) else found[0], line))
        if rest != line:
            report(ImportNote(place, f"the header or footer of an email: “{line.strip()[:80]}”", "left out"))
            rest = rest if re.search(r"[^\W_]", rest) else ""
        lines.append(rest)
    return "\n".join(lines)


def _is_frame(link: re.Match[str]) -> bool:
    tag = next(foreign_tags(link["tag"], KNOWN), None)
    return tag is not None and (tag.ours or (not tag.name and bool(whole_kind(link["label"]))))


_ANY_TAG = re.compile(r"\{\{[^{}]{0,200}\}\}|\{%[^{}]{0,200}%\}|\*\|[^|*]{0,100}\|\*")


def without_tags(text: str) -> str:
    """A line of text without tags; for each, its fallback if it has one. Marks and spaces around it go with it.

    `Hi {{ .Subscriber.FirstName }}, the tide is out` becomes `Hi, the tide is out`.
    """
    pieces, done = [], 0
    for tag in foreign_tags(text, KNOWN):
        if tag.start >= done:
            pieces += [text[done : tag.start], tag.fallback]
            done = tag.end
    bare = _ANY_TAG.sub("", "".join((*pieces, text[done:])))
    if bare == text:
        return text
    bare = re.sub(r"[\s,;:]+(?=[.!?])|\s+(?=[,:;])", "", " ".join(bare.split()))
    begun = re.sub(r"^[\s,.:;!?–—-]+", "", bare)
    return begun[:1].upper() + begun[1:] if begun != bare else bare


def without_reserved(text: str) -> str:
    """The text without the reserved characters of placeholders, which have no use in imported text."""
    return RESERVED.sub("\ufffd", text)


def written(text: str) -> str:
    """The text with each placeholder written as a personal field."""
    return PLACEHOLDER.sub(
        lambda found: f"{{{{ {found[1]} | {found[3]} }}}}" if found[3] else f"{{{{ {found[1]} }}}}", text
    )
