"""The Nu HTML checker for HTML, ARIA and CSS, on all documents that readers get."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.judges.judging import AcceptedMessage, JudgeMessage, unaccepted, unneeded

ACCEPTED = (
    # ── needed by email clients ──
    AcceptedMessage("“(align|valign|bgcolor|border|cellpadding|cellspacing|width|height)” attribute .* is obsolete",
           "Word sets tables by these and knows little of CSS", "email"),
    AcceptedMessage("Attribute “xmlns:[ov]” not allowed here", "Word reads VML and Office's settings by these names", "email"),
    AcceptedMessage("Property “(mso-|text-underline-color)", "CSS that Word alone knows, and all others skip", "email"),
    AcceptedMessage("Property “supported-color-schemes”", "what color-scheme was called when Apple Mail learned of it", "email"),
    AcceptedMessage("“meta” is missing one or more", "Apple Mail looks for the name alone", "email",
           extract="x-apple-disable-message-reformatting"),
    AcceptedMessage("“type” attribute for the “style” element", "the MJML compiler writes it; old programs ask for it", "email"),
    AcceptedMessage("“[{]” is not allowed", "the mailing service puts an address in the place of its merge tag", "email",
           extract=r"\{\{ \w+_url \}\}|url_encode"),
    # ── intended ──
    AcceptedMessage("Trailing slash on void elements", "prose is well-formed XML, too, for MJML and for feed readers; all attributes are quoted"),
    # ── intended in the torture issues ──
    AcceptedMessage("The heading “h[46]” .* follows", "a level skipped, as ST110 and ST111 say", document="torture"),
    AcceptedMessage("Section lacks heading", "headings without words, of which nothing is shown", document="/hardly-anything/"),
    AcceptedMessage("not allowed as child of element “b”", "bold that is never closed goes on over all that follows", document="/raw/"),
    AcceptedMessage("“center” element is obsolete", "written in HTML, and safe", document="/raw/"),
    AcceptedMessage("A table row was 1 columns wide", "written in HTML, and safe", document="/raw/"),
    AcceptedMessage("“h1” element as a top-level heading only", "written in HTML, and safe", "page", document="/raw/"),
)  # fmt: skip


@pytest.fixture(scope="module")
def messages(java, packages, documents):
    """All messages of the checker. Java is slow to start, so it is started once."""
    return judged(java, packages, documents)


def judged(java, packages, documents):
    """The messages about documents, without those about the language of the text."""
    by_address = {document.path.as_uri(): document for document in documents}
    archive = packages / "vnu-jar" / "build" / "dist" / "vnu.jar"
    program = [java, "-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", archive]
    options = ["--format", "json", "--exit-zero-always", "--stdout", "--no-langdetect"]
    paths = [document.path for document in documents]
    done = subprocess.run([*program, *options, *paths], capture_output=True, text=True, check=True)
    found = []
    for message in json.loads(done.stdout)["messages"]:
        document = by_address[message["url"].replace("file:/", "file:///", 1).replace("file://///", "file:///")]
        found.append(JudgeMessage(document.name, document.kind, message["message"], message.get("extract", "")))
    return found


def test_the_nu_html_checker_has_no_unaccepted_messages(messages):
    assert unaccepted(messages, ACCEPTED) == []


def test_each_accepted_message_is_still_needed(messages):
    assert unneeded(messages, ACCEPTED) == []
