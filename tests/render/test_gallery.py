"""`::: gallery`: pictures in rows, cropped to one ratio if the author sets it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.blocks.pictures import columns_of, ratio_of
from newsletter.render.images.plan import cropped_size, make_image
from tests.render.rendered import render_all

if TYPE_CHECKING:
    from pathlib import Path

THREE = """::: gallery One *week* of water
ratio: 3:2
![A wide one](wide.png "The lift. Photo: Ada")
![A tall one](tall.png)
[![A square one](square.jpg)](https://square.example/)
:::
"""


def test_pictures_in_consecutive_lines_are_one_row_in_an_email(tmp_path: Path):
    made = render_all(tmp_path, THREE)
    assert made.codes == []
    assert made.email.count('class="w33"') == 3
    assert 'alt="A wide one"' in made.email
    assert "The lift." in made.email
    assert "One <em>week</em> of water" in made.email
    # Word has no inline blocks: it gets a table.
    assert made.email.count('<td width="33%" valign="top"') == 3


def test_all_pictures_are_cropped_to_one_ratio_around_their_centre(tmp_path: Path):
    made = render_all(tmp_path, THREE)
    small = [image for src, image in made.images.items() if "#small" in src]
    assert [(image.width, image.height) for image in small] == [(300, 200), (300, 200), (300, 200)]
    sizes = [Image.open(BytesIO(make_image(tmp_path, image))).size for image in small]
    assert sizes == [(600, 400), (400, 267), (600, 400)]


def test_cropping_keeps_the_centre(tmp_path: Path):
    render_all(tmp_path, THREE)
    wide = Image.new("RGB", (900, 300), "red")
    wide.paste("blue", (300, 0, 600, 300))
    wide.save(tmp_path / "issues/2026-03-04-tides/wide.png")
    made = render_all(tmp_path, "::: gallery\nratio: 1:1\n![a](wide.png)\n![b](tall.png)\n:::\n")
    image = next(image for src, image in made.images.items() if src.startswith("wide.png#"))
    cut = Image.open(BytesIO(make_image(tmp_path, image))).convert("RGB")
    assert {cut.getpixel((5, 5)), cut.getpixel((cut.width - 5, cut.height - 5))} == {(0, 0, 255)}


def test_on_the_page_each_picture_opens_large_without_a_script(tmp_path: Path):
    page = render_all(tmp_path, THREE).page
    assert '<figure class="gallery of-3" data-ratio="3:2">' in page
    assert page.count("popovertarget=") == 4  # a linked picture keeps its link
    assert '<a href="https://square.example/">' in page
    assert "<script" not in page.replace('<script type="application/ld+json">', "")


def test_uncropped_pictures_of_a_row_have_equal_height_on_the_page(tmp_path: Path):
    uncut = THREE.replace("ratio: 3:2\n", "")
    page = render_all(tmp_path, uncut).page
    assert '<figure class="gallery of-3 even">' in page
    shapes = [float(shape) for shape in re.findall(r'<figure style="--shape:([\d.]+)">', page)]
    assert shapes == pytest.approx([3.2, 0.444, 1.0], abs=0.02)
    assert "--shape" not in render_all(tmp_path, THREE).page
    elsewhere = uncut.replace("square.jpg", "https://square.example/square.jpg")
    assert "--shape" not in render_all(tmp_path, elsewhere).page


def test_text_and_feed_have_the_pictures_one_after_the_other(tmp_path: Path):
    made = render_all(tmp_path, THREE)
    assert "*One _week_ of water*\n\n- [The lift. (Photo: Ada)]\n- [A tall one]\n- [A square one [1]]" in made.text
    assert made.feed.count("<figure>") == 3
    assert "popover" not in made.feed


def test_without_a_ratio_pictures_are_not_cropped(tmp_path: Path):
    made = render_all(tmp_path, "::: gallery\n![a](wide.png)\n![b](tall.png)\n:::\n")
    assert [image.height for src, image in made.images.items() if src.endswith("#small")] == [94, 675]


def test_pictures_from_the_web_keep_their_address(tmp_path: Path):
    made = render_all(tmp_path, "::: gallery\n![a](https://a.example/a.png)\n![b](wide.png)\n:::\n")
    assert 'src="https://a.example/a.png"' in made.email
    assert 'src="https://a.example/a.png"' in made.page


def test_a_gallery_runs_from_right_to_left_in_a_right_to_left_issue(tmp_path: Path):
    made = render_all(
        tmp_path, THREE.replace("One *week* of water", "أسبوع من الماء").replace("The lift.", "المصعد"), language="ar"
    )
    assert 'dir="rtl"><tr><td width="33%"' in made.email
    assert "padding:0 0 10px 8px" in made.email


@pytest.mark.parametrize(
    ("written", "ratio"),
    [("3:2", "3:2"), ("16/9", "16:9"), ("4 × 3", "4:3"), ("1x1", "1:1"), ("9:1", ""), ("wide", ""), ("0:2", ""), ("", "")],
)  # fmt: skip
def test_a_ratio_is_two_numbers(written: str, ratio: str):
    assert ratio_of(written) == ratio


def test_rows_are_as_even_as_possible():
    assert [columns_of("", count) for count in range(1, 10)] == [1, 2, 3, 4, 3, 3, 4, 4, 3]
    assert columns_of("2", 4) == 2
    assert columns_of("7", 4) == 4


def test_no_picture_is_enlarged_for_cropping():
    assert cropped_size(300, 100, "1:1") == (100, 100)
    assert cropped_size(100, 300, "3:2") == (100, 67)
    assert cropped_size(100, 300, "") == (100, 300)
