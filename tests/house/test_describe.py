"""`newsletter house show` describes every key of a house format in words."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from newsletter.house.describe import NOT_DESCRIBED, describe
from newsletter.house.format import Need
from newsletter.house.keys import BLOCKS, KeyKind

if TYPE_CHECKING:
    from newsletter.config.table import Key

PLAIN: dict[str, Any] = {
    "front": {"code": {"required": True}, "number": {"required": True}},
    "opening": {"words": "1-99"},
    "sections": {
        "news": {"heading": "News", "items": {"count": 3, "last": {"words": "1-9"}}},
        "jobs": {"heading": "Jobs"},
        "ads": {"heading": "Ads"},
    },
    "sets": {"either": {"sections": ["news", "jobs"]}},
    "groups": {"top": {"heading": "Top", "sections": ["news"], "required": True}},
    "figures": {"caption": "forbidden"},
    "quotations": {"source": "forbidden"},
    "blocks": {"chart": {"count": "at most 3"}},
    "links": {"kinds": {"source": ["letters.example"]}},
    "text": {"sentence": "1-99"},
}
"""A house format with each block."""
AT = {
    "root": (),
    "opening": ("opening",),
    "section": ("sections", "news"),
    "items": ("sections", "news", "items"),
    "item": ("sections", "news", "items", "last"),
    "set": ("sets", "either"),
    "group": ("groups", "top"),
    "figures": ("figures",),
    "quotations": ("quotations",),
    "use": ("blocks", "chart"),
    "links": ("links",),
    "text": ("text",),
    "field": ("front", "code"),
}
NAMED = {
    "front": {"title": "required"},
    "field": {"inner": {"length": "1-9"}},
    "section": {"other": {"heading": "Other"}},
    "set": {"any": ["jobs", "ads"]},
    "use": {"stat": {"words": 7}},
    "group": {"bottom": {"heading": "Bottom", "sections": ["ads"]}},
    "place": {"hello": "start"},
    "spelling": {"GitHub": ["github"]},
    "domains": {"video": ["films.example"]},
    "weight": {"ST": "off"},
}
OTHERWISE = {
    "section": ["jobs"],
    "kind of link": ["source"],
    "form": "Letter {number}",
    "passage": "Letter {number}",
    "heading": "Nothing else",
    "items": {"count": 7},
    "item": {"title": "5-9"},
}


def sample_value(key: Key, now: Any) -> Any:
    """A valid value of a key that differs from the current one."""
    if key.kind is KeyKind.FLAG:
        return not (key.default if now is None else now)
    if key.choices and key.kind is not KeyKind.NAMES:
        others = [str(choice) for choice in key.choices if str(choice) not in {now, key.default, "nested", "nothing"}]
        return others[-1]
    if key.kind is KeyKind.NAMED:
        return NAMED[key.of]
    if key.of:
        return OTHERWISE[key.of]
    return {KeyKind.NEED: str(Need.REQUIRED), KeyKind.COUNT: "2-3", KeyKind.NUMBER: key.most or 9}.get(
        key.kind, "something new"
    )


def description_of(versions_from: Any, document: Any) -> list[str]:
    versions, faults = versions_from(yaml.safe_dump(document, sort_keys=False), hello="Hello.")
    assert faults == ()
    return list(describe(versions.latest))


KEYS = [
    (block, key)
    for block, keys in BLOCKS.items()
    for key in keys
    if key.kind not in {KeyKind.BLOCK, KeyKind.SPREAD} and f"{block}.{key.name}" not in NOT_DESCRIBED
]
"""All keys except those that only contain others."""


@pytest.mark.parametrize(("block", "key"), KEYS, ids=lambda given: getattr(given, "name", given))
def test_every_key_is_described_or_excluded(block: str, key: Key, versions_from: Any):
    document = deepcopy(PLAIN)
    at = document
    for step in ("front", "number") if key.name == "consecutive" else AT[block]:
        at = at[step]
    if key.name == "entries":
        at["look"] = "roundup"
    if key.name == "level" and block != "section":
        document |= {"section_level": key.most - 1}
        document["sections"]["news"]["heading"] = "none"
    before = description_of(versions_from, document)
    value, now = sample_value(key, at.get(key.name)), at.get(key.name)
    at[key.name] = now | value if isinstance(now, dict) and isinstance(value, dict) else value
    assert description_of(versions_from, document) != before


def test_each_exclusion_is_of_an_existing_key():
    assert {name.split(".")[0] for name in NOT_DESCRIBED} <= BLOCKS.keys()
    assert set(NOT_DESCRIBED) <= {f"{block}.{key.name}" for block, keys in BLOCKS.items() for key in keys}


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ({"contains": {"a": 1}}, "whole issue      says `a` 1 time"),
        ({"contains": {"a": 0, "b": "2-3"}}, "whole issue      says `a` never · says `b` 2–3 times"),
        ({"contains": {"a": "at least 1", "b": "at most 2"}}, "whole issue      says `a` · says `b` at most 2 times"),
        ({"opening": {"contains": {"a": "exactly 1"[8:]}}}, "opening          optional · says `a` 1 time"),
        ({"spelling": {"e-mail": ["email", "E-mail"]}}, "spelling         e-mail, not email or E-mail"),
        ({"avoid": {"synergy": "Say what it does.", "leverage": ""}}, "avoid            synergy: Say what it does."),
        ({"avoid": {"synergy": "Say what it does.", "leverage": ""}}, "avoid            leverage"),
    ],
)
def test_frequency_problem_and_advice_are_described(versions_from: Any, document: Any, line: str):
    assert f"  {line}" in description_of(versions_from, document)
