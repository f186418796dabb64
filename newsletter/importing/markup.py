"""Writes imported text as Markdown with the same meaning, and the constructs that importers need.

Text must not gain a meaning. `*`, `[`, `{{`, `<!--` and `:::` are escaped, but only where they would have one, because
people read and edit the result.
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(
    r"(?P<address>(?<![A-Za-z0-9])https?://[^\s<>\"`\\]+)"
    r"|(?P<always>[\\`*\[{])"
    r"|(?P<underscore>(?<![^\W_])_|_(?![^\W_]))"  # inside a word, it is an ordinary character
    r"|(?P<angle><(?!\s))"
    r"|(?P<entity>&(?=\#\w|[A-Za-z][A-Za-z0-9]*;))"
    r"|(?P<strike>~(?=~)|(?<=~)~)"
)
_SPECIAL_IN_LINK = re.compile(_SPECIAL.pattern.replace(r"[\\`*\[{]", r"[\\`*\[{\]]"))
"""Like `_SPECIAL`, with `]` added, because brackets in the text of a link must be balanced."""
_IN_ADDRESS = re.compile(r"[*\[\]{}|^]|_(?=_)|(?<=/)_|_(?=$|/)|~~|&(?=[A-Za-z][A-Za-z0-9]*;)")
_AT_START = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>\#{1,6}(?=[ \t]|$)|>|[-+](?=[ \t]|$)|={1,}[ \t]*$|(?:-[ \t]*){2,}$|:{2,}|~{3,}|\|"
    r"|(?P<number>\d{1,9})(?=[.)](?:[ \t]|$)))"
)
_INVISIBLE = re.compile("^[\\s\x1c-\x1f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
"""Invisible characters at the beginning of a line. A directive may follow them."""
_ENDS_IN_TRAIL = re.compile(r"[.,:;!?'\"*_~)]+$")


def escaped(text: str, *, in_link: bool = False, in_cell: bool = False) -> str:
    """The text with all characters escaped that have a meaning in Markdown, except at the beginning of a line.

    `in_link` is for the text of a link, where brackets must be balanced; `in_cell` for a table cell, where `|`
    separates cells.
    """

    def write(found: re.Match[str]) -> str:
        if address := found["address"]:
            return _address_in_text(address, in_link=in_link)
        return f"\\{found[0]}"

    text = (_SPECIAL_IN_LINK if in_link else _SPECIAL).sub(write, text)
    if in_cell:
        text = text.replace("|", "\\|")
    return text


def _address_in_text(address: str, *, in_link: bool) -> str:
    """An address in running text, which becomes a link.

    It is put in angle brackets if its characters could be read as emphasis.
    """
    if in_link:
        return re.sub(r"([*_\[\]{])", r"\\\1", address)
    trail = _ENDS_IN_TRAIL.search(address)
    end = trail.start() if trail and address.count("(") >= address.count(")") and ")" in trail[0] else None
    end = end if end is not None else (trail.start() if trail and ")" not in trail[0] else len(address))
    core, rest = address[:end], address[end:]
    if _IN_ADDRESS.search(core):
        safe = core.translate({ord(char): f"%{ord(char):02X}" for char in "{}[]|^<>"})
        return f"<{safe}>{escaped(rest)}"
    return core + escaped(rest)


def line_safe(line: str) -> str:
    """A line of escaped text that does not begin a heading, list, quotation, rule, table or directive."""
    found = _AT_START.match(line)
    if not found:
        return line
    if found["number"]:
        return f"{found['number']}\\{line[found.end() :]}"
    return f"\\{line[found.start('mark') :]}"


def paragraph(text: str) -> str:
    """Escaped text, of one or more lines, as a paragraph."""
    return "\n".join(line_safe(_INVISIBLE.sub("", line).rstrip()) for line in text.split("\n"))


def destination(address: str) -> str:
    """An address for the parentheses of a link or picture."""
    safe = re.sub(r"[\x00-\x20<>\\]", lambda found: f"%{ord(found[0]):02X}", address)
    if safe.count("(") != safe.count(")") or re.search(r"\)[^(]*\(", safe):
        safe = safe.replace("(", "%28").replace(")", "%29")
    return re.sub(
        r"\{(?=[{%])|(?<=\{)\{|\}(?=\})|(?<=\})\}|[*_](?=[*_]\])", lambda found: f"%{ord(found[0]):02X}", safe
    )


def quoted(title: str) -> str:
    """A caption in one line, in quotation marks, for use after an address.

    Only characters that would end it or have a meaning are escaped.
    """
    plain = " ".join(title.split())
    return '"' + re.sub(r'(["\\]|&(?=#?\w+;)|\{(?=\{))', r"\\\1", plain) + '"' if plain else ""


def link(text: str, address: str) -> str:
    """A link; `text` is escaped already."""
    if not text:
        return ""
    if text == address and not _IN_ADDRESS.search(address) and not _ENDS_IN_TRAIL.search(address):
        return f"<{address}>" if not address.startswith(("http://", "https://")) else address
    return f"[{text}]({destination(address)})"


def picture(address: str, alt: str, caption: str = "") -> str:
    """A picture with its caption as title. `alt` and `caption` are plain text."""
    words = escaped(" ".join(alt.split()), in_link=True)
    title = quoted(caption)
    return f"![{words}]({destination(address)}{' ' if title else ''}{title})"


def directive(name: str, argument: str, lines: str = "") -> str:
    """A directive with its argument, in Markdown, and its content. It has more colons than any directive in it."""
    colons = ":" * max((len(found) + 1 for found in _COLONS.findall(lines)), default=3)
    return "\n".join(filter(None, (f"{colons} {name} {argument}".rstrip(), lines, colons)))


_COLONS = re.compile(r"^:{3,}(?=[ \t]|$)", re.MULTILINE)


def fenced(code: str, language: str = "") -> str:
    """A code block whose fence is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def code_span(code: str) -> str:
    """Code within a line; empty for blank code."""
    code = " ".join(code.split("\n"))
    if not code.strip():
        return ""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    mark = "`" * (longest + 1)
    pad = " " if code[0] == "`" or code[-1] == "`" or (code[0] == code[-1] == " ") else ""
    return f"{mark}{pad}{code}{pad}{mark}"


_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISED_WORD = re.compile(r"(?:st|nd|rd|th|de|te|er?|re|[èe]me|ère|o|a|TM|SM)\.?|[™®©*†‡§ºª]+", re.IGNORECASE)
"""Superscripts that are only typographic: ordinals, trademarks, footnote marks."""
_SIMPLE = re.compile(r"[\w.,/+−-]+")


def raised(text: str) -> str:
    """A superscript in characters that need no markup: 10⁶, x^k.

    Without them, `10` and `6` would join to another number.
    """
    return _with_characters(text, _RAISED, "^")


def lowered(text: str) -> str:
    """A subscript in characters that need no markup: CO₂."""
    return _with_characters(text, _LOWERED, "_")


def _with_characters(text: str, characters: dict[int, int], mark: str) -> str:
    words = " ".join(text.split())
    if not words or _RAISED_WORD.fullmatch(words):
        return words
    if all(ord(char) in characters for char in words):
        return words.translate(characters)
    return f"{mark}{words}" if _SIMPLE.fullmatch(words) else f"{mark}({words})"


def commented(text: str) -> str:
    """The text in a form that cannot end an HTML comment."""
    return " ".join(text.replace("--", "- -").replace(">", "\u203a").split())
