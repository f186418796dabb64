"""The generic services: HTML, text and pictures for services without a module here, in the two most common notations."""

from __future__ import annotations

from newsletter import tokens
from newsletter.services.base import Evidence, Pictures, Service, ServiceFact
from newsletter.services.notations import django, liquid, named

GENERIC = Service(
    name="html",
    title="HTML and text files, for any service",
    docs="https://shopify.github.io/liquid/",
    addresses={name: f"{{{{ {name} }}}}" for name in tokens.SERVICE_TOKENS},
    personal=liquid(named({})),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="Tokens are written as Liquid; `--token name=value` writes one as your service wants it.",
    pictures=Pictures.EITHER,
    tag=r"\{\{-?\s*(?:(?:un)?subscribe_url|preferences_url|view_in_browser_url|[\w.]+\s*\|\s*default:\s[^{}\n]*)\s*-?\}\}",
    facts=(ServiceFact("fields", Evidence.RUN, "python-liquid"),),
)
GENERIC_DJANGO = Service(
    name="html-django",
    title="HTML and text files, for a service with Django's templates",
    docs="https://docs.djangoproject.com/en/stable/ref/templates/language/",
    addresses={name: f"{{{{ {name} }}}}" for name in tokens.SERVICE_TOKENS},
    text_addresses={name: f"{{{{ {name}|safe }}}}" for name in tokens.SERVICE_TOKENS},
    personal=django(named({})),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="As `html`, but there is no space after the colon of a filter, which Django rejects; `--token name=value` sets another name.",
    pictures=Pictures.EITHER,
    tag=r"\{\{\s*[\w.]+\|[a-z_]+(?::[^{}\s][^{}\n]*)?\s*\}\}",
    facts=(ServiceFact("fields", Evidence.RUN, "Django 5.2"),),
)
