"""Findings are sorted once, and merging keeps the order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.diagnostics import Diagnostic, in_order, merged
from newsletter.model import Span

FINDINGS = st.builds(
    lambda path, start, code, message, about: Diagnostic(path, Span(start, start), code, message, about=about),
    st.sampled_from(("issues/a.md", "issues/b.md", "templates/letter/snippets/s.md")),
    st.integers(0, 3),
    st.sampled_from(("ST101", "FG101")),
    st.sampled_from(("one", "other")),
    st.sampled_from(((), ("sections", "news"), ("words",))),
)


@given(st.lists(st.lists(FINDINGS, max_size=6), max_size=4))
def test_merging_findings_of_several_issues_equals_sorting_them_together(several: list[list[Diagnostic]]) -> None:
    assert merged(map(in_order, several)) == in_order(found for each in several for found in in_order(each))


def test_sorted_findings_are_not_sorted_again() -> None:
    found = in_order([Diagnostic("b", Span(1, 1), "ST101", "one"), Diagnostic("a", Span(1, 1), "ST101", "one")])
    assert [one.path for one in found] == ["a", "b"]
    assert in_order(found) is found
