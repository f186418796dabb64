"""Reading an issue: from the text of a Markdown file to the records of newsletter.model, each with its place."""
