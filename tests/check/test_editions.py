"""Editions: findings about `::: only` and the paywall."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def findings(checker, body, head=HEAD):
    return [(found.code, found.span.line, found.message) for found in checker.check(head + body)]


@pytest.mark.parametrize(
    ("names", "advice"),
    [
        ("payed", "Did you mean `paid`?"),
        ("premium", "Did you mean `paid`?"),
        ("members", "Did you mean `paid`?"),
        ("mail", "Did you mean `email`?"),
        ("e-mail", "Did you mean `email`?"),
        ("everyone", "Did you mean `free`?"),
        ("rss", "Did you mean `feed`?"),
        ("paid und web", "Write one or more of email, text, web, feed, paid, free."),
    ],
)
def test_an_unknown_audience_has_one_finding_with_a_suggestion(checker, names, advice):
    (found,) = checker.check(f"{HEAD}The tide.\n\n::: only {names}\nThe tables.\n:::\n")
    assert (found.code, found.span.line) == ("ST140", 8)
    assert found.advice == f"{advice} Until then only paying readers get this."


def test_only_without_an_audience_is_reported(checker):
    assert findings(checker, "The tide.\n\n::: only\nx\n:::\n") == [("ST140", 8, "`only` does not name any readers")]


@pytest.mark.parametrize(
    ("line", "taken_for"),
    [
        ("::: Only paid", "`only`"),
        ("::: onyl paid", "`only`"),
        ("::: paid", "only paying readers"),
        ("::: {.premium}", "only paying readers"),
        ("::: Paywall", "`paywall`"),
        ("::: pay-wall", "`paywall`"),
    ],
)
def test_a_misspelt_only_or_paywall_is_reported_with_a_suggestion(checker, line, taken_for):
    (found, *others) = checker.check(f"{HEAD}The tide.\n\n{line}\nThe tables.\n:::\n")
    assert found.code == "ST118"
    assert taken_for in found.advice
    assert {other.code for other in others} <= {"ST120"}


def test_a_closed_paywall_is_reported_because_it_continues(checker):
    (found,) = checker.check(f"{HEAD}The tide.\n\n::: paywall\nThe tables.\n:::\n\nMore.\n")
    assert (found.code, found.span.line) == ("ST120", 10)
    assert "everything below it is for paying readers" in found.advice


def test_a_second_paywall_is_reported_with_the_place_of_the_first(checker):
    found = findings(checker, "a\n\n::: paywall\n\nb\n\n::: paywall\n\nc\n")
    assert found == [("ST141", 12, "there is already a paywall in line 8")]


@pytest.mark.parametrize(
    ("body", "whose"),
    [
        ("[x](#tables)\n\n::: only paid\n## Tables\n\na\n:::\n", "the free edition"),
        ("[x](#tables)\n\n::: only web\n## Tables\n\na\n:::\n", "the email and the plain text"),
        ("[x](#tables)\n\n::: only email\n## Tables\n\na\n:::\n", "the web page"),
        ("[x](#tables)\n\n::: paywall\n\n## Tables\n\na\n", "the free edition"),
        ("::: only web\n[x](#tables)\n:::\n\n::: only paid\n#### Tables\n\na\n:::\n", "the web page"),
    ],
)
def test_a_link_to_hidden_content_is_reported_with_its_audience(checker, body, whose):
    ((code, _, message),) = findings(checker, body)
    assert (code, message) == ("ST142", f"the place that `#tables` leads to is not in {whose}")


def test_a_footnote_hidden_from_some_of_its_readers_is_reported(checker):
    body = "The tide[^1].\n\n::: only paid\nThe tables[^1].\n\n[^1]: High water.\n:::\n"
    message = "the footnote `[^1]` is not in the free edition"
    assert findings(checker, body) == [("ST142", 6, message)]
    outside = body.replace("[^1]: High water.\n:::\n", ":::\n\n[^1]: High water.\n")
    assert findings(checker, outside) == []


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("[^1]: See [the log](https://log.example/).\n", []),
        ("[^1]: See <https://log.example/>.\n", []),
        ("[^1]: See [the log][l].\n\n[l]: https://log.example/\n", ["ST144"]),
        ("::: only paid\n[^1]: See [the log](https://log.example/).\n:::\n", ["ST142"]),
    ],
)
def test_a_link_in_a_footnote_below_a_paywall_goes_to_the_readers_of_its_number(checker, note, codes):
    assert [code for code, *_ in findings(checker, f"Tide[^1].\n\n::: paywall\n\nTables.\n\n{note}")] == codes


@pytest.mark.parametrize(
    "body",
    [
        "::: only paid\n[x](#tables)\n\n#### Tables\n\na\n:::\n",
        "[x](#tables)\n\n## Tables\n\n::: only paid\na\n:::\n\nb\n",
        "::: only feed\n[x](#tables)\n:::\n\n## Tables\n\na\n",
    ],
)
def test_a_link_to_visible_content_has_no_finding(checker, body):
    assert findings(checker, body) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("a\n\n::: only web paid\nb\n:::\n", 8),
        ("a\n\n::: only feed, paid\nb\n:::\n", 8),
        ("a\n\n::: only paid\n::: only free\nb\n:::\n:::\n", 9),
        ("a\n\n::: only web\n::: only email\nb\n:::\n:::\n", 9),
        ("a\n\n::: paywall\n\n::: only web\nb\n:::\n\nc\n", 10),
    ],
)
def test_content_for_no_audience_is_reported(checker, body, line):
    assert findings(checker, body) == [("ST143", line, "no reader gets this")]


@pytest.mark.parametrize(
    "body", ["::: only email web paid free\nb\n:::\n", "a\n\n::: paywall\n\n::: only free\nb\n:::\n\nc\n"]
)
def test_content_for_some_audience_has_no_finding(checker, body):
    assert findings(checker, body) == []


@pytest.mark.parametrize(
    "line",
    [
        ":: only paid",
        "：：： only paid",
        "    ::: only paid",
        "- :: paywall",
        "> :: Only paid",
        "\t::: paywall",
        "**::: only paid**",
        "<!-- mine --> ::: only paid",
        "a\u2028::: only paid\u2028b",
        "<!--members-only-->",
        "<!-- paywall -->",
        "`:: only paid`",
        "a :: only b",
        "<!-- :: only paid -->",
        "\\\\::: only paid",
        "`a` ::: only paid",
    ],
)
def test_a_line_that_resembles_a_directive_is_reported(checker, line):
    found = findings(checker, f"The tide.\n\n{line}\n")
    assert [(code, at) for code, at, _ in found if code != "TX107"] == [("ST144", 8)]


@pytest.mark.parametrize(
    "text",
    [
        "Note: only members",
        ": only a definition",
        "a std::only b",
        "<!-- The paywall comes next month. -->\na",
        "<!-- check: ignore ST144: an example -->\n\n```\n::: only paid\n```",
    ],
)
def test_ordinary_text_that_mentions_only_has_no_finding(checker, text):
    assert findings(checker, f"{text}\n") == []


def test_a_summary_may_repeat_free_text(checker):
    head = HEAD.replace("date:", "summary: The port of Ghent will close its old lock in May.\ndate:")
    body = "The port of Ghent will close its old lock in May.\n\n::: only paid\nWhy, and what it costs everybody there.\n:::\n"
    assert findings(checker, body, head) == []


def test_paid_sentences_are_found_in_any_public_field(checker):
    head = HEAD.replace(
        "date:", "cover: {image: stack.jpg, alt: A lock closes because the river will not wait for it}\ndate:"
    )
    body = "a\n\n::: paywall\n\nIt is so: A lock closes because the river will not wait for it. And then.\n"
    assert findings(checker, body, head) == []
    body = "a\n\n::: paywall\n\nA lock closes because the river\nwill not wait for it. And then.\n"
    ((code, line, message),) = findings(checker, body, head)
    assert (code, line) == ("ST145", 3)
    assert message == "`cover.alt` shows everybody what is only for paying readers"
