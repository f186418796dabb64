"""Pictures: meaningless alt texts, large files, and formats that email clients do not show."""

from __future__ import annotations

import re
import struct
from io import BytesIO

import pytest
from PIL import Image

from newsletter.pictures.headers import frames_in

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\nShips wait.\n\n"


def codes(checker, body: str, language: str = "en") -> list[str]:
    head = HEAD.replace("---\n\n", f"language: {language}\n---\n\n")
    return [one.code for one in checker.check(head + body) if one.code.startswith("FG")]


def picture(form: str, width: int, height: int = 4, frames: int = 1, **options) -> bytes:
    out = BytesIO()
    first, *others = (Image.new("L", (width, height), number * 77 % 256) for number in range(frames))
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(out, form, **more, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "alt",
    [
        "stack.jpg",
        "IMG_2041",
        "DSC00012.JPG",
        "image",
        "Image 3",
        "Screenshot 2024-01-31 at 10.12.04",
        "PXL_20240131",
        "unnamed",
    ],
)
def test_a_file_name_is_not_an_alt_text(checker, alt: str):
    assert codes(checker, f"![{alt}](stack.jpg)") == ["FG107"]


def test_the_name_of_the_picture_file_is_not_an_alt_text(checker):
    checker.pictures = checker.pictures | {"port_03-final.jpg": checker.pictures["stack.jpg"]}
    assert codes(checker, "![port_03-final](port_03-final.jpg)") == ["FG107"]
    assert codes(checker, "![stack](stack.jpg)") == []


@pytest.mark.parametrize(
    ("alt", "language"),
    [
        ("Image of a port", "en"),
        ("A photo of a port", "en"),
        ("Picture showing a port", "en-GB"),
        ("Foto van een haven", "nl"),
        ("Bild von einem Hafen", "de"),
        ("Une photo d’un port", "fr"),
        ("Imagen de un puerto", "es"),
        ("港口的照片", "zh-Hans"),
        ("港の写真", "ja"),
        ("Foto di un porto", "it"),
        ("Imagem de um porto", "pt-BR"),
        ("Zdjęcie przedstawia port", "pl"),
        ("Obrázek ukazující přístav", "cs"),
        ("En bild på en hamn", "sv"),
        ("Et billede af en havn", "da"),
        ("Bilde av en havn", "nb"),
        ("Kuva, jossa on satama", "fi"),
        ("На фото изображён порт", "ru"),
        ("На світлині зображено порт", "uk"),
        ("항구의 사진", "ko"),
        ("Foto dari pelabuhan", "id"),
        ("Hình ảnh chụp cảng", "vi"),
        ("Bir limanın fotoğrafı", "tr"),
        ("बंदरगाह की तस्वीर", "hi"),
    ],
)
def test_an_alt_text_need_not_begin_with_image_of(checker, alt: str, language: str):
    assert codes(checker, f"![{alt}](stack.jpg)", language) == ["FG108"]


@pytest.mark.parametrize(
    "alt",
    [
        "Painting of a port",
        "Screenshot of the settings",
        "Picture-perfect port",
        "Photographers wait",
        "Imagery of a port",
        "Photo of the year 2024",
    ],
)
def test_other_words_that_begin_alike_have_no_finding(checker, alt: str):
    assert codes(checker, f"![{alt}](stack.jpg)") == []


def test_a_caption_that_repeats_the_alt_text_is_reported(checker):
    assert codes(checker, '![A port in rain](stack.jpg "A port, in rain.")') == ["FG109"]
    assert codes(checker, "![A port in rain](stack.jpg)\n\n*A port in rain*") == ["FG109"]
    assert codes(checker, '![A port in rain](stack.jpg "Antwerp, 2024. Photo: Jane Roe")') == []


def test_a_figure_narrower_than_the_column_is_reported_but_not_an_inline_picture(checker):
    assert codes(checker, "![Workers bolt a stack](small.jpg)") == ["FG111"]
    assert codes(checker, "Workers ![bolt](small.jpg) a stack.") == []


def test_a_picture_for_double_density_may_be_narrow(checker):
    checker.pictures = checker.pictures | {"small@2x.jpg": checker.pictures["small.jpg"]}
    assert codes(checker, "![Workers bolt a stack](small@2x.jpg)") == []


def test_a_house_format_can_require_width_file_size_and_format(checker):
    checker.house("figures: {width: 1600, weight: 5, formats: [png]}")
    assert sorted(codes(checker, "![Workers bolt a stack](stack.jpg)")) == ["FG110", "FG111", "FG112"]


def test_a_picture_from_the_web_is_used_unchanged(checker):
    for suffix, expected in {
        "svg": ["FG112"],
        "webp?w=3": ["FG112"],
        "avif": ["FG112"],
        "jpg": [],
        "gif#a": [],
    }.items():
        assert codes(checker, f"![Workers bolt a stack](https://example.org/a.{suffix})") == expected


@pytest.mark.parametrize(
    ("form", "frames", "expected"),
    [
        ("WEBP", 1, []),
        ("WEBP", 3, []),
        ("WEBP", 201, ["FG113"]),
        ("GIF", 200, []),
        ("GIF", 201, ["FG113"]),
        ("PNG", 201, ["FG113"]),
    ],
)
def test_animations_are_counted(checker, form: str, frames: int, expected: list[str]):
    content = picture(form, 600, frames=frames, **({"lossless": True} if form == "WEBP" else {}))
    assert frames_in(content) == frames
    checker.pictures = checker.pictures | {f"a.{form.lower()}": content}
    assert codes(checker, f"![Ships go by](a.{form.lower()})") == expected


def test_a_heavy_animation_is_one_finding(checker):
    checker.pictures = checker.pictures | {"a.gif": picture("GIF", 600, frames=2) + bytes(11_000_000)}
    assert codes(checker, "![Ships go by](a.gif)") == ["FG113"]


@pytest.mark.parametrize("content", [b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF    WEBP", b"", b"RIFF    WEBPANMF"])
def test_a_truncated_file_has_one_frame(content: bytes):
    assert frames_in(content) == 1


def test_a_picture_by_http_is_reported_once(checker):
    assert codes(checker, "![Ships go by](http://example.org/a.png)") == ["FG115"]
    assert codes(checker, "![Ships go by](http://localhost/a.png)") == []  # LK105 reports it


def test_an_animation_that_becomes_a_large_gif_is_reported_with_its_size(checker):
    checker.pictures = checker.pictures | {"a.webp": picture("WEBP", 900, 600, frames=60, lossless=True)}
    (found,) = (one for one in checker.check(f"{HEAD}![Ships go by](a.webp)\n") if one.code == "FG113")
    assert re.search(
        r"as the GIF that email clients play, the animation is about \d\.\d MB in 60 frames", found.message
    )


def test_an_svg_may_be_of_any_size(checker):
    checker.write("issues/letter/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><g/></svg>')
    assert codes(checker, "![Ships by the week](a.svg)") == []


def test_parts_that_an_svg_loses_are_named(checker):
    body = '<script/><image href="https://x.example/a.png"/><foreignObject/><switch><foreignObject/><g/></switch>'
    checker.write("issues/letter/a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300">{body}</svg>')
    (found,) = checker.check(f"{HEAD}![Ships by the week](a.svg)\n")
    assert found.code == "FG116"
    assert "contains a script, a file from elsewhere and a `foreignObject`, which" in found.message


def test_a_font_of_the_workspace_is_considered(checker):
    words = '<text y="50">船 and ships</text>'
    checker.write("issues/letter/a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300">{words}</svg>')
    letter = f"{HEAD}![Ships by the week](a.svg)\n"
    (found,) = checker.check(letter)
    assert (found.code, "`船`" in found.message) == ("FG117", True)
    format_12 = struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, 0x8239, 0x8239, 5)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + format_12
    font = struct.pack(">IHHHH", 0x00010000, 1, 16, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap
    checker.write("templates/theme/fonts/han.ttf", font)
    assert checker.check(letter) == ()


def test_a_large_animation_is_detected_even_with_a_large_first_frame(checker):
    frame = Image.effect_noise((900, 700), 90)
    content = BytesIO()
    frame.save(content, "GIF", save_all=True, append_images=[frame.rotate(180)] * 2)
    assert len(content.getvalue()) > 1_000_000
    checker.pictures = checker.pictures | {"a.gif": content.getvalue() + bytes(11_000_000)}
    assert codes(checker, "![Ships go by](a.gif)") == ["FG113"]
