"""The benchmark of this project: `make bench`."""
