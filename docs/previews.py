"""Makes screenshots of the live preview in light and dark mode, for docs/pictures. Needs Chromium.

They show a draft that has a few findings.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).with_name("newsletter")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ISSUE = "ships-that-climb"
DRAFTED = (
    ("number: 14\n", "number: 14\ndraft: true\n"),
    ("### 1. [The", "### 1. The"),
    (" of the last thousand years", " of the the last thousand years"),
)
"""The changes to the sample briefing that cause findings: the text, and its replacement."""


def main() -> None:
    """Makes both screenshots."""
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        workspace = Path(folder)
        for name in ("newsletter.yaml", "authors", "issues"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, workspace / name)
        file = next(workspace.glob(f"issues/*{ISSUE}/index.md"))
        text = file.read_text(encoding="utf-8")
        for before, after in DRAFTED:
            text = text.replace(before, after, 1)
        text = re.sub(r"(?m)^(### 1\. [^\]\n]+)\]\([^)\n]*\)$", r"\1", text, count=1)
        file.write_text(text, encoding="utf-8")
        command = [str(PROGRAM), "preview", "--no-open", "--port", "0", ISSUE]
        with subprocess.Popen(command, cwd=workspace, stdout=subprocess.PIPE, text=True) as process:
            try:
                line = process.stdout.readline() if process.stdout else ""
                photograph(re.findall(r"http://\S+", line)[0])
            finally:
                process.terminate()


def photograph(address: str) -> None:
    """Makes a screenshot of the page at `address` in each mode, with the letter in the same mode."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        chromium = next(filter(None, map(shutil.which, CHROMIUM)))
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme, locale="en-GB")
            page.goto(f"{address}#scheme={scheme}")
            page.wait_for_selector("#status[data-about]")
            page.locator(".finding").first.wait_for()
            target = ROOT / f"docs/pictures/preview-{scheme}.png"
            page.screenshot(path=target)
            # A page of text has few colours. With a palette it has a third of the size and looks the same.
            Image.open(target).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
