"""What is told to the pages."""

from __future__ import annotations

from newsletter.records import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """What came of looking at the disk again, or of time to spare."""

    issues: frozenset[str] = frozenset()
    """Keys of issues whose picture may be another one."""
    about: frozenset[str] = frozenset()
    """Keys of issues of which the same picture is known better."""
    listing: bool = False
    """Whether the list of issues may be another one."""
    bug: str = ""
    """What this program met that it should not have."""

    def and_then(self, later: Change) -> Change:
        """This and what came after it."""
        listing = self.listing or later.listing
        return Change(self.issues | later.issues, self.about | later.about, listing, later.bug or self.bug)
