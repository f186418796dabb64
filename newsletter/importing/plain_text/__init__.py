"""Converts letters in plain text to Markdown with sections, items and lists."""
