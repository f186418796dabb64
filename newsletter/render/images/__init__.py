"""Pictures as readers get them: planned from their headers, drawn and packed only when they are written."""
