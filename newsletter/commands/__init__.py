"""The work of each command. Each is a function that needs no terminal."""
