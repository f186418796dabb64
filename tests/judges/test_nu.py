"""The Nu HTML checker, which knows HTML, ARIA and CSS as they are standardised, over all that readers get."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.judges.judging import Complaint, Pardon, idle, standing

PARDONS = (
    # ── mail programs ask for it ──
    Pardon("“(align|valign|bgcolor|border|cellpadding|cellspacing|width|height)” attribute .* is obsolete",
           "Word sets tables by these and knows little of CSS", "email"),
    Pardon("Attribute “xmlns:[ov]” not allowed here", "Word reads VML and Office's settings by these names", "email"),
    Pardon("Property “(mso-|text-underline-color)", "CSS that Word alone knows, and all others skip", "email"),
    Pardon("Property “supported-color-schemes”", "what color-scheme was called when Apple Mail learned of it", "email"),
    Pardon("“meta” is missing one or more", "Apple Mail looks for the name alone", "email",
           extract="x-apple-disable-message-reformatting"),
    Pardon("“type” attribute for the “style” element", "the MJML compiler writes it; old programs ask for it", "email"),
    Pardon("“[{]” is not allowed", "the mailing service puts an address in the place of its merge tag", "email",
           extract=r"\{\{ \w+_url \}\}|url_encode"),
    # ── a choice ──
    Pardon("Trailing slash on void elements", "prose is well-formed XML, too, for MJML and for feed readers; all attributes are quoted"),
    # ── authors of the torture issues ask for it ──
    Pardon("The heading “h[46]” .* follows", "a level skipped, as ST110 and ST111 say", document="torture"),
    Pardon("Section lacks heading", "headings without words, of which nothing is shown", document="/hardly-anything/"),
    Pardon("not allowed as child of element “b”", "bold that is never closed goes on over all that follows", document="/raw/"),
    Pardon("“center” element is obsolete", "written in HTML, and safe", document="/raw/"),
    Pardon("A table row was 1 columns wide", "written in HTML, and safe", document="/raw/"),
    Pardon("“h1” element as a top-level heading only", "written in HTML, and safe", "page", document="/raw/"),
)  # fmt: skip


@pytest.fixture(scope="module")
def complaints(java, packages, documents):
    """All that it says about all of them; Java is slow to start, so it is started once."""
    return judged(java, packages, documents)


def judged(java, packages, documents):
    """What the checker says about documents. It is not asked in which language an author writes."""
    by_address = {document.path.as_uri(): document for document in documents}
    program = [java, "-Xss8m", "-XX:TieredStopAtLevel=1", "-jar", packages / "vnu-jar" / "build" / "dist" / "vnu.jar"]
    options = ["--format", "json", "--exit-zero-always", "--stdout", "--no-langdetect"]
    paths = [document.path for document in documents]
    done = subprocess.run([*program, *options, *paths], capture_output=True, text=True, check=True)
    found = []
    for message in json.loads(done.stdout)["messages"]:
        document = by_address[message["url"].replace("file:/", "file:///", 1).replace("file://///", "file:///")]
        found.append(Complaint(document.name, document.kind, message["message"], message.get("extract", "")))
    return found


def test_the_nu_html_checker_has_nothing_to_say(complaints):
    assert standing(complaints, PARDONS) == []


def test_each_pardon_is_still_needed(complaints):
    assert idle(complaints, PARDONS) == []
