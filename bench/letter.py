"""Says where the time of a letter goes: `python -m bench.letter [--letters 40]`.

It is the CPU time of one process, so that a busy machine matters little. Each part is done for all letters, several
times; the fastest time counts. The letters are those of `make bench`.
"""

from __future__ import annotations

import argparse
import gc
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.__main__ import make_workspace
from newsletter.build.errors import context_for, errors_of
from newsletter.build.issue import full_facts, make, with_card
from newsletter.build.plan import Build, plan
from newsletter.build.recorded import survey
from newsletter.build.state import State
from newsletter.project.letters import letter_of, render, render_email
from newsletter.project.mail_memory import MailMemory
from newsletter.render.feed import render_feed
from newsletter.services import GENERIC, export_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

NOW = datetime(2026, 11, 30, tzinfo=UTC)
"""The time of the build; all letters are older."""


def main() -> None:
    """Prints a Markdown table: each part, and the milliseconds that it takes for a letter."""
    parser = argparse.ArgumentParser(prog="python -m bench.letter", description=__doc__)
    parser.add_argument("--letters", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    gc.set_threshold(100_000, 20, 100)  # as the command line does
    print(f"Python {platform.python_version()}, {options.letters} letters, the fastest of {options.rounds} rounds\n")
    print("| part | ms |\n| --- | --- |")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = make_workspace(Path(folder) / "letters", options.letters)
        rounds = [_timed(root) for _ in range(options.rounds)]
    for part in rounds[0]:
        print(f"| {part} | {min(each[part] for each in rounds):.2f} |")


def _timed(root: Path) -> Mapping[str, float]:
    """The milliseconds of each part for a letter, in one round."""
    took: dict[str, float] = {}

    def of_each(part: str, work: Callable[..., Any], *given: Sequence[Any]) -> list[Any]:
        start = time.process_time()
        done = [work(*each) for each in zip(*given, strict=True)]
        took[part] = (time.process_time() - start) / len(done) * 1000
        return done

    build = Build(root, State())
    survey(build)
    plan(build, NOW)
    project = build.project
    project.mail_memory, project.covers = MailMemory(project.workspace), {}
    project.warm()
    jobs = [issue.job for issue in build.issues if issue.job]
    issues = of_each("read the Markdown", lambda job: project.read(job.file), jobs)
    contexts = of_each("what rules read", lambda issue: context_for(project, issue), issues)
    of_each("look for errors in it", lambda issue, context: errors_of(project, issue, context), issues, contexts)
    letters = of_each("lay the letter out", lambda issue: letter_of(project, issue), issues)
    letters = of_each("the card for link previews", lambda letter: with_card(project, letter)[0], letters)
    emails = of_each("the email, with its text", lambda letter: render_email(project, letter), letters)
    of_each("the same and the web page", lambda letter: render(project, letter), letters)
    of_each("tokens of the service", lambda email: export_files(email, GENERIC, name="email", tokens={}), emails)
    of_each("the text for feeds", render_feed, letters)
    of_each("facts for the archive", lambda issue, letter: full_facts(project, issue, letter), issues, letters)
    of_each("all of it", lambda job: make(project, job), jobs)
    return took


if __name__ == "__main__":
    main()
