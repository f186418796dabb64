"""listmonk: Go's html/template, for the HTML and for the plain text.

The engine deletes every comment, including those for Outlook, and reads the plain text as HTML. Such parts are
therefore written as raw strings, which its function `Safe` prints unchanged, with the tokens between them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.services.base import (
    MARK,
    CannotExpressError,
    DraftWay,
    Evidence,
    Pictures,
    Service,
    ServiceFact,
    TokenContext,
)
from newsletter.tokens import PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = {
    "email": ".Subscriber.Email",
    "name": ".Subscriber.Name",
    "first_name": ".Subscriber.FirstName",
    "last_name": ".Subscriber.LastName",
}
_ADDRESS = re.compile(f"(?<=\ufdde)[a-z0-9_]+ {TokenContext.ADDRESS} ")
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_READ_BEFORE = re.compile(r"(?<=\{)(?=[{%#])|(?<=@)(?=TrackLink)")
"""The ends of sequences that it looks for before it reads any template, even in raw strings."""


def _personal(name: str, fallback: str, place: TokenContext) -> str:
    """The engine escapes the value and the fallback for their place, so the fallback is written raw."""
    value = _NAMES.get(name) or f".Subscriber.Attribs.{name}"
    if fallback or name not in _NAMES:
        value += f" | default {_string(name, fallback, place)}"
    if not place.plain:
        return f"{{{{ {value} }}}}"
    value = f"{value} | toString"
    # The engine accepts its own escapers only around a pipeline, not within one.
    return f"{{{{ Safe (replace `+` `%20` (urlquery ({value}))) }}}}" if place.encoded else f"{{{{ {value} | Safe }}}}"


def _string(name: str, text: str, place: TokenContext) -> str:
    """A string of Go. In an attribute it is without the attribute's quotation marks."""
    if "`" not in text:
        return f"`{text}`"
    if place.quoted:
        raise CannotExpressError(
            f"the fallback of `{name}`, {text!r}, has a backtick, which listmonk cannot write within an attribute",
            hint="Leave out the backtick.",
        )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _keep_comments(html: str) -> str:
    """Comments as raw strings. A token in a comment stays a token."""
    return _COMMENT.sub(lambda comment: "".join(_let_through(_ADDRESS.sub(_in_comment, comment[0]))), html)


def _in_comment(mark: re.Match[str]) -> str:
    """The mark of a token in a comment, as part of an address: the engine does not see the address and encodes nothing."""
    return mark[0].replace(f" {TokenContext.ADDRESS} ", f" {TokenContext.TEXT_ADDRESS} ")


def _keep_text(text: str) -> str:
    """All of the author's text as raw strings, because the engine would read some of it as tags."""
    return "".join(_let_through(text))


def _let_through(text: str) -> Iterator[str]:
    done = 0
    for mark in MARK.finditer(text):
        yield from _safe(text[done : mark.start()])
        yield mark[0]
        done = mark.end()
    yield from _safe(text[done:])


def _safe(text: str) -> Iterator[str]:
    for number, part in enumerate(text.split("`")):
        if number:
            yield '{{ Safe "`" }}'
        for piece in _READ_BEFORE.split(part):
            if piece:
                yield f"{{{{ Safe `{piece}` }}}}"


LISTMONK = Service(
    name="listmonk",
    title="listmonk",
    docs="https://listmonk.app/docs/templating/",
    addresses={
        UNSUBSCRIBE: "{{ UnsubscribeURL }}",
        PREFERENCES: "{{ ManageURL }}",
        VIEW_IN_BROWSER: "{{ MessageURL }}",
    },
    text_addresses={
        UNSUBSCRIBE: "{{ Safe (UnsubscribeURL .) }}",
        PREFERENCES: "{{ Safe (ManageURL .) }}",
        VIEW_IN_BROWSER: "{{ Safe (MessageURL .) }}",
    },
    personal=_personal,
    reserved=("{{", "{%", "{#", "@TrackLink"),
    touching="{}",
    notes='The campaign must have no template around it: choose one whose body is only `{{ template "content" . }}`. Custom fields are '
    "attributes of subscribers.",
    pictures=Pictures.EITHER,
    rewrites="Deletes every comment of the HTML, and reads the plain text as HTML; the export sees to both.",
    tag=r"\{\{-?\s*(?:\.Subscriber\.[\w.]+[^{}\n]*|UnsubscribeURL|ManageURL|MessageURL|ArchiveURL|TrackView|OptinURL)(?:\s\.)?\s*-?\}\}"
    r"|https?://[^\s\"'<>]+@TrackLink",
    last_step=_keep_comments,
    last_text_step=_keep_text,
    draft=DraftWay(
        "POST /api/campaigns",
        "New campaigns are always drafts; a role without `campaigns:send` cannot send them.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.DOCUMENTED, "knadh/listmonk, docs/docs/content/templating.md"),
        ServiceFact("web view", Evidence.DOCUMENTED, "knadh/listmonk, docs/docs/content/templating.md"),
        ServiceFact("preferences", Evidence.DOCUMENTED, "knadh/listmonk, docs/docs/content/templating.md"),
        ServiceFact("fields", Evidence.RUN, "Go's html/template with Sprig"),
        ServiceFact("comments", Evidence.RUN, "Go's html/template; knadh/listmonk#270, #1088, #1159, #1273"),
        ServiceFact("plain text", Evidence.RUN, "Go's html/template"),
    ),
)
