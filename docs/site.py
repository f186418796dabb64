"""What MkDocs does for `make site` and `make versions` beyond its settings.

- Links out of docs/ become plain text: the documents link to tests and to files of the repository, which a site does not have.
- Fenced files keep their highlighting, and merge tags in tables their bars.
- Every rule has an address of its own, `rules/CODE/`, also where a family shares a page. Findings lead there (`help_address` in
  newsletter/check/families.py).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

DOCS = Path(__file__).resolve().parent
_FENCE = re.compile(r"^([ ]*)(```+|~~~+)(\w+)[ ]+(\S.*)$", re.MULTILINE)
"""A fence that names a file behind its language, which superfences takes for options."""
_CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"^([ ]*)(```+|~~~+).*?^\1\2[ ]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_SHARED = re.compile(r"^## (?P<code>[A-Z]{2}\d{3}) .*$", re.MULTILINE)
"""The heading of a rule on the page of its family."""
_TITLE = re.compile(r"^# .*$", re.MULTILINE)
_LEADS_ON = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{code}</title>
<link rel="canonical" href="{address}">
<meta http-equiv="refresh" content="0; url={address}">
<p><a href="{address}">{code}</a></p>
</html>
"""


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """The Markdown of a page as the site has it."""
    if page.file.src_uri.startswith("rules/"):
        markdown = _SHARED.sub(r"\g<0> {#\g<code>}", markdown)
        if page.file.name != "README":
            markdown = _TITLE.sub(r"[All rules](README.md)\n\n\g<0>", markdown, count=1)
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


def on_post_build(config: MkDocsConfig, **_: Any) -> None:
    """Gives each rule on a shared page its own address, which leads to its heading."""
    for path in (DOCS / "rules").glob("*.md"):
        for code in _SHARED.findall(path.read_text(encoding="utf-8")):
            page = Path(config.site_dir, "rules", code, "index.html")
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(_LEADS_ON.format(code=code, address=f"../{path.stem}/#{code}"), encoding="utf-8")


def _without_outer_links(text: str, folder: Path) -> str:
    return _LINK.sub(lambda link: link[0] if _is_within(link[2], folder) else link[1], text)


def _is_within(address: str, folder: Path) -> bool:
    path = address.partition("#")[0]
    if not path or re.match(r"[a-z]+:", path):
        return True
    target = (folder / path).resolve()
    return target.is_relative_to(DOCS) and target.suffix != ".py" and not target.is_relative_to(DOCS / "ci")
