"""Other people's HTML as Markdown: parsed, without boilerplate, flattened, and written."""
