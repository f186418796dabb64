"""JSON Schemas of newsletter.yaml, house.yaml and front matter, with which editors check and complete while you type.

They are made from the same patterns, choices, fields and rules as the loaders. A schema never rejects what the tool
accepts. What a schema cannot express, only the tool checks: that a range begins below its end, that a section is
listed, that a file exists.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.schemas.values import Schema


def as_json(schema: Schema) -> str:
    """A schema as the text of a file. It is ASCII only, so that every program reads the same patterns."""
    return json.dumps(schema, indent=2) + "\n"
