"""The character encoding of imported files."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks. UTF-32's come first, because one of them begins with a mark of UTF-16."""
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}\bencoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}\bcharset\s*=\s*["']?([\w.:-]+)""",
    re.IGNORECASE,
)
_CHARSET = re.compile(
    r"(?:us-)?ascii|utf-?(?:8|16|32)(?:[bl]e)?|iso[-_]?8859[-_]\d+|latin-?\d+|(?:windows|cp|x-cp)-?(?:125\d|437|85\d|866|874|932|949)"
    r"|koi8-[ru]|(?:x-)?(?:shift[-_]?jis|sjis)|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|gb2312|gbk|gb18030|big5(?:-?hkscs)?|tis-620|mac-?\w+",
    re.IGNORECASE,
)
"""The charsets that a source may declare. Python's own list has codecs that are not charsets."""
_BROWSER_CHARSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
}
"""The encodings that browsers use for these names (encoding.spec.whatwg.org, Names and labels)."""
_STATEFUL = ("iso-2022-jp", "iso-2022-kr")
"""Their bytes are all ASCII, so the declaration is tried before UTF-8."""


def decoded(content: bytes, declared: str = "") -> tuple[str, str]:
    """The text of a file and a note about its encoding, or an empty note.

    The text has no byte order mark, and its lines end with line feeds. A byte order mark decides first, then UTF-8 if
    the bytes are valid, then the declared charset (`declared`, an XML declaration, `<meta>`), then windows-1252, which
    accepts any byte. There is a note only in case of doubt.
    """
    text, note = _decoded(content, declared)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), note


def without_surrogates(text: str) -> str:
    """The text with U+FFFD for each half of a character without the other half. JSON and headers may have such halves."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(content: bytes, declared: str) -> tuple[str, str]:
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return content.decode(charset, errors="replace"), ""
    if not declared and (found := _DECLARED.search(content[:2048])):
        declared = (found[1] or found[2]).decode("ascii")
    declared = declared.strip().lower()
    if declared in _STATEFUL and (text := _strictly(content, declared)) is not None:
        return text, ""
    if (text := _strictly(content, "utf-8")) is not None:
        return text, ""
    if _CHARSET.fullmatch(declared) and not declared.startswith("utf-8"):
        charset = _BROWSER_CHARSETS.get(declared, declared.removeprefix("x-"))
        if (text := _strictly(content, charset)) is not None:
            return text, ""
    return _guessed(content)


def _guessed(content: bytes) -> tuple[str, str]:
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) - bad > 10 * bad:
        what = "a character that is" if bad == 1 else f"{bad:,} characters that are"
        return text, f"the file is UTF-8 except for {what} damaged and replaced by �"
    return content.decode(
        "cp1252", errors="replace"
    ), "the file does not say its charset and is not UTF-8: read as windows-1252"


def _strictly(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except (UnicodeError, LookupError):
        return None
