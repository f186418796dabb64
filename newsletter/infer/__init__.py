"""The house format that past issues have kept to, whether it was ever written down or not."""

from __future__ import annotations

from newsletter.infer.inferring import infer
from newsletter.infer.level import Levels, levels_of
from newsletter.infer.observe import observe
from newsletter.infer.report import report
from newsletter.infer.tally import IssueTally, Tally, tally_issue
from newsletter.infer.write import write

__all__ = ["IssueTally", "Levels", "Tally", "infer", "levels_of", "observe", "report", "tally_issue", "write"]
