"""Slots: what an author wrote is kept out of the MJML and put in after it has been compiled.

The compiler reads XML, rejects much of HTML, and mangles attribute values. So templates are handed a mark for each text;
the mark is all that the compiler sees. It also keeps the compiler's work small.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MARK = re.compile(r"@\[(\d+)\]")


class Slots:
    """The texts of one letter, by mark."""

    __slots__ = ("_prose", "_texts")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._prose: list[int] = []

    def __call__(self, html: str) -> str:
        """A mark that stands for `html` (escaped as its place needs); empty for the empty text, so that templates can ask."""
        if not html:
            return ""
        self._texts.append(html)
        return f"@[{len(self._texts) - 1}]"

    def prose(self, html: str) -> str:
        """As a call, for what Prose has written: the part of a letter that a style sheet of the author's is about."""
        if html:
            self._prose.append(len(self._texts))
        return self(html)

    def restyle(self, styled: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """All prose through `styled`, which gives as many texts as it takes."""
        for index, text in zip(self._prose, styled([self._texts[index] for index in self._prose]), strict=True):
            self._texts[index] = text

    def change(self, changed: Callable[[str], str]) -> None:
        """Every text through `changed`."""
        self._texts = [changed(text) for text in self._texts]

    def text_of(self, number: int) -> str | None:
        """The text of mark `number`; None where there is no such mark."""
        return self._texts[number] if number < len(self._texts) else None

    def fill(self, compiled: str) -> str:
        """`compiled` with each mark swapped for its text. Marks within texts stay: an author may write them."""
        texts = self._texts
        last = len(texts)
        return _MARK.sub(lambda mark: texts[int(mark[1])] if int(mark[1]) < last else mark[0], compiled)
