"""The table of directives has one row for each name."""

from __future__ import annotations

from newsletter.markdown.directives import NAMES
from newsletter.render.directives.only import OPENED
from newsletter.render.directives.table import DIRECTIVES


def test_every_directive_name_has_forms():
    assert {*DIRECTIVES, *OPENED} == set(NAMES)


def test_directives_that_open_others_have_no_own_forms():
    assert not OPENED & DIRECTIVES.keys()
