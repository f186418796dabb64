"""The build: from the issues of a workspace to e-mail, text, page, archive and feeds."""
