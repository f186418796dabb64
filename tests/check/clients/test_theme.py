"""The bundled theme against its declared support list: templates/theme/email/support.yaml."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from newsletter.bundled import templates_folder
from newsletter.check.rules.clients.features import Harm
from newsletter.check.rules.clients.problems import problems
from newsletter.check.rules.clients.support import facts
from newsletter.config.clients import CLIENTS, shares_of
from newsletter.config.publication import Theme
from newsletter.config.yaml import load
from newsletter.language import load_language
from newsletter.markdown.parse import parse_fragment
from newsletter.model import ReadingOptions
from newsletter.render.email import load_theme, render_email
from newsletter.render.letter import Opening
from tests.render.letters import PUBLICATION, full_letter

THEME = templates_folder() / "theme"
SUPPORT, FAULTS = load((THEME / "email/support.yaml").read_text(encoding="utf-8"), "support.yaml", "CF")
PROMISES: dict = SUPPORT.values["promises"]
REASONS: dict = SUPPORT.values["reasons"]
LOOKS = sorted(path.stem for path in (THEME / "looks").glob("*.json"))
LANGUAGES = ("en", "ar", "ja")
UNPROMISED = {"free-fr", "t-online"}
"""Clients about which too little is known."""
WIDE = (
    "| Port | Country | Tonnes | Change |\n|---|---|---|---|\n| Rotterdam | Netherlands | 436 million | none at all |\n"
)
"""A table that phones show as a list, with its own rules."""


@cache
def unsupported(look: str, language: str) -> dict[str, dict[str, Harm]]:
    """By client, the features that it does not support of an issue with every kind of block."""
    theme = load_theme(replace(PUBLICATION, theme=Theme(look=look)), (THEME / "email",))
    letter = full_letter()
    wide = Opening(parse_fragment(WIDE, "x.md", ReadingOptions())[0])
    letter = replace(letter, language=load_language(language, [THEME]), parts=(*letter.parts, wide))
    found: dict[str, dict[str, Harm]] = {client.key: {} for client in CLIENTS}
    for problem in problems(render_email(letter, theme)):
        for client in problem.clients:
            found[client][problem.feature.slug] = problem.harm
    return found


def test_the_support_list_is_valid_and_gives_every_client_one_promise():
    assert FAULTS == ()
    promised = [client for promise in PROMISES.values() for client in promise["clients"]]
    assert len(promised) == len(set(promised))
    assert {client.key for client in CLIENTS} - set(promised) == UNPROMISED


def test_every_unsupported_feature_has_a_reason():
    without = {slug for promise in PROMISES.values() for slug in promise["does_without"]}
    assert without == set(REASONS) == without & facts().rows.keys()
    assert all(str(reason).endswith(".") for reason in REASONS.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_the_theme_uses_no_undeclared_unsupported_features(look: str, language: str):
    lacked = unsupported(look, language)
    for promise in PROMISES.values():
        for client in promise["clients"]:
            assert lacked[client].keys() <= set(promise["does_without"]), client


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_in_popular_clients_the_theme_is_fully_supported(look: str, language: str):
    shares = shares_of({})
    harmed = {
        (client, slug)
        for client, slugs in unsupported(look, language).items()
        for slug, harm in slugs.items()
        if harm is not Harm.LESS and shares[client] > 1
    }
    assert harmed == set()


def test_every_declared_feature_is_used_by_the_theme():
    lacked = {
        slug
        for look in LOOKS
        for language in LANGUAGES
        for slugs in unsupported(look, language).values()
        for slug in slugs
    }
    assert set(REASONS) - lacked == set()
