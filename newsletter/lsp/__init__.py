"""The language server: what `newsletter check` finds, while an editor's text is being written.

It speaks the Language Server Protocol 3.17 by pygls, which nothing outside this folder knows. `server.py` says which
message is answered by which function; `documents.py` has what is known about one workspace.
"""
