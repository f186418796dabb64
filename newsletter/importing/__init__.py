"""Import of past issues: a file or folder from another tool becomes issues in sectioned Markdown."""
