"""Order, levels, sets and groups of sections; how items are written; whether names and numbers agree."""

from __future__ import annotations

import pytest

from newsletter.check.fixes import apply_fixes
from newsletter.house.load import load_house

FRONT = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


@pytest.fixture
def codes(desk):
    """The findings in a letter with the given body, as (code, what stands there)."""

    def check(house: str, body: str, front: str = FRONT, path: str = "issues/letter/index.md"):
        desk.house(house)
        text = front + body
        return [(one.code, text[one.span.start : one.span.end]) for one in desk.check(text, paths=(path,))]

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


def test_sections_of_one_rank_stand_either_way_round(codes):
    assert codes(PARTLY, sections("News", "Jobs", "End")) == []
    assert codes(PARTLY, sections("News", "End", "Jobs")) == []
    assert codes(PARTLY, sections("Jobs", "News", "End")) == [("ST105", "News")]


def test_a_section_that_the_order_does_not_name_stands_anywhere(codes):
    for titles in (
        ("Hello", "News", "Jobs", "End"),
        ("News", "Hello", "Jobs", "End"),
        ("News", "End", "Jobs", "Hello"),
    ):
        assert codes(PARTLY, sections(*titles)) == []


def test_first_and_last_are_told_once(codes):
    house = """\
sections:
  hello: {heading: Hello, place: first}
  news: {heading: News}
  jobs: {heading: Jobs}
  end: {heading: End, place: last}
"""
    assert codes(house, sections("Hello", "News", "Jobs", "End")) == []
    assert codes(house, sections("News", "Hello", "Jobs", "End")) == [("ST134", "Hello")]
    assert codes(house, sections("Hello", "News", "End", "Jobs")) == [("ST134", "End")]
    assert codes(house, sections("Weather", "Hello", "News", "Jobs", "End")) == [("ST102", "Weather")]


def test_a_free_section_takes_its_place_among_ranks(codes):
    house = "sections:\n  news: {heading: News}\n  own:\n  jobs: {heading: Jobs}\norder: [[news, own], jobs]\n"
    assert codes(house, sections("News", "A visit", "Jobs")) == []
    assert codes(house, sections("A visit", "News", "Jobs")) == []
    assert codes(house, sections("News", "Jobs", "A visit")) == [("ST105", "A visit")]


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
def test_differences_that_are_forgiven_are_not_told(codes, forgive, heading, found):
    house = f'sections:\n  new: {{heading: "What\'s - new", forgive: {forgive}}}\n'
    assert codes(house, sections(heading)) == ([("ST124", heading)] if found else [])


def test_a_section_of_another_era_is_told_when_it_was(desk):
    desk.house("sections:\n  news: {heading: News}\n  jobs: {heading: Jobs, until: 2023-12-31}\n")
    found = desk.check(FRONT + sections("News", "Jobs"))
    assert [(one.code, one.label) for one in found] == [("ST102", "it has one until 2023-12-31 only")]


LEVELS = "sections:\n  news: {heading: News}\n  jobs: {heading: Jobs, required: false}\n"


@pytest.mark.parametrize("marks", ["#", "###", "####"])
def test_a_section_at_the_wrong_level_is_one_finding(codes, marks):
    body = sections("News") + f"\n{marks} Jobs\n\nOne for a cook.\n"
    assert codes(LEVELS, body) == [("ST133", f"{marks} Jobs")]


def test_the_level_is_mended(desk):
    desk.house(LEVELS)
    text = FRONT + sections("News") + "\n#### Jobs #\n\nOne for a cook.\n"
    assert apply_fixes(text, desk.check(text))[0] == text.replace("#### Jobs #", "## Jobs #")


def test_a_story_that_is_called_like_a_section_that_is_there_is_a_story(codes):
    assert codes(LEVELS, sections("News", "Jobs") + "\n### News\n\nOf jobs.\n") == []


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


def test_sections_stand_under_their_group(codes):
    body = "## News\n\n### Ships\n\nThey sail.\n\n### Ports\n\nThey wait.\n\n## The end\n\n### People\n\nThey wave.\n"
    assert codes(GROUPS, body) == []
    assert codes(GROUPS, body.replace("## The end\n\n", "")) == [("ST105", "People")]
    assert codes(GROUPS, body.replace("## The end", "## The ending")) == [("ST102", "## The ending")]
    assert codes(GROUPS, body.replace("They wait.\n", "")) == [("ST106", "Ports")]
    assert codes(GROUPS, body.replace("## News\n\n", "")) == [("ST105", "Ships"), ("ST105", "Ports"), ("ST101", "")]


@pytest.mark.parametrize("marks", ["#", "###", "####"])
def test_the_heading_of_a_group_at_the_wrong_level_is_one_finding(codes, marks):
    body = f"{marks} News\n\n### Ships\n\nThey sail.\n\n### Ports\n\nThey wait.\n"
    assert codes(GROUPS, body) == [("ST133", f"{marks} News")]
    later = body.replace(f"{marks} News", "## News") + f"\n{marks} The end\n\n### People\n\nThey wave.\n"
    assert codes(GROUPS, later) == [("ST133", f"{marks} The end")]


def test_the_level_of_a_group_is_mended(desk):
    desk.house(GROUPS)
    text = FRONT + "### News\n\n### Ships\n\nThey sail.\n\n### Ports\n\nThey wait.\n"
    assert apply_fixes(text, desk.check(text))[0] == text.replace("### News", "## News")


def test_a_group_may_have_no_sections(codes):
    house = "section_level: 3\nsections: {ships: {heading: Ships}}\ngroups: {news: {heading: News, sections: []}}\n"
    assert codes(house, "## News\n\nAll of it.\n\n### Ships\n\nThey sail.\n") == []
    assert codes(house, "### Ships\n\nThey sail.\n") == [("ST101", "")]


# ── Levels of their own ─────────────────────────────────────────────────────────────────────────────────────────────

OWN = """\
sections:
  news: {heading: News}
  quote: {heading: ["Quote of the Week", "Quote of {date:MMMM}"], level: %s, required: false}
  jobs: {heading: Jobs, required: false}
"""


@pytest.mark.parametrize(("level", "other"), [(1, 2), (3, 2), (4, 2), (1, 3), (3, 1)])
@pytest.mark.parametrize("heading", ["Quote of the Week", "Quote of January"])
def test_a_section_has_a_level_of_its_own(codes, level, other, heading):
    text = "\n\n> Ships wait.\n\n## Jobs\n\nOne for a cook.\n"
    assert codes(OWN % level, sections("News") + "\n" + "#" * level + f" {heading}" + text) == []
    wrong = "#" * other + f" {heading}"
    assert codes(OWN % level, sections("News") + "\n" + wrong + text)[:1] == (
        [("ST133", wrong)] if heading == "Quote of the Week" or other == 2 else [("ST110", wrong)] if other == 1 else []
    )


def test_a_section_at_its_own_level_is_a_section_in_all(desk):
    desk.house(OWN % 1)
    desk.write(
        "issues/letter/index.md", FRONT + sections("News") + "\n# Quote of the week\n\n> Ships wait.\n\n### A story\n"
    )
    _, issue, _ = desk.read("issues/letter/index.md")
    assert [(section.level, section.anchor) for section in issue.sections] == [(2, "news"), (1, "quote-of-the-week")]
    assert [item.anchor for item in issue.sections[1].items] == ["a-story"]


def test_a_heading_at_that_level_that_is_none_of_it_is_what_it_was(codes):
    assert codes(OWN % 1, "# This Week in Ports\n\n" + sections("News")) == [("ST110", "# This Week in Ports")]
    assert codes(OWN % 3, sections("News") + "\n### Quotes of weak kings\n\nA story.\n") == []


def test_the_own_level_is_mended_and_told(desk):
    desk.house(OWN % 1)
    text = FRONT + sections("News") + "\n## Quote of the Week\n\n> Ships wait.\n"
    found = desk.check(text)
    assert [(one.code, one.label, one.about) for one in found] == [
        ("ST133", "the letter opens sections with `#` here", ("sections", "quote", "level"))
    ]
    assert apply_fixes(text, found)[0] == text.replace("## Quote", "# Quote")


def test_a_missing_section_is_named_with_its_level(desk):
    desk.house((OWN % 1).replace("1, required: false", "1"))
    (found,) = desk.check(FRONT + sections("News"))
    assert found.message == "the section `# Quote of the Week` or `# Quote of January` is missing"


def test_a_group_has_a_level_of_its_own(codes):
    house = """\
sections:
  crate: {heading: Crate}
  official: {heading: Official, level: 3}
  blogs: {heading: Blogs, level: 3}
groups: {updates: {heading: Updates, level: 2, sections: [official, blogs]}}
"""
    body = "## Updates\n\n### Official\n\nOne.\n\n### Blogs\n\nTwo.\n\n"
    assert codes(house.replace("crate", "z"), "## Crate\n\nText.\n\n" + body) == []
    assert codes(house, "## Crate\n\nText.\n\n" + body.replace("## Updates", "# Updates", 1)) == [
        ("ST133", "# Updates")
    ]
    assert ("ST102", "## Weather") not in codes(house, body)
    assert codes(house, "## Crate\n\nText.\n\n" + body + "## Weather\n\nRain.\n") == [("ST102", "Weather")]


@pytest.mark.parametrize("level", [1, 3])
@pytest.mark.parametrize(
    "heading", ["For members", "For membres only", "For members only:", "For member only", "Only for members only"]
)
def test_what_is_nearly_the_heading_of_a_paid_section_at_its_own_level_is_an_error(codes, level, heading):
    house = f"sections: {{news: {{heading: News}}, gold: {{heading: For members only, level: {level}, only: paid}}}}\n"
    found = codes(house, sections("News") + "\n" + "#" * level + f" {heading}\n\nWhere gold is.\n")
    assert {code for code, _ in found} & {"ST124", "ST133", "ST144"}


def test_a_long_heading_at_its_own_level_takes_no_time(codes):
    house = "sections: {long: {heading: 'A {title} b {any} c {number} d {date:MMMM}', level: 1, required: false}}\n"
    body = "# A " + "b c 1 " * 160 + "\n\nText.\n"
    assert [code for code, _ in codes(house, body)] == ["ST110"]


def test_a_level_needs_a_heading(desk):
    desk.house("sections: {quote: {level: 1}}\n")
    _, faults = load_house("letter", (desk.root / "templates",), desk.root)
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


def test_some_of_a_set_are_there_and_not_too_many(codes):
    assert codes(SETS, sections("News", "Talk")) == []
    assert codes(SETS, sections("News", "Our birthday")) == [], "a free section may be one of a set"
    assert codes(SETS, sections("News")) == [("ST132", "")]
    assert codes(SETS, sections("News", "Book", "Talk", "Our birthday")) == [("ST132", "Our birthday")]


def test_a_misspelt_section_of_a_set_is_told_once(codes):
    house = SETS.replace("  special: {required: false}\n", "").replace(", special", "")
    assert codes(house, sections("News", "Bok")) == [("ST124", "Bok")]


def test_passages_are_found_whatever_their_white_space(codes):
    house = 'opening: {contains: "Welcome to Ports, a letter."}\ncontains: {"<!--more-->": 1}\n'
    assert codes(house, "Welcome to Ports,\n  a letter.\n\n<!--more-->\n") == []
    assert codes(house, "Welcome!\n\n<!--more-->\n") == [("ST138", "Welcome!")]
    twice = "Welcome to Ports, a letter.\n\n<!--more-->\n\nText.\n\n<!--more-->\n"
    assert codes(house, twice) == [("ST138", "<!--more-->")]


@pytest.mark.parametrize("body", ["", "<!-- A note -->\n", "\n\n", "## News\n", "## News\n\nText.\n"])
def test_an_opening_that_is_not_there_lacks_its_passages(codes, body: str):
    house = "opening: {contains: Welcome}\ncontains: {Goodbye: 1}\nsections: {news: {heading: News, contains: So}}\n"
    found = [code for code, _ in codes(house, body) if code == "ST138"]
    assert len(found) == 2 + ("News" in body)


def test_a_passage_may_be_called_as_the_keys_of_eras_are(codes):
    house = "contains: {since: at least 1, until: 2, 'so it is': 1}\n"
    assert codes(house, "It was, since then, until now, until then; so it is.\n") == []
    assert [code for code, _ in codes(house, "It was until now.\n")] == ["ST138", "ST138", "ST138"]


def test_the_front_matter_is_not_searched_for_passages(codes):
    front = '---\ntitle: Ports\ndate: 2024-01-31\nsummary: "Next deadline: all that has to be in by Friday"\n---\n\n'
    assert codes("contains: Next deadline\n", "Text.\n", front) == [("ST138", "")]


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
def test_full_stops_that_are_not_wanted(codes, entry, found):
    body = f"## List\n\n- {entry}\n"
    assert bool(codes(bullets("full_stop: forbidden"), body)) is found


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
def test_full_stops_that_are_wanted(codes, entry, found):
    body = f"## List\n\n- {entry}\n"
    assert [code for code, _ in codes(bullets("full_stop: required"), body)] == (["ST136"] if found else [])


def test_a_full_stop_is_taken_out_and_nothing_else(desk):
    desk.house(bullets("full_stop: forbidden"))
    text = FRONT + "## List\n\n- A ship sails.  \n- The dock. Of *steel.*\n"
    assert apply_fixes(text, desk.check(text))[0] == text.replace("sails.  ", "sails  ").replace("steel.", "steel")


def test_lengths_are_of_what_is_read(codes):
    house = bullets("title: at most 12, length: at most 30")
    assert codes(house, "## List\n\n- [A ship sails](https://letters.example/ship): to sea\n") == []
    assert codes(house, "## List\n\n- [The ship sails](https://letters.example/ship)\n") == [
        ("ST135", "[The ship sails](https://letters.example/ship)")
    ]
    assert codes(house, "## List\n\n- [A ship](https://letters.example/ship) sails to the end of the world\n") == [
        ("ST135", "[A ship](https://letters.example/ship)")
    ]


def test_titles_lead_to_the_kinds_of_places_asked_for(codes):
    links = "links: {kinds: {source: [code.example, forge.example/ports], video: [film.example]}}\n"
    house = bullets("links_to: [source, video]", links)
    for right in ("code.example/1", "www.code.example/1", "api.code.example", "forge.example/ports/2", "film.example"):
        assert codes(house, f"## List\n\n- [A ship](https://{right})\n") == [], right
    for wrong in ("barcode.example/1", "forge.example/portside", "letters.example"):
        assert [code for code, _ in codes(house, f"## List\n\n- [A ship](https://{wrong})\n")] == ["ST137"], wrong


def test_bold_titles(codes):
    body = "## List\n\n- **A ship:** it sails\n- **[A dock](https://letters.example/dock)** opens\n- A port closes\n"
    assert codes(bullets("bold: required"), body) == [("ST139", "A port closes")]
    assert [code for code, _ in codes(bullets("bold: forbidden"), body)] == ["ST139", "ST139"]


def test_a_story_may_be_a_heading_alone_where_the_house_says_so(codes):
    house = "sections:\n  songs: {heading: Songs, items: {words: 0-20}}\n"
    body = "## Songs\n\n### [The sea](https://letters.example/sea)\n"
    assert codes(house, body) == []
    assert [code for code, _ in codes(house.replace("0-20", "1-20"), body)] == ["ST106"]


def test_credits_are_asked_of_the_pictures_of_some_items(codes):
    house = "sections:\n  a: {heading: A, items: {credit: required}}\n  b: {heading: B}\nseverity: {FG11: off}\n"
    body = "## A\n\n### One\n\n![A ship](stack.jpg)\n\nText.\n\n## B\n\n![A dock](stack.jpg)\n"
    assert [one for one in codes(house, body) if one[0] == "FG103"] == [("FG103", "![A ship](stack.jpg)")]


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


def test_forms_that_agree_are_right(codes):
    assert codes(AGREE, "", front("Issue #7", "/2024/7/", "date: 2024-01-31\nnumber: 7\n"), NAME) == []
    assert codes(AGREE, "", front("Issue #7", "/2024/7/"), NAME) == [], "the name alone may say date and number"


def test_the_one_that_differs_from_the_others_is_told(codes):
    assert codes(AGREE, "", front("Issue #6", "/2024/7/"), NAME) == [("FM107", '"Issue #6"')]
    assert codes(AGREE, "", front("Issue #7", "/2023/7/"), NAME) == [("FM107", "/2023/7/")]
    assert codes(AGREE, "", front("Issue #7", "/2024/7/", "number: 6\n"), NAME) == [("FM107", "6")]


def test_where_the_name_is_the_odd_one_it_is_told(codes):
    found = codes(AGREE, "", front("Issue #8", "/2024/8/", "number: 8\n"), NAME)
    assert found == [("FM107", "---")]


def test_a_name_of_another_form_is_told(codes):
    assert codes(AGREE, "", front("Issue #7", "/2024/7/"), "issues/seven/index.md") == [("FM107", "---")]


def test_a_text_of_another_form_is_shown_as_it_should_be(desk):
    desk.house(AGREE)
    found = desk.check(front("Letter 7", "/2024/7/"), paths=(NAME,))
    assert [(one.code, one.label) for one in found] == [("FM105", "`Issue #7`")]
