"""Editions: an issue without the content for others, and without needless remains."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.editions import OUTPUTS, Readers, edition_of, for_readers, has_limits, is_for_some_readers, limit_from
from newsletter.editions.rewriting import anchors_of
from newsletter.model import Directive, FootnoteReference, Link, List
from newsletter.walk import blocks_text, plain_text, walk_blocks, walk_inlines
from tests.markdown.reading import Read, short_text


def filtered(source, *, paid=False, output="", limits=()):
    """The edition as short lines: `## Section`, `### 1. Item`, paragraphs, `[1] note`."""
    issue = for_readers(Read(source).issue, paid=paid, output=output, limits=limits)
    lines = [*_lines(issue.opening)]
    for section in issue.sections:
        lines += [f"## {short_text(section.title)}", *_lines(section.blocks)]
        for item in section.items:
            number = f"{item.number}. " if item.number is not None else ""
            lines += [f"### {number}{short_text(item.title)}", *_lines(item.blocks)]
    lines += [f"[{note.number}/{note.references}] {blocks_text(note.blocks)}" for note in issue.footnotes]
    return lines


def _lines(blocks):
    for block in blocks:
        if isinstance(block, Directive):
            yield f"{block.name}({short_text(block.argument)}): {blocks_text(block.blocks)}"
        elif hasattr(block, "inlines"):
            yield short_text(block.inlines)
        else:
            yield f"{type(block).__name__}: {blocks_text((block,))}"


def test_an_issue_without_limits_is_the_same_for_all():
    issue = Read("a[^1]\n\n## S\n\n### 1. I\n\nb\n\n[^1]: note").issue
    assert not has_limits(issue)
    assert for_readers(issue, paid=False) is for_readers(issue, paid=True, output="web") is issue


def test_paid_content_is_only_for_paying_readers():
    source = "a\n\n::: only paid\nb\n:::\n\nc"
    assert filtered(source) == ["a", "c"]
    assert filtered(source, paid=True) == ["a", "b", "c"]


def test_public_outputs_are_always_the_free_edition():
    source = "a\n\n::: only paid\nb\n:::\n\n::: only free\nc\n:::"
    for output in ("web", "feed"):
        assert filtered(source, paid=True, output=output) == ["a", "c"]


def test_a_teaser_is_for_free_readers():
    source = "a\n\n::: only free\nb\n:::"
    assert (filtered(source), filtered(source, paid=True)) == (["a", "b"], ["a"])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("paid", "email* text*"),
        ("free", "email text web feed"),
        ("paid free", "email text web feed email* text*"),
        ("email", "email text email* text*"),
        ("text", "text text*"),
        ("email paid", "email* text*"),
        ("paid, email", "email* text*"),
        ("EMAIL Paid", "email* text*"),
        ("web paid", ""),
        ("web free", "web"),
        ("web feed", "web feed"),
        ("payed", "email* text*"),
        ("web payed", ""),
        ("", "email* text*"),
        ("free members", "email* text*"),
    ],
)
def test_outputs_and_readers_are_both_required(names, expected):
    source = f"::: only {names}\nx\n:::"
    free = [output for output in ("email", "text", "web", "feed") if filtered(source, output=output)]
    paid = [f"{output}*" for output in ("email", "text") if filtered(source, paid=True, output=output)]
    assert " ".join((*free, *paid)) == expected


def test_nested_limits_both_apply():
    source = "::: only paid\na\n\n::: only email\nb\n:::\n:::"
    assert filtered(source, output="email") == []
    assert filtered(source, paid=True, output="email") == ["a", "b"]
    assert filtered("::: only paid\n::: only free\na\n:::\n:::", paid=True) == []


def test_without_an_output_only_limits_to_readers_are_applied():
    source = "::: only email paid\na\n:::\n\n::: only web\nb\n:::"
    assert filtered(source, paid=True) == ["only(email): a", "only(web): b"]
    assert filtered(source) == ["only(web): b"]


# ── Related changes ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_emptied_containers_are_removed():
    paid = "::: only paid\n{0}x\n{0}:::"
    assert filtered(f"a\n\n## Empty\n\n{paid.format('')}\n\n## Kept\n\nb") == ["a", "## Kept", "b"]
    assert filtered("- a\n\n  ::: only paid\n  b\n  :::\n- ::: only paid\n  c\n  :::") == ["List: a\n\n"]
    assert filtered("> ::: only paid\n> a\n> :::\n\nb") == ["b"]
    assert filtered("::: callout Title\n::: only paid\na\n:::\n:::\n\nb") == ["b"]
    assert filtered("a\n\n#### Sub\n\n##### Deeper\n\n::: only paid\nb\n:::\n\n#### Other\n\nc") == ["a", "Other", "c"]


def test_originally_empty_parts_are_kept():
    assert filtered("## Empty\n\n## Other\n\na\n\n::: only paid\nb\n:::") == ["## Empty", "## Other", "a"]


def test_an_event_keeps_its_fields_without_its_text():
    assert filtered("::: event A walk\ndate: 2026-05-01\n\n::: only paid\na\n:::\n:::") == ["event(A walk): "]


def test_needless_thematic_breaks_are_removed():
    assert filtered("a\n\n---\n\n::: only paid\nb\n:::\n\n---\n\nc") == ["a", "ThematicBreak: ", "c"]
    assert filtered("a\n\n---\n\n::: only paid\nb\n:::") == ["a"]
    assert filtered("::: only paid\nb\n:::\n\n---\n\na") == ["a"]


def test_numbered_items_are_renumbered():
    source = "## News\n\n### 1. A\n\na\n\n::: only paid\n### 2. B\n\nb\n:::\n\n### 3. C\n\nc"
    assert filtered(source) == ["## News", "### 1. A", "a", "### 2. C", "c"]
    assert filtered(source, paid=True)[-2:] == ["### 3. C", "c"]
    years = "## News\n\n### 2019. A\n\na\n\n### 2024. B\n\n::: only paid\nb\n:::\n\n### 2025. C\n\nc"
    assert filtered(years)[-2:] == ["### 2025. C", "c"]


def test_footnotes_are_renumbered_and_unused_ones_removed():
    source = "a[^p]\n\n::: only paid\nb[^q][^p]\n:::\n\nc[^r][^p]\n\n[^p]: P[^s]\n[^q]: Q\n[^r]: R\n[^s]: S"
    assert filtered(source) == ["a[^1.1]", "c[^2.1][^1.2]", "[1/2] P", "[2/1] R", "[3/1] S"]
    assert filtered(source, paid=True)[1] == "b[^2.1][^1.2]"


def test_a_footnote_may_have_paid_text():
    source = "a[^1] b[^2]\n\n[^1]: N\n\n    ::: only paid\n    more\n    :::\n[^2]: ::: only paid\n    all\n    :::"
    assert filtered(source) == ["a[^1.1] b", "[1/1] N"]
    assert filtered(source, paid=True) == ["a[^1.1] b[^2.1]", "[1/1] N\nmore", "[2/1] all"]


def test_a_complete_edition_keeps_its_numbers():
    source = "z[^b] a[^a]\n\n> q[^c] r[^b]\n\n| x[^d] |\n| --- |\n| y |\n\n::: only paid\nv\n:::\n\n[^a]: A[^e]\n[^b]: B\n[^c]: C\n[^d]: D\n[^e]: E"
    whole = Read(source).issue
    assert for_readers(whole, paid=True).footnotes == whole.footnotes


def test_links_to_removed_parts_become_text():
    source = "[see *below*](#more) and [top](#top)\n\n## Top\n\na\n\n::: only paid\n## More\n\nb\n:::"
    assert filtered(source)[0] == "see *below* and [top](#top)"
    assert filtered(source, paid=True)[0] == "[see *below*](#more) and [top](#top)"
    edition = edition_of(Read(source).issue, Readers())
    assert [link.href for link in edition.lost] == ["#more"]


def test_comments_and_definitions_are_not_in_an_edition():
    issue = for_readers(
        Read("<!-- secret -->a\n\n::: only paid\n[b][b]\n:::\n\n[b]: https://secret.example").issue, paid=False
    )
    assert (issue.notes, issue.definitions) == ((), ())


# ── Sections and items ──────────────────────────────────────────────────────────────────────────────────────────────


def test_only_may_contain_whole_sections_and_items():
    source = "a\n\n::: only paid\n## B\n\nb\n\n### 1. C\n\nc\n:::\n\n## D\n\nd"
    assert filtered(source) == ["a", "## D", "d"]
    assert filtered(source, paid=True) == ["a", "## B", "b", "### 1. C", "c", "## D", "d"]


def test_text_after_a_hidden_section_keeps_its_place():
    source = "## A\n\na\n\n::: only paid\n## B\n\nb\n:::\n\nc\n\n### I\n\ni"
    assert filtered(source, paid=True) == ["## A", "a", "## B", "b", "c", "### I", "i"]
    assert filtered(source) == ["## A", "a", "c", "### I", "i"]
    assert filtered("::: only paid\n## B\n\nb\n:::\n\nc\n\n### I\n\ni") == ["c", "I", "i"]
    assert filtered("## A\n\n### 1. I\n\ni\n\n::: only paid\n### 2. J\n\nj\n:::\n\nk") == ["## A", "### 1. I", "i", "k"]


def test_a_section_limited_by_the_house_format_is_removed_completely():
    limits = (None, limit_from("paid"))
    source = "## A\n\na\n\n## B\n\nb\n\n### I\n\ni"
    assert filtered(source, limits=limits) == ["## A", "a"]
    assert filtered(source, limits=limits, paid=True)[2:] == ["## B", "b", "### I", "i"]
    assert edition_of(Read(source).issue, Readers(), limits).kept == (0,)
    assert is_for_some_readers(Read(source).issue, limits)


# ── The paywall ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_below_a_paywall_is_for_paying_readers():
    source = "a\n\n## B\n\nb\n\n::: paywall\n\nc\n\n### I\n\ni\n\n## D\n\nd[^1]\n\n[^1]: note"
    assert filtered(source) == ["a", "## B", "b", "paywall(): "]
    assert filtered(source, paid=True)[2:] == ["b", "c", "### I", "i", "## D", "d[^1.1]", "[1/1] note"]


@pytest.mark.parametrize("wall", ["::: paywall\n:::", "::: paywall\n\n:::", "::: Paywall", ":::: paywall"])
def test_a_paywall_needs_no_end(wall):
    assert filtered(f"a\n\n{wall}\n\nb\n\n::: callout\nc\n:::\n\nd") == ["a", "paywall(): "]


def test_text_within_a_closed_paywall_is_below_it():
    assert filtered("a\n\n::: paywall\nb\n:::\n\nc") == ["a", "paywall(): "]


def test_text_for_free_readers_may_be_below_a_paywall():
    source = "a\n\n::: paywall\n\nb\n\n::: only free\nc\n:::\n\n## D\n\nd\n\n::: only free\ne\n:::"
    assert filtered(source) == ["a", "paywall(): ", "c", "e"]
    assert filtered(source, paid=True) == ["a", "b", "## D", "d"]


@pytest.mark.parametrize(
    "wall",
    ["- x\n\n  ::: paywall\n\n  y\n- z", "> x\n>\n> ::: paywall\n>\n> y", "::: callout T\nx\n\n::: paywall\n\ny\n:::"],
)
def test_a_nested_paywall_is_applied(wall):
    read = Read(f"a\n\n{wall}\n\nsecret\n\n## More secret\n\nsecret")
    issue = for_readers(read.issue, paid=False)
    text = blocks_text(walk_blocks(issue))
    assert "x" in text
    assert not {"y", "z", "secret"} & set(text.split())
    assert not issue.sections


@pytest.mark.parametrize("around", ["only paid", "only web", "only text"])
def test_a_paywall_in_text_for_others_is_applied(around):
    source = f"a\n\n::: {around}\n::: paywall\n:::\n\nb"
    assert filtered(source, output="email") == ["a", "paywall(): "]


def test_the_notice_is_at_the_place_of_the_paywall():
    issue = Read("a\n\n::: paywall\n\nb").issue
    edition = edition_of(issue, Readers(), call=lambda wall: (Directive("button", wall.argument),))
    assert [getattr(block, "name", "") for block in edition.issue.opening] == ["", "button"]


# ── Plain-text alternatives ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plain_text_alternative_is_beside_its_block():
    source = "::: only email web\n| a |\n| - |\n| b |\n:::\n\n::: only text\na is b\n:::\n\nc"
    assert filtered(source, output="text") == ["a is b", "c"]
    assert filtered(source, output="email") == ["Table: a\nb", "c"]
    assert filtered("::: only text\na\n:::\n\n::: only email\nb\n:::", output="text") == ["a"]


def test_without_an_alternative_the_plain_text_has_the_same_block():
    source = "::: only email\na\n:::\n\nb\n\n::: only text\nc\n:::"
    assert filtered(source, output="text") == ["a", "b", "c"]


def test_an_empty_alternative_removes_the_block_from_plain_text():
    assert filtered("::: only email\na\n:::\n::: only text\n:::\n\nb", output="text") == ["b"]


def test_an_alternative_has_the_audience_of_its_block():
    source = "::: only email\na\n:::\n\n::: only text paid\nb\n:::"
    assert filtered(source, output="text") == ["a"]
    assert filtered(source, paid=True, output="text") == ["b"]


# ── Mistakes and unusual syntax ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "::: only paid",
        ":::only paid",
        ":::: only  paid ::::",
        "   ::: only paid",
        "::: Only Paid",
        "::: onyl paid",
        "::: only **paid**",
        "::: only <!-- x -->paid",
        "::: only-paid",
        "::: paid",
        "::: premium",
        "::: {.members}",
        "::: for paid readers",
        "::: only [paid](x)",
        ":::\u00a0only\u00a0paid",
        "\u200b::: only paid\u200b",
        "\u3000\u3000:::\u3000only\u3000paid",
        "\ufeff::: only paid",
        "\u200f::: only paid",
        "::: no free",
        "::: except free readers",
        "::: hide",
        "::: subscribers",
        "::: members-only",
    ],
)
def test_a_typo_does_not_leak_paid_text(line):
    for before in ("", "text\n", "- item\n", "> quote\n", "| a |\n| - |\n", "# heading\n", "[a]: b\n"):
        assert "secret" not in " ".join(filtered(f"{before}{line}\nsecret\n\n- secret\n")), before


def test_too_deep_nesting_does_not_leak_paid_text():
    deep = "".join("  " * depth + "- a\n\n" for depth in range(40))
    read = Read(f"{deep}{'  ' * 40}::: only paid\n{'  ' * 40}secret\n{'  ' * 40}:::\n")
    issue = for_readers(read.issue, paid=False)
    assert "secret" not in blocks_text(issue.opening)
    nested = "".join(f"::: callout {depth}\n" for depth in range(80))
    read = Read(f"{nested}\n::: only paid\nsecret\n:::\n")
    assert "secret" not in blocks_text(for_readers(read.issue, paid=False).opening)


@pytest.mark.parametrize("where", ["- item\n  {}\n", "> quote\n> {}\n", "1. a\n   - b\n     {}\n"])
def test_an_unclosed_directive_in_a_container_does_not_leak_paid_text(where):
    source = where.format("::: only paid") + "secret\n:::\n\nsecret"
    assert "secret" not in " ".join(filtered(source))
    assert filtered(source, paid=True)[-1] == "secret"
    read = Read(source)
    assert "To be safe, it continues to the end of the issue." in read.findings[0].advice
    assert "secret" in " ".join(filtered(where.format("::: only web") + "secret", output="email"))


def test_differing_numbers_of_colons_do_not_leak_paid_text():
    source = "::: only paid\n:::: callout a\nb\n:::\nsecret\n::::\nsecret"
    assert "secret" not in " ".join(filtered(source))
    assert filtered(":::: only paid\n::: callout a\nb\n::::\nfree")[-1] == "free"


def test_a_note_in_a_paid_part_is_paid():
    source = "a[^1]\n\n::: only paid\nb[^1]\n\n[^1]: secret\n:::\n"
    assert filtered(source) == ["a"]
    assert filtered(source, paid=True) == ["a[^1.1]", "b[^1.2]", "[1/2] secret"]
    assert filtered(source.replace("only paid", "only email")) == ["a[^1.1]", "only(email): b", "[1/2] secret"]
    unused = "a\n\n- ::: only paid\n  b\n\n  [^1]: secret\n  :::\n"
    assert "secret" not in " ".join(filtered(unused))
    assert "secret" in " ".join(filtered(unused, paid=True))


def test_notes_at_the_end_have_the_audience_of_their_references():
    source = "a[^1]\n\n::: paywall\n\nb[^2]\n\n[^1]: note\n[^2]: secret"
    assert filtered(source) == ["a[^1.1]", "paywall(): ", "[1/1] note"]


def test_a_paywall_in_a_note_holds_back_the_whole_issue():
    assert filtered("a[^1]\n\n[^1]: b\n\n    ::: paywall\n\nsecret") == []


def test_titles_of_items_stay_links():
    issue = for_readers(
        Read("## N\n\n### [A](https://a.example)[^1]\n\nb\n\n::: only paid\nc\n:::\n\n[^1]: n").issue, paid=False
    )
    (item,) = issue.sections[0].items
    assert item.link is not None
    assert isinstance(item.title[0], Link)
    assert plain_text(item.title) == "A"
    assert [inline.number for inline in walk_inlines(issue) if hasattr(inline, "occurrence")] == [1]


def test_a_filtered_list_has_consecutive_numbers():
    issue = for_readers(Read("3. a\n4. ::: only paid\n   b\n   :::\n5. c").issue, paid=False)
    (block,) = issue.opening
    assert isinstance(block, List)
    assert (block.start, len(block.items)) == (3, 2)


# ── Any text ─────────────────────────────────────────────────────────────────────────────────────────────

LINES = st.lists(
    st.sampled_from(
        [
            "a[^1]",
            "b[^2] [c](#c)",
            "## c",
            "### 1. d",
            "### 2. e",
            "#### c",
            "- f",
            "  g",
            "> h",
            "::: only paid",
            "::: only free",
            "::: only web",
            "::: only text email",
            "::: callout i",
            ":::",
            "::::",
            ":::: only paid",
            "::: paywall",
            "---",
            "[^1]: j[^2]",
            "[^2]: k",
            "    l",
            "",
            "",
            "| m |\n| - |\n| n[^1] |",
        ]
    ),
    max_size=24,
).map("\n".join)


@given(LINES, st.booleans(), st.sampled_from(OUTPUTS))
def test_the_edition_of_any_text_is_consistent(source, paid, output):
    whole = Read(source).issue
    issue = for_readers(whole, paid=paid, output=output)
    assert not [block for block in walk_blocks(issue) if isinstance(block, Directive) and block.name == "only"]
    assert [note.number for note in issue.footnotes] == [*range(1, len(issue.footnotes) + 1)]
    seen = {note.number: 0 for note in issue.footnotes}
    for inline in walk_inlines(issue):
        if isinstance(inline, FootnoteReference):
            seen[inline.number] += 1
            assert inline.occurrence == seen[inline.number] or issue is whole
        if isinstance(inline, Link):
            assert inline.href.removeprefix("#") in set(anchors_of(issue)) | {"c"} - set(anchors_of(whole))
    assert all(seen[note.number] == note.references > 0 for note in issue.footnotes)
    walls = [block for block in walk_blocks(issue) if isinstance(block, Directive) and block.name == "paywall"]
    assert len(walls) <= (0 if Readers(paid, output).pay else 1)
