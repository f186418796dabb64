"""axe-core in Chromium, by day and by night, on a phone and on a desk: what stands between a letter and its readers."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.judges.judging import Complaint, Pardon, idle, standing
from tests.judges.workspaces import LOOKS

PARDONS = (
    Pardon("^(landmark-one-main|region):", "the mail program has the landmarks; one of ours would be its second <main>", "email"),
    Pardon("^link-in-text-block:", "an arrow or a number stands out from words by its form", extract=r'role="doc-(backlink|noteref)"'),
    # ── authors of the torture issues ask for it ──
    Pardon("^heading-order:", "a level skipped, as ST110 and ST111 say", document="torture"),
    Pardon("^link-name:", "links on nothing, as LK115 and FG101 say", document="torture", extract="/nameless"),
)  # fmt: skip
SCREENS = (("light", 375), ("dark", 800))
"""What each document is seen in: both lights and both kinds of width, in as few looks as will do."""
SEEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
"""The rules whose verdict may be another in another light, width or look: all that is asked again there."""
RUN = """async (rules) => {
  const runOnly = rules.length ? { type: "rule", values: rules } : undefined;
  const { violations } = await axe.run(document, { resultTypes: ["violations"], runOnly });
  return violations.flatMap((rule) => rule.nodes.map((node) => [`${rule.id}: ${rule.help}. ${node.failureSummary}`, node.html]));
}"""


@pytest.fixture(scope="module")
def complaints(chromium, packages, documents):
    """All that axe says about all of them."""
    from playwright.sync_api import sync_playwright

    axe = (packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = [list(judged(browser, axe, documents, *screen)) for screen in SCREENS]
        browser.close()
    return list(chain.from_iterable(found))


def judged(browser, axe, documents, scheme, width):
    """What axe says of documents in one light and width. Nothing is fetched but files."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    page = context.new_page()
    for document in documents:
        page.goto(document.path.as_uri())
        page.evaluate(axe)
        whole = scheme == SCREENS[0][0] and f" in {LOOKS[0]}/" in document.name
        for message, html in page.evaluate(RUN, [] if whole else SEEN):
            yield Complaint(document.name, document.kind, f"{message} ({scheme})", html)
    context.close()


def test_axe_has_nothing_to_say(complaints):
    assert standing(complaints, PARDONS) == []


def test_each_pardon_is_still_needed(complaints):
    assert idle(complaints, PARDONS) == []
