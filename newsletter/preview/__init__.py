"""The live preview: the issue as readers will see it, beside the editor, while it is written.

One worker thread reads, checks and renders (`session`); one event loop serves the page and tells it what has changed (`app`,
`hub`). What a browser may ask for, and from where, is decided in `guard`.
"""
