"""The live preview: the issue as readers will see it, beside the editor, while it is written.

One worker thread reads, checks and renders (`session`). One event loop serves the page and notifies it of changes
(`app`, `hub`). `guard` decides which requests are answered.
"""
