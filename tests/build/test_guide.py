"""The guide's examples for issues without numbers, author boxes and mottos work as printed."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import html

from newsletter.cli import run

GUIDE = (Path(__file__).parents[2] / "docs/guide/house-format.md").read_text(encoding="utf-8")
SECTION = re.search(r"^## Without numbers.*?(?=^## Eras)", GUIDE, re.MULTILINE | re.DOTALL)
CONFIGURATION = """\
title: The Lock Keeper
url: https://letters.example/
sender: {name: The Lock Keeper, email: a@letters.example}
kind: letter
address: Sluisweg 7, Ghent
authors:
  marit: {name: Marit Vos, bio: Marit has read every tide table since 1931.}
"""


def write(root: Path, path: str, text: str) -> None:
    file = root / (f"templates/letter/{path}" if path.startswith(("snippets/", "house")) else path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_the_examples_make_an_unnumbered_issue_with_author_box_and_motto(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert SECTION is not None
    write(tmp_path, "newsletter.yaml", CONFIGURATION)
    (house,) = re.findall(r"^```yaml\n(.*?)^```", SECTION[0], re.MULTILINE | re.DOTALL)
    write(tmp_path, "house.yaml", house)
    for path, text in re.findall(r"^```markdown (\S+)\n(.*?)^```", SECTION[0], re.MULTILINE | re.DOTALL):
        write(tmp_path, path, text)
    assert run(["-C", str(tmp_path), "check"]) == 0, capsys.readouterr().out
    assert run(["-C", str(tmp_path), "build"]) == 0
    mail, page = (
        (tmp_path / path).read_text()
        for path in ("build/end-of-the-road/email.html", "public/end-of-the-road/index.html")
    )
    for markup in (mail, page, (tmp_path / "build/end-of-the-road/email.txt").read_text()):
        output = " ".join(html.fromstring(markup).text_content().split())
        assert re.search(r"Written by\W*Marit Vos\W*Marit has read every tide table", output)
        assert re.search(r"The theme of the month\W*“The end of the road”\W*Ships", output)
        assert "No." not in output
    write(
        tmp_path,
        "issues/2026-11-27-end-of-the-road/index.md",
        "---\ntitle: A\ndate: 2026-11-27\nauthors: [marit]\n---\n\n## The theme of the month\n\nNo motto.\n",
    )
    assert run(["-C", str(tmp_path), "check"]) == 1, "the motto is missing"
