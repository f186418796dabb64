"""A newsletter you can keep in git: checked, rendered, archived and exported from sectioned Markdown."""

__version__ = "0.1.0"
