"""A browser's request for a view of an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.preview.dark import Scheme
from newsletter.preview.tags import READER, fills
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

VIEWS = ("email", "text", "web", "inbox", "feed", "html")
DEVICES = ("phone", "desktop")


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """A way to look at an issue. Two equal requests give the same picture."""

    view: str = "email"
    scheme: Scheme = Scheme.LIGHT
    pictures: bool = True
    fill: str = READER
    device: str = "desktop"
    """For the inbox: which email clients are shown."""
    paid: bool = False
    """Whether to show the edition of paying readers, if there is one."""


def view_request(asked: Mapping[str, str]) -> ViewRequest:
    """A request from the parameters of an address. Missing or unknown values get their defaults."""
    plain = ViewRequest()
    scheme = asked.get("scheme", "")
    return ViewRequest(
        view=_one_of(asked.get("view"), VIEWS, plain.view),
        scheme=Scheme(scheme) if scheme in list(Scheme) else plain.scheme,
        pictures=asked.get("pictures") != "off",
        fill=_one_of(asked.get("fill"), [each.key for each in fills()], plain.fill),
        device=_one_of(asked.get("device"), DEVICES, plain.device),
        paid=asked.get("paid") == "yes",
    )


def _one_of(asked: str | None, known: tuple[str, ...] | list[str], default: str) -> str:
    return asked if asked and asked in known else default
