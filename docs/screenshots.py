"""Makes screenshots of what readers get: every sample in every look, width, and light and dark mode.

python docs/screenshots.py                     into screenshots/, with an index.html that shows all of them
python docs/screenshots.py arabic 320          only those with all of these words in their names
python docs/screenshots.py --pictures          the few that the README and the guide show, into docs/pictures/
"""

from __future__ import annotations

import argparse
import asyncio
import html
import io
import os
import re
import shutil
import sys
import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from newsletter.config.load import load_workspace  # noqa: E402 (the checkout comes first)
from newsletter.records import dataclass  # noqa: E402
from tests.conftest import CHROMIUM_NAMES  # noqa: E402
from tests.judges.workspaces import LOOKS, WORKSPACES, built  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.async_api import Browser, Route

    from tests.judges.workspaces import Built, Document

OUT = ROOT / "screenshots"
PICTURES = ROOT / "docs" / "pictures"
WIDTHS = (320, 600, 1200)
PHONE, DESKTOP = WIDTHS[0], WIDTHS[-1]
TALLEST = 16000
"""The largest height of a screenshot, in CSS pixels. The torture issue is longer, but nobody looks at the rest."""
PAPER = "#d9d5cc"
"""The background of screenshots side by side in a picture of docs/pictures."""
_PERSONAL = re.compile(r'\{\{ \w+ \| default: "([^"]*)" \}\}')
"""A personal field in the generic export. It is replaced by its fallback."""
HEAVIEST = 150_000
"""The largest size of a picture in docs/pictures, in bytes."""


@dataclass(frozen=True, slots=True)
class Light:
    """A mode in which a letter is read: light, dark, or darkened by the browser."""

    name: str
    scheme: str = "light"
    forced: bool = False
    """Whether the browser darkens the page by itself, as some email clients do."""
    pictures: bool = True


LIGHT, DARK = Light("light"), Light("dark", "dark")
LIGHTS = (LIGHT, DARK, Light("forced-dark", forced=True), Light("no-pictures", pictures=False))


@dataclass(frozen=True, slots=True)
class Shot:
    """One screenshot to make."""

    document: Document
    publication: Built
    width: int
    light: Light

    @property
    def name(self) -> str:
        """The name of its file: `sample+letter_ships-that-climb_email_320_dark.jpg`."""
        stem = self.document.name.removesuffix(".html").replace("/public/", "/").replace("/build/", "/")
        return f"{stem.replace(' in ', '+').replace('/', '_')}_{self.width}_{self.light.name}.jpg"


def main() -> None:
    """Builds the samples, makes the screenshots, and prints their folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="only those with all of these words in their names")
    parser.add_argument(
        "--pictures", action="store_true", help="take the pictures of docs/pictures instead, all or those named"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        if asked.pictures:
            asyncio.run(take_pictures(Path(folder), asked.only))
            return
        shots = [shot for shot in every_shot(Path(folder)) if all(word in shot.name for word in asked.only)]
        shutil.rmtree(OUT, ignore_errors=True)
        OUT.mkdir()
        asyncio.run(photograph(shots, lambda shot, taken: (OUT / shot.name).write_bytes(taken)))
    (OUT / "index.html").write_text(contact_sheet(shots), encoding="utf-8")
    print(f"{len(shots)} photographs: {(OUT / 'index.html').as_uri()}")


def every_shot(folder: Path) -> Iterator[Shot]:
    """Emails in every width and mode; pages and archives, which vary less, in some."""
    for look in LOOKS:
        for name in WORKSPACES if look == LOOKS[0] else ("sample", "arabic"):
            publication = built(name, folder / f"{name}-{look}", look)
            for document in publication.documents:
                if "/raw/" in document.name or document.path.stem.endswith("-paid"):
                    continue
                widths, lights = (WIDTHS, LIGHTS) if document.kind == "email" else ((PHONE, DESKTOP), (LIGHT, DARK))
                for light in lights:
                    yield from (Shot(document, publication, width, light) for width in widths)


async def photograph(
    shots: Sequence[Shot], keep: Callable[[Shot, bytes], object], *, tallest: int = TALLEST, sharp: bool = False
) -> None:
    """Makes all screenshots with one browser, a few at a time. `keep` gets each."""
    from playwright.async_api import async_playwright

    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        sys.exit("There is no Chromium here: on Debian, apt-get install chromium")
    room = asyncio.Semaphore(os.cpu_count() or 2)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])

        async def one(shot: Shot) -> None:
            async with room:
                keep(shot, await take(browser, shot, tallest, sharp=sharp))

        await asyncio.gather(*map(one, shots))
        await browser.close()


async def take(browser: Browser, shot: Shot, tallest: int, *, sharp: bool) -> bytes:
    """One screenshot: a PNG if it is `sharp`, else a JPEG, which takes a third of the time.

    The addresses of the publication are read from its folder. Nothing is loaded from the network.
    """
    public = shot.publication.root / "public"
    base = load_workspace(shot.publication.root).publication.url

    async def answer(route: Route) -> None:
        address = route.request.url
        if address == shot.document.path.as_uri():
            await route.fulfill(body=_PERSONAL.sub(r"\1", shot.document.html), content_type="text/html; charset=utf-8")
            return
        file = public / unquote(address.removeprefix(base)) if address.startswith(base) else None
        wanted = shot.light.pictures or route.request.resource_type != "image"
        if file and wanted and file.is_file():
            await route.fulfill(path=file)
        elif address.startswith("file:") and wanted:
            await route.continue_()
        else:
            await route.abort()

    context = await browser.new_context(viewport={"width": shot.width, "height": 900}, color_scheme=shot.light.scheme)
    await context.route("**/*", answer)
    page = await context.new_page()
    page.set_default_timeout(120_000)  # the machine may be busy
    if shot.light.forced:
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setAutoDarkModeOverride", {"enabled": True})
    await page.goto(shot.document.path.as_uri(), wait_until="domcontentloaded")
    # Pictures that are loaded only when they become visible.
    await page.evaluate("for (const image of document.images) image.loading = 'eager'")
    await page.wait_for_function("[...document.images].every((image) => image.complete)")
    height = min(tallest, await page.evaluate("document.documentElement.scrollHeight"))
    wide = await page.evaluate("document.documentElement.scrollWidth")
    if wide > shot.width:
        print(f"runs off the side by {wide - shot.width} pixels: {shot.name}")
    await page.set_viewport_size({"width": shot.width, "height": height})
    taken = await (page.screenshot(type="png") if sharp else page.screenshot(type="jpeg", quality=80))
    await context.close()
    return taken


SHEET = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What readers get</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 24px }
h2 { font-size: 17px; margin: 32px 0 8px }
div { display: flex; gap: 16px; overflow-x: auto; align-items: start }
figure { margin: 0; flex: none }
img { display: block; height: 480px; object-fit: cover; object-position: top; border: 1px solid #8886 }
</style>
"""


def contact_sheet(shots: Sequence[Shot]) -> str:
    """A page that shows the top of each screenshot, in a row for each document, with a link to the whole screenshot."""
    written = [SHEET]
    for document, group in groupby(sorted(shots, key=lambda shot: shot.document.name), lambda shot: shot.document.name):
        written.append(f"<h2>{html.escape(document)}</h2>\n<div>\n")
        for shot in group:
            width = min(shot.width, 480)
            written.append(
                f'<figure><a href="{shot.name}"><img src="{shot.name}" alt="" width="{width}" loading="lazy"></a>'
                f"<figcaption>{shot.width} {shot.light.name}</figcaption></figure>\n"
            )
        written.append("</div>\n")
    return "".join(written)


ESSAY, BRIEFING, DIGEST = (
    "river-that-wants-to-move/email",
    "ships-that-climb/email",
    "salmon-tunnels-and-a-quiet-ship/email",
)
SHOWN = {
    "email": (1100, ("sample", "letter", ESSAY, 680, LIGHT), ("sample", "letter", ESSAY, 680, DARK)),
    "archive": (900, ("sample", "letter", "public/index", 900, LIGHT), ("sample", "letter", "public/index", 900, DARK)),
    "looks": (1100, ("sample", "letter", DIGEST, 680, LIGHT), ("sample", "plain", DIGEST, 680, LIGHT)),
    "phones": (
        *(760, ("sample", "letter", BRIEFING, 375, LIGHT), ("sample", "plain", BRIEFING, 375, DARK)),
        *(("arabic", "letter", "/email", 375, LIGHT), ("chinese", "letter", "/email", 375, DARK)),
    ),
    "blocks": (2560, ("blocks", "letter", "/email", 640, LIGHT), ("blocks", "letter", "/email", 340, DARK)),
}  # fmt: skip
"""The pictures of docs/pictures, by their file names.

Each has its height, and its screenshots: workspace, look, document, width and mode.
"""


async def take_pictures(folder: Path, only: Sequence[str] = ()) -> None:
    """Makes the pictures of the README and the guide: screenshots side by side, of equal height, and small."""
    publications: dict[tuple[str, str], Built] = {}
    for picture, (height, *views) in SHOWN.items():
        if only and picture not in only:
            continue
        shots = []
        for name, look, document, width, light in views:
            if (name, look) not in publications:
                publications[name, look] = built(name, folder / f"{name}-{look}", look)
            publication = publications[name, look]
            found = next(one for one in publication.documents if document in one.name)
            shots.append(Shot(found, publication, width, light))
        taken: dict[Shot, bytes] = {}
        await photograph(shots, taken.__setitem__, tallest=height, sharp=True)
        content = side_by_side([taken[shot] for shot in shots])
        (PICTURES / f"{picture}.png").write_bytes(content)
        print(
            f"docs/pictures/{picture}.png: {len(content) / 1000:.0f} kB{' TOO HEAVY' if len(content) > HEAVIEST else ''}"
        )


def side_by_side(photographs: Sequence[bytes], colours: int = 128, *, rounds: int = 0) -> bytes:
    """Screenshots side by side, in a palette of colours: a quarter of the size without a visible difference.

    The palette is improved in `rounds`, which small spots of colour on large pictures need.
    """
    pictures = [Image.open(io.BytesIO(one)).convert("RGB") for one in photographs]
    gap = 24
    size = (sum(one.width + gap for one in pictures) + gap, max(one.height for one in pictures) + 2 * gap)
    sheet = Image.new("RGB", size, PAPER)
    left = gap
    for picture in pictures:
        sheet.paste(picture, (left, gap))
        left += picture.width + gap
    kept = io.BytesIO()
    sheet.quantize(colours, kmeans=rounds, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    main()
