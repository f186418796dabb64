"""Converts untrusted HTML to Markdown: parse, remove boilerplate, flatten, write."""
