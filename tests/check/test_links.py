"""Links: findings, their fixes, and links without findings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.facts.addresses import Hop, LinkAnswer, parts_of, tracking_names, without_tracking
from newsletter.check.fixes import apply_fixes
from newsletter.check.rules.links.targets import bare_address

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def found(checker, body: str, **options):
    return [one for one in checker.check(HEAD + body, **options) if one.code.startswith("LK")]


def codes(checker, body: str) -> list[str]:
    return [one.code for one in found(checker, body)]


def fixed(checker, body: str) -> str:
    """The text after all fixes."""
    for _ in range(5):
        new, done = apply_fixes(HEAD + body, found(checker, body))
        if not done:
            return body
        body = new.removeprefix(HEAD)
    raise AssertionError("it never comes to rest")


@pytest.mark.parametrize(
    ("body", "code", "after"),
    [
        ("[Ships](https//example.org/a)", "LK101", "[Ships](https://example.org/a)"),
        ("[Ships](http:/example.org/a)", "LK101", "[Ships](http://example.org/a)"),
        ("[Ships](https:example.org)", "LK101", "[Ships](https://example.org)"),
        ("[Ships](https://https://example.org/a)", "LK101", "[Ships](https://example.org/a)"),
        ("[Ships](http://%20https://example.org/a)", "LK101", "[Ships](https://example.org/a)"),
        ("[Ships](https://https//example.org/a)", "LK101", "[Ships](https://example.org/a)"),
        ("[Ships]((https://example.org/a))", "LK101", "[Ships](https://example.org/a)"),
        ("[Ships]()", "LK101", None),
        ("[Ships](http://)", "LK101", None),
        ("[Ships](htps://example.org)", "LK101", None),
        ("[Ships](https://ships%20wait/for)", "LK101", None),
        ("[Ships](https://example..org/)", "LK101", None),
        ("[Ships](https://example.org:port/)", "LK101", None),
        ("[Ships](https://example.org:99999/)", "LK101", None),
        ("[Ships] (https://example.org)", "LK102", "[Ships](https://example.org)"),
        ("(Ships)[https://example.org]", "LK102", "[Ships](https://example.org)"),
        ("![Cranes in rain](port cranes.jpg)", "LK102", "![Cranes in rain](<port cranes.jpg>)"),
        ("[Ships](tariffs of 2024.pdf)", "LK102", "[Ships](<tariffs of 2024.pdf>)"),
        ("[Ships](https://example.org/a b)", "LK102", None),
        ("[Ships](https://example.org/a and more.", "LK102", None),
        ("[Ships](javascript:alert(1))", "LK103", None),
        ("[Ships](file:///home/jane/a.pdf)", "LK103", None),
        ("[Ships](data:text/html,hello)", "LK103", None),
        ("[Ships](blob:https://example.org/a)", "LK103", None),
        ("[Ships](www.example.org/a)", "LK104", "[Ships](https://www.example.org/a)"),
        ("[Ships](forums.example.org/t/7)", "LK104", "[Ships](https://forums.example.org/t/7)"),
        ("[Ships](letters@example.org)", "LK104", "[Ships](mailto:letters@example.org)"),
        ("[Ships](nowhere.pdf)", "LK104", None),
        ("[Ships](../2020-01-01-nothing/index.md)", "LK104", None),
        ("[Ships](https://localhost/a)", "LK105", None),
        ("[Ships](https://127.0.0.1/a)", "LK105", None),
        ("[Ships](https://2130706433/a)", "LK105", None),
        ("[Ships](https://0x7f.1/a)", "LK105", None),
        ("[Ships](https://[::1]/a)", "LK105", None),
        ("[Ships](https://[::ffff:10.0.0.1]/a)", "LK105", None),
        ("[Ships](https://192.168.1.4/a)", "LK105", None),
        ("[Ships](https://169.254.169.254/latest)", "LK105", None),
        ("[Ships](https://printer.local/a)", "LK105", None),
        ("[Ships](https://wiki/a)", "LK105", None),
        ("![Ships in rain](https://10.1.2.3/a.png)", "LK105", None),
        ("[Ships](http://example.org/a)", "LK106", None),
        ("[Ships](https://example.org/?utm_source=a)", "LK107", "[Ships](https://example.org/)"),
        ("[Ships](https://example.org/?utm_source=a&id=7#b)", "LK107", "[Ships](https://example.org/?id=7#b)"),
        (
            "[Ships](https://example.org/?id=7&amp;fbclid=x&amp;p=2)",
            "LK107",
            "[Ships](https://example.org/?id=7&amp;p=2)",
        ),
        ("[Ships](https://youtu.be/abc?si=x&t=7)", "LK107", "[Ships](https://youtu.be/abc?t=7)"),
        ("<https://example.org/?mc_eid=7>", "LK107", "<https://example.org/>"),
        ("[Ships](https://bit.ly/3xyz)", "LK108", None),
        ("[ Ships ](https://example.org)", "LK109", "[Ships](https://example.org)"),
        ("Big[ ships ](https://example.org)wait", "LK109", "Big [ships](https://example.org) wait"),
        ("Big [ships ](https://example.org), and", "LK109", "Big [ships](https://example.org), and"),
        ("[Ships]( https://example.org )", "LK109", "[Ships](https://example.org)"),
        ("[Ships][queue]", "LK110", None),
        ("[Ships][]", "LK110", None),
        ("Ships.\n\n[queue]: https://example.org", "LK111", "Ships.\n\n"),
        ("[Ships][1]\n\n[1]: https://example.org/a\n[1]: https://example.org/b", "LK112", None),
        ("[Below](#cranes)", "LK113", None),
        ("[Below](#)", "LK113", None),
        ("Click [here](https://example.org).", "LK114", None),
        ("Ships [Read more...](https://example.org).", "LK114", None),
        ("Ships [](https://example.org) wait", "LK115", None),
        ("Ships wait[.](https://example.org)", "LK115", None),
        ("[https://example.org/a](https://example.com/a)", "LK116", None),
        ("[https://example.org/a?v=1](https://example.org/a?v=2)", "LK116", None),
        ("[a@example.org](mailto:b@example.org)", "LK116", None),
        ("- [Ships](https://example.org/a)\n- [Cranes](https://www.example.org/a/)", "LK117", None),
        ("[Ships](https://example.org/a,)", "LK118", "[Ships](https://example.org/a)"),
        ("[船](https://example.org/a。)", "LK118", "[船](https://example.org/a)"),
        ("[Ships](https://example.org/a.)", "LK118", None),
        ("<https://example.org/Port_(place>", "LK119", None),
        ("[Ships](mailto:letters)", "LK120", None),
        ("[Ships](mailto://letters@example.org)", "LK120", None),
        ("[Ships](mailto:)", "LK120", None),
        ("[Ships](https://example.org/a%20)", "LK121", "[Ships](https://example.org/a)"),
        ("[Ships](https://example.org/a\u200bb)", "LK121", "[Ships](https://example.org/ab)"),
        ("[Ships](https://example.org/long-na…)", "LK121", None),
        ("[Ships](https://example.org/a%2520b)", "LK122", None),
        ("[Ships](https://jane:secret@example.org/a)", "LK123", None),
    ],
)
def test_a_wrong_link_is_reported_once_and_fixed_if_that_is_safe(checker, body: str, code: str, after):
    first = found(checker, body)
    assert [one.code for one in first] == [code]
    assert fixed(checker, body) == (body if after is None else after)
    assert after is None or code not in codes(checker, after)


@pytest.mark.parametrize(
    "body",
    [
        "[Ships](https://example.org)",
        "[Ships](/about/)",
        "[Ships](stack.jpg)",
        "[Ships](index.md)",
        "[Ships](../letter/index.md#a)",
        "[Ships](https://web.archive.org/web/2016/https://example.org/a)",
        "[Ships](tel:+3212345678)",
        "[Ships](mailto:letters@example.org,editor@example.org?subject=Ships)",
        "[Ships](mailto:?subject=Ships)",
        "[Ships](https://xn--bcher-kva.example/)",
        "[Ships](https://bücher.example/straße)",
        "[Ships](https://example.org:8443/a)",
        "[Ships](https://[2606:4700::1111]/a)",
        "[Ships](https://1.1.1.1/a)",
        "[Ships](https://en.wikipedia.org/wiki/Port_(place))",
        "[Ships](https://en.wikipedia.org/wiki/Apple_Inc.)",
        "[Ships](https://example.org/?q=what.)",
        "[Ships](https://example.org/log#1031717;)",
        "[Ships](https://example.org/?url=https%3A%2F%2Fexample.com%2F%2520)",
        "[Ships](https://example.org/100%25)",
        "[Ships](https://youtu.be/abc?t=7)",
        "[Ships](https://letters.example/shop?utm_source=letter)",
        "[Ships](https://example.org/unsubscribe?mkt_tok=7)",
        "[https://example.org/](https://www.example.org/a)",
        "[Booking.com](https://example.org/a)",
        "[`node.kubernetes.io/name`](https://example.org/a)",
        "[![Ships in rain](stack.jpg)](https://example.org)",
        "[Hello](https://example.org/?mail={{ email }})",
        "Of `[ships][queue]` and `](`, an array a[0][1], notes [1][2], and [sic](or so).",
        "Of arr[i](x, y) and [ ] boxes, \\[ships](https://example.org).",
        "[Ships][queue]\n\n[Queue]: https://example.org",
        "[Back](#cranes) [Back](#ships)\n\n## 1. Cranes\n\nThey.\n\n### Ships\n\nThey.",
        "A note.[^1] [Up](#fn:1)\n\n[^1]: It.",
        "- [Ships](https://example.org/a) and [again](https://example.org/a)\n- [Cranes](https://example.org/b)",
        "Ships by [Jane](https://example.org/j).\n\nCranes by [Jane](https://example.org/j).",
        "[Ships](TK(address))",
        "[hereafter](https://example.org)",
    ],
)
def test_correct_links_have_no_finding(checker, body: str):
    assert codes(checker, body) == []


def test_a_link_to_another_issue_may_use_its_file_or_its_name(checker):
    one = HEAD + "[Ships](../ports/index.md) and [cranes](../ports/)"
    two = "---\ntitle: Cranes\n---\n\nThey wait."
    found = checker.check(one, two, paths=("issues/letter/index.md", "issues/ports/index.md"))
    assert [finding for finding in found if finding.code == "LK104"] == []


def test_many_unused_definitions_are_one_finding_with_one_fix(checker):
    body = "Ships [wait][a].\n\n" + "".join(f"[{label}]: https://example.org/{label}\n" for label in "abcdefghijkl")
    (one,) = found(checker, body)
    assert one.message == "11 of the 12 link definitions are never used, starting with this one"
    assert fixed(checker, body) == "Ships [wait][a].\n\n[a]: https://example.org/a\n"


def test_a_repeated_definition_is_fixed_by_removing_one(checker):
    body = "[Ships][a]\n\n[a]: https://example.org/a\n[A]: https://example.org/a\n"
    assert [one.message for one in found(checker, body)] == ["`A` is already defined in line 8"]
    assert fixed(checker, body) == "[Ships][a]\n\n[a]: https://example.org/a\n"


def test_http_is_reported_once_for_a_site(checker):
    body = "[A](http://example.org/a), [b](http://example.org/b), [c](http://example.org/c), [d](http://other.example/)"
    assert [(one.code, one.message) for one in found(checker, body)] == [
        ("LK106", "the address begins with `http:`, as 2 other addresses of this site do"),
        ("LK106", "the address begins with `http:`"),
    ]


def test_a_house_format_can_allow_http_tracking_and_shorteners(checker):
    checker.house("links: {http: true, tracking: true, shorteners: true}")
    assert codes(checker, "[A](http://example.org/?utm_source=b), [b](https://bit.ly/abc)") == []


def test_addresses_may_repeat_in_exempt_sections(checker):
    yaml = "sections: {news: {heading: News}, summary: {heading: Summary}}\n"
    body = "## News\n\n- [Ships](https://example.org/a)\n\n## Summary\n\n- [Ships](https://example.org/a)\n"
    checker.house(yaml)
    assert codes(checker, body) == ["LK117"]
    checker.house(yaml + "links: {repeats: [summary]}\n")
    assert codes(checker, body) == []


def test_vague_link_texts_are_those_of_the_issues_language(checker):
    def with_language(code: str, word: str) -> list[str]:
        letter = f"---\ntitle: Ports\ndate: 2024-01-31\nlanguage: {code}\n---\n\n[{word}](https://example.org)"
        return [one.code for one in checker.check(letter) if one.code == "LK114"]

    assert with_language("nl", "hier") == with_language("zh", "这里") == with_language("fr", "ici") == ["LK114"]
    for code, word in (
        ("it", "clicca qui"),
        ("pt-BR", "saiba mais"),
        ("pt", "aqui"),
        ("pl", "tutaj"),
        ("cs", "zde"),
        ("sv", "läs mer"),
        ("da", "klik her"),
        ("nb", "her"),
        ("no", "her"),
        ("fi", "tästä"),
        ("tr", "tıklayın"),
        ("ru", "Подробнее…"),
        ("uk", "тут"),
        ("ko", "여기"),
        ("hi", "यहाँ"),
        ("id", "selengkapnya"),
        ("vi", "tại đây"),
    ):
        assert with_language(code, word) == ["LK114"], code
    assert with_language("en", "hier") == with_language("nl", "plus") == []


def test_an_anchor_of_another_tool_is_reported_with_the_correct_one(checker):
    assert found(checker, "[Plans](#1-the-plans-c)\n\n## 1. The plans (C)\n\nThey.") == []  # the anchor on GitHub
    (one,) = found(checker, "[Plans](#the_plans_c)\n\n## 1. The plans (C)\n\nThey.")
    assert one.advice == "Did you mean `#the-plans-c`?"


# ── Answers of the web ───────────────────────────────────────────────────────────────────────────────────────────────


def live(checker, answer: LinkAnswer, address: str = "https://example.org/a/story#part") -> list[tuple[str, str]]:
    checker.live = {address.partition("#")[0]: answer}
    return [(one.code, one.message) for one in found(checker, f"[Ships]({address})")]


def moved(*addresses: str, status: int = 200, kind: int = 301) -> LinkAnswer:
    return LinkAnswer(status, hops=tuple(Hop(kind, address) for address in addresses))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (LinkAnswer(404), "LK201"),
        (LinkAnswer(410), "LK201"),
        (moved("https://example.org/b", status=404), "LK201"),
        (LinkAnswer(500), "LK202"),
        (LinkAnswer(0, "dns"), "LK203"),
        (LinkAnswer(0, "timeout"), "LK203"),
        (LinkAnswer(0, "refused"), "LK203"),
        (moved("https://example.org/b"), "LK204"),
        (LinkAnswer(0, "tls", "certificate has expired"), "LK205"),
        (LinkAnswer(0, "loop"), "LK206"),
        (moved("https://example.org/"), "LK207"),
        (LinkAnswer(0, "private"), "LK208"),
    ],
)
def test_each_answer_of_the_web_is_reported_by_one_rule(checker, answer: LinkAnswer, code: str):
    assert [given for given, _ in live(checker, answer)] == [code]


@pytest.mark.parametrize(
    "answer",
    [
        LinkAnswer(200),
        LinkAnswer(401),
        LinkAnswer(403),
        LinkAnswer(429),
        LinkAnswer(503),
        LinkAnswer(0, "port"),
        moved("https://example.org/b", kind=302),
        moved("https://example.org/a/story"),
        moved("https://accounts.example.org/login?next=a"),
        moved("https://example.org/b", status=403),
    ],
)
def test_inconclusive_answers_have_no_finding(checker, answer: LinkAnswer):
    assert live(checker, answer) == []


def test_without_a_link_check_there_are_no_findings(checker):
    assert codes(checker, "[Ships](https://example.org/a)") == []


def test_a_moved_address_is_fixed_and_keeps_its_fragment(checker):
    checker.live = {"https://example.org/a": moved("https://example.org/b", "https://example.org/c")}
    assert fixed(checker, "[Ships](https://example.org/a#part)") == "[Ships](https://example.org/c#part)"


def test_a_move_ends_at_the_first_temporary_redirect(checker):
    hops = (Hop(301, "https://example.org/b"), Hop(302, "https://example.org/c"))
    checker.live = {"https://example.org/a": LinkAnswer(200, hops=hops)}
    assert fixed(checker, "[Ships](https://example.org/a)") == "[Ships](https://example.org/b)"


# ── Any address ──────────────────────────────────────────────────────────────────────────────────────────────────

ADDRESS = st.text(st.sampled_from("https:/.@[]?#&=%20aé{}utm_source()") | st.characters(codec="utf-8"), max_size=40)


@given(ADDRESS)
def test_every_address_can_be_split_into_parts(text: str):
    parts = parts_of(text)
    assert parts.scheme == parts.scheme.lower()
    assert bare_address(text) is not None


@given(
    st.lists(st.sampled_from(["utm_source=a", "id=7", "fbclid=", "p", "q=a=b", "UTM_X=1"]), max_size=6), st.booleans()
)
def test_removing_tracking_parameters_changes_nothing_else(parameters: list[str], entities: bool):
    joint = "&amp;" if entities else "&"
    address = "https://example.org/a" + ("?" + joint.join(parameters) if parameters else "") + "#b"
    left = without_tracking(address, "example.org", "/a")
    kept = [one for one in parameters if not tracking_names(one, "example.org", "/a")]
    assert left == "https://example.org/a" + ("?" + joint.join(kept) if kept else "") + "#b"
    assert without_tracking(left, "example.org", "/a") == left


def test_a_file_beside_the_issue_may_have_any_name(checker):
    checker.write("issues/letter/annual report.pdf", b"%PDF-1.7")
    text = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\nSee [the {0}]({0}).\n"
    assert checker.check(text.format("annual%20report.pdf")) == ()
    assert [found.code for found in checker.check(text.format("other%20report.pdf"))] == ["LK104"]
