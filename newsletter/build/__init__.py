"""The build: turns the issues of a workspace into emails, text, pages, the archive and feeds."""
