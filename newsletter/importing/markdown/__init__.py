"""Folders of Markdown made by other tools: their files, front matter, links and dialects."""
