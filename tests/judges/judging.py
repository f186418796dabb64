"""What judges say, and what of it is let stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a judge has to say about one place of one document."""

    document: str
    """`torture/build/every-block/email.html`."""
    kind: str
    """`email`, `page` or `index`."""
    message: str
    extract: str = ""
    """The HTML that it is about."""

    def __str__(self) -> str:
        return f"{self.document}: {self.message}\n    {self.extract.strip()}"


@dataclass(frozen=True, slots=True)
class Pardon:
    """Complaints that are let stand, and why."""

    message: str
    """A regular expression, found in the message."""
    reason: str
    kind: str = ""
    """Only of documents of this kind."""
    document: str = ""
    """Only of documents with this in their name."""
    extract: str = ""
    """A regular expression, found in the HTML that it is about."""

    def covers(self, complaint: Complaint) -> bool:
        """Whether the complaint is one of these."""
        return (
            self.kind in {"", complaint.kind}
            and self.document in complaint.document
            and re.search(self.message, complaint.message) is not None
            and re.search(self.extract, complaint.extract) is not None
        )


def standing(complaints: Iterable[Complaint], pardons: Sequence[Pardon]) -> list[str]:
    """The complaints that nothing pardons, each once, for people to read."""
    return list(dict.fromkeys(str(one) for one in complaints if not any(pardon.covers(one) for pardon in pardons)))


def idle(complaints: Sequence[Complaint], pardons: Sequence[Pardon]) -> list[Pardon]:
    """The pardons that no complaint needs any more."""
    return [pardon for pardon in pardons if not any(map(pardon.covers, complaints))]
