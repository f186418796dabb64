"""Deliberately slow SVGs are rendered in time or refused. Simple ones are rendered in this process."""

from __future__ import annotations

import pytest

from newsletter.pictures.headers import UnreadablePictureError
from newsletter.pictures.svg import cleaned
from newsletter.render.images import vectors

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="1120" height="800" viewBox="0 0 1120 800">'
FILLED = '<rect width="1120" height="800" filter="url(#f)"/>'
SLOW = {
    "morphology": '<filter id="f"><feMorphology operator="dilate" radius="600"/></filter>' + FILLED,
    "morphology in a small box": f'<filter id="f" primitiveUnits="objectBoundingBox"><feMorphology radius="0.9"/></filter>{FILLED}',
    "turbulence": '<filter id="f"><feTurbulence baseFrequency="1" numOctaves="10"/></filter>' + FILLED * 400,
    "blur": '<filter id="f"><feGaussianBlur stdDeviation="99999"/></filter>' + FILLED,
    "30,000 tspans": "<text>" + '<tspan x="1" y="2">a</tspan>' * 30_000 + "</text>",
    "50,000 rules": f"<style>{''.join(f'.a{n}{{fill:red}}' for n in range(50_000))}</style>"
    + '<rect class="a1"/>' * 3_000,
    "dashes": '<path d="M0 0H1e6" stroke="red" stroke-dasharray="0.0001"/>',
    "a small pattern": '<pattern id="p" width="0.001" height="0.001" patternUnits="userSpaceOnUse"><path d="M0 0h1"/></pattern>'
    '<rect width="1120" height="800" fill="url(#p)"/>',
}


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW.keys())
def test_a_slow_drawing_is_rendered_in_time_or_refused(body, monkeypatch):
    monkeypatch.setattr(vectors, "PATIENCE", 1.0)
    monkeypatch.setattr(vectors, "pixels", lambda *_: pytest.fail("drawn where nothing can stop it"))
    content = cleaned(f"{HEAD}{body}</svg>".encode(), lambda _: None).content
    try:
        made = vectors.draw(content, (1120, 800), fonts=[])
    except UnreadablePictureError as error:
        made = str(error)
    assert made[:4] == b"\x89PNG" or "seconds to draw" in made or "cannot be drawn" in made


def test_a_drawing_from_another_process_is_the_same_picture():
    content = cleaned(
        f'{HEAD}<g><rect x="9" width="99" height="99" fill="red"/></g></svg>'.encode(), lambda _: None
    ).content
    assert vectors._in_time(content, (112, 80), []) == vectors.pixels(content, (112, 80), [])


def test_an_error_in_another_process_is_reported_too():
    with pytest.raises(UnreadablePictureError, match="cannot be drawn"):
        vectors._in_time(b"<svg", (10, 10), [])
