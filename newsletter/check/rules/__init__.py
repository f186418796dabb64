"""The rules, a file or folder per family, each beside the function that looks for it."""
