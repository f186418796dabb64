"""The guide has the correct size that each block adds to an email."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.render.rendered import render_all

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "blocks.md").read_text(encoding="utf-8")


def bars(kind: str, rows: int, head: str = "| a | b |\n| - | - |") -> str:
    """A chart with `rows` rows."""
    figures = "\n".join(f"| Name {row} | {' | '.join(['7'] * (head.count('-') - 1))} |" for row in range(rows))
    return f"::: chart Title\ntype: {kind}\nunit: Mt\n\n{head}\n{figures}\n:::\n"


REVIEWED = {
    "gallery": (
        '::: gallery\nratio: 3:2\n![One](wide.png "A caption.")\n![Two](tall.png "A caption.")\n:::\n',
        "::: gallery\nratio: 3:2\n![One](wide.png)\n![Two](tall.png)\n![Three](square.jpg)\n:::\n",
        "::: gallery\nratio: 3:2\n" + "![One](wide.png)\n![Two](tall.png)\n![Three](square.jpg)\n" * 3 + ":::\n",
    ),
    "beside": ("::: beside\n![One](wide.png)\n\nText.\n:::\n",),
    "columns": ("::: columns\nUp.\n\n---\n\nDown.\n:::\n", "::: columns\nUp.\n\n---\n\nDown.\n\n---\n\nSame.\n:::\n"),
    "chart": (bars("bar", 5), bars("line", 12), bars("sparkline", 4, "| a | 1 | 2 | 3 | 4 |\n| - | - | - | - | - |")),
    "stat": ("::: stat 436 million\nchange: +3 %\nwent through.\n:::\n",),
    "quote-card": ("::: quote-card Ada\nThe sea has no memory.\n:::\n",),
    "sponsor": (
        "::: sponsor [Ropes](https://ropes.example/)\nRope by the metre.\n:::\n",
        "::: sponsor [Ropes](https://ropes.example/)\n![A rope](square.jpg)\n\nRope by the metre.\n:::\n",
    ),
    "divider": ("::: divider\n",),
}
"""By block, the texts whose size in kB is in its row of the guide, in that order."""


@pytest.mark.parametrize("name", REVIEWED)
def test_the_guide_has_the_size_that_each_block_adds(tmp_path: Path, name: str):
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| [{name}]"))
    documented = [float(number) for number in re.findall(r"\d\.\d", row.split("|")[3])]
    bare = len(render_all(tmp_path, "A.\n").email.encode())
    found = [(len(render_all(tmp_path, f"A.\n\n{block}").email.encode()) - bare) / 1000 for block in REVIEWED[name]]
    assert found == pytest.approx(documented, abs=0.2)
