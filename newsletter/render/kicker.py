"""The small line above a title: in `Dams: The Klamath runs free again`, the category, with the title under it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model import Link, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Inline

_COLON = re.compile(r":(?:\s+|$)|：")


def split_title(title: Sequence[Inline]) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """`Book of the month: China Incorporated` as the kicker and the work; all as the kicker if there is no colon."""
    for index, inline in enumerate(title):
        before, after = tuple(title[:index]), tuple(title[index + 1 :])
        if isinstance(inline, Link):
            kicker, work = split_title(inline.inlines)
            if work:
                return (*before, *kicker), (replace(inline, inlines=work), *after)
        elif isinstance(inline, Text) and (colon := _COLON.search(inline.text)):
            rest = inline.text[colon.end() :]
            return (*before, Text(inline.text[: colon.start()])), (*((Text(rest),) if rest else ()), *after)
    return tuple(title), ()


def split_category(title: Sequence[Inline], *, labelled: bool) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """The category of a story and its title; no category where stories have none, or where nothing follows the colon."""
    category, rest = split_title(title) if labelled else ((), tuple(title))
    return (category, rest) if rest else ((), tuple(title))
