"""The house format: what an issue of one kind is made of, as data."""
