"""The messages of the judges, and those that are accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class JudgeMessage:
    """A message of a judge about one place in one document."""

    document: str
    """`torture/build/every-block/email.html`."""
    kind: str
    """`email`, `page` or `index`."""
    message: str
    extract: str = ""
    """The HTML at that place."""

    def __str__(self) -> str:
        return f"{self.document}: {self.message}\n    {self.extract.strip()}"


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """Messages that are accepted, and the reason."""

    message: str
    """A regular expression, found in the message."""
    reason: str
    kind: str = ""
    """The kind of documents to which it applies; empty for all."""
    document: str = ""
    """A text in the names of the documents to which it applies."""
    extract: str = ""
    """A regular expression, found in the HTML at the place."""

    def covers(self, message_found: JudgeMessage) -> bool:
        """Whether it accepts the message."""
        return (
            self.kind in {"", message_found.kind}
            and self.document in message_found.document
            and re.search(self.message, message_found.message) is not None
            and re.search(self.extract, message_found.extract) is not None
        )


def unaccepted(messages: Iterable[JudgeMessage], accepted: Sequence[AcceptedMessage]) -> list[str]:
    """The messages that are not accepted, each once, as text."""
    return list(dict.fromkeys(str(one) for one in messages if not any(each.covers(one) for each in accepted)))


def unneeded(messages: Sequence[JudgeMessage], accepted: Sequence[AcceptedMessage]) -> list[AcceptedMessage]:
    """The accepted messages that no longer occur."""
    return [one for one in accepted if not any(map(one.covers, messages))]
