"""Pictures as Markdown: with alt text, caption, credit and link, or as a note that one is missing."""

from __future__ import annotations

import re

from newsletter.digits import unescape
from newsletter.importing.addresses import bare_address
from newsletter.importing.html.frames import words_for
from newsletter.importing.markup import commented, destination, escaped


def picture_markdown(name: str, alt: str, caption: str = "", credit: str = "", link: str = "", origin: str = "") -> str:
    """The Markdown of a picture, with the credit after the caption.

    `origin` is the address that the credit links to.
    """
    from newsletter.importing.markup import picture

    words = " ".join(caption.split())
    has_credit = re.search(r"\b(?:Photo|Credit|Image|Source|Picture|Illustration)s?:", words)
    marked = bool(_MARKED.search(words))
    if marked:  # the template wrote Markdown or HTML into it
        words = _CAPTION_LINK.sub(lambda found: f"[{found[2]}]({destination(unescape(found[1]))})", words)
        words = re.sub(r"(?<![*\\])\*(?!\*)|</?[A-Za-z][^<>]{0,300}>", "", words)
    if origin and (address := bare_address(origin)).startswith("http"):
        credit_text = credit or words_for(address)
        label = "" if has_credit else "Photo: " if credit else "Source: "
        credit = f"{label}[{escaped(credit_text, in_link=True)}]({destination(address)})"
        words, marked, has_credit = words if marked else escaped(words), True, None
    elif credit and not has_credit:
        credit = f"Photo: {escaped(credit) if marked else credit}"
    else:
        credit = ""
    words = f"{words.rstrip('. ')}. {credit}" if words and credit else words or credit
    shown = picture(name, alt, "" if marked else words)
    shown = f"[{shown}]({destination(link)})" if link else shown
    return f"{shown}\n*{words}*" if marked else shown


_MARKED = re.compile(r"\]\(|<a\b|<(?:em|i|b|strong)>|(?<![\w*])[*_]{1,2}\w[^*_]*[*_]")
_CAPTION_LINK = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']?([^\s\"'<>]+)[^<>]*>([^<>]*)</a>", re.IGNORECASE)


def missing(src: str, alt: str, caption: str = "") -> str:
    """A comment for the author about a picture that the source does not have."""
    description = " – ".join(filter(None, (src, alt, caption)))
    return f"<!-- A picture is missing here: {commented(description)} -->"
