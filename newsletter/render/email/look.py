"""The look of prose in an e-mail: styles from the table, absolute addresses (see prose.Look)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsletter import tokens
from newsletter.late import late
from newsletter.model import Heading
from newsletter.render.email.styles import TAGS, fill_variables, mirrored
from newsletter.render.html import note_anchor, reference_anchor
from newsletter.render.markup import is_absolute
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model import Image
    from newsletter.render.email.styles import Table
    from newsletter.render.letter import Letter

CLASSES = {
    "a.noteref": "k",
    "a.backlink": "k",
    "code": "b",
    "hr": "r",
    "table": "r",
    "th": "s",
    "th.left": "s",
    "th.right": "s",
    "th.center": "s",
    "span.credit": "s",
    "span.label": "s lb",
    "span.value": "va",
    "span.comment": "s",
    "span.keyword": "k",
    "span.heading": "k",
    "span.deleted": "k",
    "span.string": "cs",
    "span.inserted": "cs",
    "span.number": "cn",
    "span.name": "cn",
}
"""The classes by which dark.css finds what has a colour of its own: k accent, s soft, r rule, b tint; lb a heading
in a cell, for phones, and va what it is the heading of."""

_ATTRIBUTES = {
    "table": ' width="100%" cellpadding="0" cellspacing="0" border="0"',
    "a.noteref": ' role="doc-noteref"',
    "a.backlink": ' role="doc-backlink"',
}
_OPENS = {"li": "item", "td": "cell", "th": "cell", "pre": "code"}
"""The container that an element is for what stands in it, for an inliner (templates mark the others)."""
_OTHER_ISSUE = late(r"(?:^|/)(?:\d{4}-\d{2}-\d{2}-)?([^/#?]+?)(?:/index)?\.md(?=$|[#?])")


class Attributes(dict[tuple[str, str], str]):
    """Attributes by (tag, container). A pair that is missing has those of its tag anywhere."""

    def __missing__(self, pair: tuple[str, str]) -> str:
        return self.get((pair[0], ""), "")


def styled(table: Table, variables: Mapping[str, str], where: str, *, right_to_left: bool) -> Attributes:
    """The table as attributes, its variables filled. `where` names the style sheet in an error."""
    attributes = Attributes()
    for tag in TAGS:
        plain = table.get((tag, ""), "")
        attributes[tag, ""] = _attributes_of(tag, plain, variables, where, right_to_left=right_to_left)
    # Scripts without italics are set upright, and bold in their place.
    attributes["em.upright", ""] = ' style="font-style:normal;font-weight:bold"'
    for (tag, container), style in table.items():
        attributes[tag, container] = _attributes_of(tag, style, variables, where, right_to_left=right_to_left)
    return attributes


def _attributes_of(
    tag: str, style: str, variables: Mapping[str, str], where: str, *, right_to_left: bool, opens: str = ""
) -> str:
    style = fill_variables(mirrored(tag, style) if right_to_left else style, variables, where)
    kind = CLASSES.get(tag, "")
    names = f"{kind} {opens}".strip()
    shown = f' class="{names}"' if names else ""
    return f"{_ATTRIBUTES.get(tag, '')}{shown}{f' style={chr(34)}{style}{chr(34)}' if style else ''}"


def marked() -> Attributes:
    """Classes for an inliner in the place of styles: each element's kind, and the container that it is."""
    attributes = Attributes()
    for tag in TAGS:
        element, _, kind = tag.partition(".")
        opens = f"{kind} {_OPENS.get(element, '')}".strip()
        attributes[tag, ""] = _attributes_of(tag, "", {}, "", right_to_left=False, opens=opens)
    attributes["em.upright", ""] = ' style="font-style:normal;font-weight:bold"'
    return attributes


class EmailLook:
    """Of one letter."""

    profile = "email"

    def __init__(self, letter: Letter, by_direction: Mapping[str, Attributes], direction: str) -> None:
        self._letter = letter
        self._by_direction = by_direction
        self._by_pair = by_direction[direction]
        self.dir = direction
        self._anchors: frozenset[str] | None = None

    def attributes(self, tag: str, container: str, /) -> str:
        """Style and class, from the table."""
        return self._by_pair[tag, container]

    def turned(self, direction: str, /) -> EmailLook:
        """With the sides of the other direction."""
        return EmailLook(self._letter, self._by_direction, direction)

    def link(self, href: str) -> str:
        """`href` as it works in a mail: absolute, or an anchor of this letter."""
        if href.startswith("#"):
            return href if href[1:] in self.anchors else self._letter.page_url + href
        if href.startswith(tokens.OPEN) or is_absolute(href):
            return f"https:{href}" if href.startswith("//") else href
        attached = self._letter.attachments.get(href)
        if attached:
            return urljoin(self._letter.page_url, attached)
        picture = self._letter.images.get(href)
        if picture:
            return self._letter.picture_base + picture.name
        other = _OTHER_ISSUE.search(href)
        if other:
            return f"{self._letter.publication.url}{other[1]}/{href[other.end() :]}"
        return urljoin(self._letter.page_url, href)

    def image(self, image: Image) -> tuple[str, int, int]:
        """The picture that was made from the author's; one that stands elsewhere as it is."""
        made = self._letter.images.get(image.src)
        if made:
            return self._letter.picture_base + made.name, made.width, made.height
        return (image.src if is_absolute(image.src) else urljoin(self._letter.page_url, image.src)), 0, 0

    def still(self, image: Image) -> str:
        """The address of the one frame that stands for an animation; empty for what does not move."""
        made = self._letter.images.get(image.src)
        return self._letter.picture_base + made.still if made and made.still else ""

    @property
    def anchors(self) -> frozenset[str]:
        """Every `id` in this letter; found when a link first asks."""
        if self._anchors is None:
            self._anchors = frozenset(_anchors(self._letter))
        return self._anchors


def _anchors(letter: Letter) -> Iterator[str]:
    for section in letter.issue.sections:
        yield section.anchor
        yield from (item.anchor for item in section.items)
    yield from (block.anchor for block in walk_blocks(letter.issue) if isinstance(block, Heading))
    for note in letter.footnotes:
        yield note_anchor(note.number)
        yield from (reference_anchor(note.number, count) for count in range(1, note.references + 1))
