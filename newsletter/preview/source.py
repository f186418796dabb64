"""The source of the e-mail, to be read: numbered, coloured, and a line wherever a table begins or ends."""

from __future__ import annotations

import re
from html import escape

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
"""Lines shown; what is longer is no letter."""
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
    """The text in its colour; a span ends with each line, and begins anew on the next."""
    return "\n".join(
        f'<span class="{kind}">{escape(line, quote=False)}</span>' if line else "" for line in text.split("\n")
    )
