"""A newsletter you can keep in git: checked, rendered, archived and exported from sectioned Markdown."""

from __future__ import annotations

__version__ = "0.1.0"
