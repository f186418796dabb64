"""The table of directives: one for each name that can be written."""

from __future__ import annotations

from newsletter.markdown.directives import NAMES
from newsletter.render.directives.only import OPENED
from newsletter.render.directives.table import DIRECTIVES


def test_every_directive_that_can_be_written_has_its_forms():
    assert {*DIRECTIVES, *OPENED} == set(NAMES)


def test_a_directive_has_a_form_of_its_own_or_none():
    assert not OPENED & DIRECTIVES.keys()
