"""Pictures as readers get them: planned from their file headers, drawn and compressed only when they are written."""
