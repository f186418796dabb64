"""Order, levels, sets and groups of sections; the form of items; agreement of names and numbers."""

from __future__ import annotations

import pytest

from newsletter.check.fixes import apply_fixes
from newsletter.house.load import load_house

FRONT = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


@pytest.fixture
def found_in(checker):
    """The findings in a letter with the given body, as (code, text)."""

    def check(house: str, body: str, front: str = FRONT, path: str = "issues/letter/index.md"):
        checker.house(house)
        text = front + body
        return [(one.code, text[one.span.start : one.span.end]) for one in checker.check(text, paths=(path,))]

    return check


def sections(*titles: str) -> str:
    return "\n".join(f"## {title}\n\nText about {title}.\n" for title in titles)


# ── Order ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PARTLY = """\
sections:
  hello: {heading: Hello, required: false}
  news: {heading: News}
  jobs: {heading: Jobs}
  end: {heading: End}
order: [news, [jobs, end]]
"""


def test_sections_of_one_rank_may_be_in_any_order(found_in):
    assert found_in(PARTLY, sections("News", "Jobs", "End")) == []
    assert found_in(PARTLY, sections("News", "End", "Jobs")) == []
    assert found_in(PARTLY, sections("Jobs", "News", "End")) == [("ST105", "News")]


def test_a_section_missing_from_the_order_may_be_anywhere(found_in):
    for titles in (
        ("Hello", "News", "Jobs", "End"),
        ("News", "Hello", "Jobs", "End"),
        ("News", "End", "Jobs", "Hello"),
    ):
        assert found_in(PARTLY, sections(*titles)) == []


def test_first_and_last_are_reported_once(found_in):
    house = """\
sections:
  hello: {heading: Hello, place: first}
  news: {heading: News}
  jobs: {heading: Jobs}
  end: {heading: End, place: last}
"""
    assert found_in(house, sections("Hello", "News", "Jobs", "End")) == []
    assert found_in(house, sections("News", "Hello", "Jobs", "End")) == [("ST134", "Hello")]
    assert found_in(house, sections("Hello", "News", "End", "Jobs")) == [("ST134", "End")]
    assert found_in(house, sections("Weather", "Hello", "News", "Jobs", "End")) == [("ST102", "Weather")]


def test_a_free_section_has_a_rank_in_the_order(found_in):
    house = "sections:\n  news: {heading: News}\n  own:\n  jobs: {heading: Jobs}\norder: [[news, own], jobs]\n"
    assert found_in(house, sections("News", "A visit", "Jobs")) == []
    assert found_in(house, sections("A visit", "News", "Jobs")) == []
    assert found_in(house, sections("News", "Jobs", "A visit")) == [("ST105", "A visit")]


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("forgive", "heading", "found"),
    [
        ("nothing", "what’s – NEW", True),
        ("all", "🚢 what’s – NEW", False),
        ("[case, quotes, dashes]", "what’s – NEW", False),
        ("[quotes, dashes]", "what’s – NEW", True),
        ("emoji", "🚢 What's - new", False),
    ],
)
def test_allowed_differences_have_no_finding(found_in, forgive, heading, found):
    house = f'sections:\n  new: {{heading: "What\'s - new", forgive: {forgive}}}\n'
    assert found_in(house, sections(heading)) == ([("ST124", heading)] if found else [])


def test_a_section_of_another_era_is_reported_with_that_era(checker):
    checker.house("sections:\n  news: {heading: News}\n  jobs: {heading: Jobs, until: 2023-12-31}\n")
    found = checker.check(FRONT + sections("News", "Jobs"))
    assert [(one.code, one.label) for one in found] == [("ST102", "it has one until 2023-12-31 only")]


LEVELS = "sections:\n  news: {heading: News}\n  jobs: {heading: Jobs, required: false}\n"


@pytest.mark.parametrize("marks", ["#", "###", "####"])
def test_a_section_at_the_wrong_level_is_one_finding(found_in, marks):
    body = sections("News") + f"\n{marks} Jobs\n\nOne for a cook.\n"
    assert found_in(LEVELS, body) == [("ST133", f"{marks} Jobs")]


def test_the_level_of_a_section_is_fixed(checker):
    checker.house(LEVELS)
    text = FRONT + sections("News") + "\n#### Jobs #\n\nOne for a cook.\n"
    assert apply_fixes(text, checker.check(text))[0] == text.replace("#### Jobs #", "## Jobs #")


def test_a_story_named_like_an_existing_section_is_a_story(found_in):
    assert found_in(LEVELS, sections("News", "Jobs") + "\n### News\n\nOf jobs.\n") == []


GROUPS = """\
section_level: 3
sections:
  ships: {heading: Ships}
  ports: {heading: Ports}
  people: {heading: People, required: false}
groups:
  news: {heading: News, sections: [ships, ports]}
  end: {heading: The end, sections: [people], required: false}
"""


def test_sections_must_be_under_their_group(found_in):
    body = "## News\n\n### Ships\n\nThey sail.\n\n### Ports\n\nThey wait.\n\n## The end\n\n### People\n\nThey wave.\n"
    assert found_in(GROUPS, body) == []
    assert found_in(GROUPS, body.replace("## The end\n\n", "")) == [("ST105", "People")]
    assert found_in(GROUPS, body.replace("## The end", "## The ending")) == [("ST102", "## The ending")]
    assert found_in(GROUPS, body.replace("They wait.\n", "")) == [("ST106", "Ports")]
    assert found_in(GROUPS, body.replace("## News\n\n", "")) == [("ST105", "Ships"), ("ST105", "Ports"), ("ST101", "")]


@pytest.mark.parametrize("marks", ["#", "###", "####"])
def test_the_heading_of_a_group_at_the_wrong_level_is_one_finding(found_in, marks):
    body = f"{marks} News\n\n### Ships\n\nThey sail.\n\n### Ports\n\nThey wait.\n"
    assert found_in(GROUPS, body) == [("ST133", f"{marks} News")]
    later = body.replace(f"{marks} News", "## News") + f"\n{marks} The end\n\n### People\n\nThey wave.\n"
    assert found_in(GROUPS, later) == [("ST133", f"{marks} The end")]


def test_the_level_of_a_group_is_fixed(checker):
    checker.house(GROUPS)
    text = FRONT + "### News\n\n### Ships\n\nThey sail.\n\n### Ports\n\nThey wait.\n"
    assert apply_fixes(text, checker.check(text))[0] == text.replace("### News", "## News")


def test_a_group_may_have_no_sections(found_in):
    house = "section_level: 3\nsections: {ships: {heading: Ships}}\ngroups: {news: {heading: News, sections: []}}\n"
    assert found_in(house, "## News\n\nAll of it.\n\n### Ships\n\nThey sail.\n") == []
    assert found_in(house, "### Ships\n\nThey sail.\n") == [("ST101", "")]


# ── Own levels ─────────────────────────────────────────────────────────────────────────────────────────────

OWN = """\
sections:
  news: {heading: News}
  quote: {heading: ["Quote of the Week", "Quote of {date:MMMM}"], level: %s, required: false}
  jobs: {heading: Jobs, required: false}
"""


@pytest.mark.parametrize(("level", "other"), [(1, 2), (3, 2), (4, 2), (1, 3), (3, 1)])
@pytest.mark.parametrize("heading", ["Quote of the Week", "Quote of January"])
def test_a_section_can_have_its_own_level(found_in, level, other, heading):
    text = "\n\n> Ships wait.\n\n## Jobs\n\nOne for a cook.\n"
    assert found_in(OWN % level, sections("News") + "\n" + "#" * level + f" {heading}" + text) == []
    wrong = "#" * other + f" {heading}"
    assert found_in(OWN % level, sections("News") + "\n" + wrong + text)[:1] == (
        [("ST133", wrong)] if heading == "Quote of the Week" or other == 2 else [("ST110", wrong)] if other == 1 else []
    )


def test_a_section_at_its_own_level_is_parsed_as_a_section(checker):
    checker.house(OWN % 1)
    checker.write(
        "issues/letter/index.md", FRONT + sections("News") + "\n# Quote of the week\n\n> Ships wait.\n\n### A story\n"
    )
    _, issue, _ = checker.read("issues/letter/index.md")
    assert [(section.level, section.anchor) for section in issue.sections] == [(2, "news"), (1, "quote-of-the-week")]
    assert [item.anchor for item in issue.sections[1].items] == ["a-story"]


def test_another_heading_at_that_level_is_not_a_section(found_in):
    assert found_in(OWN % 1, "# This Week in Ports\n\n" + sections("News")) == [("ST110", "# This Week in Ports")]
    assert found_in(OWN % 3, sections("News") + "\n### Quotes of weak kings\n\nA story.\n") == []


def test_a_wrong_own_level_is_reported_and_fixed(checker):
    checker.house(OWN % 1)
    text = FRONT + sections("News") + "\n## Quote of the Week\n\n> Ships wait.\n"
    found = checker.check(text)
    assert [(one.code, one.label, one.about) for one in found] == [
        ("ST133", "the letter opens sections with `#` here", ("sections", "quote", "level"))
    ]
    assert apply_fixes(text, found)[0] == text.replace("## Quote", "# Quote")


def test_a_missing_section_is_reported_with_its_level(checker):
    checker.house((OWN % 1).replace("1, required: false", "1"))
    (found,) = checker.check(FRONT + sections("News"))
    assert found.message == "the section `# Quote of the Week` or `# Quote of January` is missing"


def test_a_group_can_have_its_own_level(found_in):
    house = """\
sections:
  crate: {heading: Crate}
  official: {heading: Official, level: 3}
  blogs: {heading: Blogs, level: 3}
groups: {updates: {heading: Updates, level: 2, sections: [official, blogs]}}
"""
    body = "## Updates\n\n### Official\n\nOne.\n\n### Blogs\n\nTwo.\n\n"
    assert found_in(house.replace("crate", "z"), "## Crate\n\nText.\n\n" + body) == []
    assert found_in(house, "## Crate\n\nText.\n\n" + body.replace("## Updates", "# Updates", 1)) == [
        ("ST133", "# Updates")
    ]
    assert ("ST102", "## Weather") not in found_in(house, body)
    assert found_in(house, "## Crate\n\nText.\n\n" + body + "## Weather\n\nRain.\n") == [("ST102", "Weather")]


@pytest.mark.parametrize("level", [1, 3])
@pytest.mark.parametrize(
    "heading", ["For members", "For membres only", "For members only:", "For member only", "Only for members only"]
)
def test_a_misspelt_heading_of_a_paid_section_at_its_own_level_is_an_error(found_in, level, heading):
    house = f"sections: {{news: {{heading: News}}, gold: {{heading: For members only, level: {level}, only: paid}}}}\n"
    found = found_in(house, sections("News") + "\n" + "#" * level + f" {heading}\n\nWhere gold is.\n")
    assert {code for code, _ in found} & {"ST124", "ST133", "ST144"}


def test_a_long_heading_at_its_own_level_is_matched_quickly(found_in):
    house = "sections: {long: {heading: 'A {title} b {any} c {number} d {date:MMMM}', level: 1, required: false}}\n"
    body = "# A " + "b c 1 " * 160 + "\n\nText.\n"
    assert [code for code, _ in found_in(house, body)] == ["ST110"]


def test_a_level_needs_a_heading(checker):
    checker.house("sections: {quote: {level: 1}}\n")
    _, faults = load_house("letter", (checker.root / "templates",), checker.root)
    assert [fault.code for fault in faults] == ["HF101"]


# ── Sets and passages ───────────────────────────────────────────────────────────────────────────────────────────────

SETS = """\
sections:
  news: {heading: News}
  book: {heading: Book, required: false}
  talk: {heading: Talk, required: false}
  special: {required: false}
sets: {monthly: {sections: [book, talk, special], count: 1-2}}
"""


def test_the_number_of_sections_of_a_set_is_limited(found_in):
    assert found_in(SETS, sections("News", "Talk")) == []
    assert found_in(SETS, sections("News", "Our birthday")) == [], "a free section may be one of a set"
    assert found_in(SETS, sections("News")) == [("ST132", "")]
    assert found_in(SETS, sections("News", "Book", "Talk", "Our birthday")) == [("ST132", "Our birthday")]


def test_a_misspelt_section_of_a_set_is_reported_once(found_in):
    house = SETS.replace("  special: {required: false}\n", "").replace(", special", "")
    assert found_in(house, sections("News", "Bok")) == [("ST124", "Bok")]


def test_passages_are_found_despite_different_white_space(found_in):
    house = 'opening: {contains: "Welcome to Ports, a letter."}\ncontains: {"<!--more-->": 1}\n'
    assert found_in(house, "Welcome to Ports,\n  a letter.\n\n<!--more-->\n") == []
    assert found_in(house, "Welcome!\n\n<!--more-->\n") == [("ST138", "Welcome!")]
    twice = "Welcome to Ports, a letter.\n\n<!--more-->\n\nText.\n\n<!--more-->\n"
    assert found_in(house, twice) == [("ST138", "<!--more-->")]


@pytest.mark.parametrize("body", ["", "<!-- A note -->\n", "\n\n", "## News\n", "## News\n\nText.\n"])
def test_a_missing_opening_lacks_its_passages(found_in, body: str):
    house = "opening: {contains: Welcome}\ncontains: {Goodbye: 1}\nsections: {news: {heading: News, contains: So}}\n"
    found = [code for code, _ in found_in(house, body) if code == "ST138"]
    assert len(found) == 2 + ("News" in body)


def test_a_passage_may_be_named_like_a_key_of_eras(found_in):
    house = "contains: {since: at least 1, until: 2, 'so it is': 1}\n"
    assert found_in(house, "It was, since then, until now, until then; so it is.\n") == []
    assert [code for code, _ in found_in(house, "It was until now.\n")] == ["ST138", "ST138", "ST138"]


def test_the_front_matter_is_not_searched_for_passages(found_in):
    front = '---\ntitle: Ports\ndate: 2024-01-31\nsummary: "Next deadline: all that has to be in by Friday"\n---\n\n'
    assert found_in("contains: Next deadline\n", "Text.\n", front) == [("ST138", "")]


# ── Items ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def bullets(items: str, links: str = "") -> str:
    return f"{links}sections:\n  list: {{heading: List, items: {{shape: bullet, {items}}}}}\n"


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("A ship sails.", True),
        ("A ship sails", False),
        ("A ship sails!", False),
        ("The owner is Ship Inc.", False),
        ("Ropes, sails, etc.", False),
        ("It leaves at 5 p.m.", False),
        ("It waits and waits...", False),
        ("[A ship sails](https://letters.example/ship).", True),
        ("See [the ship.](https://letters.example/ship)", True),
        ("**It *sails.***", True),
        ("船が出る。", True),
    ],
)
def test_unwanted_full_stops_are_reported(found_in, entry, found):
    body = f"## List\n\n- {entry}\n"
    assert bool(found_in(bullets("full_stop: forbidden"), body)) is found


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("A ship sails", True),
        ("A ship sails.", False),
        ("Does it sail?", False),
        ("He said “it sails.”", False),
        ("It sails (at last).", False),
        ("It sails (at last.)", False),
        ("It carries:\n  - coal\n  - corn", False),
        ("[A ship sails](https://letters.example/ship)", True),
    ],
)
def test_missing_full_stops_are_reported(found_in, entry, found):
    body = f"## List\n\n- {entry}\n"
    assert [code for code, _ in found_in(bullets("full_stop: required"), body)] == (["ST136"] if found else [])


def test_fixing_removes_only_the_full_stop(checker):
    checker.house(bullets("full_stop: forbidden"))
    text = FRONT + "## List\n\n- A ship sails.  \n- The dock. Of *steel.*\n"
    assert apply_fixes(text, checker.check(text))[0] == text.replace("sails.  ", "sails  ").replace("steel.", "steel")


def test_lengths_are_those_of_the_visible_text(found_in):
    house = bullets("title: at most 12, length: at most 30")
    assert found_in(house, "## List\n\n- [A ship sails](https://letters.example/ship): to sea\n") == []
    assert found_in(house, "## List\n\n- [The ship sails](https://letters.example/ship)\n") == [
        ("ST135", "[The ship sails](https://letters.example/ship)")
    ]
    assert found_in(house, "## List\n\n- [A ship](https://letters.example/ship) sails to the end of the world\n") == [
        ("ST135", "[A ship](https://letters.example/ship)")
    ]


def test_titles_must_link_to_the_configured_kinds_of_targets(found_in):
    links = "links: {kinds: {source: [code.example, forge.example/ports], video: [film.example]}}\n"
    house = bullets("links_to: [source, video]", links)
    for right in ("code.example/1", "www.code.example/1", "api.code.example", "forge.example/ports/2", "film.example"):
        assert found_in(house, f"## List\n\n- [A ship](https://{right})\n") == [], right
    for wrong in ("barcode.example/1", "forge.example/portside", "letters.example"):
        assert [code for code, _ in found_in(house, f"## List\n\n- [A ship](https://{wrong})\n")] == ["ST137"], wrong


def test_titles_must_be_bold_if_configured(found_in):
    body = "## List\n\n- **A ship:** it sails\n- **[A dock](https://letters.example/dock)** opens\n- A port closes\n"
    assert found_in(bullets("bold: required"), body) == [("ST139", "A port closes")]
    assert [code for code, _ in found_in(bullets("bold: forbidden"), body)] == ["ST139", "ST139"]


def test_a_story_may_be_a_heading_alone_if_the_house_format_allows_it(found_in):
    house = "sections:\n  songs: {heading: Songs, items: {words: 0-20}}\n"
    body = "## Songs\n\n### [The sea](https://letters.example/sea)\n"
    assert found_in(house, body) == []
    assert [code for code, _ in found_in(house.replace("0-20", "1-20"), body)] == ["ST106"]


def test_credits_can_be_required_for_the_pictures_of_some_items(found_in):
    house = "sections:\n  a: {heading: A, items: {credit: required}}\n  b: {heading: B}\nseverity: {FG11: off}\n"
    body = "## A\n\n### One\n\n![A ship](stack.jpg)\n\nText.\n\n## B\n\n![A dock](stack.jpg)\n"
    assert [one for one in found_in(house, body) if one[0] == "FG103"] == [("FG103", "![A ship](stack.jpg)")]


# ── Agreement ───────────────────────────────────────────────────────────────────────────────────────────────────────

AGREE = """\
file_name: "{date:yyyy-MM-dd}-issue-{number}"
other_fields: true
front:
  title: {form: "Issue #{number}"}
  link: {form: "/{date:yyyy}/{number}/"}
"""


def front(title: str, link: str, more: str = "") -> str:
    return f'---\ntitle: "{title}"\nlink: {link}\n{more}---\n\nText.\n'


NAME = "issues/2024-01-31-issue-7/index.md"


def test_consistent_names_and_numbers_have_no_finding(found_in):
    assert found_in(AGREE, "", front("Issue #7", "/2024/7/", "date: 2024-01-31\nnumber: 7\n"), NAME) == []
    assert found_in(AGREE, "", front("Issue #7", "/2024/7/"), NAME) == [], "the name alone may say date and number"


def test_the_value_that_differs_from_the_others_is_reported(found_in):
    assert found_in(AGREE, "", front("Issue #6", "/2024/7/"), NAME) == [("FM107", '"Issue #6"')]
    assert found_in(AGREE, "", front("Issue #7", "/2023/7/"), NAME) == [("FM107", "/2023/7/")]
    assert found_in(AGREE, "", front("Issue #7", "/2024/7/", "number: 6\n"), NAME) == [("FM107", "6")]


def test_a_file_name_that_differs_from_the_others_is_reported(found_in):
    found = found_in(AGREE, "", front("Issue #8", "/2024/8/", "number: 8\n"), NAME)
    assert found == [("FM107", "---")]


def test_a_file_name_of_another_pattern_is_reported(found_in):
    assert found_in(AGREE, "", front("Issue #7", "/2024/7/"), "issues/seven/index.md") == [("FM107", "---")]


def test_a_text_of_another_pattern_is_reported_with_the_expected_text(checker):
    checker.house(AGREE)
    found = checker.check(front("Letter 7", "/2024/7/"), paths=(NAME,))
    assert [(one.code, one.label) for one in found] == [("FM105", "`Issue #7`")]
