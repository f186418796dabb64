"""Pictures from the author's files to page, email, feed and message."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from newsletter.build.pipeline import build
from newsletter.commands.export import export
from newsletter.commands.init import start_workspace
from newsletter.config.workspace import issue_files
from newsletter.errors import ConfigurationError, UsageError
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FOLDER = "issues/2026-10-01-films"
BODY = """The opening.

![A lift](lift.webp)

![A chart](chart.svg)

![Dots come](dots.gif)

[![A lift at night](night.jpg "At night. Photo: Jane Roe")](https://youtu.be/dQw4w9WgXcQ)

https://vimeo.com/123456789

::: video [Our own film](film.mp4)
length: 3:40
![Ours](ours.jpg)
:::

::: post [Jane](https://mastodon.example/@jane/112233445566778899)
The lift is out again.
:::

Dear {{ first_name | reader }}, a note.[^1]

[^1]: https://youtu.be/dQw4w9WgXcQ
"""


def drawing(colour: str) -> Image.Image:
    image = Image.merge("RGB", [Image.effect_noise((600, 300), 90) for _ in "RGB"])
    ImageDraw.Draw(image).ellipse((100, 50, 300, 250), fill=colour)
    return image


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built workspace with one issue. Tests must not change it."""
    root = tmp_path_factory.mktemp("pictures") / "letter"
    start_workspace(root, kind="essay", title="The letter", **SAMPLE_VALUES)
    folder = root / FOLDER
    folder.mkdir(parents=True)
    drawing("#aa3311").save(folder / "lift.webp")
    for index, name in enumerate(("night.jpg", "ours.jpg", "cover.avif")):
        drawing(f"#{index}{index}3355").save(folder / name)
    blank, *dots = (Image.new("RGB", (640, 300), "white") for _ in range(3))
    for dot in dots:
        dot.paste("#aa3311", (20, 20, 300, 280))
    blank.save(folder / "dots.gif", save_all=True, append_images=dots, duration=200)
    script = "<script>alert(1)</script>"
    (folder / "chart.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30">{script}<rect width="60" height="30"/></svg>'
    )
    (folder / "film.mp4").write_bytes(b"film")
    head = "---\ntitle: Films\ndate: 2026-10-01\nnumber: 1\nsummary: What moves.\nauthors: [editor]\n"
    head += "cover: {image: cover.avif, alt: A lift}\n---\n\n"
    (folder / "index.md").write_text(head + BODY, encoding="utf-8")
    assert build(root, now=NOW).diagnostics == ()
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A copy of the workspace, for tests that change it."""
    return Path(shutil.copytree(built, tmp_path / "letter"))


def exported(root: Path, service: str, pictures: str = "hosted", **tokens: str) -> dict[str, bytes]:
    (file,) = issue_files(root)
    exported = export(root, file, service=service, folder=None, tokens=tokens, now=NOW, pictures=pictures)
    folder, names = exported.place, exported.files
    return {name: (folder / name).read_bytes() for name in names}


def files(root: Path, stem: str) -> dict[str, bytes]:
    return {path.suffix: path.read_bytes() for path in (root / "public/films").glob(f"{stem}-????????.*")}


def test_the_page_has_the_authors_format_and_emails_another(built: Path):
    page = (built / "public/films/index.html").read_text()
    mail = (built / "build/films/email.html").read_text()
    for stem, own, other in (("lift", "webp", "jpg"), ("chart", "svg", "png"), ("cover", "avif", "jpg")):
        assert re.search(
            rf'<picture><source srcset="{stem}-\w+\.{own}" type="image/{own}[^>]*><img [^>]*{stem}-\w+\.{other}"', page
        )
        assert f"{stem}-" not in mail or re.search(rf'<img src="https://[^"]*/{stem}-\w+\.{other}"', mail)
        assert set(files(built, stem)) == {f".{own}", f".{other}"}
    assert not re.search(r"\.(?:webp|svg|avif)\b", mail)


def test_an_svg_has_no_script_and_gets_a_background(built: Path):
    chart = files(built, "chart")
    assert b"script" not in chart[".svg"]
    with Image.open(BytesIO(chart[".png"])) as image:
        assert (image.size, image.mode) == ((1120, 560), "RGB") or image.mode in {"L", "P"}
    assert 'style="background:#' in (built / "public/films/index.html").read_text()


def test_outlook_and_reduced_motion_get_a_meaningful_frame(built: Path):
    mail = (built / "build/films/email.html").read_text()
    still = re.search(
        r'<!--\[if mso\]><img src="[^"]*/(dots-\w+-still\.png)"[^>]*><!\[endif\]--><!--\[if !mso\]><!-->'
        r'<img src="[^"]*/dots-\w+\.gif"[^>]*><!--<!\[endif\]-->',
        mail,
    )
    assert still
    with Image.open(built / "public/films" / still[1]) as image:
        assert len(image.convert("RGB").getcolors()) == 2  # not the empty first one
    page = (built / "public/films/index.html").read_text()
    assert f'<source srcset="{still[1]}" media="(prefers-reduced-motion: reduce)" />' in page


def test_an_author_may_choose_the_frame(root: Path):
    Image.new("RGB", (640, 300), "#00ff00").save(root / FOLDER / "dots.still.png")
    assert build(root, now=NOW).made
    (still,) = (root / "public/films").glob("dots-*-still.png")
    with Image.open(still) as image:
        assert image.convert("RGB").getpixel((9, 9)) == (0, 255, 0)


def test_link_previews_and_feeds_get_supported_formats(built: Path):
    page = (built / "public/films/index.html").read_text()
    assert re.search(r'property="og:image" content="https://[^"]*/cover-\w+\.jpg"', page)
    assert 'property="og:image:type" content="image/jpeg"' in page
    with Image.open(next((built / "public/films").glob("cover-*.jpg"))) as cover:
        assert re.findall(r'og:image:(?:width|height)" content="(\d+)"', page) == list(map(str, cover.size))
    assert not re.search(r"\.(?:webp|svg|avif)\b", (built / "feeds/rss.xml").read_text())


def test_films_and_posts_are_links_with_text_and_load_nothing(built: Path):
    mail = (built / "build/films/email.html").read_text()
    page = (built / "public/films/index.html").read_text()
    feed = (built / "feeds/feed.json").read_text()
    assert "iframe" not in mail + feed
    frames = re.findall(r"<iframe[^>]*>", page)
    assert frames, "a click opens the player"
    assert all(' srcdoc="' in frame and ' src="' not in frame for frame in frames), (
        "nothing is loaded from there before"
    )
    for output in (mail, page, feed):
        assert "Watch on YouTube" in output
        assert "Watch on Vimeo" in output
        assert "See the post on Mastodon" in output
        assert output.count(">https://youtu.be/dQw4w9WgXcQ<") <= 1  # in the note
    text = (built / "build/films/email.txt").read_text()
    assert "[At night. (Photo: Jane Roe)]\n\nWatch on YouTube:\nhttps://youtu.be/dQw4w9WgXcQ" in text
    assert "Our own film (Watch the film · 3:40):\nhttps://letters.example/films/film.mp4" in text.replace(
        re.search(r"https://\S+(?=/films/film)", text)[0], "https://letters.example"
    )
    assert re.search(r'<video controls="" preload="none" [^>]*poster="ours-\w+\.jpg"[^>]*><source src="film.mp4"', page)


# ── Exports ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_message_contains_its_pictures(root: Path):
    ((name, content),) = exported(root, "eml", "attached").items()
    assert name == "films.eml"
    message = message_from_bytes(content, policy=default)
    html = message.get_body(("html",)).get_content()
    pictures = {part["Content-ID"].strip("<>"): part for part in message.walk() if part["Content-ID"]}
    shown = set(re.findall(r'src="cid:([^"]+)"', html))
    assert shown == pictures.keys() != set()
    assert not re.search(r'(?:src|background)="http', html)
    assert not re.search(r'href="cid:', html)
    for part in pictures.values():
        with Image.open(BytesIO(part.get_content())) as image:
            image.load()
            assert image.get_format_mimetype() == part.get_content_type()
    assert "Dear reader, a note" in html
    assert "Dear reader, a note" in message.get_body(("plain",)).get_content()
    assert message["Subject"] == "Films"
    assert message["List-Unsubscribe"].startswith("<mailto:")
    assert exported(root, "eml", "attached")[name] == content


def test_a_message_accepts_given_tokens(root: Path):
    (content,) = exported(root, "eml", unsubscribe_url="https://x.example/u?a=1", first_name="Ann").values()
    message = message_from_bytes(content, policy=default)
    assert message["List-Unsubscribe"] == "<https://x.example/u?a=1>"
    assert "Dear Ann, a note" in message.get_body(("html",)).get_content()
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_an_export_may_refer_to_pictures_as_message_parts(root: Path):
    written = exported(root, "html", "attached")
    names = set(re.findall(r'src="cid:([^"]+)"', written["films.html"].decode()))
    assert {f"images/{name}" for name in names} == {name for name in written if name.startswith("images/")} != set()


def test_a_message_from_an_address_that_few_servers_accept_is_refused(root: Path):
    yaml = root / "newsletter.yaml"
    yaml.write_text(re.sub(r"email: .*", "email: jürgen@letters.example", yaml.read_text()))
    with pytest.raises(UsageError, match="no message can be written from jürgen@") as refusal:
        exported(root, "eml")
    assert "`email` of the sender" in refusal.value.hint


def test_an_export_with_an_invalid_picture_is_refused(root: Path):
    for picture in (root / FOLDER).glob("*.webp"):
        picture.write_bytes(b"<html>not found</html>")
    with pytest.raises(ConfigurationError, match="uses a file that is not a picture") as refusal:
        exported(root, "html")
    assert {found.code for found in refusal.value.diagnostics} == {"FG106"}


def test_a_message_has_no_folder_beside_it(root: Path):
    with pytest.raises(UsageError, match="a message has no folder next to it") as refusal:
        exported(root, "eml", "beside")
    assert "--pictures attached" in refusal.value.hint


def test_a_browser_shows_every_picture_of_a_message(root: Path, browser: Browser, tmp_path: Path):
    (content,) = exported(root, "eml", "attached").values()
    message = message_from_bytes(content, policy=default)
    html = message.get_body(("html",)).get_content()
    for part in message.walk():
        if part["Content-ID"]:
            (tmp_path / part.get_filename()).write_bytes(part.get_content())
            html = html.replace(f'"cid:{part["Content-ID"].strip("<>")}"', f'"{part.get_filename()}"')
    (tmp_path / "message.html").write_text(html, encoding="utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((tmp_path / "message.html").as_uri())
        sizes = page.evaluate("[...document.images].map(one => one.naturalWidth)")
    assert len(sizes) > 3
    assert all(sizes)


def test_pictures_have_the_width_of_the_theme(tmp_path: Path):
    start_workspace(tmp_path / "wide", kind="essay", title="Wide", **SAMPLE_VALUES)
    root = tmp_path / "wide"
    (root / FOLDER).mkdir(parents=True)
    photograph = Image.merge("RGB", [Image.effect_noise((1600, 800), 90) for _ in "RGB"])
    photograph.save(root / FOLDER / "lift.jpg")
    (root / FOLDER / "index.md").write_text("---\ntitle: Wide\ndate: 2026-10-01\n---\n\n![A lift](lift.jpg)\n")
    settings = root / "newsletter.yaml"
    settings.write_text(settings.read_text() + "\ntheme: {width: 720}\n")
    build(root, now=NOW)
    assert 'width="640" height="320"' in (root / "build/films/email.html").read_text()
    with Image.open(next((root / "public/films").glob("lift-*.jpg"))) as made:
        assert made.size == (1280, 640)


def test_an_issue_may_have_a_picture_named_like_the_logo(tmp_path: Path):
    root = tmp_path / "same"
    start_workspace(root, kind="essay", title="Same", **SAMPLE_VALUES)
    (root / FOLDER).mkdir(parents=True)
    drawing("#aa3311").save(root / FOLDER / "logo.png")
    drawing("#1133aa").resize((100, 400)).save(root / "logo.png")
    (root / FOLDER / "index.md").write_text("---\ntitle: Same\ndate: 2026-10-01\n---\n\n![Theirs](logo.png)\n")
    settings = root / "newsletter.yaml"
    settings.write_text(settings.read_text() + "\ntheme: {logo: logo.png}\n")
    build(root, now=NOW)
    mail = (root / "build/films/email.html").read_text()
    ours, theirs = re.findall(r'<img src="[^"]*(logo-\w+\.\w+)" alt="[^"]*" width="(\d+)" height="(\d+)"', mail)
    assert ours[0] != theirs[0]
    assert ours[1:] == ("24", "96"), "no logo is higher than the masthead can bear"
    assert theirs[1:] == ("560", "280")
