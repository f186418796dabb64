from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.diagnostics import Diagnostic, Edit, Fix, HouseLine, Severity
from newsletter.model import Span
from newsletter.report import Display, render
from newsletter.report.base import width

PATH = "issues/2024-01-31-end-of-the-road/index.md"


def place(text: str, piece: str) -> Span:
    start = text.index(piece)
    return Span(start, start + len(piece), text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))


def found(span: Span, **changes: object) -> Diagnostic:
    finding = Diagnostic(PATH, span, "ST104", "item 3 has no link in its title")
    return replace(finding, **changes)


def full(text: str, piece: str, **changes: object) -> str:
    return render([found(place(text, piece), **changes)], "full", {PATH: text})


def rows(shown: str) -> tuple[str, str]:
    """The source line and the underline, without the gutter."""
    _, _, source, underline, *_ = shown.split("\n")
    return source.partition("| ")[2], underline.partition("| ")[2]


def test_a_finding_has_the_documented_layout():
    text = "\n" * 26 + "### 3. Scientists build an X-ray machine\n"
    label = "the briefing asks for `[title](source)` here"
    assert full(text, "3. Scientists build an X-ray machine", label=label) == (
        f"{PATH}:27:5: ST104 item 3 has no link in its title\n"
        "   |\n"
        "27 | ### 3. Scientists build an X-ray machine\n"
        "   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the briefing asks for `[title](source)` here\n"
        "   = help: newsletter rule ST104\n"
    )


def test_the_advice_comes_before_the_help():
    shown = full("a b\n", "b", advice="Write c.")
    assert shown.endswith("  = fix: Write c.\n  = help: newsletter rule ST104\n")


def test_a_fixable_finding_is_marked():
    fix = Fix((Edit(Span(2, 3, 1, 3), "c"),), "write c")
    shown = full("a b\n", "b", advice="Write c.", fix=fix)
    assert shown.endswith("  = fix: write c (newsletter check --fix)\n  = help: newsletter rule ST104\n")


def test_a_warning_is_named_in_words():
    assert f"{PATH}:1:3: ST104 warning: item 3 has" in full("a b\n", "b", severity=Severity.WARNING)


def test_findings_are_separated_and_ordered_by_place():
    text = "one\ntwo\n"
    findings = [found(place(text, "two")), found(place(text, "one"))]
    shown = render(findings, "full", {PATH: text})
    assert shown == render(reversed(findings), "full", {PATH: text})
    assert re.findall(r"index.md:(\d)", shown) == ["1", "2"]
    assert "\n\n" in shown


@pytest.mark.parametrize(
    ("text", "piece", "before", "carets"),
    [
        ("中国 news\n", "news", 5, 4),
        ("see 中国!\n", "中国", 4, 4),
        ("cafe\u0301 bar\n", "bar", 5, 3),
        ("\tx\n", "x", 4, 1),
        ("ab\tx\n", "x", 4, 1),
        ("中\tx\n", "x", 4, 1),
        ("👍 ok\n", "ok", 3, 2),
    ],
)
def test_the_underline_counts_columns_not_characters(text: str, piece: str, before: int, carets: int):
    source, underline = rows(full(text, piece))
    assert underline == " " * before + "^" * carets
    assert "\t" not in source


def test_a_place_over_several_lines_is_underlined_on_the_first():
    source, underline = rows(full("one two\nthree\n", "two\nthree"))
    assert (source, underline) == ("one two", "    ^^^")


def test_an_empty_place_has_a_mark():
    text = "one\n"
    shown = render([found(Span(3, 3, 1, 4))], "full", {PATH: text})
    assert rows(shown) == ("one", "   ^")


def test_a_long_line_is_shortened_around_the_place():
    source, underline = rows(full("a" * 300 + " here " + "b" * 300, "here"))
    assert source.startswith("…")
    assert source.endswith("…")
    assert width(source) <= 100
    assert source[underline.index("^") : underline.rindex("^") + 1] == "here"


def test_a_long_place_is_shortened():
    source, underline = rows(full("see " + "x" * 300, "x" * 300))
    assert source.startswith("see xxx")
    assert source.endswith("…")
    assert width(source) == width(underline) <= 100


def on_terminal(columns: int, text: str, piece: str, **changes: object) -> str:
    return render([found(place(text, piece), **changes)], "full", {PATH: text}, display=Display(columns=columns))


def test_on_a_terminal_no_line_is_too_wide_and_code_is_not_broken():
    shown = on_terminal(
        80,
        "### 3. Scientists build an X-ray machine that fits on a desk, 科学家制造X射线机 " + "and more " * 20 + "\n",
        "3. Scientists build an X-ray machine that fits on a desk",
        message="item 3 has no link in its title, and says so at some length in `a title of three`",
        label="the briefing asks for `[title](source)` here",
        advice="Write the title as a link to where it comes from: `[Scientists build a machine](https://…)`.",
    )
    assert (
        shown
        == f"""\
{PATH}:1:5: ST104 item 3 has no link in its
    title, and says so at some length in `a title of three`
  |
1 | ### 3. Scientists build an X-ray machine that fits on a desk, 科学家制造X射…
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |     the briefing asks for `[title](source)` here
  = fix: Write the title as a link to where it comes from:
         `[Scientists build a machine](https://…)`.
  = help: newsletter rule ST104
"""
    )
    assert all(width(line) <= 80 for line in shown.splitlines())


def test_a_label_without_space_moves_to_the_left():
    text = "a" * 60 + " here\n"
    shown = on_terminal(80, text, "here", label="this is what the briefing asks for")
    assert shown.splitlines()[-3:-1] == [
        "  | " + " " * 61 + "^^^^",
        "  | " + " " * 42 + "this is what the briefing asks for",
    ]


@given(st.integers(1, 130), st.text(max_size=80), st.text(max_size=120))
def test_any_finding_fits_a_terminal_of_any_width(columns: int, line: str, said: str):
    text = line.replace("\n", " ") + " x\n"
    finding = found(place(text, "x"), message=said, label=said, advice=said)
    shown = render([finding], "full", {PATH: text}, display=Display(columns=columns, colour=True))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert plain.count("newsletter rule ST104") == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", plain)


def test_control_characters_of_a_file_do_not_reach_the_terminal():
    text = "a \x1b[31mred\x1b[0m \u202egnp.exe\u2066 \x9b2J \udc80 b\n"
    shown = full(text, "b", message="bad \x1b]0;title\x07\nname", label="\x1b[2J", advice="\r", path=PATH)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert "␛[31mred" in shown
    assert "<U+202E>gnp.exe" in shown
    shown.encode()


def test_control_characters_of_a_path_are_escaped():
    shown = render([replace(found(Span(0, 1)), path="issues/\x1b[2J.md")], "concise", {})
    assert shown.startswith("issues/␛[2J.md:1:1: ")


def test_without_its_source_a_finding_has_no_source_line():
    shown = render([found(Span(0, 1), label="as asked")], "full", {})
    assert (
        shown
        == f"{PATH}:1:1: ST104 item 3 has no link in its title\n  = note: as asked\n  = help: newsletter rule ST104\n"
    )


def test_colour_adds_no_information():
    text = "a b\n"
    findings = [found(place(text, "b"), label="here"), found(place(text, "a"), severity=Severity.WARNING)]
    plain = render(findings, "full", {PATH: text})
    coloured = render(findings, "full", {PATH: text}, colour=True)
    assert "\x1b[1;31m" in coloured
    assert "\x1b[1;33m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_the_concise_format_has_one_line_per_finding():
    text = "a b\n"
    findings = [found(place(text, "b"), label="here", advice="Do."), found(place(text, "a"), severity=Severity.WARNING)]
    assert render(findings, "concise", {PATH: text}) == (
        f"{PATH}:1:1: ST104 warning: item 3 has no link in its title\n{PATH}:1:3: ST104 item 3 has no link in its title\n"
    )


def test_no_findings_give_no_lines():
    assert render([], "full", {}) == render([], "concise", {}) == ""


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 60))
def test_the_mark_is_within_the_line_for_any_text(text: str, start: int, length: int):
    start = min(start, len(text))
    end = min(start + length, len(text))
    span = Span(start, end, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    shown = render([found(span)], "full", {PATH: text})
    shown.encode()
    _headline, bar, source, underline, help_line, nothing = shown.split("\n")
    assert (help_line.strip(), nothing) == ("= help: newsletter rule ST104", "")
    assert bar.index("|") == source.index("|") == underline.index("|")
    assert width(source) <= 100 + len("999 | ")
    marks = underline.partition("| ")[2]
    assert marks.strip("^ ") == ""
    assert "^" in marks
    assert width(marks) <= 101


# ── Lines of house.yaml, hints of a draft, and notes ──────────────────────────────────────────────────────────────

ASKED = HouseLine("templates/letter/house.yaml", Span(30, 44, 5, 7), "link: required")


def test_the_line_of_the_house_format_comes_before_the_help():
    shown = full("### Ports\n", "Ports", asked=ASKED).split("\n")
    assert shown[-3:-1] == [
        "  = asked: templates/letter/house.yaml:5:7: `link: required`",
        "  = help: newsletter rule ST104",
    ]


def test_a_long_line_of_the_house_format_is_shortened():
    shown = full("### Ports\n", "Ports", asked=replace(ASKED, text="x" * 200))
    assert f"`{'x' * 59}…`" in shown


DRAFT = "# TK(a)\n\nTK(b) and TK(c)\n\n\x1b[31mTK(d)\n"


def hints(path: str = PATH) -> list[Diagnostic]:
    return [
        Diagnostic(path, place(DRAFT, f"TK({name})"), "ST112", "a hint is not filled in yet", Severity.WARNING)
        for name in "abcd"
    ]


def test_the_hints_of_a_draft_are_one_block_with_their_lines():
    assert render(hints(), "full", {PATH: DRAFT}) == (
        f"{PATH}:1:3: ST112 warning: 4 hints are not filled in yet\n"
        "  |\n"
        "1 | # TK(a)\n"
        "3 | TK(b) and TK(c)\n"
        "5 | ␛[31mTK(d)\n"
        "  | write these, or remove them\n"
        "  = help: newsletter rule ST112; newsletter check -v shows each\n"
    )


def test_only_hints_are_grouped_per_issue():
    other = found(place(DRAFT, "and"), code="ST104")
    shown = render([*hints(), other, *hints("issues/b.md")], "full", {PATH: DRAFT, "issues/b.md": DRAFT})
    assert [line.split(": ", 1)[1] for line in shown.split("\n") if re.match(r"issues/", line)] == [
        "ST112 warning: 4 hints are not filled in yet",
        "ST104 item 3 has no link in its title",
        "ST112 warning: 4 hints are not filled in yet",
    ]


def test_a_single_hint_is_a_normal_finding_and_all_are_shown_on_request():
    assert "a hint is not filled in yet" in render(hints()[:1], "full", {PATH: DRAFT})
    shown = render(hints(), "full", {PATH: DRAFT}, display=Display(each=True))
    assert shown.count("a hint is not filled in yet") == 4


@pytest.mark.parametrize("style", ["concise", "json", "github", "sarif"])
def test_the_other_formats_have_each_hint(style):
    assert render(hints(), style, {PATH: DRAFT}).count("a hint is not filled in yet") >= 4


def missing(count: int, path: str = PATH, severity: Severity = Severity.ERROR) -> list[Diagnostic]:
    return [
        Diagnostic(path, Span(0, 1, at), "ST101", f"{at} is missing", severity, asked=ASKED)
        for at in range(1, count + 1)
    ]


def test_many_missing_parts_cause_a_note_about_the_house_format():
    last = render(missing(3), "full", {}).split("\n\n")[-1]
    assert last.startswith(f"note: {PATH} differs from templates/letter/house.yaml.")
    assert all(word in last for word in ("`required: false`", "`since`", "`until`", "`variants`"))
    bundled = [replace(found, asked=replace(ASKED, path="/lib/templates/essay/house.yaml")) for found in missing(3)]
    assert "copy it to templates/essay/ and change the format" in render(bundled, "full", {})
    both = render([*missing(3), *missing(4, "issues/b.md")], "full", {})
    assert both.count("note: 2 issues differ") == 1


@pytest.mark.parametrize("few", [missing(2), missing(5, severity=Severity.WARNING)])
def test_few_missing_parts_or_those_of_a_draft_cause_no_note(few):
    assert "note:" not in render(few, "full", {})


# ── Findings in very many issues ──────────────────────────────────────────────────────────────────────────────────


def many(count: int, code: str = "FG112") -> list[Diagnostic]:
    return [
        replace(found(Span(0, 1, 1, at)), path=f"issues/{number:03}.md", code=code)
        for number in range(count)
        for at in (1, 2)
    ]


def test_findings_of_a_rule_in_more_than_twenty_issues_are_summarized():
    shown = render([*many(21), *many(3, "ST104")], "full", {})
    assert shown.count(" FG112 item") == 1
    assert shown.count(" ST104 item") == 6
    assert "= note: FG112 was found 42 times in 21 issues; this is the first" in shown
    assert "= all: newsletter check --select FG112 --output-format concise" in shown
    assert "= off: `check: {ignore: [FG112]}` in newsletter.yaml" in shown


def test_findings_in_twenty_issues_are_listed_one_by_one():
    assert render(many(20), "full", {}).count(" FG112 item") == 40


@pytest.mark.parametrize("form", ["concise", "json", "github", "sarif"])
def test_other_formats_are_not_summarized(form):
    sources = {f"issues/{number:03}.md": "a b" for number in range(30)}
    assert render(many(30), form, sources).count("item 3 has no link in its title") >= 60
