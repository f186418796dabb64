"""The kinds of source: one module for each, with its record as `KIND`."""
