"""What commands do with issues: read, check, draft, make, export. Each is a function that needs no terminal."""
