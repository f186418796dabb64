"""SVG: its size, the elements that are kept, and files that are refused before rendering."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.pictures import UnreadablePictureError, clean_svg, read_header
from newsletter.pictures.headers import without_notes
from newsletter.pictures.svg_reading import ELEMENTS, SVG


def svg(body: str = "", attributes: str = 'viewBox="0 0 600 300"') -> bytes:
    return f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{body}</svg>'.encode()


def cleaned(body: str, attributes: str = 'viewBox="0 0 600 300"') -> tuple[str, tuple[str, ...]]:
    clean = clean_svg(svg(body, attributes))
    return clean.content.decode().partition(">")[2].removesuffix("</svg>"), clean.lost


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="80" height="40"', (80, 40)),
        ('width="80px" height="40"', (80, 40)),
        ('width="1" height="1e999"', (1, 1_000_000)),
        ('width="1" viewBox="0 0 1e-300 1e300"', (1, 1_000_000)),
        ('width="1in" height="2.54cm"', (96, 96)),
        ('width="12pt" height="1.5e1"', (16, 15)),
        ('width="80" viewBox="0 0 600 300"', (80, 40)),
        ('height="40" viewBox="0 0 600 300"', (80, 40)),
        ('viewBox="0 0 600 300"', (1120, 560)),
        ('width="100%" height="100%" viewBox="-10,-10,600,300"', (1120, 560)),
        ("", (300, 150)),
        ('viewBox="nonsense"', (300, 150)),
    ],
)
def test_a_size_has_many_notations(attributes: str, size: tuple[int, int]):
    header = read_header(svg(attributes=attributes))
    assert (header.width, header.height, header.media_type) == (*size, "image/svg+xml")


def test_a_doctype_is_ignored_and_metadata_of_programs_removed():
    content = b"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
    <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
    <!-- drawn by somebody, somewhere -->
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/" i:version="1" width="4" height="4">
    <metadata><secret/></metadata><i:view/><g i:label="x" fill="#fff"/></svg>"""
    clean = clean_svg(content)
    assert clean.lost == ()
    assert b"<g fill=" in clean.content
    assert not any(word in clean.content for word in (b"secret", b"label", b"version", b"drawn", b"DOCTYPE"))


@pytest.mark.parametrize(
    ("body", "left", "lost"),
    [
        ("<script>alert(1)</script><g/>", "<g></g>", ("a script",)),
        ('<g onclick="alert(1)" ONLOAD="x"/>', "<g></g>", ("a script",)),
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>', "", ("a `foreignObject`",)),
        ('<use xlink:href="#a"/>', '<use href="#a"></use>', ()),
        ('<use href="other.svg#a"/>', "<use></use>", ("a file from elsewhere",)),
        ('<image href="https://x.example/a.png"/>', "<image></image>", ("a file from elsewhere",)),
        ('<image href="data:image/svg+xml;base64,AAAA"/>', "<image></image>", ("a file from elsewhere",)),
        ('<a href="javascript:alert(1)"><g/></a>', "<a><g></g></a>", ()),
        ('<set attributeName="href" to="javascript:x"/>', "", ()),
        ('<animate attributeName="xlink:href" values="javascript:x"/>', "", ()),
        ('<g fill="url(#a)"/>', '<g fill="url(#a)"></g>', ()),
        ("<g fill=\"url( 'https://x.example/#a' )\"/>", '<g fill="none"></g>', ("a file from elsewhere",)),
        ("<style>g{fill:url(//x.example/a)}</style>", "<style>g{fill:none}</style>", ("a file from elsewhere",)),
        ("<style>@import 'a.css';</style>", "<style></style>", ("a style that fetches or runs something",)),
        ('<g style="fill:u\\72l(//x)"/>', "<g></g>", ("a style that fetches or runs something",)),
        ('<text x="1">a &lt; b &amp; "c"</text>', '<text x="1">a &lt; b &amp; "c"</text>', ()),
        ('<g data-a="&quot;&gt;&#10;"/>', '<g data-a="&quot;&gt;&#10;"></g>', ()),
    ],
)
def test_only_drawn_elements_are_kept(body: str, left: str, lost: tuple[str, ...]):
    assert cleaned(body) == (left, lost)


def test_an_embedded_picture_is_kept_if_it_is_valid():
    png = BytesIO()
    Image.new("RGB", (2, 2)).save(png, "PNG")
    bomb = BytesIO(png.getvalue()[:16] + (60_000).to_bytes(4, "big") * 2 + png.getvalue()[24:])
    good, bad = (f"data:image/png;base64,{b64encode(file.getvalue()).decode()}" for file in (png, bomb))
    assert cleaned(f'<image href="{good}"/>') == (f'<image href="{good}"></image>', ())
    assert cleaned(f'<image href="{bad}"/>')[1] == ("a file from elsewhere",)


def chain(times: int) -> bytes:
    links = "".join(f'<g id="a{n + 1}"><use href="#a{n}"/></g>' for n in range(times))
    return svg(f'<g id="a0"/>{links}')


def tenfold(times: int, reference: str = '<use href="#a{}"/>') -> bytes:
    groups = "".join(f'<g id="a{n + 1}">{reference.format(n) * 10}</g>' for n in range(times))
    return svg(f'<g id="a0"><rect width="1" height="1"/></g>{groups}')


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "defines entities"),
        (b"<svg/>", "no `svg` of SVG's namespace"),
        (svg()[:-4], "is not a proper SVG"),
        (svg("<g>" * 300 + "</g>" * 300), "nested too deep"),
        (tenfold(8), "use one another more than"),
        (tenfold(8, '<rect fill="url(#a{})"/>'), "use one another more than"),
        (chain(1000), "use one another"),
        (svg('<g id="f">' + "<feOffset/>" * 30 + "</g>" + '<g filter="url(#f)"/>' * 30), "filter effects"),
        (svg('<feTurbulence numOctaves="999999"/>'), "asks for too much"),
        (svg("x" * 5_000_001), "too large for an SVG"),
        (svg(attributes='width="99999" height="99999"'), "is too large"),
    ],
)
def test_an_svg_that_cannot_be_rendered_in_time_is_refused(content: bytes, expected: str):
    with pytest.raises(UnreadablePictureError, match=expected):
        read_header(content)


def test_a_self_reference_is_not_a_bomb():
    assert read_header(svg('<g id="a"><use href="#a"/></g>')).width == 1120


def test_animations_are_recognized():
    assert not read_header(svg("<g/>")).animated
    assert read_header(svg('<g><animate attributeName="x" to="5"/></g>')).animated
    assert read_header(svg("<style>@keyframes a{to{opacity:0}}</style>")).animated


NAMES = st.sampled_from(["g", "rect", "script", "style", "a", "image", "use", "foreignObject", "animate", "x", "text"])
KEYS = st.sampled_from(["fill", "onclick", "href", "xlink:href", "style", "id", "attributeName", "src", "xml:base"])
VALUES = st.sampled_from(
    [
        "#a",
        "javascript:alert(1)",
        "https://x.example",
        "url(https://x.example/#a)",
        "url(#a)",
        "href",
        "@import 'x'",
        "&lt;",
    ]
)
ATTRIBUTES = st.dictionaries(KEYS, VALUES, max_size=4).map(
    lambda found: "".join(f' {key}="{value}"' for key, value in found.items())
)
TREES = st.recursive(
    st.tuples(NAMES, ATTRIBUTES).map(lambda one: f"<{one[0]}{one[1]}/>"),
    lambda inner: st.tuples(NAMES, ATTRIBUTES, st.lists(inner, max_size=3)).map(
        lambda one: f"<{one[0]}{one[1]}>{''.join(one[2])}</{one[0]}>"
    ),
    max_leaves=12,
)


@given(TREES)
def test_nothing_executable_or_remote_is_kept_in_any_svg(body: str):
    clean = clean_svg(svg(body)).content
    for element in ET.fromstring(clean).iter():
        assert element.tag.removeprefix(f"{{{SVG}}}") in ELEMENTS
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert name != "href" or value.startswith("#")
            assert "url(http" not in value
    assert clean_svg(clean).content == clean


# ── Metadata ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_keeps_its_frames_and_loses_its_metadata(kind: str):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    exif = Image.Exif()
    exif[0x010F] = "A Camera"
    out = BytesIO()
    notes = {"GIF": {"comment": b"A Camera"}, "PNG": {"exif": exif}, "WEBP": {"exif": exif, "xmp": b"<A Camera>"}}
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=90, loop=3, **notes[kind])
    before, after = Image.open(out), Image.open(BytesIO(without_notes(out.getvalue())))
    assert b"A Camera" in out.getvalue()
    assert b"A Camera" not in without_notes(out.getvalue())
    assert (after.n_frames, after.info.get("loop")) == (before.n_frames, before.info.get("loop"))
    for number in range(before.n_frames):
        before.seek(number)
        after.seek(number)
        assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()
        assert before.info.get("duration") == after.info.get("duration")
