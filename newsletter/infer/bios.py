"""Texts about the author at the end of the issues, which differ from author to author: the author box."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newsletter.infer.course import ALWAYS
from newsletter.infer.measure import ENOUGH
from newsletter.infer.plan import WrittenBio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.infer.observe import Seen

_SHORTEST = 40
"""The fewest characters of a text about an author. A shorter one is a signature."""
_NEAR = 80
"""The characters at its beginning in which the name comes."""
_MARKS = re.compile(r"[*_>\[\]]")


def bios_of(issues: Sequence[Seen]) -> tuple[WrittenBio, ...]:
    """The texts about the authors, if nearly all issues end with one and it is the same in all issues of an author.

    None for a publication of one author: that text is standing matter.
    """
    texts: Mapping[str, Counter[str]] = defaultdict(Counter)
    having = 0
    for issue in issues:
        about = [(author, text) for author in issue.authors if (text := _about(author, issue.closing))]
        having += bool(about)
        for author, text in about:
            texts[author][text] += 1
    repeated = [author for author, counted in texts.items() if max(counted.values()) > 1]
    often = sum(counted.total() for counted in texts.values() if counted.total() > 1)
    same = sum(max(counted.values()) for counted in texts.values() if counted.total() > 1)
    if len(issues) < ENOUGH or len(repeated) < 2 or having < ALWAYS * len(issues) or same < ALWAYS * often:
        return ()
    return tuple(
        WrittenBio(author, *counted.most_common(1)[0])
        for author, counted in sorted(texts.items(), key=lambda entry: (-entry[1].total(), entry[0]))
    )


def _about(author: str, closing: Sequence[str]) -> str:
    """The text at the end of an issue that begins with a name, or has it near its beginning; "" if there is none."""
    plain = ((text, _MARKS.sub("", text)) for text in closing)
    return next((text for text, words in plain if len(words) >= _SHORTEST and author in words[:_NEAR]), "")
