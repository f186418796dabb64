"""The preview as files: the same page with all its pictures, to be opened from disk or put on any host.

Browsers load no modules from disk, so all modules are joined into one script in the page. The policy of the page allows
only this script and the issues' own files.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from itertools import product
from typing import TYPE_CHECKING, Any

from newsletter.errors import ConfigurationError, UsageError
from newsletter.names import as_argument
from newsletter.preview.app import make_picture, read_attachment, static_files
from newsletter.preview.dark import Scheme
from newsletter.preview.request import DEVICES, VIEWS, ViewRequest
from newsletter.preview.tags import NOBODY, READER
from newsletter.project.exported import write_export

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from newsletter.preview.session import Session

MODULES = ("elements.js", "morph.js", "frame.js", "source.js", "panels.js", "controls.js", "search.js", "main.js")
"""The modules in order: each comes after those that it imports."""
PICTURES = "pictures/"
_IMPORT = re.compile(r"^import\b[^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async|function|class|const)|^export \{[^}]*\};\n", re.MULTILINE)
_PLAIN = ("text", "inbox", "html")
"""Views that show no pictures."""
_SAME_FOR_ALL = ("web", "feed")
"""Views that do not depend on the reader."""
FILLS = (READER, NOBODY)
"""Readers whose letters are exported. Tokens of services mean nothing to a colleague."""


def export(session: Session, folder: Path, paths: Collection[str]) -> tuple[str, ...]:
    """Writes the page with the issues in the files `paths`, and returns the names of the files in `folder`.

    `session` must have been made with `PICTURES`. Raises ConfigurationError for an issue without a picture.
    """
    keys = [key for key, stored in session.issues.items() if stored.file.path in set(paths)]
    if not keys:
        raise UsageError("there are no issues to export")
    files: dict[str, bytes] = {}
    for key in keys:
        files[f"issues/{key}.js"] = _issue(session, key)
        files |= _own_files(session, key)
    listing = session.listing()
    listing["issues"] = [entry for entry in listing["issues"] if entry["key"] in keys]
    listing["fills"] = [each for each in listing["fills"] if each["key"] in FILLS]
    static = static_files()
    files["index.html"] = _page(static, {"list": {**listing, "first": "", "editor": False, "root": ""}, "looks": {}})
    files["style.css"], files["icon.svg"] = static["style.css"], static["icon.svg"]
    write_export(session.root, folder, files, what="preview", within=("issues", PICTURES.rstrip("/")))
    return tuple(sorted(files))


def _requests(*, editions: bool) -> Iterator[ViewRequest]:
    for view, scheme, paid in product(VIEWS, Scheme, (False, True) if editions else (False,)):
        pictures = (True,) if view in _PLAIN else (True, False)
        devices = DEVICES if view == "inbox" else (ViewRequest().device,)
        for shown, device, fill in product(pictures, devices, (READER,) if view in _SAME_FOR_ALL else FILLS):
            yield ViewRequest(view=view, scheme=scheme, pictures=shown, device=device, fill=fill, paid=paid)


def _issue(session: Session, key: str) -> bytes:
    """All documents of an issue, each text once, and the panels beside them."""
    texts: dict[str, int] = {}
    documents = {}
    look: dict[str, Any] = {}
    about = session.about(key)
    for request in _requests(editions=about["editions"]):
        look = session.look(key, request)
        if look["fault"] and not look["html"]:
            hint = f"`newsletter check {as_argument(look['path'])}` shows why."
            raise ConfigurationError(f"{look['path']} cannot be shown: {look['fault']['message']}", hint=hint)
        html = look.pop("html")
        audience = "paid" if request.paid else "free"
        name = " ".join(
            (request.view, request.scheme, "on" if request.pictures else "off", request.device, request.fill, audience)
        )
        documents[name] = texts.setdefault(html, len(texts))
    content = {"look": look, "about": about, "documents": documents, "texts": list(texts)}
    return f"NEWSLETTER_EXPORT.looks[{json.dumps(key)}] = {_literal(content)};\n".encode()


def _own_files(session: Session, key: str) -> dict[str, bytes]:
    """The pictures of an issue, and the files to which it links."""
    stored, root = session.issues[key], session.root
    files = {name: read_attachment(root, path) for name, path in stored.attachments.items()}
    files |= {name: make_picture(root, image, name) for name, image in stored.images.items()}
    return {f"{session.base_of(stored)}{name}": content for name, content in files.items()}


def _page(static: dict[str, bytes], data: dict[str, Any]) -> bytes:
    modules = [_plain(static[name].decode()) for name in MODULES]
    script = "\n".join(
        (f"globalThis.NEWSLETTER_EXPORT = {_literal(data)};", '(() => {"use strict";', *modules, "})();")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # The frame's document is written by this page and has the same policy. On disk, its origin is opaque: `file:`.
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}' 'self' file:; style-src 'self' file: 'unsafe-inline'; "
        "img-src 'self' file: data:; media-src 'self' file:; frame-src 'self'; base-uri 'none'; form-action 'none'"
    )
    page = static["index.html"].decode()
    page = page.replace('href="/static/', 'href="')
    page = page.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{_policy_tag(policy)}', 1)
    page = re.sub(r'<script type="module"[^>]*></script>\n', "", page)
    return page.replace("</body>", f"<script>{script}</script>\n</body>", 1).encode()


def _policy_tag(policy: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'


def _plain(module: str) -> str:
    """A module as a part of one script, without its imports and exports."""
    return _EXPORT.sub("", _IMPORT.sub("", module))


def _literal(value: object) -> str:
    """A value as JavaScript, safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
