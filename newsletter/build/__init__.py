"""The build: from the issues of a workspace to email, text, page, archive and feeds."""
