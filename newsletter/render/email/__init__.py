"""The e-mail: Jinja2 writes MJML, mjml-python compiles it, the text is set with the theme's inlined styles."""
