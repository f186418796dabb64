"""Directives and embeds: what they hold, and how each output shows them."""
