"""EX: what keeps a letter from being exported for a mailing service. All is found by `newsletter export`: records only."""

from __future__ import annotations

from newsletter.check.rule import Rule

_PAGE = "EX.md"

EXPORTING = (
    Rule("EX101", "missing-token", "The letter has every token that the service requires", "the export", page=_PAGE),
    Rule(
        "EX102", "not-expressible", "The service can write every personal field and address", "the export", page=_PAGE
    ),
    Rule("EX103", "foreign-tag", "The text has no merge tags of a mailing service", "the export", page=_PAGE),
    Rule("EX104", "too-large", "The HTML is small enough for the service", "the export", page=_PAGE),
)
"""They name lines of the issue, and are found for one service at a time."""
