"""The kinds of source that can be imported: one module for each, with its record as `KIND`."""
