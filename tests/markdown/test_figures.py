from __future__ import annotations

import pytest

from newsletter.model import Figure, Paragraph
from newsletter.walk import figures_in, plain_text
from tests.markdown.reading import Read, inlines_of, short_text


def figure(text, **options):
    (found,) = figures_in(Read(text, **options).issue)
    return found


def caption(text, **options):
    found = figure(text, **options)
    return short_text(found.caption), found.credit_word, short_text(found.credit)


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("A plant in Hebei. Photo: Xinhua", ("A plant in Hebei.", "Photo", "Xinhua")),
        ("Photo: Xinhua", ("", "Photo", "Xinhua")),
        ("A plant (photo: Jane Roe)", ("A plant", "photo", "Jane Roe")),
        ("A plant（Photo：新華社）", ("A plant", "Photo", "新華社")),
        ("A plant – Image: NASA/JPL", ("A plant –", "Image", "NASA/JPL")),
        ("A plant Source: Ember, 2024", ("A plant", "Source", "Ember, 2024")),
        ("A plant. Photo credit: Jane", ("A plant.", "Photo credit", "Jane")),
        ("A plant. Photo by: Jane", ("A plant.", "Photo by", "Jane")),
        ("A plant. Photo: Jane, Source: Ember", ("A plant.", "Photo", "Jane, Source: Ember")),
        ("Image: a plan of the plant. Photo: Jane", ("Image: a plan of the plant.", "Photo", "Jane")),
        ("Dogs in this photo: two", ("Dogs in this photo: two", "", "")),
        ("A photograph: old", ("A photograph: old", "", "")),
        ("No credit", ("No credit", "", "")),
    ],
)
def test_a_credit_follows_its_word_at_the_end_of_a_caption(title, read):
    assert caption(f'![a](b.png "{title}")') == read


def test_a_house_format_may_have_other_credit_words():
    assert caption('![a](b "河北的工厂。图：新华社")', credit_words=("图", "摄影")) == ("河北的工厂。", "图", "新华社")
    assert caption('![a](b "Een fabriek. Foto: Jan")', credit_words=("Foto",)) == ("Een fabriek.", "Foto", "Jan")
    assert caption('![a](b "Photo: x")', credit_words=()) == ("Photo: x", "", "")


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_line_in_italics_directly_below_a_picture_is_its_caption(gap):
    read = Read(f"![a](b.png){gap}*The **plant**. Photo: [Xinhua](https://x.example) & co*\n\nText.")
    figure, text = read.blocks
    assert isinstance(figure, Figure)
    assert isinstance(text, Paragraph)
    assert short_text(figure.caption) == "The **plant**."
    assert short_text(figure.credit) == "[Xinhua](https://x.example) & co"
    assert read.cut(figure.credit[0].span) == "[Xinhua](https://x.example)"


def test_italics_below_a_captioned_picture_stay_a_paragraph():
    figure, text = Read('![a](b "Caption")\n\n*Said she.*').blocks
    assert (short_text(figure.caption), short_text(text.inlines)) == ("Caption", "*Said she.*")


def test_italics_below_a_caption_may_be_the_credit():
    assert caption('![a](b "Caption")\n\n*Photo: Jane*') == ("Caption", "Photo", "Jane")
    assert caption('![a](b "Photo: Jane")\n\n*Caption*') == ("Caption", "Photo", "Jane")


def test_a_picture_may_be_wrapped_in_a_link():
    read = Read('[![a](b.png "T")](https://e.org)')
    figure = read.block
    assert (figure.link.href, figure.image.src, short_text(figure.caption)) == ("https://e.org", "b.png", "T")
    assert read.cut(figure.span) == '[![a](b.png "T")](https://e.org)'


def test_each_picture_in_a_paragraph_of_pictures_is_a_figure():
    figures = list(figures_in(Read("![a](1.png) ![b](2.png)\n[![c](3.png)](/x)\n*Photo: Jane*").issue))
    assert [figure.image.src for figure in figures] == ["1.png", "2.png", "3.png"]
    assert [short_text(figure.credit) for figure in figures] == ["", "", "Jane"]


def test_figures_are_recognized_in_lists_quotations_and_directives():
    text = "- ![a](1.png)\n\n  *One*\n- ![b](2.png)\n\n> ![c](3.png)\n>\n> *Three*\n\n::: callout\n![d](4.png)\n\n*Four*\n:::\n"
    figures = list(figures_in(Read(text).issue))
    assert [plain_text(figure.caption) for figure in figures] == ["One", "", "Three", "Four"]


@pytest.mark.parametrize("text", ["See ![a](b)", "![a](b), so", "[see ![a](b)](c)", "![a](b) `c`", "**![a](b)**"])
def test_a_picture_within_text_is_not_a_figure(text):
    assert isinstance(Read(text).block, Paragraph)


def test_the_position_of_a_title_is_that_of_its_words():
    read = Read('Look:\n\n![a](b.png "The plant. Photo: Xinhua")')
    found = next(figures_in(read.issue))
    assert read.cut(found.caption[0].span) == "The plant."
    assert read.cut(found.credit[0].span) == "Xinhua"


def test_a_picture_alone_in_a_cell_stays_inline():
    assert inlines_of("![a](b) and more") == "![a](b) and more"
    assert not list(figures_in(Read("| ![a](b) |\n|---|\n").issue))
