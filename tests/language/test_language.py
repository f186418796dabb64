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
BUNDLED = tuple("en nl fr de es zh zh-Hant ja ar fa he it pt pt-BR pl cs sv da nb fi tr ru uk ko hi id vi".split())
FORMS = {
    "nl": "informal", "fr": "formal", "de": "informal", "es": "informal", "zh": "informal", "zh-Hant": "formal",
    "fa": "formal", "it": "informal", "pt": "formal", "pl": "informal", "cs": "formal", "fi": "informal",
    "tr": "formal", "ru": "formal", "uk": "formal", "ko": "formal", "hi": "formal", "id": "formal", "vi": "informal",
}  # fmt: skip
"""The languages with two forms of address, and their default."""
COUNTS = (0, 1, 2, 3, 10, 11, 21, 99, 100, 101, 102, 103, 1000)
SPRING = date(2024, 3, 1)


def language(code, *folders):
    return load_language(code, [*folders, THEME])


def strings(folder, code, text):
    (folder / "strings").mkdir(exist_ok=True)
    (folder / "strings" / f"{code}.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("code", BUNDLED)
def test_every_bundled_language_has_every_word_with_the_same_fields(code):
    english, other = language("en"), load_language(code, [THEME])
    own = (THEME / "strings" / f"{code}.yaml").read_text("utf-8")
    for key, words in english.words.items():
        assert re.search(rf"^  {key}: \S", own, re.MULTILINE), f"{code} lacks {key}"
        assert re.findall(r"\{[a-z]+\}", other.words[key]) == re.findall(r"\{[a-z]+\}", words)
        for form in ("formal", "informal"):
            assert sorted(re.findall(r"\{[a-z]+\}", load_language(code, [THEME], form).words[key])) == sorted(
                re.findall(r"\{[a-z]+\}", words)
            )
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
        ("it", "1 marzo 2024", "venerdì 1 mar", "marzo"),
        ("pt", "1 de março de 2024", "sexta-feira 1 mar.", "março"),
        ("pt-BR", "1 de março de 2024", "sexta-feira 1 mar.", "março"),
        ("pl", "1 marca 2024", "piątek 1 mar", "marzec"),
        ("cs", "1. března 2024", "pátek 1 bře", "březen"),
        ("sv", "1 mars 2024", "fredag 1 mars", "mars"),
        ("da", "1. marts 2024", "fredag 1 mar.", "marts"),
        ("nb", "1. mars 2024", "fredag 1 mars", "mars"),
        ("no-NO", "1. mars 2024", "fredag 1 mars", "mars"),
        ("fi", "1. maaliskuuta 2024", "perjantaina 1 maalis", "maaliskuu"),
        ("tr", "1 Mart 2024", "Cuma 1 Mar", "Mart"),
        ("ru", "1 марта 2024\u202fг.", "пятница 1 мар.", "март"),
        ("uk", "1 березня 2024\u202fр.", "пʼятниця 1 бер.", "березень"),
        ("ko", "2024년 3월 1일", "금요일 1 3월", "3월"),
        ("hi", "1 मार्च 2024", "शुक्रवार 1 मार्च", "मार्च"),
        ("id", "1 Maret 2024", "Jumat 1 Mar", "Maret"),
        ("vi", "1 tháng 3, 2024", "Thứ Sáu 1 thg 3", "Tháng 3"),
    ],
)
def test_dates_follow_the_language(code, long, with_day, alone):
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
        ("pl", "21–26 kwietnia 2026", "30 kwietnia–2 maja 2026", "30 grudnia 2026–2 stycznia 2027"),
        ("cs", "21.–26. dubna 2026", "30. dubna – 2. května 2026", "30. prosince 2026 – 2. ledna 2027"),
        (
            "uk",
            "21–26 квітня 2026\u202fр.",
            "30 квітня – 2 травня 2026\u202fр.",
            "30 грудня 2026\u202fр. – 2 січня 2027\u202fр.",
        ),
        ("ko", "2026년 4월 21일~26일", "2026년 4월 30일 ~ 5월 2일", "2026년 12월 30일 ~ 2027년 1월 2일"),
        ("fa", "۲۱ تا ۲۶ آوریل ۲۰۲۶", "۳۰ آوریل تا ۲ مهٔ ۲۰۲۶", "۳۰ دسامبر ۲۰۲۶ تا ۲ ژانویهٔ ۲۰۲۷"),
    ],
)
def test_a_range_of_days_repeats_nothing(code, days, months, years):
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


def test_standalone_names_of_days_have_their_own_form():
    assert language("fi").format_date(SPRING, "cccc") == "perjantai"
    assert language("nl").format_date(SPRING, "cccc") == "vrijdag"


def test_a_week_has_its_iso_year():
    assert language("en").format_date(date(2024, 12, 30), "w Y, y") == "1 2025, 2024"


@pytest.mark.parametrize("pattern", ["hh", "yyyyy", "MMMMM", "ddd", "d 'of", "QQQ"])
def test_a_pattern_without_meaning_is_refused(pattern):
    with pytest.raises(ValueError, match="date pattern"):
        language("en").format_date(SPRING, pattern)


@pytest.mark.parametrize(
    ("code", "count", "expected"),
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
        ("it", 0, "0 minuti di lettura"),
        ("it", 1, "1 minuto di lettura"),
        ("pt", 2, "2 minutos de leitura"),
        ("pt-BR", 0, "0 minuto de leitura"),
        ("pt-PT", 0, "0 minutos de leitura"),
        ("pt-AO", 0, "0 minutos de leitura"),
        ("pl", 1, "1 minuta czytania"),
        ("pl", 3, "3 minuty czytania"),
        ("pl", 12, "12 minut czytania"),
        ("pl", 21, "21 minut czytania"),
        ("pl", 22, "22 minuty czytania"),
        ("cs", 4, "4 minuty čtení"),
        ("cs", 22, "22 minut čtení"),
        ("sv", 1, "1 minuts läsning"),
        ("da", 2, "2 minutters læsning"),
        ("nb", 2, "2 minutters lesetid"),
        ("nn", 2, "2 minutters lesetid"),
        ("fi", 5, "5 minuutin lukuaika"),
        ("tr", 5, "5 dakikalık okuma"),
        ("ru", 1, "1 минута чтения"),
        ("ru", 11, "11 минут чтения"),
        ("ru", 21, "21 минута чтения"),
        ("ru", 104, "104 минуты чтения"),
        ("uk", 13, "13 хвилин читання"),
        ("uk", 42, "42 хвилини читання"),
        ("ko", 3, "읽는 데 3분"),
        ("hi", 3, "पढ़ने में 3 मिनट"),
        ("hi-u-nu-deva", 3, "पढ़ने में ३ मिनट"),
        ("id", 3, "3 menit baca"),
        ("vi", 3, "3 phút đọc"),
    ],
)
def test_words_agree_with_their_number(code, count, expected):
    assert language(code).say("minutes", count=count) == expected


def test_plural_rules_can_be_written_as_in_the_cldr():
    russian = {"one": "n % 10 = 1 and n % 100 != 11", "few": "n % 10 = 2..4 and n % 100 != 12..14"}
    spoken = Language("ru", "ltr", {"x": "x"}, plurals=russian)
    assert [
        spoken.plural(n) for n in (1, 2, 5, 11, 12, 21, 22, 112)
    ] == "one few other other other one few other".split()
    either = Language("x", "ltr", {}, plurals={"many": "n = 0 or n % 1000000 = 0,5..7"})
    assert [either.plural(n) for n in (0, 1, 1_000_006, 8)] == ["many", "other", "many", "other"]


@given(st.integers(0, 10**7), st.sampled_from(BUNDLED))
def test_any_number_has_a_plural_form(count, code):
    spoken = _loaded(code)
    # A form for a single number may have the number in the word: دقيقتان.
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
def test_digits_and_months_are_those_of_the_region(code, written):
    assert language(code).long_date(date(2026, 1, 3)) == written


def test_compared_values_have_ascii_digits():
    assert language("fa").format_date(SPRING, "yyyy-MM-dd") == "2024-03-01"


@pytest.mark.parametrize(
    ("code", "names", "expected"),
    [
        ("pl", ["Ola", "Jan"], "Ola i Jan"),
        ("ko", ["민준", "서연"], "민준 및 서연"),
        ("hi", ["अ", "ब", "स"], "अ, ब, और स"),
        ("vi", ["An", "Bình", "Chi"], "An, Bình và Chi"),
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
def test_lists_are_joined_by_the_rules_of_the_language(code, names, expected):
    assert language(code).joined(names) == expected


@pytest.mark.parametrize("code", BUNDLED)
def test_the_form_of_address_follows_the_publication_if_the_language_has_two(code):
    output, formal, informal = (load_language(code, [THEME], form).words for form in ("", "formal", "informal"))
    assert (formal["reason"] != informal["reason"]) == (code in FORMS)
    assert output == {"formal": formal, "informal": informal, "": output}[FORMS.get(code, "")]


@pytest.mark.parametrize(
    ("code", "formal", "informal"),
    [
        ("de", "Sie erhalten diese E-Mail, weil Sie X abonniert haben.", "Du erhältst diese E-Mail, weil du X abonniert hast."),
        ("de-AT", "Sie erhalten diese E-Mail, weil Sie X abonniert haben.", "Du erhältst diese E-Mail, weil du X abonniert hast."),
        ("fr-CA", "Vous recevez cette lettre au titre de votre abonnement à X.", "Tu reçois cette lettre au titre de ton abonnement à X."),
        ("es", "Recibe esto porque se suscribió a X.", "Recibes esto porque te suscribiste a X."),
        ("zh-TW", "您收到這封信，是因為您訂閱了《X》。", "你收到這封信，是因為你訂閱了《X》。"),
        ("zh", "您收到这封邮件，是因为您订阅了《X》。", "你收到这封邮件，是因为你订阅了《X》。"),
        ("ru", "Это письмо пришло вам по подписке на рассылку «X».", "Это письмо пришло тебе по подписке на рассылку «X»."),
        ("pt-PT", "Recebe esta carta porque subscreveu X.", "Recebes esta carta porque subscreveste X."),
        ("en", "You get this because you subscribed to X.", "You get this because you subscribed to X."),
    ],
)  # fmt: skip
def test_the_forms_of_address_are_correct_in_each_language(code, formal, informal):
    assert load_language(code, [THEME], "formal").say("reason", title="X") == formal
    assert load_language(code, [THEME], "informal").say("reason", title="X") == informal


def test_a_workspace_may_set_words_in_both_forms_or_one(tmp_path):
    strings(tmp_path, "de", "words: {reply: {formal: Antworten Sie, informal: Antworte}, reason: Weil.}\n")
    assert language("de", tmp_path).words["reply"] == "Antworte"
    formal = load_language("de", [tmp_path, THEME], "formal").words
    assert (formal["reply"], formal["reason"]) == ("Antworten Sie", "Weil.")


def test_a_workspace_chooses_the_form_of_one_language_in_its_strings_file(tmp_path):
    strings(tmp_path, "de", "address_form: formal\n")
    strings(tmp_path, "eo", "words: {reply: {formal: Respondu, informal: Respondi}}\n")
    assert language("de", tmp_path).words["reason"].startswith("Sie ")
    assert language("nl", tmp_path).words["reason"].startswith("Je ")
    assert language("eo", tmp_path).words["reply"] == "Respondu"
    assert load_language("de", [tmp_path, THEME], "informal").words["reason"].startswith("Du ")


def test_faults_of_the_forms_of_address_are_reported_with_their_places(tmp_path):
    theme = tmp_path / "templates" / "theme"
    theme.mkdir(parents=True)
    strings(
        theme,
        "de",
        "address_form: polite\nwords:\n  reply: {formal: Antworten}\n  reason: {formal: a, informal: [b], other: c}\n",
    )
    with pytest.raises(ConfigurationError) as caught:
        language("de", theme)
    assert [(found.code, found.span.line, found.message) for found in caught.value.diagnostics] == [
        ("CF012", 1, "`address_form` cannot be `polite`"),
        ("CF014", 3, "`words.reply.informal` is missing"),
        ("CF012", 4, "`words.reason.informal` must be text, not a list"),
        ("CF011", 4, "`words.reason.other` is not a known key"),
    ]


def test_a_name_with_braces_is_not_a_pattern():
    assert language("en").joined(["{1}", "{0}"]) == "{1} and {0}"


def test_an_inserted_title_of_the_other_direction_is_isolated():
    assert "\u2066The Lock Keeper\u2069" in language("ar").say("reason", title="The Lock Keeper")
    assert "\u2067رسالة المنارة\u2069" in language("en").say("reason", title="رسالة المنارة")
    assert language("ar").say("number", number=7) == "العدد 7"


_cache: dict[str, Language] = {}


def _loaded(code):
    return _cache.setdefault(code, language(code)) if code not in _cache else _cache[code]


def test_only_known_fields_are_filled_in_and_braces_in_values_are_kept():
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


def test_a_language_without_words_uses_english_with_its_own_code():
    spoken = language("sw-KE")
    assert (spoken.code, spoken.words["archive"]) == ("sw-KE", "Archive")


def test_a_workspace_can_change_words_and_add_languages(tmp_path):
    strings(tmp_path, "nl", "words: {archive: Oude brieven, minutes: Kort}\n")
    strings(tmp_path, "sk", "words: {archive: Archív}\ndates: {long: 'd MMMM y'}\n")
    dutch = language("nl-BE", tmp_path)
    assert (dutch.words["archive"], dutch.words["previous"]) == ("Oude brieven", "Vorig nummer")
    assert dutch.say("minutes", count=1) == "Kort"
    assert language("sk", tmp_path).words["archive"] == "Archív"
    assert language("sk", tmp_path).long_date(SPRING) == "1 March 2024"


def test_the_nearest_file_wins_over_the_folder_order(tmp_path):
    strings(tmp_path, "en", "words: {archive: Back issues}\n")
    assert language("nl", tmp_path).words["archive"] == "Archief"


def test_all_faults_of_a_strings_file_are_reported(tmp_path):
    theme = tmp_path / "templates" / "theme"
    theme.mkdir(parents=True)
    faulty = (
        "words: {archive: [x], issues: {one: x}}\nplurals: {one: n is 1}\ndates: {long: GG, days: [a], moths: []}\n"
    )
    strings(theme, "nl", faulty)
    with pytest.raises(ConfigurationError, match=r"templates/theme/strings/nl\.yaml") as caught:
        language("nl", theme)
    assert [(found.code, found.span.line, found.message) for found in caught.value.diagnostics] == [
        ("CF012", 1, "`words.archive` must be text, not a list"),
        ("CF014", 1, "`words.issues.other` is missing"),
        ("CF012", 2, "`plurals.one` is not a plural rule"),
        ("CF012", 3, "`dates.long` is not a date pattern: `GG` means nothing in a date pattern"),
        ("CF012", 3, "`dates.days` must be 7 names, not 1"),
        ("CF011", 3, "`dates.moths` is not a known key"),
    ]
