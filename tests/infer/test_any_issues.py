"""Whatever stands in the issues, the house format that is inferred can be used."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.commands.infer import files_under, infer_house, loose_workspace

ODD = st.sampled_from(
    [
        "## ",
        "## any",
        "## {title}",
        "## {number}: {date",
        "## News: a\\{b",
        "## 'quoted' \"News\"",
        "## No",
        "## # News",
        "### Jobs",
        "## 2024",
        "## \u200bNews\x07",
        "## 👩\u200d💻 Jobs",
        "# Title",
        "- [a](https://x.example/) b",
        "- Ports: ice",
        "1. one",
        "**Lead.** text",
        "text INSERT_LINK_HERE",
        "![](x.png)",
        "::: only email",
        "<div>",
        "```",
        "",
    ]
)
FRONT = st.sampled_from(
    [
        "title: Letter 1",
        'title: "a: b # c"',
        "number: 3",
        "number: x",
        "date: 2024-02-30",
        "since: 3",
        "eras: [a]",
        "'odd key': [1, {a: 2}]",
        "a.b: {c: {d: e}}",
        "draft: false",
        "tags: []",
        "kind: other",
        "is: yes",
        "2024: x",
        "slug: x y",
    ]
)
ISSUE = st.tuples(st.lists(FRONT, max_size=4), st.lists(ODD, max_size=8))


@given(st.lists(ISSUE, min_size=1, max_size=4), st.integers(3, 12))
@settings(max_examples=60)
def test_it_can_always_be_used(kinds: list[tuple[list[str], list[str]]], count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for number in range(count):
            front, body = kinds[number % len(kinds)]
            text = "\n".join(["---", *front, "---", *body, ""])
            (root / f"letter-{number}.md").write_text(text, encoding="utf-8")
        # Raises where the house format that it writes has a fault.
        found = infer_house(loose_workspace(root, "en"), files_under(root), "letter")
    assert found.tally.issues == count
