"""The language server: the findings of `newsletter check` while a text is being written in an editor.

It uses the Language Server Protocol 3.17 through pygls, which nothing outside this folder uses. `server.py` assigns a
function to each message; `documents.py` has the state of one workspace.
"""
