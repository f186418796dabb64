"""Facts about an issue for the rules, each computed once. Modules here import neither rules nor their context."""
