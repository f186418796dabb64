"""What email clients make of a letter: the HTML and CSS that went out, against the facts of Can I email."""
