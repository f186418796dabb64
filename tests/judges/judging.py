"""The messages of the judges, and those that are accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Complaint:
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
class Pardon:
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

    def covers(self, complaint: Complaint) -> bool:
        """Whether it accepts the message."""
        return (
            self.kind in {"", complaint.kind}
            and self.document in complaint.document
            and re.search(self.message, complaint.message) is not None
            and re.search(self.extract, complaint.extract) is not None
        )


def standing(complaints: Iterable[Complaint], pardons: Sequence[Pardon]) -> list[str]:
    """The messages that no pardon accepts, each once, as text."""
    return list(dict.fromkeys(str(one) for one in complaints if not any(pardon.covers(one) for pardon in pardons)))


def idle(complaints: Sequence[Complaint], pardons: Sequence[Pardon]) -> list[Pardon]:
    """The pardons that no message needs any more."""
    return [pardon for pardon in pardons if not any(map(pardon.covers, complaints))]
