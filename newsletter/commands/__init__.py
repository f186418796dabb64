"""What each command does. Each is a function that needs no terminal."""
