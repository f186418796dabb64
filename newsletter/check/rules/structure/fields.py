"""ST: personal fields, and merge tags of other tools, which stay text here."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import code_in
from newsletter.check.rule import WARNING, rule
from newsletter.check.rules.structure.foreign import TEMPLATE_TAG
from newsletter.check.wording import quoted
from newsletter.editions import ONLY
from newsletter.late import late
from newsletter.markdown.fields import FIELD_HERE, folded, is_plain, meant
from newsletter.model import (
    Directive,
    HtmlBlock,
    Image,
    Link,
    LinkForm,
    PersonalField,
    RawHtml,
    Span,
    Text,
)
from newsletter.records import dataclass
from newsletter.walk import address_parts, plain_text, walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Issue

_BEGINS = re.compile(r"[{<*%\[$#]")
"""The first characters of all these tags."""
_TAG = late(
    r"(?<!\\)(?:"
    r"\{\{\{?(?P<braces>\s*[A-Za-z_.$#/^&>\"'][^{}\n]{0,120})\}?\}\}"  # Liquid, Handlebars, Django, Go
    r"|\{%-?\s*(?P<block>\w+)[^{}%\n]{0,120}%\}"  # Liquid, Django, Twig
    r"|<%[=#\s-](?P<percents>[^%<>\n]{1,120})%>"  # ERB, Salesforce
    r"|\*\|(?P<stars>[A-Z][A-Z0-9_:]*)\|\*"  # Mailchimp
    r"|%%(?P<doubled>[A-Za-z_]\w*)%%"  # Salesforce Marketing Cloud, CleverReach
    r"|%recipient[._](?P<recipient>\w+)%"  # Mailgun
    r"|%(?P<percent>[A-Za-z][A-Za-z0-9_]{2,40})%"  # ActiveCampaign
    r"|\[\[?(?P<square>[A-Za-z][\w .:-]{0,40}?)(?P<given>,\s*fallback\s*=(?P<fallback>[^\]\n]{0,80}))?\]\]?"  # Sendy
    r"|\$?\{[$!]?(?P<brace>[A-Za-z_][\w .-]{0,40}?)\}"  # MailerLite, and handwritten placeholders
    r"|\#\#(?P<hashes>[A-Za-z_]\w*)\#\#"
    r")"
)
"""Tags of services and their templates, with the name in them."""
_MARKS = ("{", "%", "[", "##", "*|", "<%")
_ALWAYS = ("braces", "percents", "stars", "doubled", "recipient")
"""The forms that are tags with any name in them. The other forms need a name of a known field."""
_FORMS = (*_ALWAYS, "percent", "square", "brace", "hashes")
_FLOW = frozenset(
    "if elsif elif elseif else endif unless endunless case when endcase for endfor foreach endforeach ifequal endifequal "
    "ifnotequal endifnotequal".split()
)
_OF_MAIL_RULE = ("*|", "%%")
"""The tags that EM108 reports in the text of the email. In the front matter it also reports tags in double braces."""
_SUBJECTS = ("title", "subtitle", "summary", "preheader", "subject")
_COVER = ("alt", "caption", "credit")

_PREFIX = late(
    r"(?:subscriber|contact|recipient|user|member|person|customer|reader|lead|data|var|profile|merge)[._:\s]+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z_][\w.:-]*")
_OTHERWISE = re.compile(r"""(?:\bdefault\b\s*[:(=]?|(?:\\?\|){2}|\?\?|\bor\b|:)\s*(?:"([^"{}|]*)"|'([^'{}|]*)')""")
_KNOWN_AS = {
    "firstname": "first_name", "fname": "first_name", "givenname": "first_name", "forename": "first_name",
    "lastname": "last_name", "lname": "last_name", "surname": "last_name", "familyname": "last_name",
    "email": "email", "emailaddress": "email", "fullname": "name", "name": "name",
}  # fmt: skip
"""The fields for every issue, by the names that services have for them."""
_OURS = (
    (
        frozenset("unsubscribe unsubscribeurl unsubscribelink unsub unsublink optout optouturl".split()),
        "Remove it: the footer of the email has the unsubscribe link.",
    ),
    (
        frozenset("preferences preferencesurl updateprofile managepreferences preferencecenter profileurl".split()),
        "Remove it: the footer of the email has the link to change preferences.",
    ),
    (
        frozenset(
            "viewinbrowser viewinbrowserurl webversion webversionurl browserurl weblink archive permalink".split()
        ),
        "Remove it: the top of the email links to its web page.",
    ),
)
"""The advice for a service's tag for an address that the tool sets by itself, by the names of the tag."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the source in which readers would see tags as text."""

    start: int
    end: int
    reports_unknown: bool = False
    """Whether ST121 reports unknown names."""
    mail_reports: bool = False
    """Whether EM108 reports the tags of some services; in the front matter, also tags in double braces."""
    front: bool = False


@rule(
    "ST189",
    "foreign-tag",
    "No tag of another tool is left for readers to see",
    "text",
    severity=WARNING,
    settings=("fields",),
)
def foreign_tag(context: CheckContext) -> Iterator[Diagnostic]:
    """ST189: a merge tag of another tool, which stays text."""
    text = context.source.text
    if not any(mark in text for mark in _MARKS):
        return
    known = context.house.reading.personal_fields | context.publication.personal_fields.keys()
    unread = sorted((span.start, span.end) for span in (*code_in(context.issue), *context.unread))
    reported: set[int] = set()
    for place in _places(context.issue, text):
        if _BEGINS.search(text, place.start, place.end) is None:
            continue
        for found in _TAG.finditer(text, place.start, place.end):
            start = found.start()
            around = bisect_right(unread, (start, len(text))) - 1
            if start in reported or (around >= 0 and start < unread[around][1]):
                continue
            if TEMPLATE_TAG.match(text, start, place.end):  # ST166 reports it
                continue
            if (advice := _advice(found, place, known)) and not _is_link(context, found):
                reported.add(start)
                message = f"{quoted(found[0])} is a tag of another tool: readers see it as it is"
                yield context.found("ST189", context.span(*found.span()), message, advice=advice)


@dataclass(frozen=True, slots=True)
class ForeignTag:
    """A tag in a text that comes from another tool."""

    start: int
    end: int
    name: str = ""
    """The field that it stands for; empty if there is none."""
    fallback: str = ""
    ours: bool = False
    """Whether it stands for an address that the tool sets by itself: to unsubscribe, or of the web version."""


def foreign_tags(text: str, known: frozenset[str]) -> Iterator[ForeignTag]:
    """The tags in `text`, in any spelling, each with the field among `known` that it stands for."""
    if not any(mark in text for mark in _MARKS):
        return
    for found in _TAG.finditer(text):
        field = FIELD_HERE.fullmatch(found[0][1:-1] if found[0].startswith("{{{") else found[0])
        if field and (meaning := meant(field, known)):
            yield ForeignTag(found.start(), found.end(), *meaning)
            continue
        inside = next(filter(None, (found[form] for form in _FORMS)), "")
        sure = any(found[form] for form in _ALWAYS) or bool(found["given"])
        name = _meaning(inside, known, whole=not sure)
        if found["block"] or sure or (name and not (found["square"] and not _is_specific(inside))):
            ours = bool(name) and name not in known
            yield ForeignTag(
                found.start(), found.end(), name if name in known else "", _fallback(found, inside), ours=ours
            )


def _places(issue: Issue, text: str) -> Iterator[Place]:
    for inline in walk_inlines(issue):
        span = inline.span
        if isinstance(inline, Text) and (span.end - span.start == len(inline.text) or len(inline.text) > 1):
            yield Place(span.start, span.end, reports_unknown=True, mail_reports=True)
        elif isinstance(inline, Link) and inline.form is not LinkForm.REFERENCE:
            yield from _in_address(inline.href_span, span)
        elif isinstance(inline, Image):
            yield Place(span.start, max(inline.src_span.start, span.start), reports_unknown=True)
            yield from _in_address(inline.src_span, span)
        elif isinstance(inline, RawHtml):
            yield Place(span.start, span.end)
    for definition in issue.definitions:
        yield Place(definition.span.start, definition.span.end)
    for block in walk_blocks(issue):
        if isinstance(block, HtmlBlock):
            yield from _in_html(text, block.span)
        elif isinstance(block, Directive):
            yield from (Place(span.start, span.end) for span in block.field_spans.values())
    yield from _in_front(issue)


def _in_address(address: Span, whole: Span) -> Iterator[Place]:
    """The places of a link's or picture's address, and of the title after it."""
    if whole.start <= address.start < whole.end:
        yield Place(address.start, address.end, reports_unknown=True)
        yield Place(address.end, whole.end)


_SHOWN_AS_IT_IS = re.compile(r"<(pre|code|kbd|samp)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)


def _in_html(text: str, span: Span) -> Iterator[Place]:
    """The parts of an HTML block outside of code."""
    start = span.start
    for code in _SHOWN_AS_IT_IS.finditer(text, span.start, span.end):
        yield Place(start, code.start())
        start = code.end()
    yield Place(start, span.end)


def _in_front(issue: Issue) -> Iterator[Place]:
    for path in (*((name,) for name in _SUBJECTS), *(("cover", name) for name in _COVER)):
        span = issue.front.value_spans.get(path)
        if span:
            yield Place(span.start, span.end, mail_reports=path[0] != "cover", front=path[0] != "cover")


def _advice(found: re.Match[str], place: Place, known: frozenset[str]) -> str:
    """The advice for a tag; empty if it is no tag, or if another rule reports it."""
    if _is_reported(found[0], place, known):
        return ""
    if found["block"]:
        plain = "Conditions and loops are not supported. Write the text for all readers, or use a field: `{{ first_name | there }}`."
        return plain if found["block"].lower() in _FLOW else ""
    inside = next(filter(None, (found[form] for form in _FORMS)), "")
    sure = any(found[form] for form in _ALWAYS) or found["given"]
    meaning = _meaning(inside, known, whole=not sure)
    if not sure and (not meaning or (found["square"] and not _is_specific(inside))):
        return ""
    return _written(meaning, _fallback(found, inside)) if meaning in known else meaning or _unknown(known)


def _is_reported(tag: str, place: Place, known: frozenset[str]) -> bool:
    """Whether the tag is a known field, or another rule reports it."""
    if place.mail_reports and tag.startswith((*_OF_MAIL_RULE, *(("{{", "{%") if place.front else ()))):
        return True
    field = FIELD_HERE.fullmatch(tag[1:-1] if tag.startswith("{{{") else tag)
    return field is not None and (meant(field, known) is not None or (place.reports_unknown and is_plain(field)))


def _fallback(found: re.Match[str], inside: str) -> str:
    """The fallback text in another tool's tag."""
    otherwise = _OTHERWISE.search(inside)
    return (found["fallback"] or "").strip() or (next(filter(None, otherwise.groups()), "") if otherwise else "")


def _written(name: str, fallback: str) -> str:
    if fallback:
        return f"Write `{{{{ {name} | {fallback} }}}}`."
    return f"Write `{{{{ {name} }}}}`; with a fallback for readers who have none, `{{{{ {name} | … }}}}`."


def _is_specific(name: str) -> bool:
    """Whether a name in square brackets is hardly a word of the sentence: `[First name]`, `[FNAME]`, but not `[name]`."""
    return name.isupper() or any(mark in name for mark in " _.:")


def _meaning(inside: str, known: frozenset[str], *, whole: bool) -> str:
    """The field that a tag stands for, or what to write instead; empty if neither is known.

    With `whole`, the whole text must be the name; else, its first words may be.
    """
    words = _WORD.findall(re.split(r"[|\"',]", inside)[0])
    for name in (inside,) if whole else (" ".join(words), " ".join(words[:2]), *words[:2]):
        key = _bare(name)
        fields = {alias: field for alias, field in _KNOWN_AS.items() if field in known}
        fields |= {field.replace("_", ""): field for field in known}
        found = fields.get(key) or next((instead for keys, instead in _OURS if key in keys), "")
        if found:
            return found
    return ""


def _bare(name: str) -> str:
    """A name without the prefixes of other tools, case, spaces and marks."""
    name = name.strip(" .:$#/^&>!")
    while _PREFIX.match(name):
        name = _PREFIX.sub("", name, count=1)
    return folded(name).replace("_", "").split(":")[0]


def _unknown(known: frozenset[str]) -> str:
    listed = ", ".join(f"`{field}`" for field in sorted(known))
    return f"Fields are {listed}, written `{{{{ first_name | there }}}}`; newsletter.yaml may add others. If a tag is meant as text, write it as code."


def _is_link(context: CheckContext, found: re.Match[str]) -> bool:
    """Whether the square brackets belong to a link, a task or a definition."""
    if not found[0].startswith("["):
        return False
    behind = context.source.text[found.end() : found.end() + 1]
    label = " ".join((found["square"] or "").split()).casefold()
    return behind in {"(", "[", ":"} or any(
        " ".join(definition.label.split()).casefold() == label for definition in context.issue.definitions
    )


_FOLLOWED = re.compile(r"(?:https?://|mailto:|tel:|sms:)[^\s/]", re.IGNORECASE)


@rule(
    "ST190",
    "field-without-address",
    "A personal field used as an address has an address as its fallback",
    "links",
    severity=WARNING,
    settings=("fields",),
)
def field_without_address(context: CheckContext) -> Iterator[Diagnostic]:
    """ST190: the address of a link is a field that may be empty, so the link would lead nowhere."""
    if "{{" not in context.source.text:
        return
    in_mail = [block.span for block in walk_blocks(context.issue) if _is_for_mail(block)]
    reported: set[tuple[int, str]] = set()
    for inline in walk_inlines(context.issue):
        if not isinstance(inline, (Link, Image)):
            continue
        href, place = (inline.href, inline.href_span) if isinstance(inline, Link) else (inline.src, inline.src_span)
        first = next(iter(address_parts(href)), "")
        if not isinstance(first, PersonalField) or (place.start, href) in reported:
            continue
        reported.add((place.start, href))
        what = "link" if isinstance(inline, Link) else "picture"
        fallback = first.fallback or context.publication.personal_fields.get(first.name, "")
        span = place if place.end else inline.span
        if fallback and not _FOLLOWED.match(fallback):
            message = f"the fallback of this {what}, {quoted(fallback)}, is not an address"
            yield context.found("ST190", span, message, advice=_with_address(first.name))
        elif not fallback and not any(around.start <= inline.span.start < around.end for around in in_mail):
            message = f"this {what} is left out on the web page and in feeds: nothing fills in `{first.name}` there"
            yield context.found("ST190", span, message, advice=_with_address(first.name))


def _with_address(name: str) -> str:
    return f"Give it a fallback, `{{{{ {name} | https://… }}}}`, here or under `fields` in newsletter.yaml."


def _is_for_mail(block: object) -> bool:
    """Whether a block is only in the email."""
    if not isinstance(block, Directive) or block.name != ONLY:
        return False
    readers = set(plain_text(block.argument).lower().split())
    return "email" in readers and not readers & {"web", "feed"}
