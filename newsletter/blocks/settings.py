"""The words that the settings of blocks accept."""

from __future__ import annotations

from newsletter.blocks.charts import TYPES
from newsletter.blocks.pictures import COLUMNS, ROUND, SHARES, SIDES

CHOICES = {
    ("gallery", "columns"): COLUMNS,
    ("beside", "side"): SIDES,
    ("beside", "width"): tuple(SHARES),
    ("beside", "shape"): (ROUND,),
    ("chart", "type"): TYPES,
}
"""Keyed by directive and key. That of a chart's type is reported with its figures (see charts.py)."""
