"""Times the live preview: from a save of the sample briefing to the picture in Chromium.

`python -m bench.preview [--saves 100]`.

The time begins just before the file is written, and ends when the frame shows the new words, by the clock of the
browser. The page is scrolled into the letter and the change is above the visible part, so the scroll position must be
kept, too.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(sys.executable).with_name("newsletter")
ROOT = Path(__file__).parent.parent
ISSUE = "ships-that-climb"
MARK = "Water lies flat and land does not."

# Returns when the words are on screen: two frames after they were in the document, because the first has painted them.
WAIT = """(words) => new Promise((resolve) => {
  const body = document.getElementById("frame").contentDocument.body;
  const look = () => {
    if (!body.textContent.includes(words)) return false;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
    return true;
  };
  const observer = new MutationObserver(look);
  observer.observe(body, { subtree: true, childList: true, characterData: true });
  look();
})"""
# Without Playwright's waits for a function, which evaluate strings. The page does not allow that.
SETTLED = """() => new Promise((resolve) => {
  const status = document.getElementById("status");
  const look = () => status.dataset.about === status.dataset.version && (observer.disconnect(), resolve());
  const observer = new MutationObserver(look);
  observer.observe(status, { attributes: true });
  look();
})"""
PLACE = """() => {
  const frame = document.getElementById("frame");
  const target = frame.contentDocument.getElementById("news-from-the-water-october-2026") ?? frame.contentDocument.querySelectorAll("h2, h3")[3];
  return target.getBoundingClientRect().top + frame.getBoundingClientRect().top;
}"""


def main() -> None:
    """Prints the median and the 95th percentile, and how far the letter moved on the screen."""
    parser = argparse.ArgumentParser(prog="python -m bench.preview", description=__doc__)
    parser.add_argument("--saves", type=int, default=100)
    saves = parser.parse_args().saves
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        _preview(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.wait_for_selector("#status[data-about]")
        times, moved = _saves(page, next(Path(folder).glob(f"issues/*{ISSUE}/index.md")), saves)
        browser.close()
    times.sort()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {saves} saves")
    print(
        f"write to picture: median {statistics.median(times):.0f} ms, 95th percentile {times[int(0.95 * len(times))]:.0f} ms, "
        f"fastest {times[0]:.0f} ms, slowest {times[-1]:.0f} ms; the place moved by {moved:.1f} px at most"
    )


def _saves(page: Any, file: Path, saves: int) -> tuple[list[float], float]:
    text = file.read_text(encoding="utf-8")
    page.evaluate("document.getElementById('stage').scrollTop = 1500")
    place = page.evaluate(PLACE)
    times, moved = [], 0.0
    for number in range(saves):
        words = f"Save number {number}, and some words more."
        # Two lengths in turn, so that the text below has to move, and a wrong position is visible.
        page.evaluate(f"() => {{ globalThis.seen = ({WAIT})({words!r}); }}")
        begun = time.time()
        file.write_text(text.replace(MARK, f"{MARK} {words * (1 + number % 2 * 4)}"), encoding="utf-8")
        times.append(page.evaluate("globalThis.seen") - begun * 1000)
        moved = max(moved, abs(page.evaluate(PLACE) - place))
        page.evaluate(SETTLED)
    return times, moved


@contextmanager
def _preview(folder: Path) -> Iterator[str]:
    """A preview of a copy of the sample publication."""
    for name in ("newsletter.yaml", "authors", "issues", "templates"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    command = [str(PROGRAM), "preview", "--no-open", "--port", "0", ISSUE]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://\S+", line)
            if not found:
                raise SystemExit(f"the preview did not start: {line}")
            yield found[0]
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
