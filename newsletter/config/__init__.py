"""Configuration: YAML whose every value knows its line and column, and newsletter.yaml as records."""
