"""Fixtures for the tests of the house format: two languages, a publication, and house formats from text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.bundled import templates_folder
from newsletter.config.publication import Author, Publication, Sender
from newsletter.house.load import load_house
from newsletter.language import Calendar, Language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat
    from newsletter.house.versions import HouseVersions

    HouseFrom = Callable[..., tuple[HouseFormat, tuple[Diagnostic, ...]]]


def _language(code: str, months: str, days: str) -> Language:
    names, week = tuple(months.split()), tuple(days.split())
    short = tuple(name[:3] for name in names)
    calendar = Calendar(long="d MMMM y", months=names, months_short=short, days=week, days_short=week)
    return Language(code, "ltr", {}, calendar)


@pytest.fixture(scope="session")
def english() -> Language:
    return _language(
        "en",
        "January February March April May June July August September October November December",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    )


@pytest.fixture(scope="session")
def dutch() -> Language:
    return _language(
        "nl",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    )


@pytest.fixture(scope="session")
def publication() -> Publication:
    return Publication(
        title="The Harbour Letter",
        url="https://letters.example/",
        sender=Sender("Ann Vos", "ann@letters.example"),
        subscribe_url="https://letters.example/subscribe",
        kind="briefing",
        authors={"ann": Author("ann", "Ann Vos", bio="Writes about ports.")},
    )


@pytest.fixture
def versions_from(tmp_path: Path) -> Callable[..., tuple[HouseVersions, tuple[Diagnostic, ...]]]:
    """The house formats from the text of a house.yaml, and of its other files by name."""

    def load(text: str, **files: str) -> tuple[HouseVersions, tuple[Diagnostic, ...]]:
        home = tmp_path / "templates" / "letter"
        (home / "snippets").mkdir(parents=True, exist_ok=True)
        (home / "house.yaml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            folder = home if name == "draft" else home / "snippets"
            (folder / f"{name}.md").write_text(content, encoding="utf-8")
        return load_house("letter", (tmp_path / "templates", templates_folder()), tmp_path)

    return load


@pytest.fixture
def house_from(versions_from: Callable[..., tuple[HouseVersions, tuple[Diagnostic, ...]]]) -> HouseFrom:
    """The current house format from the text of its house.yaml, and of its other files by name."""

    def load(text: str, **files: str) -> tuple[HouseFormat, tuple[Diagnostic, ...]]:
        versions, faults = versions_from(text, **files)
        return versions.latest, faults

    return load
