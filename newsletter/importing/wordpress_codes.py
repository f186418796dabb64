"""Renders a post as WordPress does: shortcodes, shared blocks, footnotes, and the paragraphs that blank lines mean."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from newsletter.importing.base import ImportNote
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the media library."""

    address: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PostParts:
    """The content that a post shows and its text only names."""

    attachments: Mapping[str, Attachment]
    """By id."""
    patterns: Mapping[str, str]
    """Blocks that posts share, by id."""
    footnotes: str = ""
    """The JSON in which the editor keeps the footnotes of a post."""


HOLDING = re.compile(
    r"\[(\w*(?:member|restrict|private|premium|paid|paywall|subscriber|protect|locker|wlm_|s2if|mepr)\w*)(?:[\s-][^\[\]]{0,500})?\]",
    re.IGNORECASE,
)
"""Shortcodes of plugins that show text to those alone who pay or have signed in."""
_CODE = r"\[{0}(?P<given>[^\[\]]*)\](?P<inner>.*?)\[/{0}\]"
_CAPTION = re.compile(_CODE.format("(?:wp_)?caption"), re.DOTALL)
_SOURCE = re.compile(r"\[(sourcecode|code|php|css|html)\b([^\[\]]*)\](.*?)\[/\1\]", re.DOTALL)
_FOOTNOTE = re.compile(r"\[(footnote|fn|efn_note|mfn|ref)\](.*?)\[/\1\]", re.DOTALL)
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
_MADE = re.compile(
    r"<!-- wp:((?:latest-posts|query|latest-comments|archives|categories|tag-cloud|rss|calendar|search|social-links)\b)"
)
_REFERENCE = re.compile(r"<sup\b[^>]*\bdata-fn=\"([\w-]+)\"[^>]*>.*?</sup>", re.DOTALL)
_PICTURE = re.compile(r"<img\b[^>]*\bwp-image-(\d+)\b[^>]*>")
_SRC = re.compile(r"\bsrc=\"[^\"]*\"")
_GUTENBERG = "<!-- wp:"
"""How the block editor begins a block."""
_LONE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\[\]]+)[ \t]*$", re.MULTILINE)
_DEEPEST = 5


def as_shown(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text of a post as HTML that stands by itself; what has no equivalent stays as text, or in a comment if it is alone in its line."""
    html = _with_shared(html, parts, place, notes)
    html = re.sub(r"<!-- /?wp:shortcode -->", "\n\n", html)
    notes += [
        ImportNote(place, f"the block “{found}”, which the site fills by itself", "left out")
        for found in dict.fromkeys(_MADE.findall(html))
    ]
    html = _PICTURE.sub(lambda found: _original(found, parts), html)
    html = _with_footnotes(html, parts, place, notes)
    html = with_shortcodes(html, parts, place, notes)
    return html if _GUTENBERG in html else with_paragraphs(html)


def _with_shared(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text with the blocks that posts share; one may be in another."""

    def put(found: re.Match[str]) -> str:
        if content := parts.patterns.get(found[1]):
            return content
        notes.append(ImportNote(place, f"the export does not have the shared block {found[1]}", "lost"))
        return ""

    for _ in range(_DEEPEST):
        if not _SHARED.search(html) or len(html) > 5_000_000:
            break
        html = _SHARED.sub(put, html)
    return html


def _original(found: re.Match[str], parts: PostParts) -> str:
    """A picture as it was uploaded, where the export says so, rather than in one of the sizes that WordPress makes."""
    known = parts.attachments.get(found[1])
    if known is None or not known.address:
        return found[0]
    tag = _SRC.sub(lambda _: f'src="{escape(known.address)}"', found[0], count=1)
    return re.sub(r"\balt=\"\"", lambda _: f'alt="{escape(known.alt)}"', tag, count=1) if known.alt else tag


# ── Footnotes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_footnotes(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text with its footnotes below it: those of the editor are in a field beside the post, those of plugins in the text."""
    try:
        stored = json.loads(parts.footnotes) if parts.footnotes else []
    except (ValueError, RecursionError):
        stored = []
        notes.append(ImportNote(place, "its footnotes cannot be read", "lost"))
    told = [one for one in stored if isinstance(one, dict)] if isinstance(stored, list) else []
    known = {str(one.get("id")): str(one.get("content") or "") for one in told}
    below: list[str] = []

    def mark(words: str) -> str:
        below.append(words)
        number = len(below)
        return f'<sup><a href="#footnote-of-post-{number}" id="mark-of-post-{number}">{number}</a></sup>'

    html = _REFERENCE.sub(lambda found: mark(known[found[1]]) if found[1] in known else found[0], html)
    html = _FOOTNOTE.sub(lambda found: mark(found[2].strip()), html)
    entries = "".join(
        f'<li id="footnote-of-post-{number}">{words} <a href="#mark-of-post-{number}">↩</a></li>'
        for number, words in enumerate(below, 1)
    )
    return f'{html}\n\n<ol class="footnotes">{entries}</ol>' if entries else html


# ── Shortcodes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_shortcodes(html: str, parts: PostParts, place: str, notes: list[ImportNote]) -> str:
    """The text with those shortcodes resolved that WordPress and common plugins have."""
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_SOURCE, _source_code),  # first: what is in code is no shortcode
        (_CAPTION, _caption),
        (_GALLERY, lambda found: _gallery(found, parts)),
        (_EMBED, lambda found: _linked(found[1])),
        (_SITE, _of_site),
        (_PLAYER, _player),
        (_BUTTON, _button),
        (_LONE_ADDRESS, lambda found: f'<p><a href="{escape(found[1])}">{escape(found[1])}</a></p>'),
    )
    for pattern, write in steps:
        html = pattern.sub(write, html)

    def alone(found: re.Match[str]) -> str:
        if found[1] in _NO_CODES or f"[/{found[1]}]" in html[found.end() :] or HOLDING.match(found[0].strip()):
            return found[0]
        notes.append(ImportNote(place, f"the shortcode [{found[1]}] has no equivalent and is a comment now", "kept"))
        return f"\n\n<x-note>{escape(found[0].strip())}</x-note>\n\n"

    html = _LONE.sub(alone, html)
    rest = re.sub(r"<x-note>.*?</x-note>|<(pre|code)\b.*?</\1>", "", html, flags=re.DOTALL)
    others = dict.fromkeys(found[1] for found in _OTHER.finditer(rest))
    notes += [
        ImportNote(place, f"the shortcode [{name}] has no equivalent and stays as text", "kept")
        for name in others
        if name not in _NO_CODES
    ]
    return html


def _source_code(found: re.Match[str]) -> str:
    named = re.search(r"lang(?:uage)?\s*=\s*[\"']?([\w+#-]+)", found[2])
    code = found[3].strip("\r\n").replace("[", "&#91;")
    kept = code if "&lt;" in code else escape(code.replace("&#91;", "[")).replace("[", "&#91;")
    return f'\n\n<pre><code class="language-{named[1] if named else ""}">{kept}</code></pre>\n\n'


def _caption(found: re.Match[str]) -> str:
    picture = re.match(r"\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", found["inner"], re.DOTALL)
    said = re.search(r"caption\s*=\s*\"([^\"]*)\"", found["given"])
    words = (picture[2].strip() if picture else "") or (said[1] if said else "")
    return f"\n\n<figure>{picture[1] if picture else found['inner']}<figcaption>{words}</figcaption></figure>\n\n"


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
    """A film or a post by its address, or by its number on the site."""
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


# ── Paragraphs ────────────────────────────────────────────────────────────────────────────────────────────────────────

_BLOCKS = r"(?:div|h[1-6]|ul|ol|blockquote|figure|table|pre|hr|iframe|p|audio|video|x-note)"
_WHOLE = re.compile(r"<(ul|ol|table|pre|figure|dl)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_OPENS = re.compile(rf"\s*</?{_BLOCKS}\b", re.IGNORECASE)


def with_paragraphs(html: str) -> str:
    """Does what WordPress' `wpautop` does: blank lines and blocks separate paragraphs, other line ends are breaks."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\n\n<pre data-kept={len(kept) - 1}>\n\n"

    html = _WHOLE.sub(keep, html)
    html = re.sub(r"</?blockquote\b[^>]*>|<hr\b[^>]*>", r"\n\n\g<0>\n\n", html, flags=re.IGNORECASE)
    pieces = re.split(r"\n[ \t]*\n\s*", html.strip())
    made = "\n".join(
        piece if _OPENS.match(piece) else f"<p>{piece.strip().replace(chr(10), '<br>' + chr(10))}</p>"
        for piece in pieces
        if piece.strip()
    )
    return re.sub(r"<pre data-kept=(\d+)>", lambda found: kept[int(found[1])], made)
