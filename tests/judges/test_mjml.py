"""The MJML of the templates, validated and compiled by the official compiler."""

from __future__ import annotations

import difflib
import json
import subprocess
from pathlib import Path

import pytest

from newsletter.render.email.compiler import compile_mjml
from tests.judges.views import Outline, browser_view, word_view

PROGRAM = Path(__file__).with_name("mjml.cjs")


@pytest.fixture(scope="module")
def sources(publications):
    """The MJML of every issue, by name."""
    return {name: source for publication in publications for name, source in publication.mjml().items()}


@pytest.fixture(scope="module")
def judged(node, sources):
    """The `errors` and `html` of the official compiler for each."""
    return compiled(node, sources)


def compiled(node, sources):
    """The results for many sources from one process of Node."""
    done = subprocess.run([node, PROGRAM], input=json.dumps(sources), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_strict_validation_finds_nothing(judged):
    assert {name: one["errors"] for name, one in judged.items() if one["errors"]} == {}


def test_strict_validation_finds_an_error(node, sources):
    source = next(iter(sources.values())).replace("<mj-section>", '<mj-section colour="red"><mj-text>x</mj-text>', 1)
    errors = compiled(node, {"broken": source})["broken"]["errors"]
    assert any("colour" in error for error in errors)
    assert any("mj-text cannot be used inside mj-section" in error for error in errors)


@pytest.mark.parametrize("view", [browser_view, word_view])
def test_our_compiler_builds_the_same_tree_as_the_official_one(judged, sources, view):
    different = {}
    for name, source in sources.items():
        ours, theirs = (outline(view(html)) for html in (compile_mjml(source), judged[name]["html"]))
        difference = list(difflib.unified_diff(theirs, ours, "mjml", "mrml", lineterm="", n=2))
        if difference:
            different[name] = difference
    assert different == {}


def outline(html):
    """The elements of the body, indented, with their classes. Generated classes of Outlook's cells are normalized."""
    tags = Outline(html).tags
    body = next(index for index, (_, name, _) in enumerate(tags) if name == "body")
    lines = []
    for depth, name, classes in tags[body:]:
        known = "" if "-outlook" in classes and name == "td" else " ".join(sorted(classes.split()))
        lines.append(f"{'  ' * depth}{name} {known}".rstrip())
    return lines
