"""Times the language server: from a keystroke in the sample briefing to its findings.

`python -m bench.editor [--keys 100]`.

The time begins just before the editor sends the change, and ends when the findings for that version have arrived. Every
other change causes a finding, and the next removes it. So an answer cannot be that of the change before.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from bench.preview import ISSUE, MARK, ROOT
from tests.lsp.editor import Editor


def main() -> None:
    """Prints the median and the 95th percentile."""
    parser = argparse.ArgumentParser(prog="python -m bench.editor", description=__doc__)
    parser.add_argument("--keys", type=int, default=100)
    keys = parser.parse_args().keys
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder).resolve()
        for name in ("newsletter.yaml", "authors", "issues", "templates"):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name)
            else:
                shutil.copy(source, root / name)
        times = _times(root, next(root.glob(f"issues/*{ISSUE}/index.md")), keys)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {keys} keys")
    print(
        f"key to findings: median {statistics.median(times):.0f} ms, 95th percentile {times[int(0.95 * len(times))]:.0f} ms, "
        f"fastest {times[0]:.0f} ms, slowest {times[-1]:.0f} ms"
    )


def _times(root: Path, file: Path, keys: int) -> list[float]:
    editor = Editor(root)
    times = []
    try:
        text = file.read_text(encoding="utf-8")
        editor.open(file, text)
        editor.wait_until(lambda: editor.findings(file) is not None)
        for number in range(keys):
            doubled = " and and" if number % 2 else ""
            begun = time.perf_counter()
            version = editor.write(file, text.replace(MARK, f"{MARK} Key {number}{doubled}."))
            editor.wait_until(lambda version=version: editor.findings(file, version) is not None)  # type: ignore[misc]
            times.append((time.perf_counter() - begun) * 1000)
            # Work that is done in the pause after a keystroke does not delay the next one.
            time.sleep(0.3)
    finally:
        editor.process.kill()
    return sorted(times)


if __name__ == "__main__":
    main()
