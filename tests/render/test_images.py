"""Published pictures: planned from headers, made at double density, upright, in sRGB, without metadata."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageOps

from newsletter.errors import UsageError
from newsletter.render.images.plan import make_image, plan_images

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model import ImageFile


def photograph(size: tuple[int, int] = (1600, 900)) -> Image.Image:
    """Light from upper left to lower right with some grain."""
    light = Image.merge("RGB", [Image.linear_gradient("L").rotate(turn).resize(size) for turn in (0, 90, 180)])
    return Image.blend(light, Image.effect_noise(size, 60).convert("RGB"), 0.2)


def drawing(size: tuple[int, int] = (1600, 900), mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, size, "white" if mode == "RGB" else (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((size[0] // 8, size[1] // 8, size[0] // 2, size[1] // 2), fill="#a6341b")
    return image


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def save(root: Path, name: str, image: Image.Image, **options: object) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def plan(root: Path, name: str, *, shown_width: int = 560) -> ImageFile:
    return plan_images([name], root, root, shown_width=shown_width)[name]


def open_made(root: Path, name: str, *, shown_width: int = 560) -> Image.Image:
    return Image.open(BytesIO(make_image(root, plan(root, name, shown_width=shown_width))))


# ── Planning ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_has_the_width_of_the_column(root: Path):
    save(root, "issues/one/Big Ben!.jpg", photograph())
    image = plan_images(["Big%20Ben!.jpg"], root / "issues/one", root)["Big%20Ben!.jpg"]
    assert (image.width, image.height, image.media_type) == (560, 315, "image/jpeg")
    assert image.source == "issues/one/Big Ben!.jpg"
    assert re.fullmatch(r"big-ben-[0-9a-f]{8}\.jpg", image.name)


def test_a_given_plan_is_reused(root: Path):
    save(root, "a.png", drawing((200, 100)))
    plans = {}
    first = plan_images(["a.png"], root, root, plans=plans)
    save(root, "a.png", drawing((100, 100)))
    assert plan_images(["a.png"], root, root, plans=plans) == first
    assert plan_images(["a.png"], root, root, mark=True, plans=plans) != first
    assert plan_images(["a.png"], root, root) != first


def test_a_small_picture_is_shown_at_its_own_size(root: Path):
    save(root, "small.png", drawing((200, 100)))
    assert (plan(root, "small.png").width, plan(root, "small.png").height) == (200, 100)
    assert open_made(root, "small.png").size == (200, 100)


def test_a_picture_named_for_double_density_is_shown_at_half_its_size(root: Path):
    save(root, "logo@2x.png", drawing((200, 100)))
    assert (plan(root, "logo@2x.png").width, plan(root, "logo@2x.png").height) == (100, 50)
    assert plan(root, "logo@2x.png").name.startswith("logo-")
    assert open_made(root, "logo@2x.png").size == (200, 100)


def test_remote_missing_and_unreadable_pictures_are_not_planned(root: Path):
    save(root, "good.png", drawing((20, 10)))
    (root / "bad.png").write_bytes(b"no picture")
    (root / "vector.svg").write_text("<svg/>")
    srcs = ["https://x.example/a.png", "gone.png", "bad.png", "vector.svg", "good.png", "good.png", "../out.png"]
    assert list(plan_images(srcs, root, root)) == ["good.png"]


def test_a_name_depends_only_on_content_and_width(root: Path):
    save(root, "one/a.png", drawing())
    save(root, "two/a.png", drawing())
    save(root, "three/a.png", drawing((1600, 901)))
    first = plan(root, "one/a.png")
    assert first.name == plan(root, "two/a.png").name
    assert first.name != plan(root, "three/a.png").name
    assert first.name != plan(root, "one/a.png", shown_width=280).name


def test_two_pictures_share_a_name_only_if_they_are_the_same(root: Path):
    save(root, "Photo.png", drawing((20, 10)))
    save(root, "other/photo.png", drawing((21, 10)))
    names = {plan(root, name).name for name in ("Photo.png", "other/photo.png")}
    assert len({name.casefold() for name in names}) == 2


@pytest.mark.parametrize(
    ("stem", "portable"),
    [
        ("Schiffshebewerk über alles", "schiffshebewerk-uber-alles"),
        ("照片", "picture"),
        ("..weird..", "weird"),
        ("a" * 90, "a" * 40),
    ],
)
def test_names_are_portable_and_valid_in_addresses(root: Path, stem: str, portable: str):
    save(root, f"{stem}.png", drawing((20, 10)))
    assert re.fullmatch(re.escape(portable) + r"-[0-9a-f]{8}\.png", plan(root, f"{stem}.png").name)


def test_a_panorama_is_at_least_a_pixel_high(root: Path):
    save(root, "line.png", drawing((3000, 1)))
    assert (plan(root, "line.png").width, plan(root, "line.png").height) == (560, 1)
    assert open_made(root, "line.png").size == (1120, 1)


def test_planning_does_not_import_pillow(root: Path):
    save(root, "a.png", drawing((20, 10)))
    code = (
        "import sys; from pathlib import Path; from newsletter.render.images.plan import plan_images\n"
        "assert plan_images(['a.png'], Path(sys.argv[1]), Path(sys.argv[1]))\n"
        "print([name for name in sys.modules if name.startswith('PIL')])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_photograph_becomes_a_progressive_jpeg_of_double_density(root: Path):
    save(root, "photo.jpg", photograph((3000, 2000)), quality=95)
    image = open_made(root, "photo.jpg")
    assert (image.format, image.size, image.info.get("progressive")) == ("JPEG", (1120, 747), 1)


def test_a_photograph_saved_as_png_becomes_a_jpeg(root: Path):
    save(root, "photo.png", photograph())
    assert plan(root, "photo.png").name.endswith(".jpg")
    assert open_made(root, "photo.png").format == "JPEG"


def test_a_drawing_keeps_exact_colours_and_stays_small(root: Path):
    path = save(root, "drawing.png", drawing())
    image = open_made(root, "drawing.png")
    assert (image.format, image.size, image.mode) == ("PNG", (1120, 630), "P")
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert image.convert("RGB").getpixel((350, 200)) == (166, 52, 27)
    assert len(make_image(root, plan(root, "drawing.png"))) < 2 * path.stat().st_size


def test_a_soft_edged_drawing_keeps_its_own_colours(root: Path):
    soft = drawing((3200, 1800)).resize((1600, 900), Image.Resampling.LANCZOS)
    sky = Image.linear_gradient("L").resize((1600, 900)).point(lambda value: value // 2 * 2)
    save(root, "a.png", Image.merge("RGB", [sky, sky, sky.point(lambda value: 255 - value)]).quantize(200))
    save(root, "b.png", soft.quantize(100))
    for name in ("a.png", "b.png"):
        before = {colour for _, colour in Image.open(root / name).convert("RGB").getcolors(256)}
        after = {colour for _, colour in open_made(root, name).convert("RGB").getcolors(256)}
        assert after <= before or len(before) < 64


def test_transparency_is_kept(root: Path):
    save(root, "logo.png", drawing(mode="RGBA"))
    image = open_made(root, "logo.png").convert("RGBA")
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((350, 200)) == (166, 52, 27, 255)


def test_an_opaque_alpha_channel_is_removed(root: Path):
    save(root, "screenshot.png", photograph((300, 200)).convert("RGBA"))
    assert open_made(root, "screenshot.png").mode == "RGB"


@pytest.mark.parametrize("kind", ["webp", "gif", "tiff", "bmp"])
def test_formats_that_email_clients_do_not_show_are_converted(root: Path, kind: str):
    options = {"lossless": True} if kind == "webp" else {}
    save(root, f"drawing.{kind}", drawing(), **options)
    image = open_made(root, f"drawing.{kind}")
    assert (image.format, image.size) == ("PNG", (1120, 630))
    assert image.convert("RGB").getpixel((350, 200)) == (166, 52, 27)


@pytest.mark.parametrize("kind", ["gif", "png"])
def test_an_animation_is_unchanged(root: Path, kind: str):
    path = save(root, f"a.{kind}", drawing((800, 400)), save_all=True, append_images=[drawing((800, 400)).rotate(90)])
    image = plan(root, f"a.{kind}")
    assert (image.width, image.height, image.media_type) == (560, 280, f"image/{kind}")
    assert make_image(root, image) == path.read_bytes()


@pytest.mark.parametrize("kind", ["webp", "avif"])
def test_an_animation_that_email_clients_do_not_play_becomes_a_gif(root: Path, kind: str):
    save(root, f"a.{kind}", drawing(), save_all=True, append_images=[drawing().rotate(90)], duration=200)
    image = open_made(root, f"a.{kind}")
    assert (image.format, image.size, image.n_frames, image.info["duration"]) == ("GIF", (560, 315), 2, 200)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tiff"])
def test_a_picture_is_rotated_upright(root: Path, kind: str, orientation: int):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = save(root, f"a.{kind}", drawing((64, 32)), exif=exif)
    with Image.open(path) as image:
        expected = ImageOps.exif_transpose(image).convert("RGB")
    image = open_made(root, f"a.{kind}").convert("RGB")
    assert image.size == expected.size == (plan(root, f"a.{kind}").width, plan(root, f"a.{kind}").height)
    difference = sum(
        abs(a - b) for a, b in zip(image.resize((8, 8)).tobytes(), expected.resize((8, 8)).tobytes(), strict=True)
    )
    assert difference / 192 < 4


@pytest.mark.parametrize("size", [(300, 200), (1600, 900)])
def test_camera_metadata_is_removed(root: Path, size: tuple[int, int]):
    exif = Image.Exif()
    exif[0x010F] = "A Camera"
    exif.get_ifd(0x8825)[2] = (51.0, 3.0, 0.0)
    options = {"exif": exif, "comment": "at home", "xmp": b"<x:xmpmeta/>", "dpi": (300, 300)}
    save(root, "photo.jpg", photograph(size), **options)
    content = make_image(root, plan(root, "photo.jpg"))
    assert b"A Camera" not in content
    assert not {"exif", "comment", "xmp", "icc_profile"} & set(Image.open(BytesIO(content)).info)


def test_a_suitable_jpeg_is_not_compressed_again(root: Path):
    path = save(root, "photo.jpg", photograph((1000, 600)), quality=40, optimize=True, progressive=True, comment="x")
    with Image.open(path) as before:
        assert open_made(root, "photo.jpg").tobytes() == before.tobytes()


def test_a_needlessly_large_jpeg_is_compressed_again(root: Path):
    path = save(root, "photo.jpg", photograph((1000, 600)), quality=100)
    assert len(make_image(root, plan(root, "photo.jpg"))) < path.stat().st_size / 2


def swapped_profile() -> bytes:
    """A colour profile with red and green swapped, so that a conversion is visible."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[:] = profile.replace(b"rXYZ", b"tmp!").replace(b"gXYZ", b"rXYZ").replace(b"tmp!", b"gXYZ")
    description = profile.find("sRGB".encode("utf-16-be"))
    profile[description : description + 8] = "Else".encode("utf-16-be")
    return bytes(profile)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_converted_to_srgb(root: Path, mode: str):
    save(root, "a.png", Image.new(mode, (20, 20), (255, 0, 0, 128)[: len(mode)]), icc_profile=swapped_profile())
    red, green, *alpha = open_made(root, "a.png").convert(mode).getpixel((5, 5))
    assert (red < 60, green > 200) == (True, True)
    assert alpha[1:] == ([128] if mode == "RGBA" else [])


def test_a_broken_profile_is_ignored(root: Path):
    save(root, "a.png", Image.new("RGB", (20, 20), (255, 0, 0)), icc_profile=b"not a profile")
    assert open_made(root, "a.png").convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_grey_pictures_stay_grey(root: Path):
    save(root, "a.jpg", photograph().convert("L"))
    save(root, "b.png", Image.new("I;16", (30, 20), 0x8000))
    assert open_made(root, "a.jpg").mode == "L"
    assert open_made(root, "b.png").convert("L").getpixel((5, 5)) == 0x80


def test_cmyk_becomes_rgb(root: Path):
    save(root, "a.jpg", Image.new("CMYK", (40, 40), (0, 255, 255, 0)))
    red, green, blue = open_made(root, "a.jpg").getpixel((5, 5))
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


def test_the_same_picture_makes_the_same_bytes(root: Path):
    for name, image in {"a.jpg": photograph(), "b.png": drawing(), "c.png": drawing(mode="RGBA")}.items():
        save(root, name, image)
        assert make_image(root, plan(root, name)) == make_image(root, plan(root, name))


def test_the_authors_file_is_never_changed(root: Path):
    path = save(root, "photo.jpg", photograph())
    before = path.read_bytes(), path.stat().st_mtime_ns
    make_image(root, plan(root, "photo.jpg"))
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_unreadable_pixels_are_an_error_with_the_file_name(root: Path):
    header, pixels = struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0), b"no pixels at all"
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    path = root / "issues/one/photo.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in chunks
        )
    )
    image = plan(root, "issues/one/photo.png")
    with pytest.raises(UsageError, match=r"issues/one/photo\.png is broken") as refusal:
        make_image(root, image)
    assert refusal.value.hint


def test_a_truncated_picture_is_left_out(root: Path):
    path = save(root, "issues/one/photo.jpg", photograph())
    path.write_bytes(path.read_bytes()[:2000])
    assert plan_images(["photo.jpg"], root / "issues/one", root) == {}


def test_a_picture_deleted_after_planning_is_named(root: Path):
    path = save(root, "photo.jpg", photograph((40, 20)))
    image = plan(root, "photo.jpg")
    path.unlink()
    with pytest.raises(UsageError, match=r"photo\.jpg cannot be read: No such file"):
        make_image(root, image)
    path.write_bytes(b"something else")
    with pytest.raises(UsageError, match=r"photo\.jpg is not a picture"):
        make_image(root, image)


@pytest.mark.parametrize(
    ("ink", "own_ground", "grounded"),
    [
        ("#111111", None, True),
        ("#3a3a8c", None, True),
        ("#f08a6c", None, False),
        ("#ffffff", None, False),
        ("#111111", "#ffffff", False),
    ],
)
def test_a_dark_transparent_drawing_gets_a_background_for_dark_mode(root: Path, ink, own_ground, grounded):
    image = Image.new("RGBA", (1600, 900), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if own_ground:
        pen.rounded_rectangle((0, 0, 1599, 899), 60, fill=own_ground)
    pen.line((200, 700, 1400, 200), fill=ink, width=9)
    save(root, "lines.png", image)
    plan = plan_images(["lines.png"], root, root, ground="#fffdf9")["lines.png"]
    open_made = Image.open(BytesIO(make_image(root, plan))).convert("RGBA")
    corner = open_made.getpixel((0, 0))
    assert corner == (255, 253, 249, 255) if grounded else corner[3] == 0


def test_an_opaque_picture_gets_no_background_and_keeps_its_name(root: Path):
    save(root, "photo.png", drawing())
    assert plan_images(["photo.png"], root, root, ground="#fffdf9") == plan_images(["photo.png"], root, root)


def test_pixel_sizes_are_those_of_the_made_file(root: Path):
    for name, size in (("wide.png", (1600, 901)), ("small.png", (300, 100)), ("logo@2x.png", (400, 80))):
        save(root, name, drawing(size))
        image = plan(root, name)
        assert (image.pixel_width, image.pixel_height) == open_made(root, name).size


@pytest.mark.parametrize("kind", ["webp", "avif"])
@pytest.mark.parametrize("first", ["clear", "opaque"])
def test_an_animation_keeps_its_transparency(root: Path, kind: str, first: str):
    frames = [Image.new("RGBA", (60, 40), (0, 0, 0, 0)) for _ in range(3)]
    for at, frame in enumerate(frames):
        frame.paste((200, 30, 30, 255), (5 + 10 * at, 5, 15 + 10 * at, 15))
    if first == "opaque":
        frames[0] = Image.new("RGBA", (60, 40), (30, 30, 200, 255))
    save(root, f"a.{kind}", frames[0], save_all=True, append_images=frames[1:], duration=200)
    image = open_made(root, f"a.{kind}")
    for at in range(3):
        image.seek(at)
        shown = image.convert("RGBA")
        assert shown.getpixel((55, 35))[3] == (255 if first == "opaque" and at == 0 else 0)
        if first == "clear":
            assert shown.getpixel((10 + 10 * at, 10))[:2] > (150, 0)
