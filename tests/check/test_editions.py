"""Who gets what: what the checks say about `::: only` and the paywall."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def told(desk, body, head=HEAD):
    return [(found.code, found.span.line, found.message) for found in desk.check(head + body)]


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
def test_a_name_that_nobody_knows_has_one_finding_with_the_one_meant(desk, names, advice):
    (found,) = desk.check(f"{HEAD}The tide.\n\n::: only {names}\nThe tables.\n:::\n")
    assert (found.code, found.span.line) == ("ST140", 8)
    assert found.advice == f"{advice} Until then only paying readers get this."


def test_only_without_a_name_is_told(desk):
    assert told(desk, "The tide.\n\n::: only\nx\n:::\n") == [("ST140", 8, "`only` does not name any readers")]


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
def test_a_directive_that_seems_to_hold_something_back_is_told_what_it_is_taken_for(desk, line, taken_for):
    (found, *others) = desk.check(f"{HEAD}The tide.\n\n{line}\nThe tables.\n:::\n")
    assert found.code == "ST118"
    assert taken_for in found.advice
    assert {other.code for other in others} <= {"ST120"}


def test_a_paywall_that_somebody_closes_is_told_that_it_goes_on(desk):
    (found,) = desk.check(f"{HEAD}The tide.\n\n::: paywall\nThe tables.\n:::\n\nMore.\n")
    assert (found.code, found.span.line) == ("ST120", 10)
    assert "everything below it is for paying readers" in found.advice


def test_a_second_paywall_says_where_the_first_is(desk):
    found = told(desk, "a\n\n::: paywall\n\nb\n\n::: paywall\n\nc\n")
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
def test_a_link_to_what_its_readers_do_not_get_says_who(desk, body, whose):
    ((code, _, message),) = told(desk, body)
    assert (code, message) == ("ST142", f"the place that `#tables` leads to is not in {whose}")


def test_a_footnote_that_some_who_see_its_number_do_not_get_is_told(desk):
    body = "The tide[^1].\n\n::: only paid\nThe tables[^1].\n\n[^1]: High water.\n:::\n"
    message = "the footnote `[^1]` is not in the free edition"
    assert told(desk, body) == [("ST142", 6, message)]
    outside = body.replace("[^1]: High water.\n:::\n", ":::\n\n[^1]: High water.\n")
    assert told(desk, outside) == []


@pytest.mark.parametrize(
    "body",
    [
        "::: only paid\n[x](#tables)\n\n#### Tables\n\na\n:::\n",
        "[x](#tables)\n\n## Tables\n\n::: only paid\na\n:::\n\nb\n",
        "::: only feed\n[x](#tables)\n:::\n\n## Tables\n\na\n",
    ],
)
def test_a_link_to_what_its_readers_get_is_fine(desk, body):
    assert told(desk, body) == []


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
def test_what_nobody_gets_is_told(desk, body, line):
    assert told(desk, body) == [("ST143", line, "no reader gets this")]


@pytest.mark.parametrize(
    "body", ["::: only email web paid free\nb\n:::\n", "a\n\n::: paywall\n\n::: only free\nb\n:::\n\nc\n"]
)
def test_what_somebody_gets_is_fine(desk, body):
    assert told(desk, body) == []


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
def test_what_only_looks_like_a_directive_is_told(desk, line):
    found = told(desk, f"The tide.\n\n{line}\n")
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
def test_what_means_something_else_is_fine(desk, text):
    assert told(desk, f"{text}\n") == []


def test_a_summary_may_tease_and_may_repeat_what_all_get(desk):
    head = HEAD.replace("date:", "summary: The port of Ghent will close its old lock in May.\ndate:")
    body = "The port of Ghent will close its old lock in May.\n\n::: only paid\nWhy, and what it costs everybody there.\n:::\n"
    assert told(desk, body, head) == []


def test_sentences_are_found_in_any_field_that_all_see(desk):
    head = HEAD.replace(
        "date:", "cover: {image: stack.jpg, alt: A lock closes because the river will not wait for it}\ndate:"
    )
    body = "a\n\n::: paywall\n\nIt is so: A lock closes because the river will not wait for it. And then.\n"
    assert told(desk, body, head) == []
    body = "a\n\n::: paywall\n\nA lock closes because the river\nwill not wait for it. And then.\n"
    ((code, line, message),) = told(desk, body, head)
    assert (code, line) == ("ST145", 3)
    assert message == "`cover.alt` shows everybody what is only for paying readers"
