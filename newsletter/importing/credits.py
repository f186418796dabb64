"""The credit of a picture in a caption: `Photo by Jane Roe`, `(Image: Jane Roe)`, `Photo courtesy of …`."""

from __future__ import annotations

import re

_WORDS = r"photo(?:graph(?:y|s)?|s)?|image|picture|illustration|credit|source|photo credit|image credit|picture credit"
_CREDIT = re.compile(
    rf"(?:^|(?<=[.!?…。）)”\"|–—-])\s*|\s*(?P<open>[(\[]))\s*(?P<word>{_WORDS})s?"
    r"(?:\s*[:：]\s*|\s+(?:by|via)\s*[:：]?\s+|\s+(?:courtesy|credit|credits)\s*(?:of|by|[:：])?\s+|\s+©\s*|\s*[|–—]\s+)(?P<name>\S.*)$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:^|(?<=[.!?…|]))\s*©\s*(?P<name>\S.{0,80})$")
_KNOWN = {
    "photo": "Photo",
    "image": "Image",
    "picture": "Picture",
    "illustration": "Illustration",
    "source": "Source",
    "credit": "Credit",
}


def with_credit(caption: str) -> tuple[str, int]:
    """The caption with its credit in the form `Photo: Jane Roe`, and the offset of the credit; -1 if there is none."""
    plain = " ".join(caption.split())
    found = _last(plain)
    if not found:
        return plain, -1
    name = found["name"].strip()
    groups = found.groupdict()
    if groups.get("open"):
        name = re.sub(r"[)\]]\.?$", "", name)
    word = (groups.get("word") or "photo").lower()
    label = next((known for key, known in _KNOWN.items() if word.startswith(key)), "Photo")
    before = plain[: found.start()].rstrip(" |–—-")
    joined = (
        f"{before} {label}: {name}"
        if before.endswith((".", "!", "?", "…", "”", '"', ")"))
        else f"{before}. {label}: {name}"
        if before
        else f"{label}: {name}"
    )
    return joined, len(joined) - len(f"{label}: {name}")


def _last(plain: str) -> re.Match[str] | None:
    found = None
    at = 0
    while len(plain) <= 2000 and (one := _CREDIT.search(plain, at)):
        found, at = one, max(one.start("name"), at + 1)
    return found or _COPYRIGHT.search(plain)
