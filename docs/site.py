"""Hooks of MkDocs for `make site` and `make versions`.

- Links out of docs/ become plain text, because a site does not have tests and other files of the repository.
- Fenced code with a file name keeps its highlighting, and merge tags in tables keep their bars.
- The page of a rule shows its severity and whether `--fix` fixes it, from the code.
- The changelog is a page, too.
- The copy button of a console example copies only its commands, without prompts and output.
- Alerts (`> [!WARNING]`) look as on GitHub.
- Search engines and link previews get the first paragraph of each page as its description.
- Every rule has its own address, `rules/CODE/`, even if a family shares a page. Findings link there (`help_address` in
  newsletter/check/families.py).
"""

from __future__ import annotations

import html as entities
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

DOCS = Path(__file__).resolve().parent
CHANGELOG = "changelog.md"
"""The page of the changelog on the site."""
_FENCE = re.compile(r"^([ ]*)(```+|~~~+)(\w+)[ ]+(\S.*)$", re.MULTILINE)
"""A fence with a file name after its language, which superfences would read as options."""
_CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"^([ ]*)(```+|~~~+).*?^\1\2[ ]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r'<div class="highlight">(?=<pre>(.*?)</pre></div>)', re.DOTALL)
_PROMPT = re.compile(r"\$ |> ?")
"""The prompt of a command, or of a further line of it."""
_ALERT = re.compile(r"^> \[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\n((?:^>.*\n?)+)", re.MULTILINE)
_KINDS = {"CAUTION": "danger", "IMPORTANT": "info"}
"""The names that Material uses for some alerts of GitHub."""
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
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
    """The Markdown of a page in the form for the site."""
    if page.file.src_uri.startswith("rules/"):
        markdown = _SHARED.sub(r"\g<0> {#\g<code>}", markdown)
        if page.file.name != "README":
            markdown = _TITLE.sub(
                lambda title: f"[All rules](README.md)\n\n{title[0]}{_facts(page.file.name)}", markdown, count=1
            )
    if page.file.src_uri == CHANGELOG:
        markdown = markdown.replace("](docs/", "](")
    markdown = markdown.replace("](../CHANGELOG.md", f"]({CHANGELOG}")
    markdown = _ALERT.sub(_admonition, markdown)
    folder = (DOCS / page.file.src_uri).parent
    done, pieces = 0, []
    for code in _CODE.finditer(markdown):
        pieces += [_without_outer_links(markdown[done : code.start()], folder), code[0]]
        done = code.end()
    pieces.append(_without_outer_links(markdown[done:], folder))
    return _FENCE.sub(r'\1\2{.\3 title="\4"}', "".join(pieces))


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> None:
    """Adds the changelog, which is at the top of the repository."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, CHANGELOG, abs_src_path=str(DOCS.parent / "CHANGELOG.md")))


def _facts(code: str) -> str:
    """The facts about a rule from the code, as a line below its title; empty for the page of a family."""
    from newsletter.check.registry import rule_of

    rule = rule_of(code)
    if rule is None:
        return ""
    severity = "Off by default" if rule.severity == "off" else f"{rule.severity.capitalize()} by default"
    fix = ". `newsletter check --fix` fixes all of its findings, or some." if rule.fixable else "."
    return f"\n\n*{severity}*{fix}"


def on_page_content(html: str, page: Page, **_: Any) -> str:
    r"""The HTML of a page with `|` in place of `\|` in tables.

    In code, GitHub removes the backslash, but Python-Markdown does not.
    """
    if "description" not in page.meta and (first := _PARAGRAPH.search(html)):
        page.meta["description"] = " ".join(_text(first[1]).split())
    html = _EXAMPLE.sub(_with_commands, html)
    return _CELL.sub(lambda cell: cell[0].replace("\\|", "|"), html)


def _with_commands(example: re.Match[str]) -> str:
    """The start of an example.

    For a console example, with the text that the copy button copies, in Material's attribute `data-copy`.
    """
    found: list[str] = []
    is_inside = False
    for line in _text(example[1]).split("\n"):
        prompt = _PROMPT.match(line)
        is_inside = bool((prompt and prompt[0][0] == "$") or (is_inside and (prompt or found[-1].endswith("\\"))))
        if is_inside:
            found.append(line[prompt.end() :] if prompt else line)
    if not found:
        return example[0]
    commands = entities.escape("\n".join(found))
    return f'<div class="highlight" data-copy="{commands}">'


def _text(html: str) -> str:
    return entities.unescape(re.sub(r"<[^>]+>", "", html))


def _admonition(alert: re.Match[str]) -> str:
    """An alert of GitHub in the syntax of Python-Markdown."""
    kind = _KINDS.get(alert[1], alert[1].lower())
    lines = [line.removeprefix(">").removeprefix(" ") for line in alert[2].splitlines()]
    return "\n".join((f'!!! {kind} "{alert[1].capitalize()}"', "", *(f"    {line}".rstrip() for line in lines), "", ""))


def on_post_build(config: MkDocsConfig, **_: Any) -> None:
    """Gives each rule on a shared page its own address, which redirects to its heading."""
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
