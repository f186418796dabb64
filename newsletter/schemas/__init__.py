"""JSON Schemas of newsletter.yaml, house.yaml and front matter, so that an editor checks and completes while one types.

They are made from what the loaders are made from: their patterns, choices, fields and rules. A schema never calls wrong what the
tool takes; what it cannot say (that a range begins below its end, that a section is listed, that a file is there) the tool says.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.schemas.values import Schema


def as_json(schema: Schema) -> str:
    """A schema as a file; ASCII only, so that every reader takes its patterns for the same."""
    return json.dumps(schema, indent=2) + "\n"
