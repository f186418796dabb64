"""Configuration: YAML values with their lines and columns, and newsletter.yaml as records."""
