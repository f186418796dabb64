"""Times the language server: from a keystroke in the sample briefing to its findings. `python -m bench.editor [--keys 100]`.

From just before the editor sends the change to when the findings of that version have arrived, as whoever writes waits for them.
Every other change makes a finding and the next takes it away again, so that no answer can be that of the change before.
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
    """Prints median and 95th percentile."""
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
            # What is worked out in the pause after it is not what the next key waits for.
            time.sleep(0.3)
    finally:
        editor.process.kill()
    return sorted(times)


if __name__ == "__main__":
    main()
