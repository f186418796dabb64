"""Renders a post like WordPress: shortcodes, shared blocks, footnotes, and paragraphs made from blank lines."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from newsletter.importing.base import ImportNote
from newsletter.importing.html.internal import internal_element
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the media library."""

    address: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PostParts:
    """Content that the text of a post only refers to."""

    attachments: Mapping[str, Attachment]
    """By attachment id."""
    patterns: Mapping[str, str]
    """Blocks that several posts share, by id."""
    footnotes: str = ""
    """JSON: the footnotes of a post in the block editor."""


RESTRICTING = re.compile(
    r"\[(\w*(?:member|restrict|private|premium|paid|paywall|subscriber|protect|locker|wlm_|s2if|mepr)\w*)(?:[\s-][^\[\]]{0,500})?\]",
    re.IGNORECASE,
)
"""Shortcodes of plugins that show text only to paying or signed-in readers."""
_CODE = r"\[(/?)({0})\b([^\[\]]*)\]"
_CAPTION = re.compile(_CODE.format("(?:wp_)?caption"))
_SOURCE = re.compile(_CODE.format("sourcecode|code|php|css|html"))
_FOOTNOTE = re.compile(_CODE.format("footnote|fn|efn_note|mfn|ref"))
_EMBED = re.compile(r"\[embed[^\[\]]*\]\s*(https?://[^\s\[\]]+)\s*\[/embed\]")
_SITE = re.compile(
    r"\[(youtube|vimeo|tweet|twitter|instagram|dailymotion|ted|soundcloud|spotify)\b[\s=]*([^\[\]]*)\](?:\[/\1\])?"
)
_PLAYER = re.compile(r"\[(audio|video)\b([^\[\]]*)\](?:\[/\1\])?")
_GALLERY = re.compile(r"\[gallery\b([^\[\]]*)\]")
_BUTTON = re.compile(r"\[(\w*button)\b([^\[\]]*)\]([^\[\]]{1,80})\[/\1\]")
_ADDRESS = re.compile(r"""(?:src|mp3|m4a|ogg|wav|mp4|webm|url|href|link)\s*=\s*["']?(https?://[^\s"'\]]+)""")
_OTHER = re.compile(r"\[/?([a-z][a-z0-9_-]{2,40})(?:\s[^\[\]]{0,500}|/)?\]")
_LONE = re.compile(r"^[ \t]*\[([a-z][a-z0-9_-]{2,40})(?:\s[^\[\]]{0,500}|/)?\](?:\[/\1\])?[ \t]*$", re.MULTILINE)
_NO_CODES = frozenset("sic note http https".split())
_SHARED = re.compile(r"<!-- wp:block \{[^{}]*\"ref\":(\d+)[^{}]*\} /-->")
_DYNAMIC_BLOCKS = re.compile(
    r"<!-- wp:((?:latest-posts|query|latest-comments|archives|categories|tag-cloud|rss|calendar|search|social-links)\b)"
)
_REFERENCE = re.compile(r"<sup\b[^<>]{0,300}\bdata-fn=\"([\w-]{1,80})\"[^<>]{0,300}>.{0,300}?</sup>", re.DOTALL)
_PICTURE = re.compile(r"<img\b[^<>]{0,2000}\bwp-image-(\d+)\b[^<>]{0,2000}>")
_SRC = re.compile(r"\bsrc=\"[^\"]*\"")
_GUTENBERG = "<!-- wp:"
"""The beginning of each block of the block editor."""
_LONE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\[\]]+)[ \t]*$", re.MULTILINE)
_DEEPEST = 5
_MOST = 2_000_000
"""The largest size of a post with its shared blocks, in characters."""


def rendered(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text of a post as complete HTML.

    A shortcode without an equivalent stays as text; if it is alone in its line, it becomes a comment.
    """
    html = _with_shared(html, parts, place, notes)
    html = re.sub(r"<!-- /?wp:shortcode -->", "\n\n", html)
    notes += [
        ImportNote(place, f"the block “{found}”, which the site fills by itself", "left out")
        for found in dict.fromkeys(_DYNAMIC_BLOCKS.findall(html))
    ]
    html = _PICTURE.sub(lambda found: _original(found, parts), html)
    html = _with_footnotes(html, parts, place, notes)
    html = with_shortcodes(html, parts, place, notes)
    return html if _GUTENBERG in html else with_paragraphs(html)


def _with_shared(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text with shared blocks filled in, including those inside other shared blocks."""

    def put(found: re.Match[str]) -> str:
        if content := parts.patterns.get(found[1]):
            return content
        notes.append(ImportNote(place, f"the export does not have the shared block {found[1]}", "lost"))
        return ""

    for _ in range(_DEEPEST):
        named = [one for one in _SHARED.findall(html) if one in parts.patterns]
        if len(html) + sum(len(parts.patterns[one]) for one in named) > _MOST:
            notes.append(ImportNote(place, "its shared blocks, with which it would be too long", "lost"))
            return _SHARED.sub("", html)
        if not _SHARED.search(html):
            break
        html = _SHARED.sub(put, html)
    return html


def _original(found: re.Match[str], parts: PostParts) -> str:
    """The picture in its original size, if the export has its address, instead of one of WordPress' reduced sizes."""
    known = parts.attachments.get(found[1])
    if known is None or not known.address:
        return found[0]
    tag = _SRC.sub(lambda _: f'src="{escape(known.address)}"', found[0], count=1)
    return re.sub(r"\balt=\"\"", lambda _: f'alt="{escape(known.alt)}"', tag, count=1) if known.alt else tag


def _with_footnotes(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text with footnotes at its end.

    The editor's footnotes come from a field of the post, those of plugins from shortcodes.
    """
    try:
        stored = json.loads(parts.footnotes) if parts.footnotes else []
    except (ValueError, RecursionError):
        stored = []
        notes.append(ImportNote(place, "its footnotes cannot be read", "lost"))
    records = [one for one in stored if isinstance(one, dict)] if isinstance(stored, list) else []
    known = {str(one.get("id")): str(one.get("content") or "") for one in records}
    below: list[str] = []

    def mark(words: str) -> str:
        below.append(words)
        number = len(below)
        return f'<sup><a href="#footnote-of-post-{number}" id="mark-of-post-{number}">{number}</a></sup>'

    html = _REFERENCE.sub(lambda found: mark(known[found[1]]) if found[1] in known else found[0], html)
    html = _between(html, _FOOTNOTE, lambda _given, inner: mark(inner.strip()))
    entries = "".join(
        f'<li id="footnote-of-post-{number}">{words} <a href="#mark-of-post-{number}">↩</a></li>'
        for number, words in enumerate(below, 1)
    )
    return f'{html}\n\n<ol class="footnotes">{entries}</ol>' if entries else html


def with_shortcodes(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text with the shortcodes of WordPress and of common plugins converted to HTML."""
    html = _between(html, _SOURCE, _source_code)  # first, because code may contain text that looks like a shortcode
    html = _between(html, _CAPTION, _caption)
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_GALLERY, lambda found: _gallery(found, parts)),
        (_EMBED, lambda found: _linked(found[1])),
        (_SITE, _of_site),
        (_PLAYER, _player),
        (_BUTTON, _button),
        (_LONE_ADDRESS, lambda found: f'<p><a href="{escape(found[1])}">{escape(found[1])}</a></p>'),
    )
    for pattern, write in steps:
        html = pattern.sub(write, html)

    closed = set(re.findall(r"\[/([a-z][a-z0-9_-]{2,40})\]", html))

    def alone(found: re.Match[str]) -> str:
        if found[1] in _NO_CODES or found[1] in closed or RESTRICTING.match(found[0].strip()):
            return found[0]
        notes.append(ImportNote(place, f"the shortcode [{found[1]}] has no equivalent and is a comment now", "kept"))
        return f"\n\n{internal_element('x-note', escape(found[0].strip()))}\n\n"

    html = _LONE.sub(alone, html)
    rest = _between(html, _NOT_SHORTCODES, lambda _given, _inner: "")
    others = dict.fromkeys(found[1] for found in _OTHER.finditer(rest))
    notes += [
        ImportNote(place, f"the shortcode [{name}] has no equivalent and stays as text", "kept")
        for name in others
        if name not in _NO_CODES
    ]
    return html


def _between(html: str, pattern: re.Pattern[str], write: Callable[[str, str], str]) -> str:
    """Replaces each pair of tags and the text between them, by calling `write` with the attributes and that text.

    `pattern` matches both tags; its groups are the slash, the name and the attributes. Works in linear time: a tag that
    is never closed is not searched for again.
    """
    found = list(pattern.finditer(html))
    last = {tag[2]: at for at, tag in enumerate(found) if tag[1]}
    pieces: list[str] = []
    done, opened = 0, None
    for at, tag in enumerate(found):
        if opened is None and not tag[1] and last.get(tag[2], -1) > at:
            opened = tag
        elif opened is not None and tag[1] and tag[2] == opened[2]:
            pieces += [html[done : opened.start()], write(opened[3], html[opened.end() : tag.start()])]
            done, opened = tag.end(), None
    return "".join((*pieces, html[done:]))


_NOT_SHORTCODES = re.compile(r"<(/?)(x-note|pre|code)\b([^<>]{0,500})>")


def _source_code(given: str, inner: str) -> str:
    named = re.search(r"lang(?:uage)?\s*=\s*[\"']?([\w+#-]+)", given)
    code = inner.strip("\r\n").replace("[", "&#91;")
    kept = code if "&lt;" in code else escape(code.replace("&#91;", "[")).replace("[", "&#91;")
    return f'\n\n<pre><code class="language-{named[1] if named else ""}">{kept}</code></pre>\n\n'


def _caption(given: str, inner: str) -> str:
    picture = re.match(r"\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", inner, re.DOTALL)
    attribute = re.search(r"caption\s*=\s*\"([^\"]*)\"", given)
    words = (picture[2].strip() if picture else "") or (attribute[1] if attribute else "")
    return f"\n\n<figure>{picture[1] if picture else inner}<figcaption>{words}</figcaption></figure>\n\n"


def _gallery(found: re.Match[str], parts: PostParts) -> str:
    named = re.search(r"ids\s*=\s*[\"']?([\d,\s]+)", found[1])
    shown = (
        [parts.attachments[one] for one in re.findall(r"\d+", named[1]) if one in parts.attachments] if named else []
    )
    pictures = "".join(
        f'<figure><img src="{escape(one.address)}" alt="{escape(one.alt)}"><figcaption>{escape(one.caption)}</figcaption></figure>'
        for one in shown
        if one.address
    )
    return f'\n\n<div class="wp-block-gallery">{pictures}</div>\n\n' if pictures else found[0]


def _linked(address: str) -> str:
    return f'\n\n<p><a href="{escape(address)}">{escape(address)}</a></p>\n\n'


_FILMS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
}


def _of_site(found: re.Match[str]) -> str:
    """A link to a film or a post, by its address or its id on the site; the shortcode itself if it has neither."""
    address = re.search(r"https?://[^\s\"'&]+(?:&(?:amp;)?[^\s\"'&]+)*", found[2])
    if address:
        return _linked(address[0].replace("&amp;", "&"))
    number = re.search(r"(?:^|id=[\"']?|\s)([\w-]{6,20})", found[2].strip())
    return _linked(_FILMS[found[1]].format(number[1])) if number and found[1] in _FILMS else found[0]


def _player(found: re.Match[str]) -> str:
    address = _ADDRESS.search(found[2])
    return f'<{found[1]} src="{escape(address[1])}"></{found[1]}>' if address else found[0]


def _button(found: re.Match[str]) -> str:
    address = _ADDRESS.search(found[2])
    return f'<a class="button" href="{escape(address[1])}">{found[3]}</a>' if address else found[0]


_BLOCKS = r"(?:div|h[1-6]|ul|ol|blockquote|figure|table|pre|hr|iframe|p|audio|video|x-note)"
_WHOLE = re.compile(r"<(/?)(ul|ol|table|pre|figure|dl)\b([^<>]{0,2000})>", re.IGNORECASE)
_OPENS = re.compile(rf"\s*</?{_BLOCKS}\b", re.IGNORECASE)


def with_paragraphs(html: str) -> str:
    """Makes paragraphs like WordPress' `wpautop`.

    Blank lines and blocks separate paragraphs; other line ends are line breaks.
    """
    kept: list[str] = []
    pieces: list[str] = []
    done = 0
    for start, end in _blocks(html):
        kept.append(html[start:end])
        pieces += [html[done:start], f"\n\n<pre data-kept={len(kept) - 1}>\n\n"]
        done = end
    html = "".join((*pieces, html[done:]))
    html = re.sub(r"</?blockquote\b[^>]*>|<hr\b[^>]*>", r"\n\n\g<0>\n\n", html, flags=re.IGNORECASE)
    pieces = re.split(r"\n[ \t]*\n\s*", html.strip())
    made = "\n".join(
        piece if _OPENS.match(piece) else f"<p>{piece.strip().replace(chr(10), '<br>' + chr(10))}</p>"
        for piece in pieces
        if piece.strip()
    )
    # The post may have such a tag of its own, with any number.
    known = {f"<pre data-kept={at}>": block for at, block in enumerate(kept)}
    return re.sub(r"<pre data-kept=\d+>", lambda found: known.get(found[0], found[0]), made)


def _blocks(html: str) -> Iterator[tuple[int, int]]:
    """The offsets at which each outermost list, table or code block begins and ends."""
    found = list(_WHOLE.finditer(html))
    last = {tag[2].lower(): at for at, tag in enumerate(found) if tag[1]}
    opened, depth = None, 0
    for at, tag in enumerate(found):
        name = tag[2].lower()
        if opened is None:
            if not tag[1] and last.get(name, -1) > at:
                opened, depth = tag, 1
        elif name == opened[2].lower():
            depth += -1 if tag[1] else 1
            if depth == 0 or (tag[1] and last[name] == at):
                yield opened.start(), tag.end()
                opened = None
