"""Imports folders of Markdown from other tools: their files, front matter, links and Markdown variants."""
