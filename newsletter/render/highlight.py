"""Syntax highlighting: Pygments reads the code, and each piece gets one of a few roles, with a colour from the look."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

ROLES = ("comment", "keyword", "string", "number", "name", "inserted", "deleted", "heading")
"""All roles that a look colours; code without a role has the text colour."""

_ROLE_BY_TOKEN = {
    "Comment": "comment",
    "Keyword": "keyword",
    "Operator.Word": "keyword",
    "Literal.String": "string",
    "Literal.Number": "number",
    "Name.Function": "name",
    "Name.Class": "name",
    "Name.Tag": "name",
    "Name.Attribute": "name",
    "Name.Builtin": "name",
    "Name.Decorator": "name",
    "Generic.Inserted": "inserted",
    "Generic.Deleted": "deleted",
    "Generic.Heading": "heading",
    "Generic.Subheading": "heading",
}


@lru_cache(maxsize=256)
def coloured(language: str, text: str) -> tuple[tuple[str, str], ...]:
    """`text` as pieces of (role, characters), which add up to `text`.

    It is a single piece without a role if `language` is unknown.
    """
    lexer = _lexer(language.lower())
    if lexer is None:
        return (("", text),)
    runs: list[tuple[str, str]] = []
    # Many lexers recognize a line, a comment or an insertion by its end.
    for token, characters in lexer.get_tokens(f"{text}\n"):
        role = _role(token)
        if runs and (runs[-1][0] == role or characters.isspace()):
            runs[-1] = (runs[-1][0], runs[-1][1] + characters)
        else:
            runs.append((role, characters))
    if "".join(characters for _, characters in runs) != f"{text}\n":
        return (("", text),)
    role, characters = runs[-1]
    return (*runs[:-1], (role, characters[:-1])) if characters[1:] else tuple(runs[:-1])


@lru_cache(maxsize=32)
def _lexer(language: str) -> Lexer | None:
    if not language:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=256)
def _role(token: _TokenType) -> str:
    kind: _TokenType | None = token
    while kind is not None:
        role = _ROLE_BY_TOKEN.get(str(kind).removeprefix("Token."))
        if role:
            return role
        kind = kind.parent
    return ""
