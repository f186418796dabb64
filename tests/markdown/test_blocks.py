from __future__ import annotations

import pytest

from newsletter.model import CodeBlock, List, Paragraph, Quotation, Table, ThematicBreak
from newsletter.walk import plain_text, walk_blocks, walk_inlines
from tests.markdown.reading import Read, short_text


def test_footnotes_are_numbered_in_the_order_of_their_references():
    read = Read("a[^b] c[^a] d[^b]\n\n[^a]: Note *a*[^c]\n[^b]: Note b\n\n    - more\n\n[^c]: Note c\n")
    assert short_text(read.block.inlines) == "a[^1.1] c[^2.1] d[^1.2]"
    assert [(note.label, note.number, note.references) for note in read.issue.footnotes] == [
        *(("b", 1, 2), ("a", 2, 1), ("c", 3, 1)),
    ]
    assert [type(block).__name__ for block in read.issue.footnotes[0].blocks] == ["Paragraph", "List"]
    assert short_text(read.issue.footnotes[1].blocks[0].inlines) == "Note *a*[^3.1]"
    assert read.cut(read.issue.footnotes[0].span) == "[^b]: Note b\n\n    - more"


def test_a_footnote_may_be_written_inline():
    read = Read("a^[Note *b* [c](d)] e")
    assert short_text(read.block.inlines) == "a[^1.1] e"
    (note,) = read.issue.footnotes
    assert short_text(note.blocks[0].inlines) == "Note *b* [c](d)"
    assert read.cut(note.span) == "^[Note *b* [c](d)]"


def test_a_reference_without_footnote_stays_text():
    read = Read("a[^b] and[^note]\n\n[^notes]: x\n")
    assert short_text(read.blocks[0].inlines) == "a[^b] and[^note]"
    assert [(code, cut) for code, _, _, cut in read.found()] == [
        ("ST130", "[^b]"),
        ("ST130", "[^note]"),
        ("ST129", "[^notes]"),
    ]
    assert "Did you mean `notes`?" in read.findings[1].advice


def test_an_unused_footnote_stays_text():
    read = Read("a\n\n[^b]: Note *b*\n\n    more\n\nc\n\n## S\n")
    assert [short_text(block.inlines) for block in read.blocks] == ["a", "[^b]: Note *b*", "more", "c"]
    assert read.found() == [("ST129", 3, 1, "[^b]")]
    assert not read.issue.footnotes


def test_a_footnote_that_is_kept_as_text_may_refer_to_others():
    read = Read("a\n\n[^b]: B[^c]\n[^c]: C\n")
    assert [short_text(block.inlines) for block in read.blocks] == ["a", "[^b]: B[^1.1]"]
    assert [short_text(note.blocks[0].inlines) for note in read.issue.footnotes] == ["C"]


def test_a_footnote_may_be_defined_inside_another():
    read = Read("a[^c] b[^b]\n\n[^b]: B\n\n    [^c]: C\n\n    D\n")
    assert [short_text(note.blocks[0].inlines) for note in read.issue.footnotes] == ["C", "B"]
    assert len(read.issue.footnotes[1].blocks) == 2
    assert read.findings == ()


def test_of_two_footnotes_with_one_label_both_are_kept():
    read = Read("a[^b]\n\n[^b]: One\n[^b]: Two\n")
    assert [short_text(note.blocks[0].inlines) for note in read.issue.footnotes] == ["One"]
    assert short_text(read.blocks[1].inlines) == "[^b]: Two"
    assert read.found() == [("ST129", 4, 1, "[^b]")]


def test_lists_have_their_kind_start_and_tightness():
    tight, loose = Read("3. a\n4. b\n\n<!-- -->\n\n- c\n\n- d\n").blocks
    assert (tight.ordered, tight.start, tight.tight) == (True, 3, True)
    assert (loose.ordered, loose.start, loose.tight) == (False, 1, False)


def test_a_loose_list_inside_a_tight_one_leaves_it_tight():
    outer = Read("- a\n  - b\n\n    c\n- d\n").block
    assert outer.tight
    assert not outer.items[0].blocks[1].tight


def test_tasks_are_ticked_or_not():
    entries = Read("- [x] a\n- [ ] *b*\n- [X] c\n- [] d\n- e\n").block
    assert [item.checked for item in entries.items] == [True, False, True, None, None]
    assert short_text(entries.items[1].blocks[0].inlines) == "*b*"


def test_list_items_have_their_position():
    read = Read("> 1. a\n>    b\n> 2. [x](y)\n>    - c\n")
    entries = next(block for block in walk_blocks(read.issue) if isinstance(block, List))
    assert [read.cut(item.span) for item in entries.items] == ["1. a\n>    b", "2. [x](y)\n>    - c"]


def test_tables_have_a_head_rows_and_alignments():
    read = Read("| a | b \\| c | |\n|:--|:-:|--:|\n| `x\\|y` | *z*\n| 1 | 2 | 3 | 4 |\n")
    table = read.block
    assert isinstance(table, Table)
    assert table.alignments == ("left", "center", "right")
    assert [short_text(cell.inlines) for cell in table.head] == ["a", "b | c", ""]
    assert [[short_text(cell.inlines) for cell in row] for row in table.rows] == [["`x|y`", "*z*", ""], ["1", "2", "3"]]
    assert [read.cut(cell.span) for cell in table.rows[0]] == ["`x\\|y`", "*z*", ""]


def test_cells_without_a_column_are_reported_as_left_out():
    read = Read("> | a |\n> |---|\n> | `x|y` | |\n> | z | |\n")
    assert read.found() == [("ST131", 3, 8, "y`")]


def test_equal_cells_have_different_positions():
    read = Read("|x|x|\n|-|-|\n|x| x |\n")
    assert [cell.span.column for cell in (*read.block.head, *read.block.rows[0])] == [2, 4, 2, 5]


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("```python\na\n\n  b\n```", "python", "a\n\n  b"),
        ("~~~\na\n~~~", "", "a"),
        ("    a\n\n    b", "", "a\n\nb"),
        ("``` c++ {x}\n```", "c++", ""),
        ("```\n[a](b) {{ name }} <!-- c --> <b>\n", "", "[a](b) {{ name }} <!-- c --> <b>"),
    ],
)
def test_code_is_unchanged(text, language, code):
    block = Read(text).block
    assert isinstance(block, CodeBlock)
    assert (block.language, block.text) == (language, code)


def test_thematic_breaks_and_line_breaks_are_read():
    read = Read("a  \nb\\\nc\nd\n\n***\n")
    assert short_text(read.blocks[0].inlines) == "a // b // c / d"
    assert isinstance(read.blocks[1], ThematicBreak)
    assert read.cut(read.blocks[1].span) == "***"


@pytest.mark.parametrize("opening", ["> ", "- ", "1. ", "> - ", "::: callout\n"])
def test_extreme_nesting_loses_no_word(opening):
    read = Read(opening * 300 + "the words")
    text = " ".join(plain_text(block.inlines) for block in walk_blocks(read.issue) if isinstance(block, Paragraph))
    assert "the words" in text
    assert "ST127" in [found.code for found in read.findings]


@pytest.mark.parametrize("count", [5, 50, 2000])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("![", "](b)"),
        ("^[", "]"),
        ("[", "](b)"),
        ("*a ", " b*"),
        ("[![a](b) ", "](c)"),
        ("~~a **b ", "c** ~~"),
        ("[[", "]]"),
    ],
)
def test_extreme_inline_nesting_is_handled(before, after, count):
    read = Read(before * count + "words" + after * count)
    assert [*walk_inlines(read.issue)]


def test_ordinary_nesting_is_kept():
    block = Read("> " * 25 + "deep").block
    for _ in range(24):
        assert isinstance(block, Quotation)
        (block,) = block.blocks
    assert Read("> " * 25 + "deep").findings == ()


def test_control_characters_and_unusual_spaces_are_handled():
    read = Read("a\x01b\x0cc\u2028d\u200be\u00a0f\n\n- \x1f\n")
    assert short_text(read.blocks[0].inlines) == "a\x01b\x0cc\u2028d\u200be\u00a0f"
