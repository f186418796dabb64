"""Documents for the frame that are not outputs: the plain text, the entry in a feed reader, and the rows of inboxes."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from newsletter.preview.dark import Scheme

if TYPE_CHECKING:
    from newsletter.preview.inbox import Row
    from newsletter.preview.request import ViewRequest
    from newsletter.render.letter import Letter

_SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_PAPER = (
    ":root{color-scheme:light;--ground:#fffdf9;--ink:#1d2126;--soft:#5c6168;--rule:#ddd6c8;--tint:#f3ece0;--accent:#a6341b}"
    ".dark{color-scheme:dark;--ground:#1c1f23;--ink:#ebe7df;--soft:#a8aaad;--rule:#363a40;--tint:#262320;--accent:#f08a6c}"
    "*{box-sizing:border-box}html{background:var(--ground);color:var(--ink)}body{margin:0}"
)


def _document(
    title: str, style: str, body: str, request: ViewRequest, language: str = "en", direction: str = "ltr"
) -> str:
    dark = "" if request.scheme is Scheme.LIGHT else " class=dark"
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{escape(direction)}"{dark}><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_PAPER}{style}</style></head><body>{body}</body></html>"
    )


def text_document(text: str, request: ViewRequest) -> str:
    """The plain-text part, as a text-only email client shows it: 72 columns in a fixed-width font."""
    style = (
        "pre{margin:0;padding:32px 40px 48px;font:14px/21px ui-monospace,'SF Mono',SFMono-Regular,Menlo,Consolas,"
        "'Liberation Mono',monospace;white-space:pre-wrap;overflow-wrap:anywhere;width:calc(72ch + 80px);max-width:100%}"
        # If the screen is slightly too narrow, the font gets smaller; a phone breaks lines, as its email clients do.
        "@media(max-width:710px){pre{padding:24px 20px;width:auto;font-size:calc((100vw - 44px)/72/.605);line-height:1.5}}"
        "@media(max-width:520px){pre{font-size:13.5px;line-height:20px}}"
    )
    # Each line is an element of its own, so that unchanged lines stay in place.
    lines = "".join(f"<span>{escape(line)}\n</span>" for line in text.split("\n"))
    return _document("Plain text", style, f"<pre>{lines}</pre>", request)


def feed_document(letter: Letter, entry: str, request: ViewRequest) -> str:
    """The entry as a feed reader shows it: in the reader's own font, without the design of the letter."""
    style = (
        f"body{{font:17px/28px {_SANS};padding:36px 40px 64px;max-width:720px;margin:auto}}"
        "header{border-bottom:1px solid var(--rule);margin-bottom:28px;padding-bottom:20px}"
        "header p{margin:0;color:var(--soft);font-size:14px;line-height:22px}h1{font-size:30px;line-height:38px;margin:8px 0}"
        "h2{font-size:22px;line-height:30px;margin:40px 0 12px}h3{font-size:19px;line-height:27px;margin:32px 0 8px}"
        "img{max-width:100%;height:auto;border-radius:4px}figure{margin:28px 0}figcaption{color:var(--soft);font-size:14px;"
        "line-height:20px;margin-top:8px}a{color:var(--accent)}blockquote{margin:24px 0;padding-left:18px;border-inline-start:"
        "3px solid var(--rule);color:var(--soft)}pre{overflow:auto;background:var(--tint);padding:14px;border-radius:4px}"
        "table{border-collapse:collapse}td,th{border:1px solid var(--rule);padding:6px 10px;text-align:start}"
        "hr{border:0;border-top:1px solid var(--rule);margin:32px 0}@media(max-width:480px){body{padding:24px 20px 48px}}"
    )
    names = ", ".join(author.name for author in letter.byline)
    line = " · ".join(filter(None, (names, letter.date_text)))
    head = (
        f"<header><p>{escape(letter.publication.title)}</p><h1>{escape(letter.issue.title)}</h1>"
        f"<p>{escape(line)}</p></header>"
    )
    language = letter.language
    return _document(letter.issue.title, style, f"{head}<main>{entry}</main>", request, language.code, language.dir)


def inbox_document(shown: tuple[Row, ...], letter: Letter, request: ViewRequest) -> str:
    """The rows of the inboxes of email clients, one below the other."""
    style = (
        f"body{{font:14px/20px {_SANS};padding:28px 32px 40px}}h2{{font-size:12px;line-height:16px;letter-spacing:.07em;"
        "text-transform:uppercase;color:var(--soft);margin:28px 0 8px}h2:first-child{margin-top:0}"
        ".row{display:flex;gap:12px;border:1px solid var(--rule);border-radius:10px;padding:12px 14px;background:var(--ground)}"
        ".face{flex:none;width:36px;height:36px;border-radius:50%;background:var(--accent);color:var(--ground);display:grid;"
        "place-items:center;font-weight:600}.what{min-width:0;flex:1}.top{display:flex;justify-content:space-between;gap:12px}"
        ".sender{font-weight:650}.time{color:var(--soft);font-size:12px;white-space:nowrap}.subject{font-weight:600}"
        ".say{color:var(--soft);min-height:20px;white-space:pre}.bleed{text-decoration:underline dotted var(--accent) 1.5px;"
        "text-underline-offset:4px}.one{display:flex;align-items:baseline;gap:14px;white-space:nowrap;overflow:hidden}"
        ".row:not(.one){max-width:600px}.one .line{text-overflow:ellipsis}.one .sender{flex:0 0 11em;overflow:hidden;text-overflow:ellipsis}.one .line{flex:1;overflow:hidden}"
        ".what>*{overflow:hidden;text-overflow:ellipsis}p{color:var(--soft);font-size:12.5px;line-height:18px;max-width:60em}"
        ".gmail .face{background:#4a6fa5;color:#fff}.outlook .face{background:#5b4b8a;color:#fff}"
        ".apple .face{display:none}@media(max-width:480px){body{padding:20px 12px}.row{padding:12px}}"
    )
    body = "".join(f"<h2>{escape(row.program.name)}</h2>{_row(row, letter)}" for row in shown)
    if any(bleed.strip() for row in shown for bleed in row.bleed):
        body += "<p>Dotted: text of the letter that shows after the preheader.</p>"
    return _document("Inbox", style, body, request, letter.language.code, letter.language.dir)


def _row(row: Row, letter: Letter) -> str:
    pairs = zip(row.own, row.bleed, strict=True)
    texts = [
        f'{escape(own)}<span class="bleed">{escape(bleed)}</span>' if bleed else escape(own) for own, bleed in pairs
    ]
    when = '<span class="time">09:41</span>'
    sender, subject = escape(row.sender), escape(row.subject)
    if row.program.together:
        line = f'<span class="line"><span class="subject">{subject}</span><span class="say"> - {"".join(texts)}</span></span>'
        return f'<div class="row one {row.program.key}"><span class="sender">{sender}</span>{line}{when}</div>'
    face = escape((letter.publication.sender.name.strip() or "?")[0].upper())
    preview = "".join(f'<div class="say">{text}</div>' for text in texts)
    return (
        f'<div class="row {row.program.key}"><span class="face" aria-hidden="true">{face}</span><div class="what">'
        f'<div class="top"><span class="sender">{sender}</span>{when}</div><div class="subject">{subject}</div>{preview}</div></div>'
    )


_TOKEN = re.compile(
    r"(?P<c><!--.*?-->|<!doctype[^>]*>)|(?P<t></?[a-z][a-z0-9:]*)(?P<a>(?:\"[^\"]*\"|'[^']*'|[^\"'>])*+)(?P<e>>)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)(\s*=\s*)?("[^"]*"|'[^']*')?""")
_BREAKS = re.compile(
    r"(?<=>)(?=<(?:/?(?:html|head|body|table|tbody|tr|td|th|div|p|h[1-6]|ul|ol|li|style|title|meta|blockquote)\b|!--))",
    re.IGNORECASE,
)
_LONGEST = 20_000
"""The most lines that are shown. No real letter is longer."""
_STYLE = (
    ":root{color-scheme:light;--g:#fffdf9;--i:#1d2126;--s:#6a675f;--r:#ddd6c8;--t:#a6341b;--n:#1d4f8c;--v:#3f6212;--c:#6b6659}"
    ".dark{color-scheme:dark;--g:#1c1f23;--i:#ebe7df;--s:#9a968c;--r:#363a40;--t:#f08a6c;--n:#8fb8ea;--v:#a9c47f;--c:#9a968c}"
    "html{background:var(--g);color:var(--i)}body{margin:0;padding:16px 0 40px}"
    "ol{margin:0;padding:0;list-style:none;counter-reset:n;font:12.5px/19px ui-monospace,'SF Mono',SFMono-Regular,Menlo,"
    "Consolas,'Liberation Mono',monospace}li{display:flex;counter-increment:n;padding-inline-end:16px}"
    "li::before{content:counter(n);flex:none;width:4.5em;padding-inline-end:1.2em;text-align:end;color:var(--s);"
    "user-select:none}li>span{white-space:pre-wrap;overflow-wrap:anywhere;min-width:0}"
    ".t{color:var(--t)}.n{color:var(--n)}.v{color:var(--v)}.c{color:var(--c);font-style:italic}"
)


def source_document(html: str, *, dark: bool) -> str:
    """A page that shows `html` as text."""
    rows = "".join(f"<li><span>{line or ' '}</span></li>" for line in lines(html)[:_LONGEST])
    return (
        f'<!doctype html><html lang="en"{" class=dark" if dark else ""}><head><meta charset="utf-8"><title>HTML</title>'
        f"<style>{_STYLE}</style></head><body><ol>{rows}</ol></body></html>"
    )


def lines(html: str) -> list[str]:
    """The source in coloured lines. They are broken where tags meet as well; nothing but line breaks is added."""
    coloured, at = [], 0
    html = _BREAKS.sub("\n", html)
    for token in _TOKEN.finditer(html):
        coloured.append(escape(html[at : token.start()], quote=False))
        coloured.append(_coloured(token))
        at = token.end()
    coloured.append(escape(html[at:], quote=False))
    return "".join(coloured).split("\n")


def _coloured(token: re.Match[str]) -> str:
    if token["c"]:
        return _span("c", token["c"])
    attributes, at = [], 0
    inner = token["a"]
    for found in _ATTRIBUTE.finditer(inner):
        attributes += [escape(inner[at : found.start()], quote=False), _span("n", found[1]), escape(found[2] or "")]
        attributes.append(_span("v", found[3]) if found[3] else "")
        at = found.end()
    return _span("t", token["t"]) + "".join(attributes) + escape(inner[at:], quote=False) + _span("t", token["e"])


def _span(kind: str, text: str) -> str:
    """The text in its colour. A span ends with each line, and a new one begins on the next."""
    return "\n".join(
        f'<span class="{kind}">{escape(line, quote=False)}</span>' if line else "" for line in text.split("\n")
    )
