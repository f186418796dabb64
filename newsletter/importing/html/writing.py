"""Writes a flat page as Markdown with markdownify, with a method for each element."""

from __future__ import annotations

# ruff: noqa: ARG002 - markdownify passes the same three arguments to each method
import re
from typing import TYPE_CHECKING, Any

from markdownify import MarkdownConverter

from newsletter.digits import whole_number
from newsletter.importing import markup
from newsletter.importing.credits import with_credit
from newsletter.importing.markup import commented

if TYPE_CHECKING:
    from newsletter.importing.html.page import ForeignPage

_IMAGE = "\ufdd4"
"""Precedes the `!` of a picture, so that it is distinguished from a `!` in the text before a link."""
_LEAST_OF_GALLERY = 2
_HEAD = "\ufdd7"
"""Precedes the heading of a column, which is a block with the text below it."""
_CELL, _ROW = "\ufdd5", "\ufdd6"


class _MarkdownWriter(MarkdownConverter):
    """Writes the Markdown variant of this tool."""

    class Options:
        heading_style = "atx"
        bullets = "-"
        autolinks = False

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return markup.escaped(text, in_link="a" in parent_tags, in_cell="td" in parent_tags or "th" in parent_tags)

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags:
            return text
        shown = el.get_text()
        address = str(el["href"])
        if shown == address and markup.link(address, address) == address:
            return address
        return markup.link(text.strip(), address)

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\\\n"

    def convert_p(self, el: Any, text: str, parent_tags: set[str]) -> str:
        text = text.strip(" \t\r\n")
        if not text:
            return ""
        return f"\n\n{markup.paragraph(text)}\n\n"

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: N802 - markdownify's name
        text = " ".join(text.split())
        if re.search(r"(?:^|[ \t])#+$", text):
            text = text[: len(text) - len(text.lstrip()) or None]
            text = re.sub(r"(#+)$", r"\\\1", text)
        return f"\n\n{'#' * n} {text}\n\n" if text else ""

    def convert_list(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip(chr(10))}\n\n"

    convert_ul = convert_list
    convert_ol = convert_list

    def convert_li(self, el: Any, text: str, parent_tags: set[str]) -> str:
        text = text.strip("\n")
        parent = el.parent
        if parent.name == "ol":
            number = int(parent.attrs.get("count", parent.attrs.get("start", "1")))
            parent.attrs["count"] = str(number + 1)
            mark = f"{number}. "
        else:
            mark = "- "
        # An entry is tight if it has only one paragraph, or one paragraph and a list.
        blocks = [child.name for child in el.children if getattr(child, "name", None)]
        tight = blocks[:1] == ["p"] and all(name in {"ul", "ol"} for name in blocks[1:])
        if tight:
            text = re.sub(r"\n{2,}(?=[-\d])", "\n", text, count=1)
        lines = text.split("\n")
        indent = " " * len(mark)
        body = "\n".join(f"{indent}{line}" if line else "" for line in lines)
        return f"{mark}{body[len(mark) :]}\n" if tight else f"{mark}{body[len(mark) :]}\n\n"

    def convert_blockquote(self, el: Any, text: str, parent_tags: set[str]) -> str:
        lines = text.strip("\n").split("\n")
        return "\n\n" + "\n".join(f"> {line}" if line else ">" for line in lines) + "\n\n"

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{markup.fenced(el.get_text(), str(el.get('language') or ''))}\n\n"

    def convert_code(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return markup.code_span(el.get_text())

    def convert_hr(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return "\n\n---\n\n"

    def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
        empty = _CELL * (min(whole_number(str(el.get("span"))) or 1, 40) - 1)
        return " ".join(text.split()) + _CELL + empty

    convert_th = convert_td

    def convert_tr(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return text + _ROW

    def convert_x_table(self, el: Any, text: str, parent_tags: set[str]) -> str:
        rows = [row.split(_CELL)[:-1] for row in text.split(_ROW) if row.strip()]
        width = max(map(len, rows))
        first = el.find("tr")
        headed = bool(first.find("th")) or not first.find("td")
        if not headed:
            headed = len(rows) > 1  # a Markdown table needs a header: the first row becomes it
        aligns = [str(cell.get("align") or "") for cell in first.find_all(["td", "th"])]
        rule = [
            {"right": "---:", "center": ":---:", "left": ":---"}.get(aligns[at] if at < len(aligns) else "", "---")
            for at in range(width)
        ]
        filled = [[*row, *[""] * (width - len(row))] for row in rows]
        lines = [filled[0], rule, *filled[1:]]
        return "\n\n" + "\n".join(f"| {' | '.join(cell.strip() for cell in line)} |" for line in lines) + "\n\n"

    def convert_x_figure(self, el: Any, text: str, parent_tags: set[str]) -> str:
        inline = (
            el.parent is not None
            and el.parent.name != "[document]"
            and el.parent.name not in {"li", "blockquote", "x-post", "x-footnote", "x-block"}
        )
        shown = " ".join(el.get_text().split())
        caption, _ = with_credit(shown)
        plain = el.find(["a", "strong", "em", "code"]) is None
        address = str(el["src"])
        href = _link_of(el)
        image = _IMAGE + markup.picture(
            address, str(el.get("alt") or ""), caption if plain and len(caption) <= 400 else ""
        )
        if href and not inline:
            image = f"[{image}]({markup.destination(href)})"
        if inline:
            return image
        below = f"\n*{_one_line(text)}*" if shown and not (plain and len(caption) <= 400) else ""
        return f"\n\n{image}{below}\n\n"

    def _lead(self, el: Any, text: str) -> str:
        return " ".join(text.split())

    def convert_x_button(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{markup.directive('button', self._lead(el, text))}\n\n" if text.strip() else ""

    def convert_x_audio(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{markup.directive('audio', self._lead(el, text))}\n\n" if text.strip() else ""

    def convert_x_video(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{markup.directive('video', self._lead(el, text))}\n\n" if text.strip() else ""

    def convert_x_gallery(self, el: Any, text: str, parent_tags: set[str]) -> str:
        lines = [
            line for line in (self.convert_x_figure(one, "", parent_tags) for one in el.find_all("x-figure")) if line
        ]
        if len(lines) < _LEAST_OF_GALLERY:
            return f"\n\n{''.join(lines)}\n\n"
        caption, _ = with_credit(str(el.get("caption") or ""))
        return f"\n\n{markup.directive('gallery', markup.escaped(caption), chr(10).join(lines))}\n\n"

    def convert_x_post(self, el: Any, text: str, parent_tags: set[str]) -> str:
        lead, _, body = text.strip("\n").partition("\n")
        return f"\n\n{markup.directive('post', lead.strip(), body.strip(chr(10)))}\n\n"

    def convert_x_callout(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{markup.directive('callout', '', text.strip(chr(10)))}\n\n" if text.strip() else ""

    def convert_x_argument(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"{self._lead(el, text)}\n"

    def convert_x_field(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"{el['name']}: {self._lead(el, text)}\n"

    def convert_x_head(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{_HEAD}#### {self._lead(el, text)}\n\n"

    def convert_x_block(self, el: Any, text: str, parent_tags: set[str]) -> str:
        lines = text.lstrip("\n").split("\n")
        lead = lines.pop(0).strip() if el.find("x-argument", recursive=False) is not None else ""
        count = len(el.find_all("x-field", recursive=False))
        fields, body = lines[:count], "\n".join(lines[count:]).strip("\n")
        if el["name"] == "divider":
            return f"\n\n{markup.directive('divider', lead).removesuffix(chr(10) + ':::')}\n\n"
        if el["name"] == "gallery":
            body = re.sub(r"\n{2,}", "\n", body)
        body = re.sub(rf"{_HEAD}(#### .*)\n{{2,}}", r"\1\n", body)
        apart = "\n" if el["name"] in ("chart", "event") else ""  # so that no line of the text is read as a setting
        body = "\n".join((*fields, *((apart + body,) if body else ())))
        return f"\n\n{markup.directive(str(el['name']), lead, body if apart else body.strip(chr(10)))}\n\n"

    def convert_x_only(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if not el.get("readers"):
            return f"\n\n{text.strip(chr(10))}\n\n"
        return f"\n\n{markup.directive('only', str(el['readers']), text.strip(chr(10)))}\n\n" if text.strip() else ""

    def convert_x_note(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n<!-- {commented(el.get_text())} -->\n\n"

    def convert_x_missing(self, el: Any, text: str, parent_tags: set[str]) -> str:
        description = " – ".join(
            filter(None, (str(el.get("src") or ""), str(el.get("alt") or ""), " ".join(text.split())))
        )
        return f"\n\n<!-- A picture is missing here: {commented(description)} -->\n\n"

    def convert_x_markdown(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{el.get_text().strip(chr(10))}\n\n"

    def convert_x_paywall(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return "\n\n::: paywall\n\n"

    def convert_x_ref(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"[^{el['name']}]"

    def convert_x_footnote(self, el: Any, text: str, parent_tags: set[str]) -> str:
        lines = text.strip("\n").split("\n")
        rest = "".join(f"\n    {line}" if line else "\n" for line in lines[1:])
        return f"\n\n[^{el['name']}]: {lines[0]}{rest}\n\n"


def _one_line(text: str) -> str:
    """The Markdown of a caption, without inner emphasis, because it is in italics as a whole."""
    plain = " ".join(text.split())
    return _CREDITED.sub("Photo: ", re.sub(r"(?<![\\*])\*(?!\*)", "", plain))


_CREDITED = re.compile(
    r"\b(?:Photo(?:graph)?s?|Images?|Pictures?)(?: (?:by|from|via|courtesy of):?|:) (?=\[[^\]\n]{1,80}\]\([^()\s]*\)[.\s]*$)"
)
"""The words before a linked name at the end of a caption."""


def _link_of(el: Any) -> str:
    from newsletter.importing.addresses import bare_address

    address = bare_address(str(el.get("href") or ""))
    return "" if address.startswith("#") else address


def write(page: ForeignPage) -> str:
    """The Markdown of a flat page."""
    text = _MarkdownWriter().convert_soup(page.soup)
    text = re.sub(rf"(?<!\\)!(?=\[)(?<!{_IMAGE}!)", r"\\!", text).replace(_IMAGE, "")
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n" if text.strip() else ""
