"""Settings and fixtures for all tests: Hypothesis, programs that a machine may lack, and a summary of skipped tests."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser

    from tests.tab import Tab

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The same examples on every machine and in every run, so that a failure in CI can be repeated.
settings.register_profile(
    "newsletter", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
# Many new examples, to find errors that the fixed ones do not show: HYPOTHESIS_PROFILE=search make test
settings.register_profile("search", parent=settings.get_profile("newsletter"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "newsletter"))


MEMORY = "/dev/shm"
"""A file system in memory, where Linux has one."""
LEAST_MEMORY = 4_000_000_000
"""The bytes that must be free in it. All tests together need a tenth."""


def pytest_configure() -> None:
    """Puts temporary files into memory, and gives tests their own key for caches, so that the home folder stays as it is."""
    if "TMPDIR" not in os.environ and os.path.ismount(MEMORY) and shutil.disk_usage(MEMORY).free > LEAST_MEMORY:
        os.environ["TMPDIR"] = MEMORY
        tempfile.tempdir = None  # is read from the environment again
    state = tempfile.mkdtemp(prefix="newsletter-state-")
    atexit.register(shutil.rmtree, state, ignore_errors=True)
    os.environ["XDG_STATE_HOME"] = state


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collects no garbage while tests are collected, which took a quarter of the time, nor looks through the tests later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


LONG = (
    "tests/judges/test_in_chromium.py",
    "tests/security",
    "tests/render",
    "tests/services/engines",
    "tests/judges",
    "tests/infer",
)
"""Files that take longest, by the beginnings of their paths, the longest first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is still busy with one when the others have ended."""

    def place(item: pytest.Item) -> int:
        return next((rank for rank, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG))

    items.sort(key=place)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without one, the test is skipped, or fails if everything is required."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    from playwright._impl._driver import compute_driver_executable

    driver, _ = compute_driver_executable()
    if subprocess.run([driver, "--version"], capture_output=True, check=False).returncode:
        pytest.skip("Playwright's own Node does not run here (on Debian: apt-get install libatomic1)")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The only Chromium of a run, without a window.

    Tests share a tab of it or open their own contexts, because Playwright allows no second browser.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Tab]:
    """The tab that tests use one after the other if they need no other context."""
    from tests.tab import Tab

    opened = Tab(browser)
    yield opened
    opened.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With NEWSLETTER_REQUIRE_ALL, as in CI, fails tests that would be skipped because the machine lacks something."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("NEWSLETTER_REQUIRE_ALL"):
        report.outcome = "failed"
        report.longrepr = f"{reason_of(report)}, and NEWSLETTER_REQUIRE_ALL is set"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists each reason for skipping once, with the number of tests that it skipped."""
    reasons = Counter(map(reason_of, terminalreporter.stats.get("skipped", ())))
    if reasons:
        terminalreporter.section("not tested here", sep="-")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} {'test' if count == 1 else 'tests'} skipped: {reason}")


def reason_of(report: pytest.TestReport) -> str:
    """The reason why a test was skipped."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
