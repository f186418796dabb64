"""The content of blocks (galleries, charts, sponsors, films), as rules check it and renderers show it."""
