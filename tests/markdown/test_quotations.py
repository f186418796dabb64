from __future__ import annotations

import pytest

from newsletter.model import List, Quotation
from tests.markdown.reading import Read, short_text


@pytest.mark.parametrize(
    ("text", "attribution"),
    [
        ("> To be.\n> — Hamlet", "Hamlet"),
        ("> To be.\n>\n> – *Hamlet*, [act 3](x)", "*Hamlet*, [act 3](x)"),
        ("> To be.\n> ― Hamlet", "Hamlet"),
        ("> To be.\n> -- Hamlet", "Hamlet"),
        ("> To be.\n> - Hamlet", "Hamlet"),
        ("> To be.\n> —Hamlet", "Hamlet"),
        ("> To be,  \n> or not.\n> ——哈姆雷特", "哈姆雷特"),
        ("> - To be\n> - not to be\n> — Hamlet", "Hamlet"),
        ("> ## To be\n>\n> — Hamlet", "Hamlet"),
        ("> To be.\n— Hamlet", "Hamlet"),
    ],
)
def test_a_last_line_that_begins_with_a_dash_is_the_attribution(text, attribution):
    quotation = Read(text).block
    assert short_text(quotation.attribution) == attribution
    assert quotation.blocks


@pytest.mark.parametrize(
    "text",
    [
        *("> — Hamlet", "> — Who's there?\n> — Nay, answer me.", "> To be.\n>\n> - or\n> - not", "> To be — Hamlet"),
        *("> To be.\n>\n> - Hamlet", "> To be.\n> * Hamlet", "> To be.\n> - Hamlet\n>\n>   and more", "> To be.\n> —"),
        *("> - a\n>   — b", "> To be.\n> - [ ] Hamlet"),
    ],
)
def test_other_dashes_are_text(text):
    quotation = Read(text).block
    assert isinstance(quotation, Quotation)
    assert quotation.attribution == ()


def test_the_text_ends_before_the_attribution():
    quotation = Read("> One **two**\n> three\n> — Me").block
    assert short_text(quotation.blocks[0].inlines) == "One **two** / three"


def test_a_quotation_in_a_quotation_has_its_own_attribution():
    outer = Read("> > a\n> > — Inner\n>\n> — Outer").block
    assert short_text(outer.attribution) == "Outer"
    assert short_text(outer.blocks[0].attribution) == "Inner"


def test_a_list_that_is_not_an_attribution_keeps_its_entries():
    quotation = Read("> To be.\n>\n> - or\n> - not").block
    entries = quotation.blocks[1]
    assert isinstance(entries, List)
    assert len(entries.items) == 2
