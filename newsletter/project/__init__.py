"""One workspace opened: its issues as parsed, what earlier runs remember, workers and watching."""
