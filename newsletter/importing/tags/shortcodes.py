"""Converts Hugo shortcodes: those with an equivalent become Markdown; all others are kept and reported by line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from newsletter.importing.base import ImportNote
from newsletter.importing.mapped import MappedText, TextChange
from newsletter.importing.markup import commented
from newsletter.importing.tags.liquid import READER_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SHORTCODE = re.compile(
    r"\{\{([<%])(/\*)?\s*(/?)\s*([\w./-]+)((?:\s+(?:\"[^\"]*\"|`[^`]*`|[^>%\"`]|%(?!\}\})|>(?!\}\}))*)?)\s*(?:\*/)?[>%]\}\}"
)
_ARGUMENT = re.compile(r"""(?:([\w-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|'([^']*)'|([^\s/][^\s]*))""")
_COMMENT = re.compile(r"\{\{/\*.*?\*/\}\}", re.DOTALL)
_SIMPLE = re.compile(
    r"""\{\{-?\s*(?:\.Inner(?:\s*\|\s*(?:markdownify|safeHTML|\$?\.Page\.RenderString))?|\.Get\s+(\d+|"[\w-]+")|\.Params\.([\w-]+))\s*-?\}\}"""
)


class _Call(NamedTuple):
    name: str
    given: Mapping[str, str]
    """The arguments, by name, or by "0", "1" … if they have no name."""
    inner: str | None


class HugoSite:
    """The functions of a site for the shortcodes in its pages."""

    def __init__(
        self,
        address: Callable[[str], str],
        template: Callable[[str], str | None],
        picture: Callable[[Mapping[str, str]], str],
    ) -> None:
        """`address` returns the address of the page that `ref` names, or an empty text.

        `picture` returns Markdown for a picture. `template` returns the text of a shortcode that the site defines, or
        None.
        """
        self.address = address
        self.template = template
        self.picture = picture


def without_shortcodes(
    text: MappedText, front: Mapping[str, Any], site: HugoSite, place: str
) -> tuple[MappedText, list[ImportNote]]:
    """The text with its shortcodes converted, and notes on what was changed or kept, by line."""
    if "{{" not in text.text:
        return text, []
    notes: list[ImportNote] = []
    changes: list[TextChange] = []
    done = 0
    found = list(_SHORTCODE.finditer(text.text))
    for at, match in enumerate(found):
        if match.start() < done:
            continue
        where = f"{place}:{text.line(match.start())}"
        if match[2]:
            changes.append(TextChange(match.start(), match.end(), match[0].replace("/*", "").replace("*/", "")))
            continue
        end, inner = match.end(), None
        if not match[3] and (close := _closing(found, at)):
            end, inner = close.end(), text.text[match.end() : close.start()]
        call = _Call(match[4], _arguments(match[5] or ""), inner)
        shown = " ".join(match[0].split())
        shown = shown if len(shown) < 70 else f"{shown[:66]}…"
        become = None if match[3] else _shown(call, front, site)
        if become is not None:
            changes.append(TextChange(match.start(), end, become))
            done = end
            notes.append(ImportNote(where, f"{shown}: replaced by its content", "changed"))
        else:
            notes.append(ImportNote(where, f"{shown} has no equivalent", "kept"))
            changes.append(TextChange(match.start(), match.end(), f"<!-- {commented(match[0])} -->"))
    changes += [TextChange(*comment.span(), "") for comment in _COMMENT.finditer(text.text)]
    return text.changed(sorted(changes)), notes


def _closing(found: list[re.Match[str]], at: int) -> re.Match[str] | None:
    """The end tag of a shortcode, or None."""
    depth = 0
    for match in found[at + 1 :]:
        if match[4] != found[at][4] or match[2]:
            continue
        if not match[3]:
            depth += 1
        elif depth == 0:
            return match
        else:
            depth -= 1
    return None


def _arguments(written: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for match in _ARGUMENT.finditer(written):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        given[match[1] or str(len(given))] = value.replace('\\"', '"')
    return given


def _shown(call: _Call, front: Mapping[str, Any], site: HugoSite) -> str | None:
    """The Markdown for a shortcode; None if it has no equivalent."""
    first = call.given.get("0", "")
    match call.name:
        case "figure" | "image" | "img":
            return site.picture(_of_figure(call.given))
        case "youtube":
            return _block(f"https://www.youtube.com/watch?v={call.given.get('id', first)}")
        case "vimeo":
            return _block(f"https://vimeo.com/{call.given.get('id', first)}")
        case "tweet" | "x" | "twitter":
            return _block(f"https://x.com/{call.given.get('user', 'i')}/status/{call.given.get('id', first)}")
        case "instagram":
            return _block(f"https://www.instagram.com/p/{call.given.get('id', first)}/")
        case "gist":
            return _block(f"https://gist.github.com/{first}/{call.given.get('1', '')}")
        case "ref" | "relref":
            return site.address(call.given.get("path", first)) or None
        case "param":
            value = front.get(first)
            return str(value) if isinstance(value, (str, int, float)) else None
        case "highlight" if call.inner is not None:
            fence = "```" if "```" not in call.inner else "~~~~~"
            return f"\n{fence}{first}\n{call.inner.strip(chr(10))}\n{fence}\n"
        case "details" | "notice" | "note" | "tip" | "warning" | "callout" | "alert" if call.inner is not None:
            title = call.given.get("summary") or call.given.get("title") or ""
            return _block(f"::: callout {' '.join(title.split())}".rstrip() + f"\n{call.inner.strip()}\n:::")
        case "quote" | "blockquote" if call.inner is not None:
            lines = call.inner.strip().split("\n")
            by = call.given.get("author") or call.given.get("source") or ""
            return _block("\n".join(f"> {line}".rstrip() for line in lines) + (f"\n> — {by}" if by else ""))
    if call.inner is not None and READER_WORDS.search(call.name):
        return _block(f"::: only paid\n{call.inner.strip()}\n:::")
    return _from_template(call, site.template(call.name))


def _of_figure(given: Mapping[str, str]) -> dict[str, str]:
    caption = ". ".join(filter(None, (given.get("title", ""), given.get("caption", ""))))
    return {
        "src": given.get("src", given.get("0", "")),
        "alt": given.get("alt", ""),
        "caption": caption,
        "credit": given.get("attr", ""),
        "credit_link": given.get("attrlink", ""),
        "link": given.get("link", ""),
    }


def _block(text: str) -> str:
    return f"\n\n{text}\n\n"


def _from_template(call: _Call, template: str | None) -> str | None:
    """The output of a shortcode that the site defines, if its template only inserts its arguments; otherwise None."""
    if template is None:
        return None
    text = _COMMENT.sub("", template)

    def put(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name is None:
            inner = call.inner or ""
            return (
                f"\n\n{inner.strip()}\n\n" if "markdownify" in match[0] else inner
            )  # blank lines, so that it is parsed as Markdown
        return call.given.get(name.strip('"'), "")

    become = _SIMPLE.sub(put, text)
    return None if "{{" in _SIMPLE.sub("", text) else become.strip()
