"""Times the commands as users run them: whole processes, on generated issues. `python -m bench [--quick]`."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.issues import write_issues
from newsletter.commands.init import start_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = Path(sys.executable).with_name("newsletter")


def main() -> None:
    """Prints a Markdown table: the command, the target, and the time that it took."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs and issues, for a first look")
    quick = parser.parse_args().quick
    runs = 3 if quick else 7
    many, archive = (40, 100) if quick else (200, 1000)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {runs} runs each, whole process\n")
    print("| what | target | median | fastest | slowest |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        base = Path(folder)
        # As an installed tool runs: with byte code, which an environment may prevent Python from writing into a
        # checkout.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(base / "bytecode")
        one = make_workspace(base / "one", 1)
        _row("`newsletter --help`", "120 ms", _times(runs, ["--help"], one))
        _row("`newsletter check`, one issue", "300 ms", _times(runs, ["check"], one))
        _row("the same, the issue changed", "400 ms", _times(runs, ["check"], one, before=_touching(one)))
        _row("`newsletter build`, one issue, cold", "400 ms", _times(runs, ["build"], one, before=clean))
        some = make_workspace(base / "some", many)
        cold = _times(3 if quick else 5, ["build"], some, before=clean)
        _row(f"`newsletter build`, {many} issues, cold", f"{many / 80:.1f} s", cold)
        print(
            f"| the same in issues a second | 80 | {many / statistics.median(cold):.0f} | {many / min(cold):.0f} | {many / max(cold):.0f} |"
        )
        _archive(make_workspace(base / "all", archive), archive, runs)


def _archive(root: Path, count: int, runs: int) -> None:
    _run(["build"], root)
    _row(f"`newsletter build`, {count:,} issues, nothing to do", "300 ms", _times(runs, ["build"], root))
    _row("the same, one issue changed", "500 ms", _times(runs, ["build"], root, before=_touching(root)))
    kept = _fingerprint(root)
    clean(root)
    _run(["build"], root)
    same = "yes" if kept == _fingerprint(root) else "NO"
    print(f"| byte-identical to a clean build | yes | {same} | | |")
    checked = count * 2 // 5
    many = make_workspace(root.with_name("many"), checked)
    _row(f"`newsletter check`, {checked} issues, no cache", "5 s", _times(3, ["check"], many, before=clean))
    last = max(path.name for path in (many / "issues").iterdir())
    _row(f"`newsletter check` of one among {checked}", "350 ms", _times(runs, ["check", last], many))


def _touching(root: Path) -> Callable[[Path], None]:
    """Changes the issue in the middle, each time in a different way."""
    issues = sorted(root.glob("issues/*/index.md"))
    touched = issues[len(issues) // 2]
    text = touched.read_text(encoding="utf-8")
    turns = iter(range(10**6))

    def touch(_: Path) -> None:
        touched.write_text(f"{text}\nOne more line, number {next(turns)}.\n", encoding="utf-8")

    return touch


_ANSWERS = {
    "email": "water@letters.example",
    "address": "Sluisweg 7, Ghent",
    "url": "https://letters.example/",
    "sender": "Jo",
}
"""The values without which nothing is published."""


def make_workspace(root: Path, count: int) -> Path:
    """A new workspace at `root` with that many issues."""
    start_workspace(root, kind="briefing", title="On the water", **_ANSWERS)
    write_issues(root, count)
    return root


def clean(root: Path) -> None:
    """Moves all outputs of builds into another folder beside `root`.

    If they were removed, the next build would take up to half a second longer on ext4: for half a minute, it looks at
    each file that was just removed before it makes a new one.
    """
    aside = Path(tempfile.mkdtemp(prefix="built-", dir=root.parent))
    for name in (".newsletter", "build", "public", "feeds"):
        if (root / name).exists():
            (root / name).rename(aside / name)


def _times(runs: int, arguments: list[str], root: Path, before: object = None) -> list[float]:
    taken = []
    for turn in range(runs + 1):
        if callable(before):
            before(root)
        start = time.perf_counter()
        _run(arguments, root)
        if turn:  # the first run fills the caches of the disk and of Python
            taken.append(time.perf_counter() - start)
    return taken


def _run(arguments: list[str], root: Path) -> None:
    done = subprocess.run([PROGRAM, *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"newsletter {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256()
    for folder in ("build", "public", "feeds"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _row(what: str, target: str, taken: list[float]) -> None:
    cells = " | ".join(_shown(value) for value in (statistics.median(taken), min(taken), max(taken)))
    print(f"| {what} | {target} | {cells} |", flush=True)


def _shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    main()
