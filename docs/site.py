"""What MkDocs does besides for `make site`: links out of docs/ become plain text, fenced files keep their highlighting, and merge tags in tables their bars.

The documents link to tests and to files of the repository, which a site does not have.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

DOCS = Path(__file__).resolve().parent
_FENCE = re.compile(r"^([ ]*)(```+|~~~+)(\w+)[ ]+(\S.*)$", re.MULTILINE)
"""A fence that names a file behind its language, which superfences takes for options."""
_CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"^([ ]*)(```+|~~~+).*?^\1\2[ ]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """The Markdown of a page as the site has it."""
    folder = (DOCS / page.file.src_uri).parent
    done, pieces = 0, []
    for code in _CODE.finditer(markdown):
        pieces += [_without_outer_links(markdown[done : code.start()], folder), code[0]]
        done = code.end()
    pieces.append(_without_outer_links(markdown[done:], folder))
    return _FENCE.sub(r'\1\2{.\3 title="\4"}', "".join(pieces))


def on_page_content(html: str, **_: Any) -> str:
    r"""The HTML of a page with `|` for `\|` in tables: in code, GitHub takes out the backslash and Python-Markdown does not."""
    return _CELL.sub(lambda cell: cell[0].replace("\\|", "|"), html)


def _without_outer_links(text: str, folder: Path) -> str:
    return _LINK.sub(lambda link: link[0] if _is_within(link[2], folder) else link[1], text)


def _is_within(address: str, folder: Path) -> bool:
    path = address.partition("#")[0]
    if not path or re.match(r"[a-z]+:", path):
        return True
    target = (folder / path).resolve()
    return target.is_relative_to(DOCS) and target.suffix != ".py" and not target.is_relative_to(DOCS / "ci")
