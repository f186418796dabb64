"""EX: problems that keep an issue from being exported for a mailing service.

`newsletter export` makes all the findings, so this module has only records.
"""

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
"""The rules about exports. They are reported for one service at a time, at lines of the issue."""
