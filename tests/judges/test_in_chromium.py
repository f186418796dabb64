"""Tests that need a browser: light and dark, on phone and desktop, with and without pictures.

axe-core reports accessibility problems; the browser shows what is wider than the screen.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from newsletter.records import dataclass
from tests.judges.judging import AcceptedMessage, JudgeMessage, unaccepted, unneeded
from tests.judges.workspaces import LOOKS, Document
from tests.tab import Tab

ACCEPTED = (
    AcceptedMessage("^(landmark-one-main|region):", "the email client has the landmarks; one of ours would be its second <main>", "email"),
    AcceptedMessage("^link-in-text-block:", "an arrow or a number stands out from words by its form", extract=r'role="doc-(backlink|noteref)"'),
    # ── intended in the torture issues ──
    AcceptedMessage("^heading-order:", "a level skipped, as ST110 and ST111 say", document="torture"),
    AcceptedMessage("^link-name:", "links on nothing, as LK115 and FG101 say", document="torture", extract="/nameless"),
)  # fmt: skip
COMPLETE = ("/every-block/email.html", "/every-block/index.html", "/ships-that-climb/email.html")
"""Documents that have every colour and font."""
WIDTHS = (320, 600, 639, 1000, 1200, 1260)
"""Widths with the rules for phones, directly above them, below and above the full width of the email; with the contents
beside a page, and with notes in its margin."""
VISUAL_RULES = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
"""The rules whose result may depend on scheme, width or look. Only these are tested again there."""
RUN = """async (rules) => {
  const runOnly = rules.length ? { type: "rule", values: rules } : undefined;
  const { violations } = await axe.run(document, { resultTypes: ["violations"], runOnly });
  return violations.flatMap((rule) => rule.nodes.map((node) => [`${rule.id}: ${rule.help}. ${node.failureSummary}`, node.html]));
}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """The settings with which documents are shown."""

    scheme: str
    width: int
    pictures: bool


SCREENS = (Screen("light", 375, pictures=True), Screen("dark", 800, pictures=False))
"""Both schemes, both kinds of width, with and without pictures, in as few combinations as possible."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The results for one document on one screen."""

    document: Document
    screen: Screen
    messages: tuple[JudgeMessage, ...]
    too_wide: tuple[int, ...]
    """The widths that the document exceeds."""


@pytest.fixture(scope="module")
def documents_seen(documents):
    """The tested documents: in the first look, all except second editions; in the others, those with all colours and fonts."""
    # The 404 page has addresses of the site on the web, from which nothing is loaded.
    served = [one for one in documents if one.path.name != "404.html"]
    first = [one for one in served if f" in {LOOKS[0]}/" in one.name and not one.path.stem.endswith("-paid")]
    return first + [one for one in served if one not in first and one.name.endswith(COMPLETE)]


PICTURES_OFF = """async () => {
  for (const source of document.querySelectorAll("source")) source.remove();
  const gone = [...document.images].map((image) => new Promise((done) => {
    image.removeAttribute("srcset"); image.loading = "eager";
    image.onerror = done; image.src = "nowhere:" }));
  await Promise.all(gone);
  return [...document.images].every((image) => !image.naturalWidth);
}"""
"""Removes all pictures, so that their alt texts are shown as if none had been loaded; true if none is left."""


@pytest.fixture(scope="module")
def observations(browser, packages, documents_seen):
    """The results for every document on every screen."""
    axe = (packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    return list(observe(browser, axe, documents_seen))


def observe(browser, axe, documents):
    """The results for documents on each screen, one after the other. Only local files are loaded."""
    tab = Tab(browser)
    page = tab.page
    page.add_init_script(axe)
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
        for screen in SCREENS:
            tab.resize(screen.width)
            page.emulate_media(color_scheme=screen.scheme)
            if not screen.pictures:
                assert page.evaluate(PICTURES_OFF)
            whole = screen is SCREENS[0] and f" in {LOOKS[0]}/" in document.name
            found = [
                JudgeMessage(document.name, document.kind, f"{message} ({screen.scheme})", html)
                for message, html in page.evaluate(RUN, [] if whole else VISUAL_RULES)
            ]
            yield Observation(document, screen, tuple(found), tuple(too_wide(tab)))
    tab.close()


def too_wide(tab):
    """The widths that the page exceeds."""
    for width in WIDTHS:
        tab.resize(width)
        if tab.page.evaluate("document.documentElement.scrollWidth") > width:
            yield width


@pytest.fixture(scope="module")
def messages(observations):
    """All messages of axe."""
    return [message for observation in observations for message in observation.messages]


def test_axe_has_no_unaccepted_messages(messages):
    assert unaccepted(messages, ACCEPTED) == []


def test_each_accepted_message_is_still_needed(messages):
    assert unneeded(messages, ACCEPTED) == []


def test_nothing_overflows_the_screen(observations):
    assert [
        (observation.document.name, observation.screen, observation.too_wide)
        for observation in observations
        if observation.too_wide
    ] == []
