"""The work of each command, as functions that need no terminal."""
