"""The search page of the archive, and its index, which Pagefind makes (the extra `search`). Only this module uses Pagefind.

Pagefind runs locally, over copies of the issues' pages in a separate folder. The files that the page needs are copied.
Browsers load only the parts of the index that a search needs.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.archive.listings import WORDS, groups_of
from newsletter.archive.pages import SitePage, fill
from newsletter.errors import UsageError, WorldError
from newsletter.render.indexes import FOLDER, KINDS, index_address
from newsletter.writing import content_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import Published
    from newsletter.render.page import PageTheme
    from newsletter.writing import FileContent

SEARCH = f"{FOLDER}/search/index.html"
INDEX = f"{FOLDER}/search/pagefind"
PATIENCE = 600
"""The most seconds for an index. Ten thousand issues take a minute."""
_PROGRAMS = ("pagefind_bin_extended", "pagefind_bin")
"""The packages that contain the program."""
_ELSEWHERE = ("pagefind_extended", "pagefind")
"""The name of the program if it was not installed with the extra."""
_NEEDED = ("index/", "fragment/", "filter/")
_NEEDED_FILES = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")


def search_page(
    publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme
) -> tuple[SitePage, SitePage]:
    """The page with its search field and script. Without script, it links to the indexes."""
    words = language.words
    lists = [(words[WORDS[kind]], index_address(kind)) for kind in KINDS if groups_of(kind, entries)]
    script_texts = {"nothing": words["nothing_found"]}
    return (
        SitePage(
            SEARCH,
            lists,
            lambda: fill(
                theme,
                "search.html",
                publication,
                language,
                "../../",
                title=words["search_archive"],
                canonical=publication.url + SEARCH.removesuffix("index.html"),
                lists=lists,
                said=json.dumps(script_texts, ensure_ascii=False),
            ).encode(),
        ),
        SitePage(f"{FOLDER}/search/search.js", None, theme.search_script.encode),
    )


def search_index(pages: Mapping[str, Path | FileContent], language: str) -> dict[str, bytes]:
    """The files of the index over the pages of issues, by path below the top of the site.

    `pages` has each page, or where it is, by its path below the top of the site. Raises UsageError if Pagefind is not
    installed, WorldError if it fails. `language` (ISO 639-1) is that of most of them.
    """
    if not pages:
        return {}
    require_pagefind()
    with tempfile.TemporaryDirectory(prefix="newsletter-search-") as folder:
        site, out = Path(folder, "site"), Path(folder, "out")
        for name, page in pages.items():
            copy = site / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(page.read_bytes() if isinstance(page, Path) else content_of(page))
        site.mkdir(exist_ok=True)
        _run(site, out, language)
        found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
        return {f"{INDEX}/{name}": path.read_bytes() for name, path in sorted(found.items()) if _is_needed(name)}


def require_pagefind() -> None:
    """Raises UsageError if Pagefind is not installed, or came without its program."""
    try:
        import pagefind  # noqa: F401 (whether it is there is all that is asked)

        found = any(map(importlib.util.find_spec, _PROGRAMS)) or any(map(shutil.which, _ELSEWHERE))
    except ImportError:
        found = False
    if not found:
        raise UsageError(
            "newsletter.yaml says `web: {search: pagefind}`, and Pagefind is not installed",
            hint="Install it with `pip install 'newsletter-press[search]'`, or remove that line.",
        )


def _is_needed(name: str) -> bool:
    """Whether the page needs a file. Those for Pagefind's own user interface are left out."""
    return name.startswith(_NEEDED) or name in _NEEDED_FILES or name.endswith((".pf_meta", ".pagefind"))


def _run(site: Path, out: Path, language: str) -> None:
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--output-path", str(out), "--silent"]
    if language:
        command += [
            "--force-language",
            language,
        ]  # one index for all, because a search uses only the index in its page's language
    try:
        done = subprocess.run(  # noqa: S603 (our own arguments)
            [*command, "--keep-index-url"], capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=site
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WorldError(f"Pagefind could not make the search index: {error}") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise WorldError(
            f"Pagefind could not make the search index: {lines[-1] if lines else f'exit {done.returncode}'}"
        )
