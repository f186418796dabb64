"""An open workspace: its parsed issues, the caches of earlier runs, worker processes, and watching for changes."""
