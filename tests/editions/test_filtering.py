"""What readers get of an issue: the whole, without what is for others, and without what then stands there for nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.editions import OUTPUTS, Readers, edition_of, for_readers, has_limits, is_for_some_readers, limit_from
from newsletter.editions.rewriting import anchors_of
from newsletter.model import Directive, FootnoteReference, Link, List
from newsletter.walk import blocks_text, plain_text, walk_blocks, walk_inlines
from tests.markdown.reading import Read, short_text


def shown(source, *, paid=False, output="", limits=()):
    """What is left, as short lines: `## Section`, `### 1. Item`, paragraphs, `[1] note`."""
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


def test_what_is_for_paying_readers_is_for_nobody_else():
    source = "a\n\n::: only paid\nb\n:::\n\nc"
    assert shown(source) == ["a", "c"]
    assert shown(source, paid=True) == ["a", "b", "c"]


def test_the_public_outputs_are_the_free_edition_whoever_asks():
    source = "a\n\n::: only paid\nb\n:::\n\n::: only free\nc\n:::"
    for output in ("web", "feed"):
        assert shown(source, paid=True, output=output) == ["a", "c"]


def test_a_teaser_is_for_those_who_do_not_pay():
    source = "a\n\n::: only free\nb\n:::"
    assert (shown(source), shown(source, paid=True)) == (["a", "b"], ["a"])


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
def test_outputs_and_readers_that_are_named_limit_each_other(names, expected):
    source = f"::: only {names}\nx\n:::"
    free = [output for output in ("email", "text", "web", "feed") if shown(source, output=output)]
    paid = [f"{output}*" for output in ("email", "text") if shown(source, paid=True, output=output)]
    assert " ".join((*free, *paid)) == expected


def test_limits_within_limits_both_hold():
    source = "::: only paid\na\n\n::: only email\nb\n:::\n:::"
    assert shown(source, output="email") == []
    assert shown(source, paid=True, output="email") == ["a", "b"]
    assert shown("::: only paid\n::: only free\na\n:::\n:::", paid=True) == []


def test_without_an_output_the_limits_to_outputs_stay_and_those_to_readers_do_not():
    source = "::: only email paid\na\n:::\n\n::: only web\nb\n:::"
    assert shown(source, paid=True) == ["only(email): a", "only(web): b"]
    assert shown(source) == ["only(web): b"]


# ── What goes along ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_left_empty_goes():
    paid = "::: only paid\n{0}x\n{0}:::"
    assert shown(f"a\n\n## Empty\n\n{paid.format('')}\n\n## Kept\n\nb") == ["a", "## Kept", "b"]
    assert shown("- a\n\n  ::: only paid\n  b\n  :::\n- ::: only paid\n  c\n  :::") == ["List: a\n\n"]
    assert shown("> ::: only paid\n> a\n> :::\n\nb") == ["b"]
    assert shown("::: callout Title\n::: only paid\na\n:::\n:::\n\nb") == ["b"]
    assert shown("a\n\n#### Sub\n\n##### Deeper\n\n::: only paid\nb\n:::\n\n#### Other\n\nc") == ["a", "Other", "c"]


def test_what_was_empty_before_stays():
    assert shown("## Empty\n\n## Other\n\na\n\n::: only paid\nb\n:::") == ["## Empty", "## Other", "a"]


def test_an_event_says_when_and_where_even_without_its_text():
    assert shown("::: event A walk\ndate: 2026-05-01\n\n::: only paid\na\n:::\n:::") == ["event(A walk): "]


def test_rules_that_no_longer_part_anything_go():
    assert shown("a\n\n---\n\n::: only paid\nb\n:::\n\n---\n\nc") == ["a", "ThematicBreak: ", "c"]
    assert shown("a\n\n---\n\n::: only paid\nb\n:::") == ["a"]
    assert shown("::: only paid\nb\n:::\n\n---\n\na") == ["a"]


def test_items_are_counted_anew_where_they_were_counted():
    source = "## News\n\n### 1. A\n\na\n\n::: only paid\n### 2. B\n\nb\n:::\n\n### 3. C\n\nc"
    assert shown(source) == ["## News", "### 1. A", "a", "### 2. C", "c"]
    assert shown(source, paid=True)[-2:] == ["### 3. C", "c"]
    years = "## News\n\n### 2019. A\n\na\n\n### 2024. B\n\n::: only paid\nb\n:::\n\n### 2025. C\n\nc"
    assert shown(years)[-2:] == ["### 2025. C", "c"]


def test_footnotes_are_counted_anew_and_those_of_others_go():
    source = "a[^p]\n\n::: only paid\nb[^q][^p]\n:::\n\nc[^r][^p]\n\n[^p]: P[^s]\n[^q]: Q\n[^r]: R\n[^s]: S"
    assert shown(source) == ["a[^1.1]", "c[^2.1][^1.2]", "[1/2] P", "[2/1] R", "[3/1] S"]
    assert shown(source, paid=True)[1] == "b[^2.1][^1.2]"


def test_a_footnote_may_say_more_to_those_who_pay():
    source = "a[^1] b[^2]\n\n[^1]: N\n\n    ::: only paid\n    more\n    :::\n[^2]: ::: only paid\n    all\n    :::"
    assert shown(source) == ["a[^1.1] b", "[1/1] N"]
    assert shown(source, paid=True) == ["a[^1.1] b[^2.1]", "[1/1] N\nmore", "[2/1] all"]


def test_numbers_are_those_of_the_whole_where_all_of_it_is_got():
    source = "z[^b] a[^a]\n\n> q[^c] r[^b]\n\n| x[^d] |\n| --- |\n| y |\n\n::: only paid\nv\n:::\n\n[^a]: A[^e]\n[^b]: B\n[^c]: C\n[^d]: D\n[^e]: E"
    whole = Read(source).issue
    assert for_readers(whole, paid=True).footnotes == whole.footnotes


def test_links_to_what_is_gone_become_text():
    source = "[see *below*](#more) and [top](#top)\n\n## Top\n\na\n\n::: only paid\n## More\n\nb\n:::"
    assert shown(source)[0] == "see *below* and [top](#top)"
    assert shown(source, paid=True)[0] == "[see *below*](#more) and [top](#top)"
    edition = edition_of(Read(source).issue, Readers())
    assert [link.href for link in edition.lost] == ["#more"]


def test_comments_and_definitions_are_not_in_an_edition():
    issue = for_readers(
        Read("<!-- secret -->a\n\n::: only paid\n[b][b]\n:::\n\n[b]: https://secret.example").issue, paid=False
    )
    assert (issue.notes, issue.definitions) == ((), ())


# ── Sections and items ──────────────────────────────────────────────────────────────────────────────────────────────


def test_whole_sections_and_items_may_stand_in_only():
    source = "a\n\n::: only paid\n## B\n\nb\n\n### 1. C\n\nc\n:::\n\n## D\n\nd"
    assert shown(source) == ["a", "## D", "d"]
    assert shown(source, paid=True) == ["a", "## B", "b", "### 1. C", "c", "## D", "d"]


def test_what_follows_a_section_of_others_without_a_heading_comes_where_it_stands():
    source = "## A\n\na\n\n::: only paid\n## B\n\nb\n:::\n\nc\n\n### I\n\ni"
    assert shown(source, paid=True) == ["## A", "a", "## B", "b", "c", "### I", "i"]
    assert shown(source) == ["## A", "a", "c", "### I", "i"]
    assert shown("::: only paid\n## B\n\nb\n:::\n\nc\n\n### I\n\ni") == ["c", "I", "i"]
    assert shown("## A\n\n### 1. I\n\ni\n\n::: only paid\n### 2. J\n\nj\n:::\n\nk") == ["## A", "### 1. I", "i", "k"]


def test_a_section_that_the_house_keeps_for_others_goes_as_a_whole():
    limits = (None, limit_from("paid"))
    source = "## A\n\na\n\n## B\n\nb\n\n### I\n\ni"
    assert shown(source, limits=limits) == ["## A", "a"]
    assert shown(source, limits=limits, paid=True)[2:] == ["## B", "b", "### I", "i"]
    assert edition_of(Read(source).issue, Readers(), limits).kept == (0,)
    assert is_for_some_readers(Read(source).issue, limits)


# ── The paywall ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_below_a_paywall_is_for_paying_readers():
    source = "a\n\n## B\n\nb\n\n::: paywall\n\nc\n\n### I\n\ni\n\n## D\n\nd[^1]\n\n[^1]: note"
    assert shown(source) == ["a", "## B", "b", "paywall(): "]
    assert shown(source, paid=True)[2:] == ["b", "c", "### I", "i", "## D", "d[^1.1]", "[1/1] note"]


@pytest.mark.parametrize("wall", ["::: paywall\n:::", "::: paywall\n\n:::", "::: Paywall", ":::: paywall"])
def test_a_paywall_needs_no_end(wall):
    assert shown(f"a\n\n{wall}\n\nb\n\n::: callout\nc\n:::\n\nd") == ["a", "paywall(): "]


def test_what_somebody_puts_between_a_paywall_and_its_end_is_below_it():
    assert shown("a\n\n::: paywall\nb\n:::\n\nc") == ["a", "paywall(): "]


def test_those_who_do_not_pay_can_be_spoken_to_below_it():
    source = "a\n\n::: paywall\n\nb\n\n::: only free\nc\n:::\n\n## D\n\nd\n\n::: only free\ne\n:::"
    assert shown(source) == ["a", "paywall(): ", "c", "e"]
    assert shown(source, paid=True) == ["a", "b", "## D", "d"]


@pytest.mark.parametrize(
    "wall",
    ["- x\n\n  ::: paywall\n\n  y\n- z", "> x\n>\n> ::: paywall\n>\n> y", "::: callout T\nx\n\n::: paywall\n\ny\n:::"],
)
def test_a_paywall_counts_wherever_it_stands(wall):
    read = Read(f"a\n\n{wall}\n\nsecret\n\n## More secret\n\nsecret")
    issue = for_readers(read.issue, paid=False)
    text = blocks_text(walk_blocks(issue))
    assert "x" in text
    assert not {"y", "z", "secret"} & set(text.split())
    assert not issue.sections


@pytest.mark.parametrize("around", ["only paid", "only web", "only text"])
def test_a_paywall_in_what_others_get_counts_too(around):
    source = f"a\n\n::: {around}\n::: paywall\n:::\n\nb"
    assert shown(source, output="email") == ["a", "paywall(): "]


def test_the_call_stands_where_the_paywall_was():
    issue = Read("a\n\n::: paywall\n\nb").issue
    edition = edition_of(issue, Readers(), call=lambda wall: (Directive("button", wall.argument),))
    assert [getattr(block, "name", "") for block in edition.issue.opening] == ["", "button"]


# ── Text said otherwise ─────────────────────────────────────────────────────────────────────────────────────────────


def test_what_the_plain_text_says_instead_stands_beside_it():
    source = "::: only email web\n| a |\n| - |\n| b |\n:::\n\n::: only text\na is b\n:::\n\nc"
    assert shown(source, output="text") == ["a is b", "c"]
    assert shown(source, output="email") == ["Table: a\nb", "c"]
    assert shown("::: only text\na\n:::\n\n::: only email\nb\n:::", output="text") == ["a"]


def test_the_plain_text_says_the_same_where_nothing_stands_beside_it():
    source = "::: only email\na\n:::\n\nb\n\n::: only text\nc\n:::"
    assert shown(source, output="text") == ["a", "b", "c"]


def test_an_empty_text_says_nothing_in_its_place():
    assert shown("::: only email\na\n:::\n::: only text\n:::\n\nb", output="text") == ["b"]


def test_what_stands_in_for_something_is_for_the_same_readers():
    source = "::: only email\na\n:::\n\n::: only text paid\nb\n:::"
    assert shown(source, output="text") == ["a"]
    assert shown(source, paid=True, output="text") == ["b"]


# ── However it is written ───────────────────────────────────────────────────────────────────────────────────────────


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
def test_a_slip_of_the_pen_gives_nothing_away(line):
    for before in ("", "text\n", "- item\n", "> quote\n", "| a |\n| - |\n", "# heading\n", "[a]: b\n"):
        assert "secret" not in " ".join(shown(f"{before}{line}\nsecret\n\n- secret\n")), before


def test_what_is_nested_too_deep_to_be_read_gives_nothing_away():
    deep = "".join("  " * depth + "- a\n\n" for depth in range(40))
    read = Read(f"{deep}{'  ' * 40}::: only paid\n{'  ' * 40}secret\n{'  ' * 40}:::\n")
    issue = for_readers(read.issue, paid=False)
    assert "secret" not in blocks_text(issue.opening)
    nested = "".join(f"::: callout {depth}\n" for depth in range(80))
    read = Read(f"{nested}\n::: only paid\nsecret\n:::\n")
    assert "secret" not in blocks_text(for_readers(read.issue, paid=False).opening)


@pytest.mark.parametrize("where", ["- item\n  {}\n", "> quote\n> {}\n", "1. a\n   - b\n     {}\n"])
def test_what_is_cut_off_by_the_end_of_what_it_stands_in_gives_nothing_away(where):
    source = where.format("::: only paid") + "secret\n:::\n\nsecret"
    assert "secret" not in " ".join(shown(source))
    assert shown(source, paid=True)[-1] == "secret"
    read = Read(source)
    assert "To be safe, it continues to the end of the issue." in read.findings[0].advice
    assert "secret" in " ".join(shown(where.format("::: only web") + "secret", output="email"))


def test_where_colons_may_be_counted_or_not_nothing_is_given_away():
    source = "::: only paid\n:::: callout a\nb\n:::\nsecret\n::::\nsecret"
    assert "secret" not in " ".join(shown(source))
    assert shown(":::: only paid\n::: callout a\nb\n::::\nfree")[-1] == "free"


def test_a_note_that_is_written_in_a_part_for_paying_readers_is_for_them():
    source = "a[^1]\n\n::: only paid\nb[^1]\n\n[^1]: secret\n:::\n"
    assert shown(source) == ["a"]
    assert shown(source, paid=True) == ["a[^1.1]", "b[^1.2]", "[1/2] secret"]
    assert shown(source.replace("only paid", "only email")) == ["a[^1.1]", "only(email): b", "[1/2] secret"]
    unused = "a\n\n- ::: only paid\n  b\n\n  [^1]: secret\n  :::\n"
    assert "secret" not in " ".join(shown(unused))
    assert "secret" in " ".join(shown(unused, paid=True))


def test_notes_at_the_end_of_the_letter_are_for_who_reads_their_number_whatever_stands_above_them():
    source = "a[^1]\n\n::: paywall\n\nb[^2]\n\n[^1]: note\n[^2]: secret"
    assert shown(source) == ["a[^1.1]", "paywall(): ", "[1/1] note"]


def test_a_paywall_in_a_note_holds_back_the_whole_letter():
    assert shown("a[^1]\n\n[^1]: b\n\n    ::: paywall\n\nsecret") == []


def test_titles_of_items_stay_links():
    issue = for_readers(
        Read("## N\n\n### [A](https://a.example)[^1]\n\nb\n\n::: only paid\nc\n:::\n\n[^1]: n").issue, paid=False
    )
    (item,) = issue.sections[0].items
    assert item.link is not None
    assert isinstance(item.title[0], Link)
    assert plain_text(item.title) == "A"
    assert [inline.number for inline in walk_inlines(issue) if hasattr(inline, "occurrence")] == [1]


def test_a_list_keeps_its_numbers_running():
    issue = for_readers(Read("3. a\n4. ::: only paid\n   b\n   :::\n5. c").issue, paid=False)
    (block,) = issue.opening
    assert isinstance(block, List)
    assert (block.start, len(block.items)) == (3, 2)


# ── Whatever is written ─────────────────────────────────────────────────────────────────────────────────────────────

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
def test_an_edition_hangs_together_whatever_was_written(source, paid, output):
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
