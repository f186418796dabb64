"""The cards of Ghost's editors (images, bookmarks, products and others) as HTML.

A card is a mapping of untrusted values, named as in Ghost's `kg-default-nodes`. The HTML in it is untrusted, too, like all
imported HTML.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from newsletter.digits import unescape
from newsletter.importing.html.internal import internal_element
from newsletter.importing.letters import records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Card = Mapping[str, Any]


def card(kind: str, node: Card, report: Callable[[str], None]) -> str:
    """A card of either editor as HTML. `report` is called with its kind if it has no equivalent."""
    write = CARDS.get(kind)
    if write is None:
        report(kind or "nameless")
        return ""
    return write(node)


def _image(node: Card) -> str:
    picture = f'<img src="{_attribute(node, "src")}" alt="{_attribute(node, "alt", "altText")}">'
    href = _attribute(node, "href")
    linked = f'<a href="{href}">{picture}</a>' if href else picture
    caption = _caption(node)
    return f"<figure>{linked}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _gallery(node: Card) -> str:
    images = records(node.get("images"))
    pictures = "".join(f'<img src="{_attribute(one, "src")}" alt="{_attribute(one, "alt")}">' for one in images)
    return f'<figure class="kg-gallery-card">{pictures}<figcaption>{_unwrapped(_caption(node))}</figcaption></figure>'


def _html(node: Card) -> str:
    return str(node.get("html") or "")


def _markdown(node: Card) -> str:
    """A Markdown card, converted to the Markdown variant of this tool."""
    from newsletter.importing.mapped import MappedText
    from newsletter.importing.markdown.body import BodyPlace
    from newsletter.importing.markdown.converting import converted_body

    around = BodyPlace("", lambda address, _: address, lambda address: address)
    body = converted_body(MappedText(str(node.get("markdown") or "")), around)
    return internal_element("x-markdown", escape(body.text))


def _code(node: Card) -> str:
    code = (
        f'<pre><code class="language-{_attribute(node, "language")}">{escape(str(node.get("code") or ""))}</code></pre>'
    )
    caption = _caption(node)
    return f"{code}<p>{caption}</p>" if caption else code


def _rule(_: Card) -> str:
    return "<hr>"


def _embed(node: Card) -> str:
    address, caption = _attribute(node, "url"), _caption(node)
    below = f"<p><em>{_unwrapped(caption)}</em></p>" if caption else ""
    return (_html(node) or f'<p><a href="{address}">{address}</a></p>') + below


def _bookmark(node: Card) -> str:
    metadata = node.get("metadata")
    data = metadata if isinstance(metadata, dict) else node
    title = escape(str(data.get("title") or node.get("url") or ""))
    publisher = escape(str(data.get("author") or data.get("publisher") or ""))
    named = f" ({publisher})" if publisher else ""
    caption = _caption(node)
    suffix = f": {_unwrapped(caption)}" if caption else ""
    return f'<p><a href="{_attribute(node, "url")}">{title}</a>{named}{suffix}</p>'


def _callout(node: Card) -> str:
    return internal_element(
        "x-callout", f"{escape(str(node.get('calloutEmoji') or ''))} {node.get('calloutText') or ''}"
    )


def _toggle(node: Card) -> str:
    return f"<p><strong>{_unwrapped(str(node.get('heading') or ''))}</strong></p>{node.get('content') or ''}"


def _button(node: Card) -> str:
    return _button_of(node, "buttonUrl", "buttonText")


def _header(node: Card) -> str:
    heading = node.get("header") or node.get("heading") or ""
    below = node.get("subheader") or node.get("subheading") or ""
    return f"<h2>{heading}</h2><p>{below}</p>" + (_button(node) if node.get("buttonEnabled") else "")


def _call_to_action(node: Card) -> str:
    label = str(node.get("sponsorLabel") or "") if node.get("hasSponsorLabel") else ""
    button = _button(node) if node.get("showButton") else ""
    return f"{label}{_picture_of(node, 'imageUrl')}{node.get('textValue') or ''}{button}"


def _product(node: Card) -> str:
    title = f"<p><strong>{_unwrapped(str(node.get('productTitle') or ''))}</strong></p>"
    button = _button_of(node, "productUrl", "productButton") if node.get("productButtonEnabled") else ""
    return f"{_picture_of(node, 'productImageSrc')}{title}{node.get('productDescription') or ''}{button}"


def _audio(node: Card) -> str:
    return _player(node, "audio")


def _video(node: Card) -> str:
    return _player(node, "video")


def _player(node: Card, element: str) -> str:
    title = escape(_plain(_caption(node))) or _attribute(node, "title", "fileName")
    player = f'<{element} src="{_attribute(node, "src")}"></{element}>'
    return f'<div class="kg-{element}-card"><div class="kg-audio-title">{title}</div>{player}</div>'


def _file(node: Card) -> str:
    caption = _plain(str(node.get("fileCaption") or ""))
    link = f'<a href="{_attribute(node, "src")}">{_attribute(node, "fileTitle", "fileName")}</a>'
    return f"<p>{link}{f': {escape(caption)}' if node.get('fileCaption') else ''}</p>"


def _email(node: Card) -> str:
    return internal_element("x-only", str(node.get("html") or ""), ' readers="email"')


def _email_button(node: Card) -> str:
    button = _button(node) if node.get("showButton") else ""
    readers = "paid" if "status:-free" in str(node.get("segment") or "") else "email"
    return internal_element("x-only", f"{node.get('html') or ''}{button}", f' readers="{readers}"')


def _paywall(_: Card) -> str:
    return "<!--members-only-->"


CARDS: dict[str, Callable[[Card], str]] = {
    "image": _image,
    "gallery": _gallery,
    "html": _html,
    "markdown": _markdown,
    "card-markdown": _markdown,
    "code": _code,
    "codeblock": _code,
    "hr": _rule,
    "horizontalrule": _rule,
    "embed": _embed,
    "bookmark": _bookmark,
    "callout": _callout,
    "toggle": _toggle,
    "button": _button,
    "header": _header,
    "call-to-action": _call_to_action,
    "product": _product,
    "audio": _audio,
    "video": _video,
    "file": _file,
    "email": _email,
    "email-cta": _email_button,
    "paywall": _paywall,
}
"""Name of a card in Lexical or Mobiledoc -> the function that writes it as HTML."""


def _caption(node: Card) -> str:
    return str(node.get("caption") or "")


def _attribute(node: Card, *names: str) -> str:
    """The first of these values that is there, for an attribute."""
    return escape(next((str(node[name]) for name in names if isinstance(node.get(name), (str, int))), ""))


def _picture_of(node: Card, name: str) -> str:
    return f'<figure><img src="{_attribute(node, name)}" alt=""></figure>' if node.get(name) else ""


def _button_of(node: Card, address: str, label: str) -> str:
    return f'<p><a class="kg-btn" href="{_attribute(node, address)}">{_attribute(node, label)}</a></p>'


def _unwrapped(html: str) -> str:
    """The HTML without paragraph tags, for use inside a line."""
    return re.sub(r"</?p\b[^<>]{0,200}>", "", html).strip()


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]{0,500}>", " ", html)).split())
