"""Compares building the same letters with this tool, an earlier checkout of it, and two tools from npm.

`python -m bench.peers [COUNT …]`.

The tools take turns, so that a busy minute of the machine affects all of them. Whole processes are compared, with all
the time that a user waits. The two from npm, emailmd and mjml, make the HTML of the email (emailmd also the text) in
one process. This tool also checks the letter, and makes its web page, its card, the web archive and the feeds. mjml
gets the MJML that this tool's theme makes of the letters. The two are installed with npm, from the network, into a
temporary folder.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.__main__ import clean, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
PACKAGES = ("emailmd@0.3.5", "mjml@5")

EMAILMD = """\
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { render } from "emailmd";
for (const name of readdirSync("markdown")) {
  const { html, text } = await render(readFileSync(`markdown/${name}`, "utf8"));
  writeFileSync(`out/${name}.html`, html);
  writeFileSync(`out/${name}.txt`, text);
}
"""
MJML = """\
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import mjml2html from "mjml";
for (const name of readdirSync("mjml")) {
  const { html } = await mjml2html(readFileSync(`mjml/${name}`, "utf8"), { validationLevel: "skip" });
  writeFileSync(`out/${name}.html`, html);
}
"""


def main() -> None:
    """Prints a Markdown table for each number of letters."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[200, 50, 1], help="letters; default: 200 50 1")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--before", type=Path, action="append", default=[], help="another checkout of this project")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {options.runs} runs each, in turn")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        base = Path(folder)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(base / "bytecode")
        npm = _npm(base)
        for count in options.counts:
            _compare(base, npm, count, options.runs, options.before)


def _npm(base: Path) -> Path | None:
    """A folder in which the two are installed; None without npm or without a network."""
    command = shutil.which("npm")
    if not command:
        print("without emailmd and mjml: there is no npm")
        return None
    folder = base / "npm"
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    (folder / "emailmd.js").write_text(EMAILMD)
    (folder / "mjml.js").write_text(MJML)
    done = subprocess.run([command, "install", "--silent", *PACKAGES], cwd=folder, capture_output=True, check=False)
    if done.returncode:
        print("without emailmd and mjml: npm could not install them")
        return None
    return folder


def _compare(base: Path, npm: Path | None, count: int, runs: int, before: list[Path]) -> None:
    root = make_workspace(base / f"letters-{count}", count)
    programs: dict[str, Callable[[], None]] = {"newsletter": lambda: _build(root, ROOT)}
    programs |= {f"newsletter, {path.name}": lambda path=path: _build(root, path) for path in before}  # type: ignore[misc]
    if npm:
        _write_sources(root, npm)
        programs |= {
            name: lambda name=name: _run(["node", f"{name}.js"], npm)  # type: ignore[misc]
            for name in ("emailmd", "mjml")
        }
    walls: dict[str, list[float]] = {name: [] for name in programs}
    cpus: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name, program in programs.items():
            clean(root)
            used, start = _cpu(), time.perf_counter()
            program()
            if turn:  # the first run fills caches
                walls[name].append(time.perf_counter() - start)
                cpus[name].append(_cpu() - used)
    print(
        f"\n| {count} letters | seconds | the same, times ours | CPU seconds | times ours |\n| --- | --- | --- | --- | --- |"
    )
    ours, our_cpu = statistics.median(walls["newsletter"]), statistics.median(cpus["newsletter"])
    for name in programs:
        wall, cpu = statistics.median(walls[name]), statistics.median(cpus[name])
        print(f"| {name} | {wall:.2f} | {wall / ours:.2f} | {cpu:.2f} | {cpu / our_cpu:.2f} |")


def _build(root: Path, checkout: Path) -> None:
    _run([sys.executable, "-m", "newsletter", "build"], root, {"PYTHONPATH": str(checkout)})


def _run(command: list[str], folder: Path, more: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, env=os.environ | (more or {}), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write_sources(root: Path, npm: Path) -> None:
    """Writes the letters in the form that each of the two reads: Markdown without this tool's front matter, and MJML."""
    from newsletter.config.workspace import issue_files
    from newsletter.project.letters import letter_of
    from newsletter.project.project import open_project
    from newsletter.render.email.layout import Layout
    from newsletter.render.email.writer import EmailWriter

    project = open_project(root)
    for name in ("markdown", "mjml", "out"):
        shutil.rmtree(npm / name, ignore_errors=True)
        (npm / name).mkdir()
    for file in issue_files(root):
        text = (root / file.path).read_text(encoding="utf-8")
        (npm / "markdown" / f"{file.name}.md").write_text(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL))
        letter = letter_of(project, project.read(file)).shown_in("email")
        writer = EmailWriter(letter, project.email_theme.in_script(letter.language.script))
        (npm / "mjml" / f"{file.name}.mjml").write_text(writer.slots.fill(Layout(writer).mjml()))


if __name__ == "__main__":
    main()
