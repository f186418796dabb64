"""What only a browser can tell, by day and by night, on a phone and on a desk, with and without pictures.

axe-core says what stands between a letter and its readers; the browser, what is wider than its screen.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from newsletter.records import dataclass
from tests.judges.judging import Complaint, Pardon, idle, standing
from tests.judges.workspaces import LOOKS, Document

PARDONS = (
    Pardon("^(landmark-one-main|region):", "the email client has the landmarks; one of ours would be its second <main>", "email"),
    Pardon("^link-in-text-block:", "an arrow or a number stands out from words by its form", extract=r'role="doc-(backlink|noteref)"'),
    # ── authors of the torture issues ask for it ──
    Pardon("^heading-order:", "a level skipped, as ST110 and ST111 say", document="torture"),
    Pardon("^link-name:", "links on nothing, as LK115 and FG101 say", document="torture", extract="/nameless"),
)  # fmt: skip
TELLING = ("/every-block/email.html", "/every-block/index.html", "/ships-that-climb/email.html")
"""Documents in which every colour and font is seen."""
WIDTHS = (320, 600, 639, 1000, 1200, 1260)
"""Where the phone's rules hold, where they have just ended, before the letter has its full width, and beyond; where a page
has its contents beside it, and where notes stand in its margin."""
SEEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
"""The rules whose verdict may be another in another light, width or look: all that is asked again there."""
RUN = """async (rules) => {
  const runOnly = rules.length ? { type: "rule", values: rules } : undefined;
  const { violations } = await axe.run(document, { resultTypes: ["violations"], runOnly });
  return violations.flatMap((rule) => rule.nodes.map((node) => [`${rule.id}: ${rule.help}. ${node.failureSummary}`, node.html]));
}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """How documents are looked at."""

    scheme: str
    width: int
    pictures: bool


SCREENS = (Screen("light", 375, pictures=True), Screen("dark", 800, pictures=False))
"""Both lights, both kinds of width, with pictures and without, in as few turns as will do."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of one document on one screen."""

    document: Document
    screen: Screen
    complaints: tuple[Complaint, ...]
    too_wide: tuple[int, ...]
    """The widths of which it ran off the side."""


@pytest.fixture(scope="module")
def seen(documents):
    """What is looked at: of the first look all but second editions; of the others, which change colours and fonts, what has all."""
    # What stands for a missing page has the addresses of the site on the web, where nothing is fetched from.
    served = [one for one in documents if one.path.name != "404.html"]
    first = [one for one in served if f" in {LOOKS[0]}/" in one.name and not one.path.stem.endswith("-paid")]
    return first + [one for one in served if one not in first and one.name.endswith(TELLING)]


PICTURES_OFF = """async () => {
  for (const source of document.querySelectorAll("source")) source.remove();
  const gone = [...document.images].map((image) => new Promise((done) => {
    image.removeAttribute("srcset"); image.loading = "eager";
    image.onerror = done; image.src = "nowhere:" }));
  await Promise.all(gone);
  return [...document.images].every((image) => !image.naturalWidth);
}"""
"""Takes all pictures away, so that their alt texts stand there as if none had been loaded; says whether none is left."""


@pytest.fixture(scope="module")
def sights(browser, packages, seen):
    """Every document on every screen."""
    axe = (packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    return list(looked_at(browser, axe, seen))


def looked_at(browser, axe, documents):
    """What is seen of documents on each screen, one after the other. Nothing is fetched but files."""
    context = browser.new_context()
    page = context.new_page()
    document = documents[0]

    def answer(route):
        beside = Path(unquote(urlsplit(route.request.url).path))
        of_mail = document.path.parents[2] / "public" / document.path.parent.name / beside.name
        picture = beside if beside.is_file() else of_mail
        if route.request.resource_type == "image" and not picture.is_file():
            route.abort()
        elif route.request.resource_type == "image":
            route.fulfill(path=picture)
        elif route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    page.route("**/*", answer)
    for document in documents:
        page.goto(document.path.as_uri())
        page.evaluate(axe)
        for screen in SCREENS:
            page.set_viewport_size({"width": screen.width, "height": 900})
            page.emulate_media(color_scheme=screen.scheme)
            if not screen.pictures:
                assert page.evaluate(PICTURES_OFF)
            whole = screen is SCREENS[0] and f" in {LOOKS[0]}/" in document.name
            found = [
                Complaint(document.name, document.kind, f"{message} ({screen.scheme})", html)
                for message, html in page.evaluate(RUN, [] if whole else SEEN)
            ]
            yield Sight(document, screen, tuple(found), tuple(too_wide(page)))
    context.close()


def too_wide(page):
    """The widths that the page is wider than."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield width


@pytest.fixture(scope="module")
def complaints(sights):
    """All that axe says about all of them."""
    return [complaint for sight in sights for complaint in sight.complaints]


def test_axe_has_nothing_to_say(complaints):
    assert standing(complaints, PARDONS) == []


def test_each_pardon_is_still_needed(complaints):
    assert idle(complaints, PARDONS) == []


def test_nothing_runs_off_the_side(sights):
    assert [(sight.document.name, sight.screen, sight.too_wide) for sight in sights if sight.too_wide] == []
