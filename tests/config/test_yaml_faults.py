from __future__ import annotations

import pytest
import yaml

from newsletter.config.yaml import load


def found_in(text, **where):
    """Each finding as (code, line, underlined text, message)."""
    _, found = load(text, "issue.md", "FM", **where)
    offset = where.get("offset", 0)
    return [
        (one.code, one.span.line, text[one.span.start - offset : one.span.end - offset], one.message) for one in found
    ]


def fixes_of(text):
    return [one.advice for one in load(text, "issue.md", "FM")[1]]


@pytest.fixture(params=["libyaml", "python"])
def _parser(request, monkeypatch):
    if request.param == "python":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")


# Each text with the finding that it must give: code, line, the underlined part, and what its message must say.
MISTAKES = {
    "a colon in a title": ("title: Cars: the end\n", "FM001", 1, ":", "a colon and a space"),
    "a colon in a nested value": ("a:\n- b: c: d\n", "FM001", 2, ":", "a colon and a space"),
    "a value that begins with @": ("a: @jane\n", "FM001", 1, "@jane", "cannot begin with `@`"),
    "a value that begins with a backtick": ("a: `x` is on\n", "FM001", 1, "`x` is on", "cannot begin with a backtick"),
    "a value that begins with %": ("a: %5 up\n", "FM001", 1, "%5 up", "cannot begin with `%`"),
    "a value that begins with emphasis": ("a: *Big* news\n", "FM001", 1, "*Big* news", "cannot begin with `*`"),
    "a value that begins with bold": ("a: **Big** news\n", "FM001", 1, "**Big** news", "cannot begin with `*`"),
    "a value that begins with an ampersand": ("a: & more\n", "FM001", 1, "& more", "cannot begin with `&`"),
    "a value that begins with a bracket": ("a: ]x\n", "FM001", 1, "]x", "cannot begin with `]`"),
    "a value that begins with a dash": ("a: - b\n", "FM001", 1, "- b", "cannot begin with a dash"),
    "a line that begins with @": ("a: 1\n@b: 2\n", "FM001", 2, "@b: 2", "cannot begin with `@`"),
    "a link as a value": ("a: [x](http://x.y) z\n", "FM001", 1, "(http://x.y) z", "after the closing `]`"),
    "a personal field as a value": ("a: {{ name }}\n", "FM001", 1, "{{ name }}", "cannot begin with `{{`"),
    "a greeting as a value": ("a: {{ name }}, hi\n", "FM001", 1, "{{ name }}, hi", "cannot begin with `{{`"),
    "an apostrophe in single quotes": ("a: 'it's'\n", "FM001", 1, "s'", "after the closing quotation mark"),
    "a quoted word at the start": ('a: "One" two\n', "FM001", 1, "two", "after the closing quotation mark"),
    "an unclosed double quote": ('a: "One\nb: 1\n', "FM001", 1, '"One', 'begins with `"` is never closed'),
    "an unclosed single quote": ("b: 1\na: 'Tis so\n", "FM001", 2, "'Tis so", "begins with `'` is never closed"),
    "an escape that is none": ('a: "C:\\qt"\n', "FM001", 1, "\\q", "`\\q` means nothing"),
    "an unclosed list": ("a: [b, c\nd: 1\n", "FM001", 1, "[b, c", "the `[` is never closed"),
    "an unclosed mapping": ("a: {b: c\n", "FM001", 1, "{b: c", "the `{` is never closed"),
    "an unclosed list within a list": ("a: [b, [c\n", "FM001", 1, "[c", "the `[` is never closed"),
    "a comma forgotten": ('a: [b, "c" d]\n', "FM001", 1, "d]", "a comma or `]` is missing"),
    "a colon in a mapping on one line": ("a: {b: c: d}\n", "FM001", 1, ": d}", "a comma or `}` is missing"),
    "no space behind the colon": ("a: 1\ntitle:The end\nb: 2\n", "FM001", 2, "title:", "no space follows the colon"),
    "no space behind the first colon": ("title:The end\nb: 2\n", "FM001", 1, "title:", "no space follows the colon"),
    "a line without a colon": ("a: 1\nfoo\nb: 2\n", "FM001", 2, "foo", "this line is not a `name: value` line"),
    "a first line without a colon": ("foo\nb: 2\n", "FM001", 1, "foo", "this line is not a `name: value` line"),
    "a value without a name": (": x\n", "FM001", 1, ":", "a value without a name"),
    "a line indented too far": ("a: 1\n b: 2\n", "FM001", 2, "b: 2", "indentation"),
    "a line indented too little": ("a:\n  b: 1\n c: 2\n", "FM001", 3, "c: 2", "indentation"),
    "an indented first line": ("  a: 1\nb: 2\n", "FM001", 1, "a: 1", "the first line is indented"),
    "a list under a value": ("a: b\n- c\n", "FM001", 2, "- c", "there is a list entry where a name is expected"),
    "a list as a key": ("[a]: 1\n", "FM001", 1, "[a]", "a list or mapping cannot be a name"),
    "a merge conflict": (
        "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\nc: x\n>>>>>>> winter\nd: 4\n",
        "FM001",
        2,
        "<<<<<<< HEAD",
        "this is a merge conflict",
    ),
    "a merge conflict with the common lines": (
        "<<<<<<< HEAD\nb: 2\n||||||| 1a2b3c\nb: 1\n=======\nb: 3\n>>>>>>> winter\n",
        "FM001",
        1,
        "<<<<<<< HEAD",
        "this is a merge conflict",
    ),
    "a key given twice": ("a: 1\nb: 2\na: 3\n", "FM002", 3, "a", "`a` is given twice, first in line 1"),
    "an inner key given twice": ("a: {b: 1, b: 2}\n", "FM002", 1, "b", "`b` is given twice, first in line 1"),
    "an alias": ("a: *x\n", "FM003", 1, "*x", "`*x` is a YAML alias"),
    "an anchor": ("a: &x 1\n", "FM003", 1, "&x", "`&x` is a YAML anchor"),
    "an anchor of a mapping": ("a: &x\n  b: 1\n", "FM003", 1, "&x", "`&x` is a YAML anchor"),
    "a merge key": ("<<: {a: 1}\n", "FM003", 1, "<<", "`<<` is a YAML merge key"),
    "a tag": ("a: !!python/object:os.x y\n", "FM004", 1, "!!python/object:os.x", "is a YAML tag"),
    "a tag of a list": ("a: !x [1]\n", "FM004", 1, "!x", "`!x` is a YAML tag"),
    "a tab as indentation": ("a:\n\tb: 1\n", "FM006", 2, "\t", "a tab indents this line"),
    "a tab below a value": ("a: b\n\tc: d\n", "FM006", 2, "\t", "a tab indents this line"),
    "a list at the top": ("- a\n- b\n", "FM009", 1, "- a", "not `name: value` lines"),
    "text at the top": ("just text\n", "FM009", 1, "just text", "not `name: value` lines"),
    "a second document": ("a: 1\n---\nb: 2\n", "FM010", 2, "---", "a second YAML document"),
    "a directive": ("%YAML 1.2\n---\na: 1\n", "FM010", 1, "%YAML 1.2", "YAML directives"),
    "a hash before a word": ("a: #1 in books\n", "FM013", 1, "#1 in books", "is a comment"),
    "a hash inside a title": ("a: Issue #14\n", "FM013", 1, "#14", "is a comment"),
    "hashtags": ("tags: [#cars, #trams]\nb: 1\n", "FM013", 1, "#cars, #trams]", "is a comment"),
    "an invisible character": ("a: x\x07y\n", "FM001", 1, "\x07", "U+0007"),
    "a byte order mark in the middle": ("a: 1\n\ufeffb: 2\n", "FM001", 2, "\ufeff", "U+FEFF"),
    "half of a character": ("a: \ud83d\n", "FM001", 1, "\ud83d", "U+D83D"),
    "an escape for an invisible character": ('a: "\\0"\n', "FM001", 1, '"\\0"', "invisible character"),
}


@pytest.mark.usefixtures("_parser")
@pytest.mark.parametrize("slip", MISTAKES)
def test_a_mistake_is_one_clear_finding_at_its_place(slip):
    text, code, line, underlined, says = MISTAKES[slip]
    (found,) = found_in(text)
    assert found[:3] == (code, line, underlined)
    assert says in found[3]


@pytest.mark.parametrize("slip", MISTAKES)
def test_a_mistake_has_a_fix_at_a_position_in_the_file(slip):
    text = MISTAKES[slip][0]
    _, (here,) = load(text, "issue.md", "FM")
    _, (there,) = load(text, "issue.md", "HF", offset=100, line=10)
    assert here.advice
    assert there.code == here.code.replace("FM", "HF")
    assert (there.span.start, there.span.end) == (here.span.start + 100, here.span.end + 100)
    assert (there.span.line, there.span.column) == (here.span.line + 9, here.span.column)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("title: Cars: the end\n", 'Put the whole value in quotes: title: "Cars: the end"'),
        ('title: The "end": so\n', "Put the whole value in quotes: title: 'The \"end\": so'"),
        ("title: 'it's'\n", 'Put the whole value in one pair of quotes: "it\'s"'),
        ('title: "One" two\n', "Put the whole value in one pair of quotes: '\"One\" two'"),
    ],
)
def test_a_fix_can_be_copied(text, advice):
    assert fixes_of(text) == [advice]
    written = advice.rpartition("quotes: ")[2].removeprefix("title: ")
    assert load(f"title: {written}\n", "x", "FM")[1] == ()


def test_all_mistakes_are_found_in_one_run():
    text = 'a: b: c\nd: 2024-02-30\ne: *x\nf: [1, 2\ng: 1\ng: 2\nh: "x\ni:\n\tj: 1\nk: 1\n'
    assert [found[:2] for found in found_in(text)] == [
        ("FM001", 1),
        ("FM005", 2),
        ("FM003", 3),
        ("FM001", 4),
        ("FM002", 6),
        ("FM001", 7),
        ("FM006", 9),
    ]


def test_valid_keys_are_read_despite_invalid_ones():
    document, _ = load("title: Cars: the end\nnumber: 14\ntags: [a, b\ndate: 2024-01-31\n", "x", "FM")
    assert document.values["title"] == "Cars: the end"
    assert document.values["number"] == 14
    assert document.values["tags"] is None
    assert str(document.values["date"]) == "2024-01-31"
    assert document.broken == {("title",), ("tags",)}
    assert document.where("title").column == 8


def test_many_mistakes_give_a_limited_number_of_findings():
    assert len(found_in("a b\n" * 500)) <= 10


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_endless_nesting_is_a_finding(opening):
    text = "a: " + opening * 20_000 if opening in "[{a: " else opening * 20_000
    found = load(text, "x", "FM")[1]
    assert "nested too deeply" in found[0].message or found[0].code in {"FM009", "FM001"}


def test_moderate_nesting_is_accepted():
    assert found_in("a: " + "[" * 30 + "]" * 30 + "\n") == []


@pytest.mark.parametrize(
    "text", ["a: x # a comment\n", "a: # a comment\n  b: 1\n", "a: x\n#b\n", "a: 'x' #y\n", "a: C#\n"]
)
def test_comments_and_hashes_inside_words_have_no_finding(text):
    assert found_in(text) == []


@pytest.mark.parametrize(
    "line", ["a" + " " * 200_000 + "x", "a: b: " + " " * 200_000 + "c", "- " * 100_000 + "x: y: z"]
)
def test_long_faulty_lines_are_read_in_reasonable_time(line):
    assert found_in(f"title: x\n{line}\nb\n")
