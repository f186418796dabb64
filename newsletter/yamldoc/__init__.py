"""YAML text to plain values that know their line and column: the one loader for front matter and every YAML file here.

The values follow the YAML 1.2 core schema (`No`, `on` and `12:30` are text), with dates added. What makes YAML
surprising or unsafe (aliases, anchors, merge keys, tags, directives, several documents, keys given twice) is refused,
each with a finding. Every mistake of a text is found in one reading, and no text whatever raises.
"""

from __future__ import annotations

from newsletter.yamldoc.loader import load

__all__ = ["load"]
