"""Eras, variants and inherited kinds: the format that applies to an issue."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.house.format import Bounds, Need
from newsletter.house.load import load_house
from newsletter.house.versions import Era

HISTORY = """\
name: Harbour letter
front:
  summary: {required: {since: 100}}
  sponsor: {since: 50, until: 120}
words: {is: at most 900, since: 2024-01-01}
sections:
  thought:
    words: 50-100
    eras:
      - since: 80
        words: 50-300
        heading: A thought
  ships: {heading: [Ships, {is: Boats, until: 60}], items: {count: 3-5, author: {since: 90}}}
  jobs: {heading: Jobs, since: 40, until: 110}
order: [thought, [ships, jobs]]
"""


@pytest.fixture
def history(versions_from):
    house, faults = versions_from(HISTORY)
    assert faults == ()
    return house


def keys(house):
    return [section.key for section in house.sections]


def required(house):
    return [field.name for field in house.fields if field.required]


def test_a_section_exists_only_in_its_era(history):
    assert keys(history.for_issue(number=39)) == ["thought", "ships"]
    assert keys(history.for_issue(number=40)) == ["thought", "ships", "jobs"]
    assert keys(history.for_issue(number=110)) == ["thought", "ships", "jobs"]
    assert keys(history.for_issue(number=111)) == ["thought", "ships"]


def test_a_value_since_a_number_does_not_apply_before(history):
    assert required(history.for_issue(number=99)) == []
    assert required(history.for_issue(number=100)) == ["summary"]


def test_outside_its_era_a_need_has_its_general_value(history):
    assert history.for_issue(number=89).sections[1].items.author is Need.OPTIONAL
    assert history.for_issue(number=90).sections[1].items.author is Need.REQUIRED


def test_a_field_is_known_only_in_its_era(history):
    known = [{field.name for field in history.for_issue(number=number).fields} for number in (49, 50, 120, 121)]
    assert ["sponsor" in names for names in known] == [False, True, True, False]


def test_the_keys_of_an_era_override_its_block(history):
    before, after = history.for_issue(number=79).sections[0], history.for_issue(number=80).sections[0]
    assert (before.words, before.headings) == (Bounds(50, 100), ())
    assert (after.words, after.headings) == (Bounds(50, 300), ("A thought",))


def test_an_entry_of_a_list_may_have_an_era(history):
    assert history.for_issue(number=60).sections[1].headings == ("Ships", "Boats")
    assert history.for_issue(number=61).sections[1].headings == ("Ships",)


def test_an_era_may_begin_at_a_date(history):
    assert history.for_issue(date=date(2023, 12, 31)).words == Bounds()
    assert history.for_issue(date=date(2024, 1, 1)).words == Bounds(None, 900)


def test_an_issue_without_number_and_date_has_the_current_format(history):
    assert history.for_issue() == history.for_issue(number=500, date=date(2030, 1, 1))
    assert history.latest is history.for_issue()


def test_issues_of_one_era_share_one_format(history):
    assert history.for_issue(number=41) is history.for_issue(number=49)


def test_headings_of_other_eras_are_known_with_their_era(history):
    assert history.for_issue(number=130).lapsed == {"Jobs": "from number 40 to number 110"}


def test_a_format_without_eras_is_the_same_for_all_issues(versions_from):
    house, _ = versions_from("name: Plain\n")
    assert house.same_for_all
    assert house.for_issue(number=3) is house.latest


bounds = st.one_of(st.none(), st.integers(0, 9))


@given(bounds, bounds, st.integers(0, 9))
def test_an_era_applies_from_its_first_to_its_last_issue(since, until, number):
    expected = (since is None or since <= number) and (until is None or number <= until)
    assert Era(since, until).holds(number, None) is expected


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=1, max_size=6), st.integers(0, 40))
def test_with_any_eras_each_issue_gets_its_values(tmp_path_factory, eras, number):
    home = tmp_path_factory.mktemp("w") / "letter"
    home.mkdir()
    blocks = [
        f"  s{at}: {{heading: H{at}, since: {since}, until: {since + more}}}" for at, (since, more) in enumerate(eras)
    ]
    (home / "house.yaml").write_text("sections:\n" + "\n".join(blocks) + "\n", encoding="utf-8")
    house, faults = load_house("letter", (home.parent,), home.parent)
    assert faults == ()
    expected = [f"s{at}" for at, (since, more) in enumerate(eras) if since <= number <= since + more]
    assert keys(house.for_issue(number=number)) == expected


# ── Faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FAULTS = {
    "a bound in words": ("HF109", "words: {is: 5, since: soon}\n", "soon", "must be the number or the date"),
    "a year": ("HF109", "sections:\n  n: {heading: N, since: 2020}\n", "2020", "must be the number or the date"),
    "an era that ends before it begins": ("HF109", "sections:\n  n: {since: 9, until: 5}\n", "5", "never applies"),
    "an era without bounds": ("HF109", "eras:\n  - {words: 5}\n", "{words: 5}", "needs `since` or `until`"),
    "eras that are no list": ("HF109", "eras: {since: 5}\n", "{since: 5}", "must be a list"),
    "a file with an era": ("HF109", "since: 5\n", "5", "as a whole cannot have an era"),
    "a fault in an era that is over": ("HF012", "eras:\n  - {until: 5, author_box: maybe}\n", "maybe", "true or false"),
    "a key in an era that is over": ("HF011", "eras:\n  - {until: 5, wrods: 5}\n", "wrods", "is not a known key"),
    "a section of no era": ("HF108", "sections:\n  n: {heading: N, until: 5}\norder: [m]\n", "m", "no section `m`"),
    "a variant without a condition": ("HF111", "variants:\n  v: {words: 5}\n", "{words: 5}", "has no `when`"),
    "a variant by an unknown field": ("HF111", "variants:\n  v: {when: {editon: x}}\n", "editon", "no field `editon`"),
    "a fault in a variant": (
        "HF012",
        "variants:\n  v: {when: {kind: x}, words: many}\n",
        "many",
        "a number or a range",
    ),
    "a base that is not there": ("HF110", "extends: harbour\n", "harbour", "there is no kind `harbour`"),
    "a base that is itself": ("HF110", "extends: letter\n", "letter", "extends itself"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_once_at_its_place(versions_from, name):
    code, text, place, message = FAULTS[name]
    _, faults = versions_from(text)
    assert [(fault.code, text[fault.span.start : fault.span.end]) for fault in faults] == [(code, place)]
    assert message in faults[0].message


def test_a_year_as_a_bound_gets_advice(versions_from):
    _, faults = versions_from("sections:\n  n: {heading: N, since: 2020}\n")
    assert faults[0].advice == "If 2020 is a year, write 2020-01-01; if it is a number, write `number 2020`."
    house, faults = versions_from("sections:\n  n: {heading: N, since: number 2020}\n")
    assert faults == ()
    assert keys(house.for_issue(number=2019)) == []


def test_fields_may_be_named_like_the_keys_of_eras(versions_from):
    house, faults = versions_from("front:\n  since: required\n  until: {length: 5}\n  eras: optional\n")
    assert faults == ()
    assert [field.name for field in house.latest.fields[:3]] == ["since", "until", "eras"]


# ── Variants ────────────────────────────────────────────────────────────────────────────────────────────────────────

VARIANTS = """\
front:
  edition: {choices: [regular, special]}
sections:
  news: {heading: News, words: 100-500}
  end: {heading: Until then}
variants:
  special:
    when: {edition: special}
    sections: {news: {words: at least 900}, end: null, guest: {heading: Our guest}}
  review:
    when: {title: {pattern: '.*\\d{4} in review'}, tags: [year, review]}
    sections: {news: null}
"""


def test_the_front_matter_chooses_the_variant(versions_from):
    house, faults = versions_from(VARIANTS)
    assert faults == ()
    assert keys(house.for_issue(front={"edition": "regular"})) == ["news", "end"]
    special = house.for_issue(front={"edition": "special"})
    assert (keys(special), special.variant) == (["news", "guest"], "special")
    assert special.sections[0].words == Bounds(900, None)
    assert special.sections[0].headings == ("News",)


def test_all_conditions_of_a_variant_must_be_true(versions_from):
    house, _ = versions_from(VARIANTS)
    assert keys(house.for_issue(front={"title": "2024 in review"})) == ["news", "end"]
    assert keys(house.for_issue(front={"title": "2024 in review", "tags": ["ports", "year"]})) == ["end"]


# ── Kinds built on others ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kinds(tmp_path):
    def load(kind, **texts):
        for name, text in texts.items():
            home = tmp_path / "templates" / name
            (home / "snippets").mkdir(parents=True, exist_ok=True)
            (home / "house.yaml").write_text(text, encoding="utf-8")
        versions, faults = load_house(kind, (tmp_path / "templates",), tmp_path)
        return versions.latest, faults

    return load


BASE = """\
name: Base
front:
  title: required
  summary: required
sections:
  news: {heading: News, words: 100-500, items: {count: 3-5}}
  end: {heading: Until then}
never: [TODO]
"""


def test_a_kind_overrides_keys_of_its_base(kinds):
    text = "extends: base\nfront: {title: {length: 5-80}, summary: null}\nsections: {end: null, more: null, news: {words: 9}}\n"
    house, faults = kinds("own", base=BASE, own=text)
    assert faults == ()
    assert house.name == "Own"
    assert (required(house), house.fields[0].length) == (["title"], Bounds(5, 80))
    assert keys(house) == ["news", "more"]
    assert (house.sections[0].words, house.sections[0].items.count) == (Bounds(9, 9), Bounds(3, 5))
    assert house.never == ("TODO",)


def test_faults_are_reported_in_their_file(kinds):
    _, faults = kinds("own", base=BASE.replace("3-5", "many"), own="extends: base\nwords: few\n")
    assert [(fault.path, fault.code) for fault in faults] == [
        ("templates/base/house.yaml", "HF012"),
        ("templates/own/house.yaml", "HF012"),
    ]
    assert BASE.replace("3-5", "many")[faults[0].span.start : faults[0].span.end] == "many"


def test_a_cycle_of_kinds_is_reported(kinds):
    _, faults = kinds("own", base="extends: own\n", own="extends: base\n")
    assert [(fault.path, fault.code) for fault in faults] == [("templates/base/house.yaml", "HF110")]


def test_snippets_are_inherited_from_the_base(kinds, tmp_path):
    base = BASE + "standing: {hello: start}\n"
    home = tmp_path / "templates" / "base" / "snippets"
    home.mkdir(parents=True)
    (home / "hello.md").write_text("Hello.", encoding="utf-8")
    house, faults = kinds("own", base=base, own="extends: base\n")
    assert faults == ()
    assert [(matter.snippet, matter.text) for matter in house.standing] == [("hello", "Hello.")]


def test_a_workspace_kind_may_extend_the_bundled_kind_of_the_same_name(tmp_path, kinds):
    from newsletter.bundled import templates_folder

    home = tmp_path / "templates" / "briefing"
    home.mkdir(parents=True)
    (home / "house.yaml").write_text("extends: briefing\nfront: {summary: {length: 9-99}}\n", encoding="utf-8")
    house, faults = load_house("briefing", (tmp_path / "templates", templates_folder()), tmp_path)
    assert faults == ()
    assert keys(house.latest) == ["essay", "news", "recommendation", "events", "sign-off"]
    assert next(field for field in house.latest.fields if field.name == "summary").length == Bounds(9, 99)


@pytest.mark.parametrize(
    ("yaml", "passages"),
    [
        ("contains: {since: 1, until: at least 2, x: 1}", [["since", "until", "x"]]),
        ("contains: {since: 2-3}", [["since"]]),
        ("contains: {x: 1, since: number 40}", [[], ["x"]]),
        ("contains: {x: 1, since: 2024-01-31}", [[], ["x"]]),
        ("contains: {is: x, since: 40}", [[], ["x"]]),
        ("contains: {is: {since: 1}, since: 40}", [[], ["since"]]),
        ("opening: {contains: {since: 1}}", [["since"]]),
        ("sections: {news: {heading: News, contains: {until: 1}}}", [["until"]]),
    ],
)
def test_a_passage_may_be_named_since(versions_from, yaml: str, passages: list[list[str]]):
    versions, faults = versions_from(f"{yaml}\nother_fields: true\nsection_level: {{is: 2, since: number 7}}\n")
    assert faults == ()
    found = []
    for house in reversed(list(versions.all())):
        sections = [one for section in house.sections for one in section.contains]
        names = sorted(one.text for one in (*house.contains, *house.opening_contains, *sections))
        if names not in found:
            found.append(names)
    assert found == passages


def test_a_field_named_since_can_have_eras(versions_from):
    versions, faults = versions_from("front: {contains: {required: true, since: 40}}\n")
    assert faults == ()
    assert ["contains" in {field.name for field in one.fields} for one in versions.all()] == [True, False]


@pytest.mark.parametrize(
    ("yaml", "known"),
    [
        ("links: {nonsense: 1}", "repeats"),
        ("text: {nonsense: 1}", "quotes"),
        ("sets: {a: {sections: [news], nonsense: 1}}", "count"),
        ("groups: {a: {heading: A, sections: [news], nonsense: 1}}", "heading"),
        ("opening: {nonsense: 1}", "words"),
        ("figures: {nonsense: 1}", "caption"),
    ],
)
def test_the_known_keys_for_an_unknown_one_include_those_of_eras(house_from, yaml: str, known: str):
    _, faults = house_from(f"{yaml}\nsections: {{news: {{heading: News}}}}\n")
    (fault,) = (one for one in faults if one.code == "HF011")
    assert all(f"`{key}`" in fault.advice for key in (known, "since", "until", "eras"))
