"""Issues for the tests of all renderers, made without parsing, house format or files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from newsletter.bundled import templates_folder
from newsletter.config.publication import Author, Publication, Sender, Theme
from newsletter.house.format import HouseFormat, ItemFormat, SectionFormat
from newsletter.language import Language, load_language
from newsletter.model import (
    Block,
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    Image,
    ImageFile,
    Inline,
    Issue,
    Item,
    Link,
    List,
    ListItem,
    Paragraph,
    PersonalField,
    Picture,
    Quotation,
    Section,
    Strikethrough,
    Strong,
    Table,
    TableCell,
    Text,
    ThematicBreak,
    YamlDocument,
)
from newsletter.render.letter import (
    AuthorBox,
    Contents,
    ContentsEntry,
    Letter,
    Neighbour,
    Opening,
    SectionPart,
    Standing,
    of_publication,
)

PAGE_URL = "https://letters.example/tide-tables/"


def english() -> Language:
    """The bundled words in English."""
    return words_of("en")


def words_of(code: str) -> Language:
    """The bundled words of a language."""
    return load_language(code, [templates_folder() / "theme"])


def text(*parts: str | Inline) -> tuple[Inline, ...]:
    """Inlines, with plain strings as Text."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def p(*parts: str | Inline) -> Paragraph:
    """A paragraph."""
    return Paragraph(text(*parts))


def link(href: str, *parts: str | Inline, title: str = "") -> Link:
    """An inline link."""
    return Link(href, text(*parts), title)


def bullets(*items: Block | tuple[Block, ...], ordered: bool = False, start: int = 1, tight: bool = True) -> List:
    """A list of blocks."""
    made = tuple(ListItem(item if isinstance(item, tuple) else (item,)) for item in items)
    return List(made, ordered=ordered, start=start, tight=tight)


def section(title: str, *blocks: Block, items: tuple[Item, ...] = (), anchor: str = "") -> Section:
    """A section under a plain heading."""
    return Section(text(title), blocks, items, anchor=anchor or title.lower().replace(" ", "-"))


def item(number: int | None, title: str, href: str, *blocks: Block) -> Item:
    """An item whose title is a link; without `href`, plain text."""
    anchor = f"{number}-{title.lower().replace(' ', '-')}" if number else title.lower().replace(" ", "-")
    if not href:
        return Item(text(title), number, blocks=blocks, anchor=anchor)
    opened = link(href, title)
    return Item((opened,), number, opened, blocks=blocks, anchor=anchor)


JONA = Author(
    "jona", "Jona Vermeer", "jona@letters.example", "https://jona.example/", "Writes about water.", "jona.jpg"
)
RUBY = Author("ruby", "Ruby O’Hara & Co")

PUBLICATION = Publication(
    title="Tide Tables",
    url="https://letters.example/",
    sender=Sender("Tide Tables", "letters@letters.example"),
    description="A letter a month about living with the sea.",
    address="Tide Tables, 1 Quay Street, 8400 Ostend, Belgium",
    reason="You get this because you subscribed at letters.example.",
    subscribe_url="https://letters.example/subscribe",
    authors={"jona": JONA, "ruby": RUBY},
    personal_fields={"city": "your city"},
)

IMAGES = {
    "cover.jpg": ImageFile("issues/tide/cover.jpg", "cover.jpg", 600, 338, "image/jpeg"),
    "barrier.jpg": ImageFile("issues/tide/barrier.jpg", "barrier.jpg", 600, 400, "image/jpeg"),
    "book.jpg": ImageFile("issues/tide/book.jpg", "book.jpg", 240, 360, "image/jpeg"),
    of_publication("jona.jpg"): ImageFile("jona.jpg", "jona.jpg", 160, 160, "image/jpeg"),
}
ATTACHMENTS = {"tide.mp3": "tide.mp3"}

FIGURE = Figure(
    Image("barrier.jpg", "Two white steel gates as long as towers lie open beside a canal"),
    caption=text("The gates at Hoek van Holland close when the sea stands ", Strong(text("three metres")), " high."),
    credit=text("Mara Lindqvist"),
    credit_word="Photo",
)
QUOTATION = Quotation(
    (p("The sea has no memory & no manners."), p("It comes when it comes.")),
    attribution=text("a lock keeper, ", link("https://news.example/keeper", "3 March")),
)
CODE = CodeBlock("def tide(hour: int) -> float:\n    return 2.1 * sin(hour)  # metres <above> datum\n", "python")
TABLE = Table(
    head=tuple(TableCell(text(name)) for name in ("Port", "High water", "Height")),
    rows=(
        (TableCell(text("Ostend")), TableCell(text("04:12")), TableCell(text("4.6 m"))),
        (TableCell(text(link("https://ports.example/", "Dover"))), TableCell(text("05:01")), TableCell(text("6.5 m"))),
    ),
    alignments=("", "center", "right"),
)
TASKS = List(
    (
        ListItem((p("Read the table"),), checked=True),
        ListItem((p("Move the ", Code("boat")),), checked=False),
    )
)
NESTED = bullets(
    (p("First the moon"), bullets(p("at its nearest"), p("at its farthest"), ordered=True, start=3)),
    p("then the wind"),
)
BUTTON = Directive("button", text(link("https://letters.example/subscribe?from=box&n=1", "Subscribe, it’s free")))
CALLOUT = Directive("callout", text("Forwarded this?"), blocks=(p("One letter a month about the sea."), BUTTON))
EVENT = Directive(
    "event",
    text(link("https://letters.example/walk", "A walk along the dyke")),
    {"date": "2026-04-21 to 2026-04-26", "place": "Ostend"},
    blocks=(p("Bring boots, ", PersonalField("first_name", "friend"), "."),),
)
AUDIO = Directive("audio", text(link("tide.mp3", "Listen to this letter")), {"length": "12 minutes"})
POLL = Directive(
    "poll",
    text("Which one next?"),
    blocks=(bullets(p(link("https://letters.example/p/1", "Ports")), p(link("https://letters.example/p/2", "Dykes"))),),
)
ONLY_EMAIL = Directive("only", text("email"), blocks=(p("Reply to this letter."),))
ONLY_WEB = Directive("only", text("web feed"), blocks=(p("You are reading this on a screen of your own."),))

ESSAY = section(
    "How the sea made a difference",
    p(
        "Dear ",
        PersonalField("first_name", "reader"),
        ", the tide was ",
        Strong(text("1.2 metres")),
        " higher than the tables said.",
        FootnoteReference("surge", 1),
        Break(hard=False),
        "It was ",
        Emphasis(text("not")),
        " a ",
        Strikethrough(text("flood")),
        " storm; see ",
        link("https://surge.example/report?city={{ city | Ostend }}&y=2026", "the report", title="A “report”"),
        " and ",
        link("javascript:alert(1)", "this"),
        ".",
    ),
    QUOTATION,
    Heading(4, text("What the tables say"), "what-the-tables-say"),
    p(
        "Type ",
        Code("tide --now <port>"),
        " and read.",
        Break(hard=True),
        "Twice",
        FootnoteReference("surge", 1, 2),
        ".",
    ),
    TABLE,
    NESTED,
    TASKS,
    CODE,
    ThematicBreak(),
    ONLY_EMAIL,
    ONLY_WEB,
    AUDIO,
)
NEWS = section(
    "Sea news – March 2026",
    items=(
        item(1, "Gates that close themselves", "https://news.example/gates", p("They did, twice."), FIGURE),
        item(2, "A harbour for 9 < 10 boats", "https://news.example/harbour?a=1&b=2", p("It has one jetty.")),
        item(
            3,
            "The round-up",
            "",
            bullets(
                p(Strong(text("No pilots.")), " Ships now moor alone. ", link("https://news.example/pilots", "Rules")),
                p(Strong(text("Forty lights.")), " All lit again. ", link("https://news.example/lights", "List")),
                tight=False,
            ),
        ),
    ),
)
BOOK = section(
    "Book of the month",
    Figure(Image("book.jpg", "Cover of The Long Ebb")),
    p(Strong(text(link("https://books.example/ebb", "The Long Ebb"))), " is about waiting."),
)
EVENTS = section("Events", EVENT, POLL)
SIGN_OFF = section(
    "Until next month", p("Did we miss a wave? ", link("mailto:letters@letters.example", "Write to us"), ".")
)

FORMATS = {
    "essay": SectionFormat("essay"),
    "news": SectionFormat(
        "news", items=ItemFormat(numbered=True, last=ItemFormat(numbered=True, look="roundup")), contents=True
    ),
    "book": SectionFormat("book", look="recommendation"),
    "events": SectionFormat("events", look="events"),
    "sign-off": SectionFormat("sign-off", look="sign-off"),
}

FOOTNOTES = (
    Footnote("surge", 1, (p("Measured at Ostend, ", link("https://gauge.example/", "gauge 7"), "."),), references=2),
)

ISSUE = Issue(
    path="issues/2026-03-31-tide-tables/index.md",
    slug="tide-tables",
    kind="briefing",
    front=YamlDocument({}, {}, {}),
    title="The night of the <high> water",
    subtitle="A storm came in on the spring tide. The gates held, and here is what that took.",
    number=14,
    date=datetime(2026, 3, 31, 7, 30, tzinfo=UTC),
    summary="The gates held on the night of the high water. What that took, and what comes next.",
    language="en",
    authors=("jona", "ruby"),
    tags=("sea", "engineering"),
    cover=Picture("cover.jpg", "A grey sea against a dyke", credit="Mara Lindqvist"),
    opening=(p("It was a quiet month, until it was not."),),
    sections=(ESSAY, NEWS, BOOK, EVENTS, SIGN_OFF),
    footnotes=FOOTNOTES,
)


def contents_of(made: Section) -> Contents:
    """The contents list of a section."""
    return Contents(tuple(ContentsEntry(entry.title, entry.anchor, entry.number) for entry in made.items))


def full_letter() -> Letter:
    """An issue with every kind of block, part and directive."""
    return Letter(
        issue=ISSUE,
        publication=PUBLICATION,
        house=HouseFormat("briefing", "Monthly briefing", "templates/briefing/house.yaml"),
        language=english(),
        parts=(
            Standing("subscribe", (CALLOUT,)),
            Opening(ISSUE.opening),
            SectionPart(ESSAY, FORMATS["essay"]),
            SectionPart(NEWS, FORMATS["news"], contents_of(NEWS)),
            SectionPart(BOOK, FORMATS["book"]),
            SectionPart(EVENTS, FORMATS["events"]),
            SectionPart(SIGN_OFF, FORMATS["sign-off"]),
            AuthorBox((JONA,)),
        ),
        footnotes=FOOTNOTES,
        subject="The night of the high water",
        preheader=ISSUE.summary,
        page_url=PAGE_URL,
        date_text="31 March 2026",
        minutes=9,
        byline=(JONA, RUBY),
        images=IMAGES,
        attachments=ATTACHMENTS,
        previous=Neighbour("A dry <month>", "https://letters.example/a-dry-month/", 13),
        following=Neighbour("After the water", "https://letters.example/after-the-water/", 15),
        picture_base=PAGE_URL,
    )


def bare_letter(*blocks: Block, **changes: object) -> Letter:
    """A minimal issue: a title, and `blocks` as its opening. `changes` are fields of the letter to replace."""
    issue = replace(
        ISSUE, title="Bare", subtitle="", number=None, date=None, summary="", authors=(), tags=(), cover=None
    )
    issue = replace(issue, opening=blocks, sections=(), footnotes=())
    letter = Letter(
        issue=issue,
        publication=Publication("Bare", "https://letters.example/", Sender("Bare", "bare@letters.example")),
        house=HouseFormat("essay", "Essay", "templates/essay/house.yaml"),
        language=english(),
        parts=(Opening(blocks),) if blocks else (),
        footnotes=(),
        subject="Bare",
        preheader="",
        page_url="https://letters.example/bare/",
    )
    return replace(letter, **changes)  # type: ignore[arg-type]


def dark_theme() -> Theme:
    """A theme with a changed value of every kind."""
    return Theme(light={"accent": "#0b6e4f"}, dark={"accent": "#6fd3ae"}, serif="Charter, Georgia, serif", radius=0)
