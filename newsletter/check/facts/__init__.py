"""Facts about an issue for rules, each computed once. Facts know neither rules nor their context."""
