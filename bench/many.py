"""Times builds of very many issues, and their memory: `python -m bench.many [COUNT …]`, 1,000 and 10,000 by default.

Memory is that of the largest process of a build, in megabytes. There are as many processes as cores.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.__main__ import clean, make_workspace


def main() -> None:
    """Prints a Markdown table with a row for each build."""
    counts = [int(count) for count in sys.argv[1:]] or [1_000, 10_000]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| issues | build | seconds | ms an issue | MB |\n| --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        for count in counts:
            root = make_workspace(Path(folder) / str(count), count)
            clean(root)
            _row(count, "from nothing", root)
            _row(count, "nothing to do", root)
            _row(count, "nothing to do, again", root)
            middle = sorted(root.glob("issues/*/index.md"))[count // 2]
            middle.write_text(f"{middle.read_text(encoding='utf-8')}\nOne more line.\n", encoding="utf-8")
            _row(count, "one changed", root)


def _row(count: int, what: str, root: Path) -> None:
    """Prints the row of a build.

    It runs in a process that has only this child, so that the largest child is one of the build's.
    """
    code = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], capture_output=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, sys.executable, "-m", "newsletter", "build", "--quiet"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"the build of {count} issues ended with {done.returncode}")
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    print(f"| {count:,} | {what} | {took:.2f} | {took / count * 1000:.2f} | {int(done.stdout) // unit} |", flush=True)


if __name__ == "__main__":
    main()
