"""The keys of house.yaml, and the standard fields of front matter, one row for each.

From these rows, house.yaml is read (read.py), divided into eras and variants (versions.py), described in words
(describe.py) and put into a JSON Schema, and editors explain the fields. To add a key, write its row, a field in the
record (format.py), and the code that uses it. Contradictions between keys are checked by code in read.py.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from newsletter.config.table import Key, nearest
from newsletter.config.wellformed import Flaw
from newsletter.editions import NAMES, meant_name
from newsletter.house.format import FieldType
from newsletter.model import ItemShape


class KeyKind(StrEnum):
    """The kind of value that a key has. Its text is the name of its definition in the schema."""

    LINE = "line"
    LINES = "lines"
    FLAG = "flag"
    NEED = "need"
    """One of `required`, `optional` and `forbidden`."""
    WORD = "word"
    """One of a list of words."""
    NUMBER = "number"
    COUNT = "count"
    TEXTS = "texts"
    """A list, or a single text."""
    WORDS = "words"
    """Like TEXTS, but without repetition, and added to the built-in ones."""
    NAMES = "names"
    """Names that are defined elsewhere in the file."""
    PASSAGES = "passages"
    HEADINGS = "headings"
    """The headings of a section. No two sections may have the same."""
    FORMS = "forms"
    """Patterns with fields, of which one must match."""
    CATEGORIES = "categories"
    TAGS = "tags"
    PATTERN = "pattern"
    FORGIVEN = "forgiven"
    BLOCK = "block"
    SPREAD = "spread"
    """A block whose values are in the record of the block around it."""
    NAMED = "named"
    """A block whose keys are names that the author of the house format chose."""
    ITEMS = "items"
    AVOID = "avoid"
    """Words, or words by name."""
    ORDER = "order"
    LAST = "last"
    KIND = "kind"
    """Another kind of issue."""


NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""The valid names of kinds of issues and of snippets."""
SECTION_NAME = re.compile(
    r"(?:[a-z]|[^\x00-\xbf\u2000-\u206f\u3000-\u3020\ufeff\uff00-\uff20])"
    r"(?:[a-z0-9_-]|[^\x00-\xbf\u2000-\u206f\u3000-\u3020\ufeff\uff00-\uff20])*"
)
"""Lower-case Latin letters, digits and hyphens; and letters of any other script, with their marks."""
LINK_KIND = re.compile(r"[a-z][a-z0-9_-]*")
DOMAIN = re.compile(r"(?:[\w-]+\.)+[\w-]+(?::\d+)?(?P<path>/\S*)?")
RULE = re.compile(r"(FM|ST|LK|FG|TX|EM|HS)\d{0,3}")
RANGE = re.compile(
    r"(?P<low>\d+)\s*(?:-|–|to)\s*(?P<high>\d+)"
    r"|at least\s+(?P<at_least>\d+)|(?P<from>\d+)\s*[-–]"
    r"|(?:at most\s+|[-–]\s*)(?P<at_most>\d+)"
    r"|(?P<exactly>\d+)",
    re.ASCII | re.IGNORECASE,
)
MOMENT = re.compile(r"(?:number|no\.?|issue|#)\s*(\d+)", re.ASCII | re.IGNORECASE)
"""The number of an issue, as the first or last one to which a rule applies."""
YEARS = range(1900, 2200)
"""Numbers that look like years. As the number of an issue they are written `number 2024`."""

OPENING_NAME = "opening"
"""The name of the text before the first section. No section may have it."""
FORMATS = ("jpg", "png", "gif", "webp", "svg", "avif")
FORGIVEN = ("case", "quotes", "dashes", "emoji")
ALL, NOTHING = "all", "nothing"
ANY, NONE = "any", "none"
"""Values of `heading`: any heading; no heading at all."""
ROUNDUP = "roundup"


def not_empty(text: str) -> Flaw | None:
    """The problem with a text that must not be empty; None if it is not."""
    return None if text.strip() else Flaw("is empty", "Write a text, or remove it.")


def _forgive_flaw(word: str) -> Flaw | None:
    known = (*FORGIVEN, ALL, NOTHING)
    if word in known:
        return None
    close = nearest(word, known)
    advice = f"Did you mean `{close}`?" if close else f"Write some of {', '.join(FORGIVEN)}; or all, or nothing."
    return Flaw("is not a known difference", advice)


def _only_flaw(word: str) -> Flaw | None:
    if word in NAMES:
        return None
    meant = meant_name(word)
    advice = f"Did you mean `{meant}`?" if meant else f"Write some of {', '.join(NAMES)}."
    return Flaw("is not a known reader or output", advice)


def _format_flaw(name: str) -> Flaw | None:
    if name in FORMATS:
        return None
    close = "jpg" if name.lower() in {"jpeg", ".jpg", ".jpeg"} else nearest(name, FORMATS)
    return Flaw("is not a picture format", f"Write {close}." if close else f"Write one of {', '.join(FORMATS)}.")


_ABOVE_CONTENTS = "The heading of the contents list, with fields: `In this issue`, `News of {date:MMMM yyyy}`."
_WRITTEN_CONTENTS = "Whether you write the contents list yourself. It must then match what it lists."
_CONTAINS = "Text that is required here, with fields. One text, a list, or texts with how often each: `Issue {number}`, `{DRAFT: 0}`."
_BEGINS = "The text that it begins with, with fields: `Hello from {date:MMMM}`. Or a list of alternatives."
_ENDS = "The text that it ends with, in the same form."

# One to three lines a key, like a table; the formatter would use ten lines for some.
# fmt: off
ROOT = (
    Key("name", KeyKind.LINE, "The name of the kind, for people. Default: the folder's name.",
        examples=["Monthly briefing"]),
    Key("extends", KeyKind.KIND,
        "Another kind to build on. The keys here replace its keys one by one; an empty `key:` removes one.",
        pattern=NAME, examples=["briefing", "essay", "digest"]),
    Key("front", KeyKind.NAMED,
        "The front matter: the fields of this kind, in the order in which `newsletter new` writes them.",
        field="fields", of="front"),
    Key("other_fields", KeyKind.FLAG, "Whether the front matter may have fields that are not listed.",
        field="own_fields", default=False),
    Key("file_name", KeyKind.FORMS,
        "The form of the name of an issue's folder or file, with fields: `{date:yyyy-MM-dd}-{slug}`. Or a list of alternatives.",
        field="file_names", of="form", examples=["{date:yyyy-MM-dd}-{slug}"]),
    Key("opening", KeyKind.SPREAD, "The text before the first heading.", of="opening"),
    Key("sections", KeyKind.NAMED, "The sections, each under a short lower-case name that readers never see.",
        of="section", pattern=SECTION_NAME, taken=[OPENING_NAME]),
    Key("order", KeyKind.ORDER,
        "`fixed`: sections in the listed order; `free`: in any order. Or a list of their names in order; names in an inner list can come in any order.",
        choices=("fixed", "free"), default="fixed"),
    Key("sets", KeyKind.NAMED, "Sections of which an issue needs at least one: a list of names, or a block.", of="set"),
    Key("groups", KeyKind.NAMED, "Headings one level above the sections, which group them.", of="group"),
    Key("forgive", KeyKind.FORGIVEN,
        "How headings may differ from the ones listed: `case`, `quotes`, `dashes`, `emoji`; `all`, `nothing`.",
        choices=(*FORGIVEN, ALL, NOTHING), check=_forgive_flaw, examples=[["case", "emoji"]]),
    Key("words", KeyKind.COUNT, "The number of words in the whole issue: `7`, `5-9`, `at least 5`, `at most 9`.",
        examples=["at most 2000"]),
    Key("contains", KeyKind.PASSAGES, _CONTAINS, examples=["Happy reading!", {"Comments on": 2}]),
    Key("begins", KeyKind.FORMS, _BEGINS, of="passage", phrase="begins with {}"),
    Key("ends", KeyKind.FORMS, _ENDS, of="passage", examples=["Until next week!"], phrase="ends with {}"),
    Key("contents", KeyKind.FLAG, "Whether newsletter inserts a list of topics, made from all items, after the opening.",
        default=False, phrase="a list of topics, after the opening"),
    Key("contents_of", KeyKind.WORD, "What a contents list contains: `items`, `sections`, or the `categories` of items, each once.",
        choices=("items", "sections", "categories"), default="items", phrase="{}"),
    Key("contents_heading", KeyKind.LINE, _ABOVE_CONTENTS, examples=["In this issue"], phrase="“{}”"),
    Key("contents_written", KeyKind.FLAG, _WRITTEN_CONTENTS, default=False, phrase="written by hand, and must agree"),
    Key("cover", KeyKind.FLAG, "Whether the cover is under the title of the email too, as on the web page.",
        default=False, phrase="under the title of the email, too"),
    Key("author_box", KeyKind.FLAG, "Whether the authors' portraits and bios are at the end.",
        default=False, phrase="portraits and bios of the authors, at the end"),
    Key("standing", KeyKind.NAMED,
        "Text that is added to every issue: the name of a file in `snippets/`, and where it goes.",
        of="place", pattern=NAME, examples=[{"subscribe": "after opening"}]),
    Key("figures", KeyKind.SPREAD, "Requirements for pictures.", of="figures"),
    Key("quotations", KeyKind.BLOCK, "Requirements for quotations.", of="quotations"),
    Key("blocks", KeyKind.NAMED,
        "The blocks (`chart`, `gallery`, `sponsor` …) that an issue must, may or must not have: `required`, `forbidden`, how many, or a block.",
        of="use", examples=[{"chart": "at most 2", "sponsor": {"count": "at most 1", "words": "at most 80"}}]),
    Key("links", KeyKind.BLOCK, "Requirements for links.", of="links"),
    Key("text", KeyKind.BLOCK, "Requirements for the text.", of="text"),
    Key("spelling", KeyKind.NAMED,
        "The spelling of words: the right one, and the wrong ones that it replaces: `GitHub: [Github]`.",
        of="spelling", examples=[{"GitHub": ["Github", "github"]}]),
    Key("avoid", KeyKind.AVOID, "Jargon and spam words, as a list, or each with advice.",
        examples=[["leverage", "synergy"]]),
    Key("never", KeyKind.WORDS, "Words that must not be published, found exactly as written.",
        examples=[["INSERT_LINK_HERE"]]),
    Key("severity", KeyKind.NAMED, "The severity of rules, by code or prefix: `error`, `warning` or `off`.",
        field="severities", of="weight", pattern=RULE, examples=[{"ST124": "off", "FG": "warning"}]),
    Key("section_level", KeyKind.NUMBER, "How many `#` a section's heading has. Items have one more.", least=2, most=5, default=2),
    Key("allow_html", KeyKind.FLAG, "Whether raw HTML is allowed, after cleaning.", default=False),
    Key("variants", KeyKind.NAMED,
        "Several formats of one kind: each with a name, with `when` it applies and what is different then.",
        of="part"),
)
WHEN = "The value that a front-matter field must have for the variant to apply: a text, a list of texts, or `{pattern: …}`."

OPENING = (
    Key("required", KeyKind.FLAG, "Whether an issue must have one.", field="opening_need"),
    Key("words", KeyKind.COUNT, "How many: `7`, `5-9`, `at least 5`, `at most 9`; `0` for no opening.", field="opening"),
    Key("contains", KeyKind.PASSAGES, _CONTAINS, field="opening_contains"),
    Key("begins", KeyKind.FORMS, _BEGINS, field="opening_begins", of="passage", phrase="begins with {}"),
    Key("ends", KeyKind.FORMS, _ENDS, field="opening_ends", of="passage", phrase="ends with {}"),
    Key("hint", KeyKind.LINES, "The hint that `newsletter new` writes there for you to replace.", field="opening_hint"),
)
SECTION = (
    Key("heading", KeyKind.HEADINGS,
        "Its heading, or a list of possible headings, with fields: `News of {date:MMMM yyyy}`, `Issue {number}`, `{title}`, `{any}`. Without this key, any heading. `none`: no heading; its items follow the opening, or its text follows the `---` after the last item.",
        field="headings", examples=["News of {date:MMMM yyyy}", "none"]),
    Key("level", KeyKind.NUMBER, "How many `#` its heading has, if that differs from the others.", least=1, most=6, phrase="level {}"),
    Key("required", KeyKind.FLAG, "Whether an issue must have it.", field="need", default=True),
    Key("repeat", KeyKind.COUNT, "How often it may come.", default="at most 1"),
    Key("words", KeyKind.COUNT, "The number of words in the section, including its items.", phrase="words"),
    Key("figures", KeyKind.COUNT, "The number of pictures on a line of their own.", phrase="figures"),
    Key("contains", KeyKind.PASSAGES, _CONTAINS),
    Key("begins", KeyKind.FORMS, _BEGINS, of="passage", phrase="begins with {}"),
    Key("ends", KeyKind.FORMS, _ENDS, of="passage", phrase="ends with {}"),
    Key("quotations", KeyKind.BLOCK, "Requirements for its quotations, if they differ from others.", of="quotations"),
    Key("items", KeyKind.ITEMS, "Requirements for its items or stories.", of="items"),
    Key("contents", KeyKind.FLAG, "Whether there is a list of its items before the first one.",
        default=False, phrase="a list of its items first"),
    Key("contents_of", KeyKind.WORD, "What this list contains: `items`, or their `categories`, each once.",
        choices=("items", "categories"), default="items", phrase="{}"),
    Key("contents_heading", KeyKind.LINE, _ABOVE_CONTENTS, examples=["In this issue"], phrase="“{}” above that"),
    Key("contents_written", KeyKind.FLAG, _WRITTEN_CONTENTS, default=False, phrase="a list of its items, written by hand"),
    Key("look", KeyKind.WORD,
        "Its layout: `roundup`, `recommendation` (the cover beside the text), `events` or `sign-off`.",
        choices=(ROUNDUP, "recommendation", "events", "sign-off"), phrase="set as {}"),
    Key("place", KeyKind.WORD, "Whether it is the `first` or the `last` of all sections.",
        choices=("first", "last"), phrase="comes {}"),
    Key("forgive", KeyKind.FORGIVEN,
        "How its heading may differ from the ones listed: `case`, `quotes`, `dashes`, `emoji`; `all`, `nothing`.",
        choices=(*FORGIVEN, ALL, NOTHING), check=_forgive_flaw, phrase="its heading may differ in {}"),
    Key("only", KeyKind.TEXTS,
        "Its readers and outputs: `paid` or `free`, `email`, `text`, `web`, `feed`. Without it, all readers get it in all outputs.",
        choices=NAMES, check=_only_flaw, examples=["paid", ["email", "paid"]], phrase="for {} only"),
    Key("hint", KeyKind.LINES, "The hint that `newsletter new` writes in it for you to replace.", phrase="hint: {}"),
)
ITEM = (
    Key("link", KeyKind.NEED, "Whether the title is a link.", default="optional", phrase="link"),
    Key("links_to", KeyKind.NAMES, "The kinds of links (from `links`) that the title may use.",
        field="link_kinds", of="kind of link", phrase="links to {}"),
    Key("author", KeyKind.NEED, "Whether it names an author: `[Title](address) by Author`.",
        default="optional", phrase="author"),
    Key("picture", KeyKind.NEED, "Whether it has a picture.", default="optional", phrase="picture"),
    Key("credit", KeyKind.NEED, "Whether its pictures need a credit.", default="optional", phrase="credit"),
    Key("categories", KeyKind.CATEGORIES, "`any`: titles are `Category: headline`; a list: one of these; `none`.",
        default="none", examples=["any", ["Chips", "Energy"]]),
    Key("tags", KeyKind.TAGS, "The only tags in brackets that a title may begin with, as in `[Paid] Title`; `none`; `any`.",
        default="any", examples=[["Paid", "Event"], "none"]),
    Key("title", KeyKind.COUNT, "The length of the title in characters. `0`: items have no title, only text.",
        examples=["at most 90", 0], phrase="characters title"),
    Key("words", KeyKind.COUNT, "The number of words below the title.", examples=["60-450"], phrase="words"),
    Key("length", KeyKind.COUNT, "The length of the whole item in characters, including its title.",
        examples=["at most 280"], phrase="characters in all"),
    Key("full_stop", KeyKind.NEED, "Whether it ends in a full stop.", default="optional", phrase="full stop"),
    Key("bold", KeyKind.NEED, "Whether the title is in bold.", default="optional", phrase="bold title"),
    Key("look", KeyKind.WORD, "`roundup`: many short entries.", choices=(ROUNDUP,), phrase="a {}"),
    Key("entries", KeyKind.COUNT, "For a round-up: the number of bullets, paragraphs with a bold lead, or sub-headings.",
        field="inner", examples=["3-15"], phrase="entries"),
    Key("hint", KeyKind.LINES, "The hint that `newsletter new` writes in each for you to replace.", phrase="hint: {}"),
)
ALL_ITEMS = (
    Key("shape", KeyKind.WORD,
        "How items are written: `heading` (### Title), `bullet` (- Title), `lead` (**Title.** text) or `numbered` (1. Title).",
        choices=tuple(ItemShape), default="heading"),
    Key("count", KeyKind.COUNT, "How many: `7`, `5-9`, `at least 5`, `at most 9`.", examples=["5-9"]),
    Key("numbered", KeyKind.FLAG, "Whether they are numbered 1, 2, 3 …", default=False, phrase="numbered"),
    Key("level", KeyKind.NUMBER,
        "If the section has no heading: how many `#` an item has. Default: as many as a section, or one more.",
        least=2, most=6, phrase="opened by {} #"),
    Key("last", KeyKind.LAST, "Different requirements for the last item. Everything else is as for the others.",
        of="item"),
)
"""The keys for all items of a section together."""
SET = (
    Key("sections", KeyKind.NAMES, "The names of sections.", of="section"),
    Key("count", KeyKind.COUNT, "How many of them an issue needs. Default: at least one."),
)
GROUP = (
    Key("heading", KeyKind.FORMS, "Its heading, or a list of possible headings.", field="headings", of="heading"),
    Key("level", KeyKind.NUMBER, "How many `#` it has, if that is not one less than for sections.", least=1, most=6, phrase="level {}"),
    Key("sections", KeyKind.NAMES, "The names of the sections under it; `[]` for a heading on its own.", of="section"),
    Key("required", KeyKind.FLAG, "Whether an issue must have it."),
)
FIGURES = (
    Key("caption", KeyKind.NEED, "Whether every picture on a line of its own has a caption."),
    Key("credit", KeyKind.NEED, "Whether it needs a credit."),
    Key("credit_words", KeyKind.WORDS,
        "Words that begin a credit, besides Photo, Credit, Image, Source, Picture and Illustration."),
    Key("weight", KeyKind.NUMBER, "The largest size of a picture file, in kilobytes.", least=1, phrase="at most {} kB"),
    Key("width", KeyKind.NUMBER, "The smallest width of a picture, in pixels.", least=1, phrase="at least {} pixels wide"),
    Key("formats", KeyKind.WORDS, "The only formats allowed.", choices=FORMATS, check=_format_flaw, phrase="{}"),
)
QUOTATIONS = (
    Key("source", KeyKind.NEED, "Whether each names its source: `— Name` as its last line, or right below it.",
        default="optional", phrase="source of quotations"),
)
USE = (
    Key("count", KeyKind.COUNT, "How many an issue has: `1`, `1-3`, `at most 2`; `0` for none.", phrase="{}"),
    Key("words", KeyKind.COUNT, "How many words each has.", phrase="words in each"),
    Key("sections", KeyKind.NAMES, "The only sections that may have it.", of="section", choices=(OPENING_NAME,), phrase="only in {}"),
    Key("names", KeyKind.TEXTS, "The allowed text after its name, such as the allowed sponsors.", phrase="one of {}"),
)
LINKS = (
    Key("kinds", KeyKind.NAMED, "Kinds of links, each with its domains: `source: [github.com, arxiv.org]`.",
        of="domains", pattern=LINK_KIND),
    Key("http", KeyKind.FLAG, "Whether `http:` is allowed. Otherwise links need `https:`.", phrase="http"),
    Key("tracking", KeyKind.FLAG, "Whether addresses may have tracking parameters.", phrase="tracking"),
    Key("keep_parameters", KeyKind.WORDS,
        "Tracking parameters to keep, for example for a sponsor, or domains whose links keep theirs: `utm_*`, `sponsor.example`.",
        phrase="keep {}"),
    Key("shorteners", KeyKind.FLAG, "Whether shortened addresses are allowed.", phrase="shorteners"),
    Key("repeats", KeyKind.NAMES, "The sections that may repeat a link from elsewhere in the issue.",
        of="section", choices=(OPENING_NAME,)),
)
TEXT = (
    Key("quotes", KeyKind.WORD, "Which quotation marks: `typographic` (“ ”) or `straight`.",
        choices=("typographic", "straight")),
    Key("sentence", KeyKind.COUNT, "How many words a sentence has."),
    Key("paragraph", KeyKind.COUNT, "How many words a paragraph has."),
    Key("placeholders", KeyKind.WORDS, "This publication's own placeholder words, found as whole words."),
)
FIELD = (
    Key("required", KeyKind.FLAG, "Whether an issue must have it."),
    Key("length", KeyKind.COUNT, "The length: of a text in characters, of a list in entries. Of a number: its value."),
    Key("pattern", KeyKind.PATTERN, "A regular expression that must match the whole text. Use single quotes.",
        phrase="matches {}"),
    Key("choices", KeyKind.TEXTS, "The only allowed texts.", phrase="one of {}"),
    Key("form", KeyKind.FORMS, "The form of the text, with fields: `Issue #{number}`. Or a list of alternatives.",
        field="forms", of="form", phrase="{}"),
    Key("consecutive", KeyKind.FLAG, "For `number`: whether it continues from the previous issue.",
        phrase="continues from the previous issue"),
    Key("type", KeyKind.WORD, "What it holds.", choices=tuple(FieldType)),
    Key("fields", KeyKind.NAMED, "The fields inside it. Its type is then `nested`.", of="field"),
    Key("hint", KeyKind.LINES, "The hint that `newsletter new` writes for you to replace.", phrase="hint: {}"),
)
# fmt: on
BLOCKS = {
    "root": ROOT,
    "opening": OPENING,
    "section": SECTION,
    "items": (*ITEM, *ALL_ITEMS),
    "item": ITEM,
    "set": SET,
    "group": GROUP,
    "figures": FIGURES,
    "quotations": QUOTATIONS,
    "use": USE,
    "links": LINKS,
    "text": TEXT,
    "field": FIELD,
}

ERA_KEYS = {
    "since": "The first issue that this applies to, by number or date.",
    "until": "The last issue that this applies to, by number or date.",
    "is": "The value between `since` and `until`.",
    "eras": "What is different for some issues: a list of blocks, each with `since` or `until` and the keys that change.",
}
"""Keys that any block may have. versions.py handles them before the block is read."""
ABOUT_MOMENT = "The number or the date of an issue: `120`, `number 2024`, `2024-01-31`."


def _called(*kinds: KeyKind) -> frozenset[str]:
    return frozenset(key.name for keys in BLOCKS.values() for key in keys if key.kind in kinds)


FLAGS = _called(KeyKind.FLAG)
"""Keys that are true or false. `required: {since: 120}` is true from number 120 on, and false before."""
NEEDS = _called(KeyKind.NEED)
"""Keys that are `required` in an era, and otherwise have their default."""
NAMED = _called(KeyKind.NAMED, KeyKind.AVOID) | {"when"}
"""Blocks whose keys are names chosen by the author of the house format."""


class StandardField(NamedTuple):
    """A field of front matter with a meaning for the tool. Every issue may have it."""

    name: str
    holds: FieldType
    about: str


# fmt: off
STANDARD = (
    StandardField("kind", FieldType.TEXT, "The house format of the issue. Default: the publication's."),
    StandardField("title", FieldType.TEXT, "The issue's title."),
    StandardField("subtitle", FieldType.TEXT, "One line below the title."),
    StandardField("number", FieldType.NUMBER, "The number of the issue."),
    StandardField("date", FieldType.DATE, "Its date: `2024-01-31`, or with a time."),
    StandardField("period", FieldType.PERIOD,
                  "The period it covers, if that is not the month of its date: `2026-11`, `2026-Q3`, `2026-W47`, `2026`, `2026-11-01/2026-11-15`."),
    StandardField("updated", FieldType.DATE, "When it was revised."),
    StandardField("slug", FieldType.TEXT, "Its name in addresses. Default: the folder's name without the date."),
    StandardField("authors", FieldType.LIST, "Keys of the publication's authors, or full names."),
    StandardField("summary", FieldType.TEXT,
                  "One or two sentences, for feeds, link previews and, unless `preheader` is given, the inbox."),
    StandardField("preheader", FieldType.TEXT, "The text that inboxes show after the subject."),
    StandardField("subject", FieldType.TEXT, "The subject of the email. Default: the title."),
    StandardField("language", FieldType.TEXT, "BCP 47 tag. Default: the publication's."),
    StandardField("tags", FieldType.LIST, "Topics."),
    StandardField("cover", FieldType.PICTURE,
                  "The picture that stands for the issue: a file, or `{image: …, alt: …, caption: …, credit: …}`."),
    StandardField("original", FieldType.ORIGINAL,
                  "Where the letter was first published: a web address, or `{url: …, title: …, publication: …}`."),
    StandardField("canonical", FieldType.TEXT,
                  "The canonical web address for search engines. Default: that of `original`, or its page."),
    StandardField("draft", FieldType.YES_NO,
                  "Any value but `false` keeps it out of the archive and the feeds, and makes missing parts a warning."),
    StandardField("id", FieldType.TEXT,
                  "Its id in feeds, if that is not its folder's name. A full address or URI is used as it is."),
    StandardField("former", FieldType.LIST, "Its former addresses: a page there redirects to the new one."),
)
# fmt: on
STANDARD_FIELDS = {field.name: field.holds for field in STANDARD}
"""The type of each standard field."""
PICTURE = {
    "image": "The file.",
    "alt": "What it shows, for readers who cannot see it.",
    "caption": "The text below it.",
    "credit": "Who made it.",
}
"""The fields of a picture."""
ORIGINAL = {
    "url": "Its web address there.",
    "title": "Its title there, if it is different.",
    "publication": "Who published it.",
}
"""The fields of an original."""
PARTS = {FieldType.PICTURE: PICTURE, FieldType.ORIGINAL: ORIGINAL}
"""The keys of a field that may also be a plain text. A plain text is the value of the first key."""


def about_field(name: str, *, inside: bool = False) -> str:
    """The description of a standard field of front matter, or of one `inside` a picture or an original; else ""."""
    if inside:
        return next((parts[name] for parts in PARTS.values() if name in parts), "")
    return next((field.about for field in STANDARD if field.name == name), "")
