"""The archive: the record of what was published, and the web pages that show it."""
