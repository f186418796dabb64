"""What rules read of an issue, worked out once. Facts know neither rules nor their context."""
