"""Everything that ever ran, found again: texts cut into passages, folded, kept in an index (SQLite FTS5), and asked."""
