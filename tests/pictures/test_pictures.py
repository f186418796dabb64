"""Finding picture files and reading their headers, compared with Pillow, which reads the whole file."""

from __future__ import annotations

import struct
import subprocess
import sys
import unicodedata
import warnings
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from newsletter.pictures import MAX_PIXELS, UnreadablePictureError, find_picture, is_local, read_header
from newsletter.pictures.headers import without_metadata

if TYPE_CHECKING:
    from pathlib import Path


def drawn(mode: str = "RGB", size: tuple[int, int] = (37, 21)) -> Image.Image:
    image = Image.new(mode, size)
    image.paste(Image.new(mode, (10, 10), 200 if mode in {"L", "P"} else None), (3, 3))
    return image


def noise(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    bands = [Image.effect_noise(size, 90) for _ in Image.new(mode, (1, 1)).getbands()]
    return Image.merge(mode, bands)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_orientation(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


# ── Headers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

FILES = {
    "png": saved(drawn(), "PNG"),
    "png-grey": saved(drawn("L"), "PNG"),
    "png-palette": saved(drawn("P"), "PNG"),
    "png-alpha": saved(drawn("RGBA"), "PNG"),
    "png-1-bit": saved(drawn("1"), "PNG"),
    "png-trns": saved(drawn(), "PNG", transparency=(0, 0, 0)),
    "png-16-bit": saved(Image.new("I;16", (5, 7)), "PNG"),
    "jpeg": saved(drawn(), "JPEG"),
    "jpeg-progressive": saved(drawn(), "JPEG", progressive=True),
    "jpeg-grey": saved(drawn("L"), "JPEG"),
    "jpeg-cmyk": saved(drawn("CMYK"), "JPEG"),
    "jpeg-comment": saved(drawn(), "JPEG", comment=b"\xff\xd9 not the end"),
    "gif": saved(drawn("P"), "GIF"),
    "gif-transparent": saved(drawn("P"), "GIF", transparency=0),
    "gif-animated": saved(drawn("P"), "GIF", save_all=True, append_images=[Image.new("P", (37, 21), 9)], duration=50),
    "webp-lossy": saved(drawn(), "WEBP"),
    "webp-lossless": saved(drawn(), "WEBP", lossless=True),
    "webp-lossless-alpha": saved(drawn("RGBA"), "WEBP", lossless=True),
    "webp-alpha": saved(drawn("RGBA"), "WEBP"),
    "webp-animated": saved(drawn(), "WEBP", save_all=True, append_images=[Image.new("RGB", (37, 21), "red")]),
    "apng": saved(drawn(), "PNG", save_all=True, append_images=[Image.new("RGB", (37, 21), "red")]),
    "bmp": saved(drawn(), "BMP"),
    "tiff": saved(drawn(), "TIFF"),
    "tiff-alpha": saved(drawn("RGBA"), "TIFF"),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_headers_agree_with_pillow(content: bytes):
    header = read_header(content)
    with Image.open(BytesIO(content)) as image:
        assert (header.width, header.height) == image.size
        assert header.media_type == ("image/png" if image.format == "PNG" else Image.MIME[str(image.format)])
        assert header.animated == getattr(image, "is_animated", False)
        # Pillow reads only the first frame; the second of this file has only the changes.
        assert header.transparent == (image.has_transparency_data or content == FILES["gif-animated"])
    assert header.orientation == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_size_respects_the_orientation(kind: str, orientation: int):
    content = saved(drawn(), kind, exif=with_orientation(orientation))
    header = read_header(content)
    with Image.open(BytesIO(content)) as image:
        assert (header.width, header.height) == ImageOps.exif_transpose(image).size
    if kind != "TIFF":
        assert header.orientation == orientation


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_read_in_both_byte_orders(order: str):
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    exif = b"Exif\0\0" + mark + struct.pack(order + "IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
    jpeg = FILES["jpeg"]
    content = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
    header = read_header(content)
    assert (header.orientation, header.width, header.height) == (6, 21, 37)


@pytest.mark.parametrize("exif", [b"", b"MM\0*", b"MM\0*\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"nonsense"])
def test_broken_exif_is_ignored(exif: bytes):
    jpeg = FILES["jpeg"]
    segment = b"Exif\0\0" + exif
    content = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]
    assert read_header(content).orientation == 1


def test_photographs_and_drawings_are_distinguished():
    photographic = {
        "noise as PNG": saved(noise(), "PNG"),
        "grey noise as PNG": saved(noise("L"), "PNG"),
        "noise as TIFF": saved(noise(), "TIFF"),
        "JPEG": FILES["jpeg"],
        "lossy WebP": FILES["webp-lossy"],
    }
    assert {name: read_header(content).photographic for name, content in photographic.items()} == dict.fromkeys(
        photographic, True
    )
    others = ("png", "png-palette", "png-alpha", "gif", "webp-lossless", "webp-alpha", "bmp", "tiff", "tiff-alpha")
    assert [name for name in others if read_header(FILES[name]).photographic] == []
    assert not read_header(saved(noise("RGBA"), "PNG")).photographic
    assert not read_header(saved(noise(size=(16, 16)), "PNG")).photographic  # too small to decide


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "not a picture"),
        (b"not a picture", "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<SVG xmlns="http://www.w3.org/2000/svg"/>', "is not a proper SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "is a HEIC"),
        (FILES["png"][:-12], "is cut off"),
        (FILES["jpeg"][:30], "is cut off"),
        (FILES["jpeg"][:-20], "is cut off: the end of the JPEG is missing"),
        (FILES["png"].replace(b"IDATx", b"IDATy"), "is damaged"),
        (FILES["gif"][:12], "is cut off"),
        (FILES["webp-lossy"][:-10], "is cut off"),
        (b"\xff\xd8\xff\xe0\0\x04ab" + b"garbage", "damaged"),
        (b"RIFF\x08\0\0\0WEBPJUNK\0\0\0\0", "holds no picture"),
    ],
)
def test_a_file_that_is_not_a_picture_is_refused_with_the_reason(content: bytes, expected: str):
    with pytest.raises(UnreadablePictureError, match=expected):
        read_header(content)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be of any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def bmp_of_size(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)


@pytest.mark.parametrize("write", [png_of_size, bmp_of_size])
@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 9_000), (9_434, 9_434)])
def test_a_picture_that_expands_to_gigabytes_is_refused(write, size: tuple[int, int]):
    assert size[0] * size[1] > MAX_PIXELS
    with pytest.raises(UnreadablePictureError, match="too large"):
        read_header(write(*size))


def test_a_picture_without_size_is_refused():
    with pytest.raises(UnreadablePictureError, match="no size"):
        read_header(png_of_size(0, 10))


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_file_is_at_worst_unreadable(name: str, data: st.DataObject):
    content = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, min(len(content) - 1, 200)))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings of Pillow about damaged TIFFs
        try:
            header = read_header(bytes(content[:cut]))
        except UnreadablePictureError:
            return
    assert header.width >= 1
    assert 1 <= header.orientation <= 8


def test_common_formats_are_read_without_pillow():
    code = (
        "import sys; from newsletter.pictures import read_header\n"
        "for line in sys.stdin: read_header(bytes.fromhex(line))\n"
        "print([name for name in sys.modules if name.startswith('PIL')])"
    )
    common = "\n".join(content.hex() for name, content in FILES.items() if not name.startswith(("bmp", "tiff")))
    done = subprocess.run([sys.executable, "-c", code], input=common, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_jpeg_loses_its_metadata_but_no_pixels(orientation: int):
    content = saved(
        noise(), "JPEG", exif=with_orientation(orientation), comment="by Jane", icc_profile=b"profile", xmp=b"<x/>"
    )
    bare = without_metadata(content)
    assert bare is not None
    with Image.open(BytesIO(content)) as before, Image.open(BytesIO(bare)) as after:
        assert before.tobytes() == after.tobytes()
        assert not after.getexif()
        assert not {"comment", "exif", "icc_profile", "xmp"} & set(after.info)


def test_a_jpeg_with_trailing_data_is_not_treated_as_clean():
    assert without_metadata(FILES["jpeg"] + b"\xff\xd8 another picture, with a place in its EXIF") is None


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    for name in ("issues/one/cover.jpg", "issues/one/a b.png", "issues/one/100%.png", "shared/logo.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    (tmp_path / "secret.png").write_bytes(b"")
    return root


@pytest.mark.parametrize(
    ("src", "found"),
    [
        ("cover.jpg", "issues/one/cover.jpg"),
        ("./cover.jpg", "issues/one/cover.jpg"),
        ("cover.jpg?v=2#top", "issues/one/cover.jpg"),
        ("a%20b.png", "issues/one/a b.png"),
        ("a b.png", "issues/one/a b.png"),
        ("100%.png", "issues/one/100%.png"),
        ("100%25.png", "issues/one/100%.png"),
        ("../../shared/logo.png", "shared/logo.png"),
        ("gone.png", None),
        (".", None),
        ("", None),
        ("../../../secret.png", None),
        ("..%2f..%2f..%2fsecret.png", None),
        ("/etc/passwd", None),
        ("%2fetc%2fpasswd", None),
        ("file:///etc/passwd", None),
        ("https://example.org/cover.jpg", None),
        ("//example.org/cover.jpg", None),
        ("data:image/png;base64,AA", None),
        ("cover.jpg\0", None),
        ("%00", None),
        ("x" * 5000, None),
    ],
)
def test_a_picture_is_found_by_its_address_only_within_the_workspace(workspace: Path, src: str, found: str | None):
    path = find_picture(src, workspace / "issues/one", workspace)
    assert (path.relative_to(workspace.resolve()).as_posix() if path else None) == found


def test_a_symbolic_link_may_not_lead_out_of_the_workspace(workspace: Path):
    folder = workspace / "issues/one"
    (folder / "in.png").symlink_to(workspace / "shared/logo.png")
    (folder / "out.png").symlink_to(workspace.parent / "secret.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    assert find_picture("in.png", folder, workspace) == (workspace / "shared/logo.png").resolve()
    assert find_picture("out.png", folder, workspace) is None
    assert find_picture("loop.png", folder, workspace) is None


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found_in_either_unicode_normalization(workspace: Path, form: str):
    (workspace / unicodedata.normalize(form, "bücher.png")).write_bytes(b"")
    for written in ("NFC", "NFD"):
        assert find_picture(unicodedata.normalize(written, "bücher.png"), workspace, workspace)


def test_a_workspace_may_be_behind_a_symbolic_link(workspace: Path):
    link = workspace.parent / "link"
    link.symlink_to(workspace)
    assert find_picture("cover.jpg", link / "issues/one", link)


@pytest.mark.parametrize(
    ("src", "local"),
    [
        ("a.png", True),
        ("../a.png", True),
        ("http://x/a.png", False),
        ("//x/a.png", False),
        ("#top", False),
        ("", False),
    ],
)
def test_local_addresses_are_recognized(src: str, local: bool):
    assert is_local(src) is local
