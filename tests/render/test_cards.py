"""The card that link previews show of an issue without a cover."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, features

from newsletter.render.images.cards import CardText, card_name, draw_card
from newsletter.render.images.plan import own_fonts_of_theme

COLOURS = {"card": "#fffdf9", "ink": "#1d2126", "soft": "#5c6168", "rule": "#ddd6c8", "accent": "#a6341b"}
TEXT = CardText("Ships that climb", "The Lock Keeper", "How to carry a boat over a hill", "No. 14 · 30 October 2026")
FONTS = own_fonts_of_theme()


def card(text, colours=COLOURS):
    return Image.open(BytesIO(draw_card(text, colours, FONTS)), formats=["PNG"]).convert("RGB")


def count_other_pixels(image, box, ground=(255, 253, 249)):
    """The number of pixels in a part of the image that are not of the background colour."""
    part = image.crop(box)
    return sum(count for count, colour in part.getcolors(1_000_000) if colour != ground)


def test_a_card_has_the_preview_size_and_the_colours_of_the_look():
    image = card(TEXT)
    assert image.size == (1200, 630)
    assert image.getpixel((600, 5)) == (0xA6, 0x34, 0x1B)
    assert image.getpixel((10, 300)) == (0xFF, 0xFD, 0xF9)
    assert card(TEXT, {**COLOURS, "card": "#101010"}).getpixel((10, 300)) == (0x10, 0x10, 0x10)


def test_the_same_text_gives_the_same_bytes_and_other_text_another_name():
    assert draw_card(TEXT, COLOURS, FONTS) == draw_card(TEXT, COLOURS, FONTS)
    others = [replace(TEXT, title="Other"), replace(TEXT, about=""), replace(TEXT, dir="rtl")]
    names = {card_name(text, COLOURS, FONTS) for text in (TEXT, *others)}
    names.add(card_name(TEXT, {**COLOURS, "ink": "#000000"}, FONTS))
    assert len(names) == 5


@pytest.mark.parametrize(
    "title",
    [
        "A",
        "word " * 120,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
        "🎉",
        "船" * 200,
    ],
)
def test_no_title_overflows_the_card(title):
    image = card(replace(TEXT, title=title, about=title, publication=title, dateline=title))
    assert count_other_pixels(image, (0, 20, 80, 630)) == 0
    assert count_other_pixels(image, (1125, 20, 1200, 630)) == 0
    assert count_other_pixels(image, (0, 620, 1200, 630)) == 0


@pytest.mark.skipif(
    not features.check("raqm"), reason="Pillow was built without Raqm, which sets scripts whose letters join"
)
def test_right_to_left_text_begins_on_the_right():
    image = card(CardText("سفن", "حارس", language="ar", dir="rtl"))
    assert count_other_pixels(image, (900, 180, 1150, 400)) > count_other_pixels(image, (0, 180, 600, 400))
