"""Slots: what an author wrote is kept out of the MJML and put in after it has been compiled.

The compiler reads XML, rejects much of HTML, and mangles attribute values. So templates are handed a mark for each text;
the mark is all that the compiler sees. It also keeps the compiler's work small.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"@\[(\d+)\]")


class Slots:
    """The texts of one letter, by mark."""

    __slots__ = ("texts",)

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, html: str) -> str:
        """A mark that stands for `html` (escaped as its place needs); empty for the empty text, so that templates can ask."""
        if not html:
            return ""
        self.texts.append(html)
        return f"@[{len(self.texts) - 1}]"

    def fill(self, compiled: str) -> str:
        """`compiled` with each mark swapped for its text. Marks within texts stay: an author may write them."""
        texts = self.texts
        last = len(texts)
        return _MARK.sub(lambda mark: texts[int(mark[1])] if int(mark[1]) < last else mark[0], compiled)
