"""HS: the rules across issues. They are silent where nothing is known of the other issues."""

from __future__ import annotations

from newsletter.check import history_habits, history_order, history_repeats
from newsletter.check.base import Rule
from newsletter.diagnostics import Severity

READS = "all issues"

HISTORY: tuple[Rule, ...] = (
    Rule("HS101", "link-ran", "Stories are new", READS, history_repeats.story_ran, severity=Severity.WARNING),
    Rule("HS102", "picture-ran", "Pictures are new", READS, history_repeats.picture_ran, severity=Severity.WARNING),
    Rule("HS103", "title-ran", "Titles are new", READS, history_repeats.title_ran, severity=Severity.WARNING),
    Rule("HS104", "number-gap", "Numbers go on from the issue before", READS, history_order.number_gap),
    Rule("HS105", "date-order", "Dates go up with numbers", READS, history_order.date_order),
    Rule(
        "HS106",
        "broken-habit",
        "What all recent issues had is there",
        READS,
        history_habits.broken_habit,
        severity=Severity.WARNING,
    ),
    Rule(
        "HS107",
        "copied-text",
        "Texts of the front matter are not those of an earlier issue",
        READS,
        history_repeats.text_copied,
        severity=Severity.WARNING,
    ),
)
