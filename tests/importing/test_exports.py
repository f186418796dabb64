"""A small export of each kind of source, compared with the result in expected/<kind>.md."""

from __future__ import annotations

import json
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest

from newsletter.importing.base import Counts, ImportedIssue, Skipped
from newsletter.importing.letters import ForeignLetter, from_html, from_markdown
from newsletter.importing.registry import kind_of
from newsletter.importing.sources import ImportSource

HERE = Path(__file__).parent
EXPORTS = {
    "substack": "substack",
    "ghost": "ghost",
    "buttondown": "buttondown",
    "beehiiv": "beehiiv",
    "listmonk": "listmonk",
    "mailchimp": "mailchimp",
    "wordpress": "wordpress",
    "feed/rss.xml": "feed",
    "feed/atom.xml": "feed",
    "feed/feed.json": "feed",
    "mail": "mail",
    "page": "page",
    "text": "text",
}
NOT_DESCRIBED = {"title", "body", "source", "notes", "pictures"}


def shown(path: Path) -> str:
    """The result of reading a source, as text."""
    with ImportSource(path, path.name) as source:
        kind = kind_of(source)
        found = kind.read(source)
        facts = {name.name: getattr(found, name.name) for name in fields(found) if name.name not in {"issues", "notes"}}
        pieces = [f"# {kind.label}\n", *(f"{name}: {value}\n" for name, value in facts.items() if value)]
        pieces += [text for one in found.issues for text in notes_of(one)]
    return "".join(pieces)


def notes_of(one: ImportedIssue | Skipped):
    if isinstance(one, Skipped):
        yield f"\n=== {one.source}: skipped{', a fault' if one.fault else ''}: {one.reason}\n"
        return
    yield f"\n=== {one.source}: {one.title}\n"
    for name in fields(one):
        value = getattr(one, name.name)
        if name.name not in NOT_DESCRIBED and value and value != Counts():
            yield f"{name.name}: {value.isoformat() if name.name == 'date' else value}\n"
    for name, content in one.pictures.items():
        yield f"picture {name}: {len(content)} bytes\n"
    for note in one.notes:
        yield f"{note.kind}: {note.place}: {note.message}\n"
    yield f"\n{one.body}"


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_becomes_issues(export):
    expected = HERE / "expected" / f"{export.replace('/', '-')}.md"
    assert shown(HERE / "data" / export) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("export", "kind"), EXPORTS.items())
def test_an_export_is_distinguished_from_others(export, kind):
    with ImportSource(HERE / "data" / export) as source:
        assert kind_of(source).name == kind


@pytest.mark.parametrize("export", [name for name in EXPORTS if "/" not in name])
def test_a_zip_is_read_as_its_folder(export, tmp_path):
    folder = HERE / "data" / export
    with zipfile.ZipFile(tmp_path / export, "w") as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(folder).as_posix())
    assert shown(tmp_path / export) == shown(folder)


@pytest.mark.parametrize("export", EXPORTS)
def test_reading_twice_gives_the_same(export):
    assert shown(HERE / "data" / export) == shown(HERE / "data" / export)


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ("<p>All of it.</p>", "::: paywall\n\nAll of it.\n"),
        ("<p>Before.</p><!--members-only--><p>Behind.</p>", "Before.\n\n::: paywall\n\nBehind.\n"),
        ("<p>::: paywall</p><p>Words.</p>", "::: paywall\n\n\\::: paywall\n\nWords.\n"),
        ("<pre>::: paywall</pre><p>Words.</p>", "::: paywall\n\n```\n::: paywall\n```\n\nWords.\n"),
        ("<p>One.</p><div style='display:none'><!--members-only--></div><p>Two.</p>", "One.\n\n::: paywall\n\nTwo.\n"),
        ("<ul><li>One<div class='paywall-jump'></div></li><li>Two</li></ul>", "::: paywall\n\n- One\n- Two\n"),
    ],
)
def test_nothing_paid_becomes_free(html, body):
    assert from_html(ForeignLetter("x", title="T", paid=True), html).body == body


def test_a_shortcode_that_may_restrict_text_makes_a_draft(tmp_path):
    text = next((HERE / "data" / "wordpress").iterdir()).read_text(encoding="utf-8")
    (tmp_path / "a.xml").write_text(
        text.replace('[gallery ids="1,2"]', "[restrict paid]x[/restrict]"), encoding="utf-8"
    )
    with ImportSource(tmp_path / "a.xml") as source:
        found = [one for one in kind_of(source).read(source).issues if isinstance(one, ImportedIssue)]
    (held,) = [one for one in found if one.slug == "dams"]
    assert held.draft
    assert any("[restrict]" in note.message for note in held.notes if note.kind == "changed")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("One\n{% if subscriber.is_premium %}\nPaid\n{% endif %}\nTwo", "One\n\n::: only paid\n\nPaid\n\n:::\n\nTwo"),
        (
            "{% if subscriber.is_premium %}\nPaid\n{% else %}\nFree\n{% endif %}",
            "::: only paid\n\nPaid\n\n:::\n\n::: only free\n\nFree\n\n:::",
        ),
        ("{% unless subscriber.is_premium %}\nFree\n{% endunless %}", "::: only free\n\nFree\n\n:::"),
        ("{% if not subscriber.is_premium %}\nFree\n{% endif %}", "::: only free\n\nFree\n\n:::"),
        ("Hi{% if subscriber.metadata.city %}, you there{% endif %}!", "Hi, you there!"),
        ('So {{ if eq .Subscriber.City "Oslo" }}here{{ else }}there{{ end }}.', "So herethere."),
        ("One\n\n[Unsubscribe]({{ unsubscribe_url }}) · [Upgrade]({{ upgrade_url }})\n\nTwo", "One\n\nTwo"),
        ("One\n\n{{ subscribe_form }}\n\nTwo", "One\n\nTwo"),
        # What shows a template, asks for something else or has no end stays
        ("```\n{% if subscriber.city %}\nx\n{% endif %}\n```", "```\n{% if subscriber.city %}\nx\n{% endif %}\n```"),
        ("Use `{% if subscriber.city %}`, `{% endif %}`.", "Use `{% if subscriber.city %}`, `{% endif %}`."),
        ("A {% if page.x %}b{% endif %} subscriber", "A {% if page.x %}b{% endif %} subscriber"),
        ("A {% if subscriber.x %}b", "A {% if subscriber.x %}b"),
        # Within a line, a part for paying readers cannot be kept from the others: it is kept visible as such
        ("Hi {% if subscriber.is_premium %}you{% endif %}!", "Hi {% if subscriber.is_premium %}you{% endif %}!"),
    ],
)
def test_conditions_on_the_reader(text, markdown):
    made = from_markdown(ForeignLetter("a.md", title="A"), text)
    assert isinstance(made, ImportedIssue)
    assert made.body.strip() == markdown
    assert made.notes


def test_a_condition_in_html_is_removed_but_not_from_code():
    html = "<p>So {{ if eq .Subscriber.City &quot;Oslo&quot; }}<b>here</b>{{ end }}.</p><p><code>{{ if .Subscriber.Name }}{{ end }}</code></p>"
    made = from_html(ForeignLetter("a", title="A"), html)
    assert isinstance(made, ImportedIssue)
    assert made.body.strip() == "So **here**.\n\n`{{ if .Subscriber.Name }}{{ end }}`"


def test_a_json_feed_keeps_its_audio_and_its_external_pages(tmp_path):
    item = {"id": "1", "url": "https://a.example/1", "title": "One", "date_published": "2024-01-02T10:00:00Z"}
    item |= {"content_html": "<p>About ropes.</p>", "external_url": "https://b.example/ropes"}
    item |= {"attachments": [{"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg", "title": "Listen"}]}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [item]}
    (tmp_path / "feed.json").write_text(json.dumps(feed))
    with ImportSource(tmp_path / "feed.json") as source:
        (issue,) = kind_of(source).read(source).issues
    assert issue.canonical == ""
    assert issue.body == "About ropes.\n\nhttps://b.example/ropes\n\n::: audio [Listen](https://a.example/1.mp3)\n:::\n"


def test_the_title_of_a_feed_is_text(tmp_path):
    text = (HERE / "data/feed/atom.xml").read_text(encoding="utf-8")
    start, end = text.index("<title"), text.index("</title>")
    (tmp_path / "a.xml").write_text(f"{text[:start]}<title type='html'>Ropes &amp;amp; &amp;lt;tar>{text[end:]}")
    with ImportSource(tmp_path / "a.xml") as source:
        assert kind_of(source).read(source).title == "Ropes & <tar>"


def test_the_text_of_an_entry_is_not_also_its_summary(tmp_path):
    entry = "<title>A</title><id>urn:a:1</id><updated>2024-03-02T00:00:00Z</updated><content type='text'>First *part*.\n\nSecond &lt;b> part.</content>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>urn:a</id><updated>2024-03-02T00:00:00Z</updated><entry>{entry}</entry></feed>"
    (tmp_path / "a.xml").write_text(feed)
    with ImportSource(tmp_path / "a.xml") as source:
        (issue,) = kind_of(source).read(source).issues
    assert issue.summary == ""
    assert "Second" in issue.body
