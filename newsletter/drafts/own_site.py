"""Files on the publication's own site that a draft needs: emails that a service fetches, and pictures.

Such emails are in the web archive, under names that cannot be guessed. Here is also the check that they are on the web.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from newsletter.build.facts import PUBLIC_FOLDER
from newsletter.certificates import default_certificates
from newsletter.drafts.comparing import seen
from newsletter.errors import UsageError
from newsletter.project.cache import digest
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import httpx

    from newsletter.drafts.base import Draft

FOLDER = "for-services"
"""The folder of such emails, inside the web archive."""
LETTER_PATIENCE = 20.0
"""The most seconds in which the server must send such an email."""


def served(draft: Draft, site: str) -> Draft:
    """A draft with the addresses of its HTML and text.

    They are computed from the whole email, so only those who have read it know them.
    """
    name = f"{draft.key}-{digest(draft.html, draft.text)[:32]}"
    base = urljoin(site if site.endswith("/") else f"{site}/", f"{FOLDER}/{name}")
    return replace(draft, html_url=f"{base}.html", text_url=f"{base}.txt")


def served_files(draft: Draft) -> dict[str, bytes]:
    """The files of an email, by their names in the workspace."""
    names = (address.rpartition("/")[2] for address in (draft.html_url, draft.text_url))
    return {
        f"{PUBLIC_FOLDER}/{FOLDER}/{name}": text.encode()
        for name, text in zip(names, (draft.html, draft.text), strict=True)
    }


def write_served(root: Path, drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Writes the emails, removes the files of earlier versions, and returns the names of the new ones.

    Raises WorldError as `write_all` does.
    """
    written: list[str] = []
    for draft in drafts:
        files = served_files(draft)
        write_all(root, files)
        for path in sorted((root / PUBLIC_FOLDER / FOLDER).glob(f"{draft.key}-*")):
            if f"{PUBLIC_FOLDER}/{FOLDER}/{path.name}" not in files and path.is_file() and not path.is_symlink():
                path.unlink()
        written += files
    return tuple(written)


def refuse_unserved(drafts: Iterable[Draft], service: str, *, transport: httpx.BaseTransport | None = None) -> None:
    """Raises UsageError if the emails are not on the web yet, byte for byte, because the service would fetch something else."""
    missing = list(_missing(drafts, transport))
    if missing:
        raise UsageError(
            f"{service} fetches the letter from the web, but it is not there yet: {', '.join(missing)}",
            hint=f"It is written to {PUBLIC_FOLDER}/{FOLDER}/: publish {PUBLIC_FOLDER}/, then push again.",
        )


def _missing(drafts: Iterable[Draft], transport: httpx.BaseTransport | None) -> Iterator[str]:
    import httpx

    with httpx.Client(
        timeout=LETTER_PATIENCE, verify=default_certificates(), transport=transport, follow_redirects=True
    ) as client:
        for draft in drafts:
            for address, text in ((draft.html_url, draft.html), (draft.text_url, draft.text)):
                if not _holds(client, address, text.encode()):
                    yield address


def _holds(client: httpx.Client, address: str, wanted: bytes) -> bool:
    """Whether the content at an address is exactly this. No more than its length is read."""
    import httpx

    content = b""
    try:
        with client.stream("GET", address) as answer:
            if not answer.is_success:
                return False
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > len(wanted):
                    return False
    except httpx.HTTPError:
        return False
    return content == wanted


AT_MOST = 100
"""The most pictures that are requested."""
PICTURE_PATIENCE = 10.0
"""The most seconds for each picture."""


def not_on_the_web(html: str, site: str, *, transport: httpx.BaseTransport | None = None) -> list[str]:
    """The addresses of an email's pictures on its own site where there is no picture.

    Only the headers are requested.
    """
    import httpx

    host = urlsplit(site).netloc
    own = [address for address in dict.fromkeys(seen(html).pictures) if urlsplit(address).netloc == host]
    missing = []
    with httpx.Client(
        timeout=PICTURE_PATIENCE, verify=default_certificates(), transport=transport, follow_redirects=True
    ) as client:
        for address in own[:AT_MOST]:
            try:
                answer = client.head(address)
                there = answer.is_success and answer.headers.get("content-type", "image/").startswith("image/")
            except httpx.HTTPError:
                there = False
            if not there:
                missing.append(address)
    return missing
