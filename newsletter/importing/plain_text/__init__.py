"""Letters in plain text, with their structure recovered."""
