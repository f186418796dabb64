"""Template languages in imported letters: Liquid, shortcodes, merge tags and conditions."""
