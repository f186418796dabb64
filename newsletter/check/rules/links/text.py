"""LK: the text of links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.facts.addresses import parts_of, shows_itself, uses, without_tracking
from newsletter.check.facts.hosts import same_site
from newsletter.check.rule import WARNING, rule
from newsletter.check.rules.links.addresses import SHORTENERS
from newsletter.check.wording import quoted
from newsletter.diagnostics import Edit, Fix
from newsletter.language import primary_language
from newsletter.late import late
from newsletter.model import Code, Emphasis, Image, LinkForm, PersonalField, Strikethrough, Strong, Text
from newsletter.walk import inlines_within, plain_text, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Link

_MEANINGLESS = {
    "en": "here|this|that|link|this link|the link|click|click here|click this link|tap here|see here|right here|over here|"
    "more|read more|see more|learn more|find out more|more info|more information|more here|read more here|"
    "continue reading|read on|this page|this one|url|source here",
    "nl": "hier|klik|klik hier|link|deze link|meer|lees meer|lees hier|lees verder|meer lezen|meer info|meer informatie|"
    "lees hier meer|deze|dit|via deze link",
    "de": "hier|hier klicken|klick|klicken sie hier|klick hier|link|dieser link|mehr|mehr lesen|mehr erfahren|"
    "weiterlesen|mehr dazu|mehr infos|mehr informationen|zum artikel|hier lesen",
    "fr": "ici|cliquez ici|cliquer ici|clique ici|lien|ce lien|plus|lire plus|lire la suite|en savoir plus|la suite|"
    "voir plus|par ici|suite",
    "es": "aquí|aqui|haz clic aquí|haga clic aquí|clic aquí|pincha aquí|enlace|este enlace|más|leer más|ver más|"
    "saber más|más información|seguir leyendo|sigue leyendo",
    "zh": "这里|這裡|这儿|点击|點擊|点击这里|點擊這裡|点此|點此|链接|連結|鏈接|更多|阅读更多|閱讀更多|阅读全文|详情|詳情",
    "ja": "こちら|ここ|こちらから|リンク|クリック|ここをクリック|こちらをクリック|もっと見る|続きを読む|詳細|詳しくはこちら",
    "it": "qui|clicca qui|cliccate qui|fai clic qui|link|questo link|di più|leggi|leggi di più|scopri di più|continua a leggere|"
    "per saperne di più|maggiori informazioni",
    "pt": "aqui|clique aqui|clica aqui|link|este link|ligação|mais|ler mais|leia mais|saiba mais|saber mais|ver mais|mais informações|"
    "continuar a ler|continue lendo",
    "pl": "tutaj|tu|kliknij tutaj|kliknij|link|ten link|więcej|czytaj więcej|czytaj dalej|dowiedz się więcej|zobacz więcej",
    "cs": "zde|tady|klikněte zde|klikni zde|odkaz|tento odkaz|více|číst dál|číst více|více informací|zjistit více",
    "sv": "här|klicka här|länk|länken|den här länken|mer|läs mer|läs här|läs vidare|mer information",
    "da": "her|klik her|link|dette link|mere|læs mere|læs her|læs videre|mere information",
    "nb": "her|klikk her|lenke|denne lenken|mer|les mer|les her|les videre|mer informasjon",
    "fi": "tästä|täältä|tässä|klikkaa tästä|klikkaa|linkki|tämä linkki|lisää|lue lisää|lisätietoja|katso lisää",
    "tr": "burada|buradan|burası|tıklayın|buraya tıklayın|tıkla|bağlantı|bu bağlantı|devamı|daha fazla|devamını oku|daha fazla bilgi",
    "ru": "здесь|тут|сюда|нажмите здесь|жмите сюда|ссылка|ссылке|по ссылке|эта ссылка|подробнее|ещё|читать дальше|читать далее|узнать больше",
    "uk": "тут|сюди|натисніть тут|посилання|за посиланням|це посилання|докладніше|детальніше|читати далі|дізнатися більше",
    "hi": "यहाँ|यहां|यहाँ क्लिक करें|यहां क्लिक करें|लिंक|यह लिंक|और पढ़ें|और जानें|आगे पढ़ें|अधिक जानकारी",
    "id": "di sini|disini|klik di sini|klik|tautan|tautan ini|link|selengkapnya|baca selengkapnya|baca|lihat selengkapnya",
    "vi": "ở đây|tại đây|đây|nhấn vào đây|bấm vào đây|liên kết|link|xem thêm|đọc thêm|đọc tiếp|tìm hiểu thêm",
    "ko": "여기|여기를 클릭|클릭|링크|더 보기|더보기|자세히|자세히 보기",
}
_EDGES = " \t\n.,:;!?…»›>→➔»()[]\"'“”‘’。，：；！？"
_WORDS = {code: frozenset(words.split("|")) for code, words in _MEANINGLESS.items()}
_WORDS["no"] = _WORDS["nb"]


@rule("LK114", "meaningless-text", "Link texts say where they lead", "links", severity=WARNING)
def meaningless(context: CheckContext) -> Iterator[Diagnostic]:
    """LK114: the text of a link does not say where it leads."""
    codes = map(primary_language, (context.issue.language, context.language.code, "en"))
    words = next(_WORDS[code] for code in codes if code in _WORDS)
    for _, link in uses(context.links):
        label = " ".join(plain_text(link.inlines).casefold().strip(_EDGES).split())
        if label in words:
            yield context.found(
                "LK114",
                link.span,
                f"a link called {quoted(plain_text(link.inlines).strip())} does not say where it leads",
                label="link words that do",
            )


@rule("LK115", "empty-link-text", "Links have a text", "links")
def empty_text(context: CheckContext) -> Iterator[Diagnostic]:
    """LK115: a link has no text, or only a comma."""
    for _, link in uses(context.links):
        inside = tuple(inlines_within(link.inlines))
        if any(isinstance(inline, (Image, PersonalField, Code)) for inline in inside):
            continue
        label = plain_text(link.inlines).strip()
        if not label:
            yield context.found("LK115", link.span, "the link has no text", label="nobody can see or click it")
        elif not label.strip(".,;:!?'\"()-"):
            yield context.found("LK115", link.span, f"the link text is only {quoted(label)}")


_BLANKS = " \t"
_ROUND = re.compile(r"\]\((?P<before>[ \t]+)?[^()\s]+(?P<after>[ \t]+)?\)\Z")


@rule(
    "LK109",
    "blank-in-brackets",
    "The brackets of links have no spaces at their ends",
    "links",
    severity=WARNING,
    fixable=True,
)
def blanks(context: CheckContext) -> Iterator[Diagnostic]:
    """LK109: `[ text ]( address )`."""
    marks: Marks | None = None
    for _, link in uses(context.links):
        if link.form not in {LinkForm.INLINE, LinkForm.REFERENCE} or not plain_text(link.inlines).strip():
            continue
        whole = context.text_at(link.span)
        close = _text_end(link, whole)
        inner = whole[1:close]
        if close < 0 or not inner.strip():
            continue
        edits = [*_address_edits(context, link, whole)]
        if inner != inner.strip(_BLANKS):
            marks = marks or _marks(context)
            edits = [*_text_edits(context, link, inner, marks), *edits]
        if edits:
            yield context.found(
                "LK109",
                link.span,
                "there is a space inside the brackets of this link",
                label="it is underlined with the text" if inner != inner.strip(_BLANKS) else "",
                fix=Fix(tuple(edits), "remove the spaces from the link's brackets"),
            )


def _text_end(link: Link, whole: str) -> int:
    """The end of the link's text in `whole`."""
    if not link.inlines or not whole.startswith("["):
        return -1
    last = link.inlines[-1].span.end - link.span.start
    return whole.find("]", last) if 0 < last <= len(whole) else -1


def _text_edits(context: CheckContext, link: Link, inner: str, marks: Marks) -> Iterator[Edit]:
    """The edits that move spaces at either end of the link's text out of it. Spaces between words stay."""
    text, start = context.source.text, link.span.start + 1
    lead, trail = len(inner) - len(inner.lstrip(_BLANKS)), len(inner) - len(inner.rstrip(_BLANKS))
    begin, finish = _outermost(link.span.start, marks[0]), _outermost(link.span.end, marks[1])
    if lead:
        before = text[begin - 1 : begin] if begin else ""
        if before and not before.isspace() and before not in "([{“‘«—–":
            yield Edit(context.span(begin, begin), " ")
        yield Edit(context.span(start, start + lead), "")
    if trail:
        end = start + len(inner)
        yield Edit(context.span(end - trail, end), "")
        behind = text[finish : finish + 1]
        if behind and (behind.isalnum() or behind in "([{“‘«—–*_"):
            yield Edit(context.span(finish, finish), " ")


Marks = tuple[dict[int, int], dict[int, int]]
"""The starts of emphasis, by the start of its first inline; and the ends of emphasis, by the end of its last inline."""


def _marks(context: CheckContext) -> Marks:
    found = [
        (mark.span, mark.inlines[0].span.start, mark.inlines[-1].span.end)
        for mark in walk_inlines(context.issue)
        if isinstance(mark, (Emphasis, Strong, Strikethrough)) and mark.inlines
    ]
    return {first: span.start for span, first, _ in found}, {last: span.end for span, _, last in found}


def _outermost(at: int, marks: dict[int, int]) -> int:
    """The outermost marks of emphasis right beside an offset. A space within them would break them."""
    while marks.get(at, at) != at:
        at = marks[at]
    return at


def _address_edits(context: CheckContext, link: Link, whole: str) -> Iterator[Edit]:
    found = _ROUND.search(whole) if link.form is LinkForm.INLINE else None
    for side in ("before", "after"):
        if found and found[side]:
            start, end = found.span(side)
            yield Edit(context.span(link.span.start + start, link.span.start + end), "")


_ADDRESS = late(
    r"(?:(?P<scheme>https?)://|(?=www\.))(?P<rest>[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?)", re.IGNORECASE
)
"""The scheme or `www.` is needed: names such as Booking.com and `node.kubernetes.io/exclude` look like addresses, too."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@rule("LK116", "misleading-text", "A link that shows an address leads there", "links", severity=WARNING)
def misleading(context: CheckContext) -> Iterator[Diagnostic]:
    """LK116: the text of a link is an address, but the link leads to another one."""
    for use, link in uses(context.links):
        if shows_itself(link) or not all(isinstance(inline, Text) for inline in link.inlines):
            continue
        shown = plain_text(link.inlines).strip()
        if use.address.on_web and (found := _ADDRESS.fullmatch(shown)):
            differs = _differs(f"{found['scheme'] or 'https'}://{found['rest']}", use.href)
        elif use.address.scheme == "mailto" and _MAIL.fullmatch(shown):
            differs = shown.casefold() != unquote(use.address.path).casefold() and bool(use.address.path)
        else:
            continue
        if differs:
            yield context.found(
                "LK116",
                link.span,
                f"the link shows {quoted(shown)} and leads to {quoted(use.href)}",
                label="email clients treat this as phishing",
            )


def _differs(shown: str, href: str) -> bool:
    address, meant = parts_of(shown.rstrip("….")), parts_of(href)
    if meant.host.removeprefix("www.") in SHORTENERS:
        return False
    if not same_site(address.host, meant.host):
        return True
    path, target = unquote(address.path).rstrip("/"), unquote(meant.path).rstrip("/")
    if not target.casefold().startswith(path.casefold()):
        return True
    return bool(address.query) and _plain(shown) != _plain(href)


def _plain(address: str) -> str:
    parts = parts_of(address)
    return parts_of(without_tracking(address.partition("#")[0], parts.host, parts.path)).query
