"""Notifies WebSub hubs that feeds have changed, so that readers get the update at once.

The standard is the W3C Recommendation “WebSub”, §4 and §6. It does not say how a publisher notifies its hub. All hubs
accept the form of PubSubHubbub 0.4 §6, with `hub.mode=publish`. A notification is sent only if a person asks for it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import newsletter
from newsletter.check.facts.hosts import is_public, literal_ip
from newsletter.errors import WorldError
from newsletter.linkcheck.fetch import RefusedError
from newsletter.linkcheck.policy import Policy
from newsletter.linkcheck.transfer import post_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.check.facts.hosts import Ip
    from newsletter.linkcheck.transfer import Answer

LARGEST_ANSWER = 20_000
"""The most bytes of an answer that are read. If the hub refuses, one line of it is shown."""
POLICY = Policy(agent=f"newsletter-press/{newsletter.__version__}")
_LONGEST_WORDS = 200
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def ping(hub: str, topics: Sequence[str], policy: Policy = POLICY) -> None:
    """Notifies the hub at `hub` that the feeds at `topics` have changed.

    Raises WorldError if it does not answer, or refuses. Redirects are not followed. An address of a private network is
    contacted only if `hub` itself names one. Any other name that leads to such an address may belong to somebody else.
    The name is resolved once, and the connection uses that address.
    """
    name = urlsplit(hub).hostname or hub
    form = {"hub.mode": "publish", "hub.url": list(topics), "hub.topic": list(topics)}
    try:
        answer = post_form(
            hub, form, replace(policy, allow=_any if _is_meant_private(name) else _public), LARGEST_ANSWER
        )
    except RefusedError as error:
        raise _unheard(name, error) from error
    if not 200 <= answer.status < 300:
        raise WorldError(f"the hub {name} {_refusal(answer)}", hint=_hint(answer.status))


def _any(_ip: Ip, _port: int) -> bool:
    return True


def _public(ip: Ip, _port: int) -> bool:
    return is_public(ip)


def _is_meant_private(host: str) -> bool:
    """Whether the host's name shows that it is not on the web, so that its author knows it."""
    if literal_ip(f"[{host}]" if ":" in host else host) is not None:
        return True
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan"))


def _unheard(name: str, error: RefusedError) -> WorldError:
    if error.trouble == "private":
        where = str(error).removeprefix("stands for ")
        return WorldError(
            f"the hub {name} is in a private network ({where}), so it is not notified",
            hint="If you want to use it, write that address under `feeds: hubs:`.",
        )
    if error.trouble == "dns":
        return WorldError(f"the hub {name} cannot be found", hint="Check its address and your network connection.")
    if error.trouble == "timeout":
        return WorldError(f"the hub {name} does not answer", hint="Try again later: `newsletter feed ping`.")
    reason = str(error) or "the connection ended"
    return WorldError(f"the hub {name} cannot be reached: {reason}", hint="Check its address.")


def _refusal(answer: Answer) -> str:
    message = _words(answer.content.decode("utf-8", "replace"))
    return f"answers {answer.status}{f': {message}' if message and not message.startswith('<') else ''}"


def _hint(status: int) -> str:
    if 300 <= status < 400:
        return "It has moved: write its new address under `feeds: hubs:`."
    return "Try again later: `newsletter feed ping`." if status >= 500 or status == 429 else ""


def _words(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()[:_LONGEST_WORDS]
