from __future__ import annotations

import shutil

import pytest

from newsletter.bundled import templates_folder
from newsletter.diagnostics import Severity
from newsletter.errors import UsageError
from newsletter.house.format import Bounds, FieldType, ItemFormat, Need, SectionFormat
from newsletter.house.load import known_kinds, load_house
from newsletter.model import NOWHERE, ItemShape

EVERYTHING = """\
name: Harbour letter
front:
  title: {required: true, length: 5-90, hint: In a few words}
  number: required
  summary: optional
  edition:
    choices: [morning, evening]
  weather:
    required: true
    fields:
      sky: required
      wind: {type: number, length: 0-12}
  code:
    pattern: '[A-Z]{2}\\d+'
other_fields: true
opening:
  required: true
  words: 20-100
  hint: Say hello
words: 500-4000
order: free
contents: true
author_box: true
allow_html: true
section_level: 3
figures:
  caption: optional
  credit: required
  credit_words: [Foto, Photo]
never: [INSERT_LINK_HERE]
sections:
  essay:
    words: at least 300
  news:
    heading: ["News of {date:MMMM yyyy}", Nieuws]
    repeat: 1-2
    figures: 1
    contents: true
    items:
      shape: bullet
      count: 5-9
      numbered: true
      link: required
      author: forbidden
      picture: required
      categories: [Ports, Ships]
      words: 20-80
      last:
        look: roundup
        picture: optional
        entries: 3-
        words: -400
  book:
    heading: "Book: {title}"
    required: false
    look: recommendation
standing:
  hello: start
  tips: after news
  offer: after opening
severity:
  ST104: warning
  FG: off
"""


def test_every_key_of_a_house_format_is_read(house_from):
    house, faults = house_from(EVERYTHING, hello="Hello.", tips="Tell us.", offer="Half price.")
    assert faults == ()
    assert (house.kind, house.name, house.path) == ("letter", "Harbour letter", "templates/letter/house.yaml")
    fields = {field.name: field for field in house.fields}
    assert fields["title"].required
    assert fields["title"].length == Bounds(5, 90)
    assert fields["title"].hint == "In a few words"
    assert (fields["number"].type, fields["number"].required) == (FieldType.NUMBER, True)
    assert (fields["summary"].required, fields["edition"].choices) == (False, ("morning", "evening"))
    assert fields["weather"].type is FieldType.NESTED
    assert [inner.name for inner in fields["weather"].fields] == ["sky", "wind"]
    assert fields["code"].pattern == "[A-Z]{2}\\d+"
    assert house.own_fields
    assert (house.opening, house.opening_need, house.opening_hint) == (Bounds(20, 100), Need.REQUIRED, "Say hello")
    assert (house.words, house.contents, house.author_box) == (Bounds(500, 4000), True, True)
    assert [section.rank for section in house.sections] == [None, None, None]
    assert (house.caption, house.credit) == (Need.OPTIONAL, Need.REQUIRED)
    assert house.never == ("INSERT_LINK_HERE",)
    assert house.reading.section_level == 3
    assert house.reading.allow_html
    assert house.reading.credit_words[-1] == "Foto"
    assert house.reading.credit_words.count("Photo") == 1
    assert house.severities == {"ST104": Severity.WARNING, "FG": Severity.OFF}
    assert [(matter.snippet, matter.place, matter.text) for matter in house.standing] == [
        ("hello", "start", "Hello."),
        ("tips", "after:news", "Tell us."),
        ("offer", "after-opening", "Half price."),
    ]


def test_sections_and_their_items_are_read(house_from):
    house, _ = house_from(EVERYTHING, hello="Hello.", tips="Tell us.", offer="Half price.")
    essay, news, book = house.sections
    assert (essay.key, essay.headings, essay.words, essay.need) == ("essay", (), Bounds(300, None), Need.REQUIRED)
    assert news.headings == ("News of {date:MMMM yyyy}", "Nieuws")
    assert (news.repeat, news.figures, news.contents) == (Bounds(1, 2), Bounds(1, 1), True)
    assert (book.headings, book.need, book.look) == (("Book: {title}",), Need.OPTIONAL, "recommendation")
    assert book.span.line == EVERYTHING[: EVERYTHING.index("  book:")].count("\n") + 1
    items = news.items
    assert items is not None
    assert (items.shape, items.count, items.numbered) == (ItemShape.BULLET, Bounds(5, 9), True)
    assert (items.link, items.author, items.picture) == (Need.REQUIRED, Need.FORBIDDEN, Need.REQUIRED)
    assert (items.categories, items.words) == (("Ports", "Ships"), Bounds(20, 80))
    assert items.last is not None
    assert (items.last.look, items.last.inner, items.last.words) == ("roundup", Bounds(3, None), Bounds(None, 400))
    assert items.last.link is Need.REQUIRED, "what the last item does not say is as for the others"
    assert items.last.picture is Need.OPTIONAL
    assert items.last.last is None


def test_the_standard_fields_always_exist_with_their_types(house_from):
    house, faults = house_from("name: Plain\n")
    assert faults == ()
    fields = {field.name: field for field in house.fields}
    assert fields["date"].type is FieldType.DATE
    assert fields["authors"].type is FieldType.LIST
    assert fields["cover"].type is FieldType.PICTURE
    assert fields["draft"].type is FieldType.YES_NO
    assert not any(field.required for field in house.fields)
    assert all(field.span == NOWHERE for field in house.fields)


def test_an_empty_section_is_a_free_section(house_from):
    house, faults = house_from("sections:\n  essay:\n")
    assert faults == ()
    assert [(section.key, section.headings) for section in house.sections] == [("essay", ())]
    assert house.sections[0] == SectionFormat("essay", span=house.sections[0].span, rank=0)


def test_a_category_list_may_be_open(house_from):
    house, _ = house_from("sections:\n  news:\n    items: {categories: any}\n  more:\n    items: {count: 2}\n")
    assert house.sections[0].items == ItemFormat(categories=())
    assert house.sections[1].items == ItemFormat(count=Bounds(2, 2))


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("7", Bounds(7, 7)),
        ("5-9", Bounds(5, 9)),
        ("5–9", Bounds(5, 9)),
        ("5 to 9", Bounds(5, 9)),
        ("5-", Bounds(5, None)),
        ("-9", Bounds(None, 9)),
        ("at least 5", Bounds(5, None)),
        ("at most 9", Bounds(None, 9)),
        ("0", Bounds(0, 0)),
    ],
)
def test_amounts_can_be_written_in_several_ways(house_from, written, bounds):
    house, faults = house_from(f"words: {written}\n")
    assert faults == ()
    assert house.words == bounds


SECTION = "sections:\n  news:\n    heading: News\n"

FAULTS = {
    "an unknown key": ("HF011", "⟦sectoins⟧: {}\n", "`sectoins` is not a known key", "Did you mean `sections`?"),
    "an unknown key of a section": ("HF011", SECTION + "    ⟦headings⟧: x\n", "`sections.news.headings`", "`heading`?"),
    "an unknown key of items": ("HF011", SECTION + "    items:\n      ⟦counts⟧: 3\n", "items.counts`", "`count`?"),
    "an unknown key of a field": ("HF011", "front:\n  title: {⟦lenght⟧: 5-9}\n", "`front.title.lenght`", "`length`?"),
    "a comma in braces": ("HF011", "front:\n  title: {hint: One⟦, two words⟧}\n", "two words` is not a known key", ""),
    "a text where a number of words belongs": (
        "HF012",
        "words: ⟦many⟧\n",
        "`words` must be a number or a range",
        "5-9",
    ),
    "a list where a range belongs": ("HF012", "words: ⟦[1, 2]⟧\n", "`words` must be a number or a range", ""),
    "true where a range belongs": ("HF012", "words: ⟦true⟧\n", "`words` must be a number or a range", ""),
    "a text where true or false belongs": ("HF012", "contents: ⟦maybe⟧\n", "`contents` must be true or false", ""),
    "yes where true belongs": ("HF012", "contents: ⟦yes⟧\n", "`contents` must be true or false", "Write true."),
    "a list where a text belongs": ("HF012", "name: ⟦[a]⟧\n", "`name` must be text, not a list", ""),
    "a mapping where a heading belongs": (
        "HF012",
        "sections:\n  news:\n    heading: ⟦{title}⟧\n",
        "`sections.news.heading` must be text, not a mapping",
        "in quotes",
    ),
    "an empty heading": ("HF012", 'sections:\n  news:\n    heading: [News, ⟦""⟧]\n', "is empty", ""),
    "a section that is no block": (
        "HF012",
        "sections:\n  news: ⟦fine⟧\n",
        "`sections.news` must be `name: value` lines",
        "",
    ),
    "items that are no block": ("HF012", SECTION + "    items: ⟦5⟧\n", "items` must be `name: value` lines", ""),
    "sections as a list": ("HF012", "sections: ⟦[news]⟧\n", "`sections` must be `name: value` lines", ""),
    "a word that is no need": ("HF012", "figures:\n  credit: ⟦requierd⟧\n", "cannot be `requierd`", "`required`?"),
    "a shape that is not there": (
        "HF012",
        SECTION + "    items:\n      shape: ⟦bullets⟧\n",
        "`sections.news.items.shape` cannot be `bullets`",
        "Did you mean `bullet`?",
    ),
    "a look that is not there": ("HF012", SECTION + "    look: ⟦round-up⟧\n", "cannot be `round-up`", "`roundup`?"),
    "an order that is not there": ("HF012", "order: ⟦loose⟧\n", "`order` cannot be `loose`", "`fixed`, `free`"),
    "a section level that is a title": ("HF012", "section_level: ⟦1⟧\n", "must be at least 2 and at most 5", ""),
    "a field that is neither": ("HF012", "front:\n  title: ⟦requred⟧\n", "`front.title` cannot be", "`required`?"),
    "a type that is not there": ("HF012", "front:\n  mood: {type: ⟦string⟧}\n", "cannot be `string`", "`text`"),
    "a severity that is not there": ("HF012", "severity: {ST104: ⟦warn⟧}\n", "cannot be `warn`", "`warning`"),
    "a rule that is not there": ("HF012", "severity: {⟦links⟧: off}\n", "`links` is not a rule", "ST104"),
    "a section called by capitals": ("HF012", "sections:\n  ⟦Big News⟧: {}\n", "`Big News` cannot be the name", ""),
    "a section called opening": ("HF012", "sections:\n  ⟦opening⟧: {}\n", "`opening` cannot be the name", ""),
    "a minimum over its maximum": ("HF101", "words: ⟦900-300⟧\n", "can never hold: at least 900", "Write 300-900."),
    "a section that never comes": ("HF101", SECTION + "    repeat: ⟦0⟧\n", "`news` is never allowed", ""),
    "contents without items": ("HF101", SECTION + "    contents: ⟦true⟧\n", "made from items", "Add `items`."),
    "a last one of none": (
        "HF101",
        SECTION + "    items:\n      count: 0\n      last: ⟦{look: roundup}⟧\n",
        "it has no last item",
        "",
    ),
    "entries without a round-up": (
        "HF101",
        SECTION + "    items:\n      entries: ⟦3-5⟧\n",
        "only a round-up can have `entries`",
        "look: roundup",
    ),
    "no figures for items with pictures": (
        "HF101",
        SECTION + "    figures: ⟦0⟧\n    items: {picture: required}\n",
        "items need a picture",
        "",
    ),
    "an issue shorter than its sections": (
        "HF101",
        "words: ⟦at most 300⟧\nsections:\n  a: {words: 200-400}\n  b: {words: 200-400}\n",
        "ask for 400 words or more",
        "",
    ),
    "a standard field of another type": ("HF101", "front:\n  date: {type: ⟦text⟧}\n", "`date` always holds a date", ""),
    "a pattern for a date": ("HF101", "front:\n  date: {pattern: ⟦x⟧}\n", "holds a date, which has no pattern", ""),
    "a length of a date": ("HF101", "front:\n  date: {length: ⟦3⟧}\n", "which has no length", ""),
    "nested without fields": ("HF101", "front:\n  sky: {type: ⟦nested⟧}\n", "has no fields", "`fields`"),
    "fields of a text": (
        "HF101",
        "front:\n  sky: {type: text, fields: ⟦{sun: required}⟧}\n",
        "has no fields of its own",
        "",
    ),
    "an unknown field in a heading": ("HF102", "sections:\n  n: {heading: ⟦'In {month}'⟧}\n", "no field `{month}`", ""),
    "a bad date pattern": ("HF102", "sections:\n  n: {heading: ⟦'In {date:mmmm}'⟧}\n", "`mmmm` means nothing", ""),
    "too long a date pattern": ("HF102", "sections:\n  n: {heading: ⟦'In {date:MMMMM}'⟧}\n", "`MMMMM` is not", ""),
    "a date without a pattern": ("HF102", "sections:\n  n: {heading: ⟦'In {date}'⟧}\n", "needs a pattern", ""),
    "a quotation mark left open": ("HF102", 'sections:\n  n: {heading: ⟦"{date:\'de MMMM}"⟧}\n', "never closed", ""),
    "a brace left open": ("HF102", "sections:\n  n: {heading: ⟦'News {number'⟧}\n", "a brace is not closed", ""),
    "two texts side by side": (
        "HF102",
        "sections:\n  n: {heading: ⟦'{title}{any}'⟧}\n",
        "there is no text between",
        "",
    ),
    "a heading that fits all": ("HF102", "sections:\n  n: {heading: ⟦'{any}'⟧}\n", "it matches every heading", ""),
    "an argument for a number": ("HF102", "sections:\n  n: {heading: ⟦'{number:3}'⟧}\n", "must be one of", ""),
    "a heading listed twice": (
        "HF103",
        "sections:\n  a: {heading: News}\n  b: {heading: [Ports, ⟦news⟧]}\n",
        "the heading `news` is already listed, by `a`",
        "",
    ),
    "a category listed twice": (
        "HF103",
        SECTION + "    items: {categories: [Chips, ⟦chips⟧]}\n",
        "the category `chips` is listed twice",
        "",
    ),
    "a choice listed twice": ("HF103", "front:\n  mood: {choices: [a, ⟦a⟧]}\n", "`a` is listed twice", ""),
    "a snippet that is not there": (
        "HF104",
        "standing:\n  ⟦offer⟧: end\n",
        "no snippet `offer`",
        "letter/snippets/offer.md",
    ),
    "a snippet outside the folder": (
        "HF104",
        "standing:\n  ⟦../offer⟧: end\n",
        "no snippet `../offer`",
        "lower-case name",
    ),
    "a place that is not there": ("HF105", SECTION + "standing:\n  tips: ⟦after nws⟧\n", "no section `nws`", "`news`?"),
    "a place in no known words": ("HF105", "standing:\n  tips: ⟦behind news⟧\n", "needs a place", "after SECTION"),
    "no place at all": ("HF105", "standing:\n  tips: ⟦[end]⟧\n", "needs a place", "after SECTION"),
    "a bad regular expression": (
        "HF106",
        "front:\n  code: {pattern: ⟦'[a-'⟧}\n",
        "not a usable regular expression",
        "",
    ),
    "a key given twice": ("HF002", "words: 1\n⟦words⟧: 2\n", "given twice", ""),
    "two sections of one name": ("HF002", SECTION + "  ⟦news⟧: {}\n", "given twice", ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_the_only_finding_at_its_place(house_from, name):
    code, marked, message, advice = FAULTS[name]
    start = marked.index("⟦")
    text = marked.replace("⟦", "").replace("⟧", "")
    place = text[start : marked.index("⟧") - 1].lstrip(", ")
    start = text.index(place, start)
    _, faults = house_from(text, tips="Tell us.")
    assert [fault.code for fault in faults] == [code], faults
    fault = faults[0]
    assert text[fault.span.start : fault.span.end] == place
    assert fault.span.start == start
    assert fault.span.line == text.count("\n", 0, start) + 1
    assert fault.span.column == start - text.rfind("\n", 0, start)
    assert fault.path == "templates/letter/house.yaml"
    assert message in fault.message
    assert advice in fault.advice
    assert not fault.message.endswith(".")


def test_all_faults_are_found_at_once_and_the_rest_is_read(house_from):
    house, faults = house_from(
        "name: [x]\nwords: 9-1\nfront:\n  title: requird\nsections:\n  news: {heading: '{x}', looks: y}\n  end: {words: 5-9}\n"
    )
    assert [(fault.code, fault.span.line) for fault in faults] == [
        ("HF012", 1),
        ("HF101", 2),
        ("HF012", 4),
        ("HF102", 6),
        ("HF011", 6),
    ]
    assert [section.key for section in house.sections] == ["news", "end"]
    assert house.sections[0].headings != (), "a section whose heading is faulty does not become a free one"


def test_a_fault_in_a_snippet_is_reported_there(house_from):
    _, faults = house_from("standing: {tips: end}\n", tips="Tell us.\n\nWrite to {replyto}, \\{not here}.\n")
    assert [(fault.code, fault.path, fault.span.line, fault.span.column) for fault in faults] == [
        ("HF107", "templates/letter/snippets/tips.md", 3, 10)
    ]
    assert "Did you mean `reply_to`?" in faults[0].advice


def test_personal_fields_and_plain_braces_in_a_snippet_are_not_fields(house_from):
    _, faults = house_from("standing: {tips: end}\n", tips="Dear {{ first_name | reader }}, { see } {} {1}.\n")
    assert faults == ()


def test_an_invalid_field_in_the_draft_is_reported(house_from):
    house, faults = house_from("name: X\n", draft="## News of {date:MMMM yyyy}\n\n{titel}\n")
    assert [(fault.code, fault.path) for fault in faults] == [("HF107", "templates/letter/draft.md")]
    assert house.draft.startswith("## News")


def test_invalid_yaml_gives_findings_and_a_default_format(house_from):
    house, faults = house_from("name: 'Letter\nsections:\n")
    assert faults
    assert all(fault.code.startswith("HF0") for fault in faults)
    assert house.kind == "letter"


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["briefing", "essay", "digest"])
def test_the_bundled_kinds_have_no_faults(kind, tmp_path):
    house, faults = load_house(kind, (tmp_path / "templates", templates_folder()), tmp_path)
    assert faults == ()
    assert house.latest.sections


def test_a_kind_is_a_folder_with_house_yaml(tmp_path):
    (tmp_path / "weekly").mkdir()
    (tmp_path / "weekly" / "house.yaml").write_text("name: Weekly\n", encoding="utf-8")
    (tmp_path / "theme").mkdir()
    assert known_kinds((tmp_path,)) == ("weekly",)
    assert {"briefing", "digest", "essay", "weekly"} <= set(known_kinds((tmp_path, templates_folder())))


@pytest.mark.parametrize("kind", ["breifing", "", "../briefing", "Briefing"])
def test_an_unknown_kind_is_refused_with_the_known_ones(kind, tmp_path):
    with pytest.raises(UsageError) as caught:
        load_house(kind, (templates_folder(),), tmp_path)
    assert "briefing" in caught.value.hint


def test_a_workspace_may_replace_one_snippet_of_a_bundled_kind(tmp_path):
    own = tmp_path / "templates" / "briefing" / "snippets"
    own.mkdir(parents=True)
    (own / "tips.md").write_text("Write to us.\n", encoding="utf-8")
    house, faults = load_house("briefing", (tmp_path / "templates", templates_folder()), tmp_path)
    texts = {matter.snippet: matter for matter in house.latest.standing}
    assert faults == ()
    assert texts["tips"].text == "Write to us.\n"
    assert texts["tips"].path == "templates/briefing/snippets/tips.md"
    assert "{subscribe_url}" in texts["subscribe"].text


def test_a_house_yaml_of_the_workspace_does_not_use_the_bundled_draft(tmp_path):
    bundled, own = tmp_path / "bundled" / "letter", tmp_path / "templates" / "letter"
    for home in (bundled, own):
        home.mkdir(parents=True)
        (home / "house.yaml").write_text("name: X\n", encoding="utf-8")
    (bundled / "draft.md").write_text("## Old\n", encoding="utf-8")
    folders = (tmp_path / "templates", tmp_path / "bundled")
    assert load_house("letter", folders, tmp_path)[0].latest.draft == ""
    shutil.rmtree(own)
    assert load_house("letter", folders, tmp_path)[0].latest.draft == "## Old\n"
