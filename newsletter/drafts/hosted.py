"""Pictures that stay on one's own site: whether they are on the web yet, before a draft shows them from there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.certificates import default_certificates
from newsletter.drafts.comparing import seen

if TYPE_CHECKING:
    import httpx

AT_MOST = 100
"""Pictures that are asked for."""
PATIENCE = 10.0
"""Seconds for each."""


def not_on_the_web(html: str, site: str, *, transport: httpx.BaseTransport | None = None) -> list[str]:
    """The addresses of pictures of a letter on its own site that answer with no picture; asks for their heads alone."""
    import httpx

    host = urlsplit(site).netloc
    own = [address for address in dict.fromkeys(seen(html).pictures) if urlsplit(address).netloc == host]
    missing = []
    with httpx.Client(
        timeout=PATIENCE, verify=default_certificates(), transport=transport, follow_redirects=True
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
