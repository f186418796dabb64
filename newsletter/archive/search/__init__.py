"""Searches the text of all issues: texts are divided into passages, normalised, and kept in an index (SQLite FTS5)."""
