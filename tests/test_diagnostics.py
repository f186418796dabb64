"""Findings in order: sorted once, and merged as if they were sorted together."""

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
def test_findings_of_several_issues_merge_as_if_they_were_sorted_together(several: list[list[Diagnostic]]) -> None:
    assert merged(map(in_order, several)) == in_order(found for each in several for found in in_order(each))


def test_what_is_in_order_is_not_sorted_again() -> None:
    found = in_order([Diagnostic("b", Span(1, 1), "ST101", "one"), Diagnostic("a", Span(1, 1), "ST101", "one")])
    assert [one.path for one in found] == ["a", "b"]
    assert in_order(found) is found
