"""Pictures as they go out: planned from headers, made at double density, upright, in sRGB, with nothing else in them."""

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


def put(root: Path, name: str, image: Image.Image, **options: object) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def planned(root: Path, name: str, *, shown_width: int = 560) -> ImageFile:
    return plan_images([name], root, root, shown_width=shown_width)[name]


def made(root: Path, name: str, *, shown_width: int = 560) -> Image.Image:
    return Image.open(BytesIO(make_image(root, planned(root, name, shown_width=shown_width))))


# ── Planning ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_is_shown_as_wide_as_there_is_room(root: Path):
    put(root, "issues/one/Big Ben!.jpg", photograph())
    image = plan_images(["Big%20Ben!.jpg"], root / "issues/one", root)["Big%20Ben!.jpg"]
    assert (image.width, image.height, image.media_type) == (560, 315, "image/jpeg")
    assert image.source == "issues/one/Big Ben!.jpg"
    assert re.fullmatch(r"big-ben-[0-9a-f]{8}\.jpg", image.name)


def test_a_plan_that_is_handed_on_is_not_made_again(root: Path):
    put(root, "a.png", drawing((200, 100)))
    plans = {}
    first = plan_images(["a.png"], root, root, plans=plans)
    put(root, "a.png", drawing((100, 100)))
    assert plan_images(["a.png"], root, root, plans=plans) == first
    assert plan_images(["a.png"], root, root, mark=True, plans=plans) != first
    assert plan_images(["a.png"], root, root) != first


def test_a_small_picture_is_shown_at_its_own_size(root: Path):
    put(root, "small.png", drawing((200, 100)))
    assert (planned(root, "small.png").width, planned(root, "small.png").height) == (200, 100)
    assert made(root, "small.png").size == (200, 100)


def test_a_picture_named_for_double_density_is_shown_at_half_its_size(root: Path):
    put(root, "logo@2x.png", drawing((200, 100)))
    assert (planned(root, "logo@2x.png").width, planned(root, "logo@2x.png").height) == (100, 50)
    assert planned(root, "logo@2x.png").name.startswith("logo-")
    assert made(root, "logo@2x.png").size == (200, 100)


def test_remote_missing_and_unreadable_pictures_are_left_to_the_check(root: Path):
    put(root, "good.png", drawing((20, 10)))
    (root / "bad.png").write_bytes(b"no picture")
    (root / "vector.svg").write_text("<svg/>")
    srcs = ["https://x.example/a.png", "gone.png", "bad.png", "vector.svg", "good.png", "good.png", "../out.png"]
    assert list(plan_images(srcs, root, root)) == ["good.png"]


def test_a_name_changes_with_content_and_room_and_with_nothing_else(root: Path):
    put(root, "one/a.png", drawing())
    put(root, "two/a.png", drawing())
    put(root, "three/a.png", drawing((1600, 901)))
    first = planned(root, "one/a.png")
    assert first.name == planned(root, "two/a.png").name
    assert first.name != planned(root, "three/a.png").name
    assert first.name != planned(root, "one/a.png", shown_width=280).name


def test_pictures_of_different_names_never_share_a_name_unless_they_are_the_same(root: Path):
    put(root, "Photo.png", drawing((20, 10)))
    put(root, "other/photo.png", drawing((21, 10)))
    names = {planned(root, name).name for name in ("Photo.png", "other/photo.png")}
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
def test_names_are_ones_that_every_system_and_address_takes(root: Path, stem: str, portable: str):
    put(root, f"{stem}.png", drawing((20, 10)))
    assert re.fullmatch(re.escape(portable) + r"-[0-9a-f]{8}\.png", planned(root, f"{stem}.png").name)


def test_a_panorama_is_at_least_a_pixel_high(root: Path):
    put(root, "line.png", drawing((3000, 1)))
    assert (planned(root, "line.png").width, planned(root, "line.png").height) == (560, 1)
    assert made(root, "line.png").size == (1120, 1)


def test_planning_does_not_import_pillow(root: Path):
    put(root, "a.png", drawing((20, 10)))
    code = (
        "import sys; from pathlib import Path; from newsletter.render.images.plan import plan_images\n"
        "assert plan_images(['a.png'], Path(sys.argv[1]), Path(sys.argv[1]))\n"
        "print([name for name in sys.modules if name.startswith('PIL')])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_photograph_is_made_for_double_density_as_progressive_jpeg(root: Path):
    put(root, "photo.jpg", photograph((3000, 2000)), quality=95)
    image = made(root, "photo.jpg")
    assert (image.format, image.size, image.info.get("progressive")) == ("JPEG", (1120, 747), 1)


def test_a_photograph_saved_as_png_becomes_a_jpeg(root: Path):
    put(root, "photo.png", photograph())
    assert planned(root, "photo.png").name.endswith(".jpg")
    assert made(root, "photo.png").format == "JPEG"


def test_a_drawing_stays_exact_and_small(root: Path):
    path = put(root, "drawing.png", drawing())
    image = made(root, "drawing.png")
    assert (image.format, image.size, image.mode) == ("PNG", (1120, 630), "P")
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert image.convert("RGB").getpixel((350, 200)) == (166, 52, 27)
    assert len(make_image(root, planned(root, "drawing.png"))) < 2 * path.stat().st_size


def test_a_soft_edged_drawing_keeps_its_own_colours(root: Path):
    soft = drawing((3200, 1800)).resize((1600, 900), Image.Resampling.LANCZOS)
    sky = Image.linear_gradient("L").resize((1600, 900)).point(lambda value: value // 2 * 2)
    put(root, "a.png", Image.merge("RGB", [sky, sky, sky.point(lambda value: 255 - value)]).quantize(200))
    put(root, "b.png", soft.quantize(100))
    for name in ("a.png", "b.png"):
        before = {colour for _, colour in Image.open(root / name).convert("RGB").getcolors(256)}
        after = {colour for _, colour in made(root, name).convert("RGB").getcolors(256)}
        assert after <= before or len(before) < 64


def test_transparency_is_kept(root: Path):
    put(root, "logo.png", drawing(mode="RGBA"))
    image = made(root, "logo.png").convert("RGBA")
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((350, 200)) == (166, 52, 27, 255)


def test_an_alpha_channel_that_hides_nothing_is_dropped(root: Path):
    put(root, "screenshot.png", photograph((300, 200)).convert("RGBA"))
    assert made(root, "screenshot.png").mode == "RGB"


@pytest.mark.parametrize("kind", ["webp", "gif", "tiff", "bmp"])
def test_formats_that_mail_programs_do_not_show_are_turned_into_ones_they_do(root: Path, kind: str):
    options = {"lossless": True} if kind == "webp" else {}
    put(root, f"drawing.{kind}", drawing(), **options)
    image = made(root, f"drawing.{kind}")
    assert (image.format, image.size) == ("PNG", (1120, 630))
    assert image.convert("RGB").getpixel((350, 200)) == (166, 52, 27)


@pytest.mark.parametrize("kind", ["gif", "png"])
def test_an_animation_goes_out_as_it_came(root: Path, kind: str):
    path = put(root, f"a.{kind}", drawing((800, 400)), save_all=True, append_images=[drawing((800, 400)).rotate(90)])
    image = planned(root, f"a.{kind}")
    assert (image.width, image.height, image.media_type) == (560, 280, f"image/{kind}")
    assert make_image(root, image) == path.read_bytes()


@pytest.mark.parametrize("kind", ["webp", "avif"])
def test_an_animation_that_mail_programs_do_not_play_goes_out_as_gif(root: Path, kind: str):
    put(root, f"a.{kind}", drawing(), save_all=True, append_images=[drawing().rotate(90)], duration=200)
    image = made(root, f"a.{kind}")
    assert (image.format, image.size, image.n_frames, image.info["duration"]) == ("GIF", (560, 315), 2, 200)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tiff"])
def test_a_picture_is_set_upright(root: Path, kind: str, orientation: int):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = put(root, f"a.{kind}", drawing((64, 32)), exif=exif)
    with Image.open(path) as image:
        expected = ImageOps.exif_transpose(image).convert("RGB")
    image = made(root, f"a.{kind}").convert("RGB")
    assert image.size == expected.size == (planned(root, f"a.{kind}").width, planned(root, f"a.{kind}").height)
    difference = sum(
        abs(a - b) for a, b in zip(image.resize((8, 8)).tobytes(), expected.resize((8, 8)).tobytes(), strict=True)
    )
    assert difference / 192 < 4


@pytest.mark.parametrize("size", [(300, 200), (1600, 900)])
def test_nothing_that_a_camera_noted_goes_out(root: Path, size: tuple[int, int]):
    exif = Image.Exif()
    exif[0x010F] = "A Camera"
    exif.get_ifd(0x8825)[2] = (51.0, 3.0, 0.0)
    options = {"exif": exif, "comment": "at home", "xmp": b"<x:xmpmeta/>", "dpi": (300, 300)}
    put(root, "photo.jpg", photograph(size), **options)
    content = make_image(root, planned(root, "photo.jpg"))
    assert b"A Camera" not in content
    assert not {"exif", "comment", "xmp", "icc_profile"} & set(Image.open(BytesIO(content)).info)


def test_a_jpeg_that_is_right_already_is_not_packed_anew(root: Path):
    path = put(root, "photo.jpg", photograph((1000, 600)), quality=40, optimize=True, progressive=True, comment="x")
    with Image.open(path) as before:
        assert made(root, "photo.jpg").tobytes() == before.tobytes()


def test_a_wasteful_jpeg_is_packed_anew(root: Path):
    path = put(root, "photo.jpg", photograph((1000, 600)), quality=100)
    assert len(make_image(root, planned(root, "photo.jpg"))) < path.stat().st_size / 2


def swapped_profile() -> bytes:
    """A profile in whose colours red and green have changed places: what it means is far from what it seems."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[:] = profile.replace(b"rXYZ", b"tmp!").replace(b"gXYZ", b"rXYZ").replace(b"tmp!", b"gXYZ")
    description = profile.find("sRGB".encode("utf-16-be"))
    profile[description : description + 8] = "Else".encode("utf-16-be")
    return bytes(profile)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_brought_to_srgb(root: Path, mode: str):
    put(root, "a.png", Image.new(mode, (20, 20), (255, 0, 0, 128)[: len(mode)]), icc_profile=swapped_profile())
    red, green, *alpha = made(root, "a.png").convert(mode).getpixel((5, 5))
    assert (red < 60, green > 200) == (True, True)
    assert alpha[1:] == ([128] if mode == "RGBA" else [])


def test_a_broken_profile_is_passed_over(root: Path):
    put(root, "a.png", Image.new("RGB", (20, 20), (255, 0, 0)), icc_profile=b"not a profile")
    assert made(root, "a.png").convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_grey_pictures_stay_grey(root: Path):
    put(root, "a.jpg", photograph().convert("L"))
    put(root, "b.png", Image.new("I;16", (30, 20), 0x8000))
    assert made(root, "a.jpg").mode == "L"
    assert made(root, "b.png").convert("L").getpixel((5, 5)) == 0x80


def test_printers_colours_become_screen_colours(root: Path):
    put(root, "a.jpg", Image.new("CMYK", (40, 40), (0, 255, 255, 0)))
    red, green, blue = made(root, "a.jpg").getpixel((5, 5))
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


def test_the_same_picture_makes_the_same_bytes(root: Path):
    for name, image in {"a.jpg": photograph(), "b.png": drawing(), "c.png": drawing(mode="RGBA")}.items():
        put(root, name, image)
        assert make_image(root, planned(root, name)) == make_image(root, planned(root, name))


def test_the_author_s_file_is_never_touched(root: Path):
    path = put(root, "photo.jpg", photograph())
    before = path.read_bytes(), path.stat().st_mtime_ns
    make_image(root, planned(root, "photo.jpg"))
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_broken_pixels_stop_the_run_with_the_file_s_name(root: Path):
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
    image = planned(root, "issues/one/photo.png")
    with pytest.raises(UsageError, match=r"issues/one/photo\.png is broken") as refusal:
        make_image(root, image)
    assert refusal.value.hint


def test_a_picture_that_is_cut_off_is_left_out(root: Path):
    path = put(root, "issues/one/photo.jpg", photograph())
    path.write_bytes(path.read_bytes()[:2000])
    assert plan_images(["photo.jpg"], root / "issues/one", root) == {}


def test_a_picture_that_has_gone_since_it_was_planned_is_named(root: Path):
    path = put(root, "photo.jpg", photograph((40, 20)))
    image = planned(root, "photo.jpg")
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
def test_a_drawing_in_dark_lines_on_nothing_gets_a_ground_to_be_seen_in_the_dark(root: Path, ink, own_ground, grounded):
    image = Image.new("RGBA", (1600, 900), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if own_ground:
        pen.rounded_rectangle((0, 0, 1599, 899), 60, fill=own_ground)
    pen.line((200, 700, 1400, 200), fill=ink, width=9)
    put(root, "lines.png", image)
    planned = plan_images(["lines.png"], root, root, ground="#fffdf9")["lines.png"]
    made = Image.open(BytesIO(make_image(root, planned))).convert("RGBA")
    corner = made.getpixel((0, 0))
    assert corner == (255, 253, 249, 255) if grounded else corner[3] == 0


def test_what_has_no_transparency_needs_no_ground_and_keeps_its_name(root: Path):
    put(root, "photo.png", drawing())
    assert plan_images(["photo.png"], root, root, ground="#fffdf9") == plan_images(["photo.png"], root, root)


def test_what_link_previews_measure_are_the_pixels_of_the_file(root: Path):
    for name, size in (("wide.png", (1600, 901)), ("small.png", (300, 100)), ("logo@2x.png", (400, 80))):
        put(root, name, drawing(size))
        image = planned(root, name)
        assert (image.pixel_width, image.pixel_height) == made(root, name).size


@pytest.mark.parametrize("kind", ["webp", "avif"])
@pytest.mark.parametrize("first", ["clear", "opaque"])
def test_what_is_transparent_in_an_animation_stays_so(root: Path, kind: str, first: str):
    frames = [Image.new("RGBA", (60, 40), (0, 0, 0, 0)) for _ in range(3)]
    for at, frame in enumerate(frames):
        frame.paste((200, 30, 30, 255), (5 + 10 * at, 5, 15 + 10 * at, 15))
    if first == "opaque":
        frames[0] = Image.new("RGBA", (60, 40), (30, 30, 200, 255))
    put(root, f"a.{kind}", frames[0], save_all=True, append_images=frames[1:], duration=200)
    image = made(root, f"a.{kind}")
    for at in range(3):
        image.seek(at)
        shown = image.convert("RGBA")
        assert shown.getpixel((55, 35))[3] == (255 if first == "opaque" and at == 0 else 0)
        if first == "clear":
            assert shown.getpixel((10 + 10 * at, 10))[:2] > (150, 0)
