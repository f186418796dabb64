from __future__ import annotations

import importlib.util
import re
from datetime import UTC, date, datetime
from pathlib import Path

import babel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.bundled import templates_folder
from newsletter.errors import ConfigurationError
from newsletter.language import Language, load_language

THEME = templates_folder() / "theme"
BUNDLED = ("en", "nl", "fr", "de", "es", "zh", "zh-Hant", "ja", "ar", "fa", "he")
COUNTS = (0, 1, 2, 3, 10, 11, 21, 99, 100, 101, 102, 103, 1000)
SPRING = date(2024, 3, 1)


def language(code, *folders):
    return load_language(code, [*folders, THEME])


def strings(folder, code, text):
    (folder / "strings").mkdir(exist_ok=True)
    (folder / "strings" / f"{code}.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("code", BUNDLED)
def test_every_bundled_language_says_every_word_with_the_same_fields(code):
    english, other = language("en"), load_language(code, [THEME])
    own = (THEME / "strings" / f"{code}.yaml").read_text("utf-8")
    for key, words in english.words.items():
        assert re.search(rf"^  {key}: \S", own, re.MULTILINE), f"{code} lacks {key}"
        assert re.findall(r"\{[a-z]+\}", other.words[key]) == re.findall(r"\{[a-z]+\}", words)
    assert other.words.keys() == english.words.keys()
    assert other.forms.keys() == english.forms.keys()


@pytest.mark.parametrize("code", BUNDLED)
def test_every_bundled_language_has_the_plural_forms_of_the_cldr(code):
    spoken, locale = language(code), babel.Locale.parse(code, sep="-")
    assert [spoken.plural(count) for count in range(300)] == [locale.plural_form(count) for count in range(300)]
    for key, forms in spoken.forms.items():
        assert forms.keys() >= {spoken.plural(count) for count in COUNTS}, key


@pytest.mark.parametrize("path", sorted((THEME / "strings").glob("*.yaml")), ids=lambda path: path.stem)
def test_dates_lists_and_digits_are_those_of_the_cldr(path, strings_script):
    kept = path.read_text("utf-8").partition(strings_script.MARK)[2].partition("\n")[2]
    assert strings_script.generated(path.stem).partition("\n")[2] == kept


@pytest.fixture(scope="session")
def strings_script():
    path = Path(__file__).parents[2] / "docs" / "strings.py"
    spec = importlib.util.spec_from_file_location("strings_script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("code", "long", "with_day", "alone"),
    [
        ("en", "March 1, 2024", "Friday 1 Mar", "March"),
        ("en-US", "March 1, 2024", "Friday 1 Mar", "March"),
        ("en-GB", "1 March 2024", "Friday 1 Mar", "March"),
        ("nl", "1 maart 2024", "vrijdag 1 mrt", "maart"),
        ("nl-BE", "1 maart 2024", "vrijdag 1 mrt", "maart"),
        ("fr", "1 mars 2024", "vendredi 1 mars", "mars"),
        ("de-AT", "1. März 2024", "Freitag 1 März", "März"),
        ("es", "1 de marzo de 2024", "viernes 1 mar", "marzo"),
        ("zh", "2024年3月1日", "星期五 1 3月", "三月"),
        ("zh-TW", "2024年3月1日", "星期五 1 3月", "3月"),
        ("ja", "2024年3月1日", "金曜日 1 3月", "3月"),
        ("ar", "1 مارس 2024", "الجمعة 1 مارس", "مارس"),
        ("he", "1 במרץ 2024", "יום שישי 1 מרץ", "מרץ"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(code, long, with_day, alone):
    spoken = language(code)
    assert spoken.code == code
    assert spoken.long_date(SPRING) == long
    assert spoken.format_date(SPRING, "EEEE d MMM") == with_day
    assert spoken.format_date(SPRING, "LLLL") == alone


@pytest.mark.parametrize(
    ("code", "days", "months", "years"),
    [
        ("en", "April 21–26, 2026", "April 30 – May 2, 2026", "December 30, 2026 – January 2, 2027"),
        ("en-GB", "21–26 April 2026", "30 April – 2 May 2026", "30 December 2026 – 2 January 2027"),
        ("de", "21.–26. April 2026", "30. April – 2. Mai 2026", "30. Dezember 2026 – 2. Januar 2027"),
        (
            "es",
            "21–26 de abril de 2026",
            "30 de abril – 2 de mayo de 2026",
            "30 de diciembre de 2026 – 2 de enero de 2027",
        ),
        ("zh", "2026年4月21日至26日", "2026年4月30日至5月2日", "2026年12月30日至2027年1月2日"),
        ("ja", "2026年4月21日～26日", "2026年4月30日～5月2日", "2026年12月30日～2027年1月2日"),
        ("he", "21–26 באפריל 2026", "30 באפריל – 2 במאי 2026", "30 בדצמבר 2026 – 2 בינואר 2027"),
        ("ar-EG", "٢١–٢٦ أبريل ٢٠٢٦", "٣٠ أبريل – ٢ مايو ٢٠٢٦", "٣٠ ديسمبر ٢٠٢٦ – ٢ يناير ٢٠٢٧"),
        ("fa", "۲۱ تا ۲۶ آوریل ۲۰۲۶", "۳۰ آوریل تا ۲ مهٔ ۲۰۲۶", "۳۰ دسامبر ۲۰۲۶ تا ۲ ژانویهٔ ۲۰۲۷"),
    ],
)
def test_a_stretch_of_days_says_nothing_twice(code, days, months, years):
    spoken = language(code)
    assert spoken.interval(date(2026, 4, 21), date(2026, 4, 26)) == days
    assert spoken.interval(date(2026, 4, 30), date(2026, 5, 2)) == months
    assert spoken.interval(date(2026, 12, 30), date(2027, 1, 2)) == years
    assert spoken.interval(SPRING, SPRING) == spoken.long_date(SPRING)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("d/M/yy", "1/3/24"),
        ("dd-MM-yyyy", "01-03-2024"),
        ("y", "2024"),
        ("E EEE cccc", "Fri Fri Friday"),
        ("'week' w, Y", "week 9, 2024"),
        ("h" * 0 + "d 'o''clock' ''d''", "1 o'clock '1'"),
        ("d 'de' MMMM", "1 de March"),
        ("", ""),
        ("y年M月d日", "2024年3月1日"),
    ],
)
def test_patterns_are_those_of_unicode(pattern, written):
    assert language("en").format_date(SPRING, pattern) == written
    assert language("en").format_date(datetime(2024, 3, 1, 23, tzinfo=UTC), pattern) == written


def test_the_week_belongs_to_its_own_year():
    assert language("en").format_date(date(2024, 12, 30), "w Y, y") == "1 2025, 2024"


@pytest.mark.parametrize("pattern", ["hh", "yyyyy", "MMMMM", "ddd", "d 'of", "Q"])
def test_a_pattern_without_meaning_is_refused(pattern):
    with pytest.raises(ValueError, match="date pattern"):
        language("en").format_date(SPRING, pattern)


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [
        ("en", 1, "1 minute to read"),
        ("en", 0, "0 minutes to read"),
        ("en", 21, "21 minutes to read"),
        ("fr", 0, "0 minute de lecture"),
        ("fr", 2, "2 minutes de lecture"),
        ("nl", 1, "1 minuut lezen"),
        ("ar", 1, "دقيقة قراءة واحدة"),
        ("ar", 2, "دقيقتا قراءة"),
        ("ar", 7, "7 دقائق قراءة"),
        ("ar-EG", 12, "١٢ دقيقة قراءة"),
        ("ar-EG", 100, "١٠٠ دقيقة قراءة"),
        ("fa", 1, "۱ دقیقه مطالعه"),
        ("he", 2, "שתי דקות קריאה"),
        ("zh", 1, "约1分钟读完"),
        ("ja", 8, "8分で読めます"),
    ],
)
def test_words_agree_with_their_number(code, count, said):
    assert language(code).say("minutes", count=count) == said


def test_the_rules_of_other_languages_can_be_written_as_the_cldr_writes_them():
    russian = {"one": "n % 10 = 1 and n % 100 != 11", "few": "n % 10 = 2..4 and n % 100 != 12..14"}
    spoken = Language("ru", "ltr", {"x": "x"}, plurals=russian)
    assert [
        spoken.plural(n) for n in (1, 2, 5, 11, 12, 21, 22, 112)
    ] == "one few other other other one few other".split()
    either = Language("x", "ltr", {}, plurals={"many": "n = 0 or n % 1000000 = 0,5..7"})
    assert [either.plural(n) for n in (0, 1, 1_000_006, 8)] == ["many", "other", "many", "other"]


@given(st.integers(0, 10**7), st.sampled_from(BUNDLED))
def test_any_number_can_be_said(count, code):
    spoken = _loaded(code)
    # Where a form is for one number alone, the word may say it: دقيقتان.
    alone = spoken.plural(count) in {"zero", "one", "two"} and code in {"ar", "he"}
    assert alone or spoken.numeral(count) in spoken.say("minutes", count=count)


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("ar", "3 يناير 2026"),
        ("ar-EG", "٣ يناير ٢٠٢٦"),
        ("ar-MA", "3 يناير 2026"),
        ("ar-SY", "٣ كانون الثاني ٢٠٢٦"),
        ("fa", "۳ ژانویهٔ ۲۰۲۶"),
        ("fa-IR-u-nu-latn", "3 ژانویهٔ 2026"),
        ("ar-u-nu-arab", "٣ يناير ٢٠٢٦"),
        ("en-u-nu-thai", "January ๓, ๒๐๒๖"),
        ("de-AT", "3. Jänner 2026"),
    ],
)
def test_readers_see_the_digits_and_months_of_their_region(code, written):
    assert language(code).long_date(date(2026, 1, 3)) == written


def test_what_is_compared_keeps_the_digits_from_0_to_9():
    assert language("fa").format_date(SPRING, "yyyy-MM-dd") == "2024-03-01"


@pytest.mark.parametrize(
    ("code", "names", "said"),
    [
        ("en", ["Ann", "Bo", "Cy"], "Ann, Bo, and Cy"),
        ("en-GB", ["Ann", "Bo", "Cy"], "Ann, Bo and Cy"),
        ("nl", ["Ann", "Bo"], "Ann en Bo"),
        ("es", ["Ana", "Luis", "Inés"], "Ana, Luis e Inés"),
        ("ja", ["山田", "佐藤"], "山田、佐藤"),
        ("zh", ["林", "王", "李"], "林、王和李"),
        ("ar", ["ليلى", "منى"], "ليلى ومنى"),
        ("he", ["ליאת", "Dan"], "ליאת ו-Dan"),
        ("fr", ["Ann"], "Ann"),
        ("fr", [], ""),
    ],
)
def test_lists_are_joined_as_the_language_joins_them(code, names, said):
    assert language(code).joined(names) == said


def test_a_name_with_braces_is_no_pattern():
    assert language("en").joined(["{1}", "{0}"]) == "{1} and {0}"


def test_a_title_that_runs_the_other_way_is_isolated_where_it_is_filled_in():
    assert "\u2066The Lock Keeper\u2069" in language("ar").say("reason", title="The Lock Keeper")
    assert "\u2067رسالة المنارة\u2069" in language("en").say("reason", title="رسالة المنارة")
    assert language("ar").say("number", number=7) == "العدد 7"


_cache: dict[str, Language] = {}


def _loaded(code):
    return _cache.setdefault(code, language(code)) if code not in _cache else _cache[code]


def test_only_known_fields_are_filled_in_and_braces_in_them_stay_as_they_are():
    english = language("en")
    assert english.say("by", names="{title} & {0.__class__}") == "By {title} & {0.__class__}"
    assert english.say("by") == "By {names}"
    with pytest.raises(KeyError):
        english.say("no_such_word")


@pytest.mark.parametrize(
    ("code", "direction"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("zh-Hant-TW", "ltr"),
        ("fa", "rtl"),
    ],
)
def test_the_direction_follows_the_script(code, direction):
    assert language(code).dir == direction


def test_a_language_without_words_speaks_english_under_its_own_name():
    spoken = language("sw-KE")
    assert (spoken.code, spoken.words["archive"]) == ("sw-KE", "Archive")


def test_a_workspace_changes_single_words_and_adds_languages(tmp_path):
    strings(tmp_path, "nl", "words: {archive: Oude brieven, minutes: Kort}\n")
    strings(tmp_path, "pt", "words: {archive: Arquivo}\ndates: {long: 'd MMMM y'}\n")
    dutch = language("nl-BE", tmp_path)
    assert (dutch.words["archive"], dutch.words["previous"]) == ("Oude brieven", "Vorig nummer")
    assert dutch.say("minutes", count=1) == "Kort"
    assert language("pt", tmp_path).words["archive"] == "Arquivo"
    assert language("pt", tmp_path).long_date(SPRING) == "1 March 2024"


def test_the_nearest_file_wins_over_the_folder_order(tmp_path):
    strings(tmp_path, "en", "words: {archive: Back issues}\n")
    assert language("nl", tmp_path).words["archive"] == "Archief"


def test_a_strings_file_with_faults_says_all_of_them(tmp_path):
    theme = tmp_path / "templates" / "theme"
    theme.mkdir(parents=True)
    faulty = (
        "words: {archive: [x], issues: {one: x}}\nplurals: {one: n is 1}\ndates: {long: QQ, days: [a], moths: []}\n"
    )
    strings(theme, "nl", faulty)
    with pytest.raises(ConfigurationError, match=r"templates/theme/strings/nl\.yaml") as caught:
        language("nl", theme)
    assert [(found.code, found.span.line, found.message) for found in caught.value.diagnostics] == [
        ("CF012", 1, "`words.archive` must be text, not a list"),
        ("CF014", 1, "`words.issues.other` is missing"),
        ("CF012", 2, "`plurals.one` is not a plural rule"),
        ("CF012", 3, "`dates.long` is not a date pattern: `QQ` means nothing in a date pattern"),
        ("CF012", 3, "`dates.days` must be 7 names, not 1"),
        ("CF011", 3, "`dates.moths` means nothing"),
    ]
