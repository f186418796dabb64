"""Template languages in letters from elsewhere: Liquid, shortcodes, merge tags and conditions."""
