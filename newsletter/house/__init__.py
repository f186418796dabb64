"""The house format: the description of the issues of one kind, as data."""
