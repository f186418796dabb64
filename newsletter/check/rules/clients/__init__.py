"""The email in email clients: the HTML and CSS that was sent, compared with the facts of Can I email."""
