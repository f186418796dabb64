"""Exports that are damaged, too large or malicious: each is reported, and the intact parts are imported."""

from __future__ import annotations

import base64
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from newsletter.errors import UsageError
from newsletter.importing.base import ImportedIssue, Skipped
from newsletter.importing.registry import kind_named, kind_of
from newsletter.importing.sources import ImportSource
from tests.importing.trees import grown, png

DATA = Path(__file__).parent / "data"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def issues(path: Path, kind: str = "") -> list[ImportedIssue | Skipped]:
    with ImportSource(path, path.name) as source:
        chosen = kind_named(kind) if kind else kind_of(source)
        return list(chosen.read(source).issues)


def faults(found: list[ImportedIssue | Skipped]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Skipped) and one.fault]


def whole(found: list[ImportedIssue | Skipped]) -> list[ImportedIssue]:
    return [one for one in found if isinstance(one, ImportedIssue)]


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_complete_posts_of_a_wordpress_export_that_is_cut_off_are_imported(tmp_path):
    text = next((DATA / "wordpress").iterdir()).read_text(encoding="utf-8")
    cut = written(tmp_path, "export.xml", text[: text.index("<item><title>Classic")] + "<item><title>Cla")
    found = issues(cut)
    assert [one.title for one in whole(found)] == ["Dams – and fish"]
    assert faults(found)[0].startswith("it is cut off, from line 6 on")


def test_the_complete_entries_of_a_feed_that_is_cut_off_are_imported(tmp_path):
    text = (DATA / "feed" / "rss.xml").read_text(encoding="utf-8")
    found = issues(written(tmp_path, "rss.xml", text[: text.index("Only how") + 3]))
    assert "Tides" in [one.title for one in whole(found)]
    assert "damaged or cut off" in faults(found)[0]


@pytest.mark.parametrize(
    ("export", "file"), [("ghost", "the-quay.ghost.2024-05-03.json"), ("listmonk", "campaigns.json")]
)
def test_json_that_is_cut_off_is_reported_with_its_line(export, file, tmp_path):
    content = (DATA / export / file).read_bytes()
    with pytest.raises(UsageError, match=r"cut off: .*, line \d+, column \d+"):
        issues(written(tmp_path, file, content[: len(content) - 200]), export)


def test_an_email_that_is_cut_off_is_read_up_to_its_end(tmp_path):
    content = (DATA / "mail" / "letter.eml").read_bytes()
    found = issues(written(tmp_path, "letter.eml", content[: content.index(b"image/png") + 200]))
    assert whole(found)[0].body.startswith("Über das Wasser.")


@pytest.mark.parametrize(
    ("kind", "name", "content", "reason"),
    [
        ("substack", "posts.txt", "x", "has no posts.csv"),
        ("ghost", "a.json", "[" * 100_000, "nested too deep"),
        ("ghost", "a.json", "{}", "no export of Ghost"),
        ("buttondown", "a.json", "[]", "no emails.csv"),
        ("beehiiv", "a.csv", "a,b\n", "no table with the columns"),
        ("listmonk", "a.json", '{"data": []}', "no campaigns"),
        ("mailchimp", "a.html", "<p>x</p>", "no folder campaigns_content"),
        ("wordpress", "a.xml", "<rss/>", "no posts of WordPress"),
        ("wordpress", "a.xml", f"{BOMB}<rss><item/></rss>", "declares entities"),
        ("feed", "a.xml", f"{BOMB}<rss><channel><item><title>&b;</title></item></channel></rss>", "declares entities"),
        ("feed", "a.xml", "<rss></rss>", "no entries"),
        ("feed", "a.txt", "x", "is not an RSS, Atom or JSON feed"),
        ("mail", "a.txt", "x", "has no emails"),
        ("docx", "a.txt", "x", "no Word document"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_the_named_kind_is_refused(kind, name, content, reason, tmp_path):
    with pytest.raises(UsageError, match=reason) as error:
        issues(written(tmp_path, name, content), kind)
    assert error.value.hint


def test_text_in_a_wrong_charset_is_read_and_reported(tmp_path):
    found = whole(issues(written(tmp_path, "letter.html", "<p>Schöne Grüße</p><p>x</p>".encode("cp1252"))))
    assert found[0].body == "Schöne Grüße\n\nx\n"
    assert "windows-1252" in found[0].notes[0].message


def test_an_email_may_declare_a_wrong_charset(tmp_path):
    mail = b"From: a@a.example\nSubject: x\nDate: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=no-such\n\nGr\xfc\xdfe an alle.\n"
    found = whole(issues(written(tmp_path, "a.eml", mail)))
    assert found[0].body == "Grüße an alle.\n"
    assert found[0].date is None


def test_invalid_headers_of_an_email_raise_nothing(tmp_path):
    mail = b"From: =?x?q?=FF?= <\xff@\xff>, ,;\nSubject: =?utf-8?b?//8=?= \xff\nDate: 99 Foo\nMessage-ID: <[\nContent-Type: multipart/mixed; boundary=\nContent-Disposition: ;;\n\n--\n\nx"
    assert issues(written(tmp_path, "a.eml", mail))


def test_a_long_feed_is_read_to_its_end(tmp_path):
    entries = "".join(
        f"<item><title>T{n}</title><guid>g{n}</guid><description>&lt;p&gt;x{n}&lt;/p&gt;</description></item>"
        for n in range(300)
    )
    found = issues(
        written(tmp_path, "feed.xml", f"<rss version='2.0'><channel><title>x</title>{entries}</channel></rss>")
    )
    assert len(whole(found)) == 300


def test_a_repeated_entry_is_imported_once(tmp_path):
    item = "<item><title>T</title><guid>g</guid><description>x y</description></item>"
    found = issues(written(tmp_path, "feed.xml", f"<rss version='2.0'><channel>{item}{item}</channel></rss>"))
    assert len(whole(found)) == 1
    assert [one.reason for one in found if isinstance(one, Skipped)] == ["an earlier entry of the feed has this id"]


def document(body: str, **parts: str | bytes) -> bytes:
    """A minimal Word document."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}</w:body></w:document>',
        )
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


def styled(style: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
    for name in ("Title", "Subtitle", "heading 1", "heading 2", "Quote")
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dc:creator>Jane Roe</dc:creator><dcterms:created>2024-01-31T09:00:00Z</dcterms:created></cp:coreProperties>'
)


def test_a_word_document_is_a_letter(tmp_path):
    body = (
        styled("Title", "Ships that climb")
        + styled("Subtitle", "How to carry a boat")
        + "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Water</w:t></w:r><w:r><w:t xml:space='preserve'> lies flat * and {{ so }}.</w:t></w:r></w:p>"
        + styled("heading1", "News")
        + styled("heading2", "1. A lift")
        + "<w:p><w:r><w:t>It climbs.</w:t></w:r></w:p>"
        + styled("heading2", "2. A lock")
        + styled("Quote", "It holds.")
    )
    content = document(
        body, word__styles_xml=f'<w:styles xmlns:w="{WORD}">{STYLES}</w:styles>', docProps__core_xml=CORE
    )
    (found,) = whole(issues(written(tmp_path, "letter.docx", content)))
    assert (found.title, found.subtitle, found.authors) == ("Ships that climb", "How to carry a boat", ("Jane Roe",))
    assert f"{found.date:%Y-%m-%d}" == "2024-01-31"
    assert (
        found.body
        == "**Water** lies flat \\* and \\{\\{ so }}.\n\n## News\n\n### 1. A lift\n\nIt climbs.\n\n### 2. A lock\n\n> It holds.\n"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (document("")[:200], "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0 an old one", "an old .doc"),
        (document("<w:p/>", word__styles_xml=BOMB + "<x/>"), "may be malicious"),
        (document("<w:p>" * 500 + "</w:p>" * 500), "nested too deep"),
        (document("<w:p>"), "damaged"),
    ],
)
def test_a_word_document_that_cannot_be_read_is_reported(content, reason, tmp_path):
    found = issues(written(tmp_path, "letter.docx", content), "docx")
    assert reason in faults(found)[0]


BROKEN_HEADERS = (
    "Message-ID: <a@[",
    "Message-ID: <[",
    "From: " + "(" * 2000,
    "From: " + "(a)" * 20_000 + " <a@b.example>",
    "Subject: " + "=?utf-8?q?" * 3000,
    "Content-Type: text/plain; charset*=utf-16''a",
    "Content-Type: text/plain; name*=utf-16''%ff",
    "Content-Disposition: inline; filename*=utf-16''a",
    "Content-Type: " + "(" * 2000,
    "MIME-Version: 1.\u00b2",
    "Date: Mon, 01 Jan 0001 00:00:00 +2359",
    "Date: 1 Jan 99999999999999 00:00:00 +0000",
)


@pytest.mark.parametrize("header", BROKEN_HEADERS, ids=range(len(BROKEN_HEADERS)))
def test_an_email_with_a_header_that_cannot_be_parsed_is_read(header, tmp_path):
    mail = f"{header}\nTo: b@b.example\nX-List: y\n\nWater is wet.\n"
    assert [one.body for one in whole(issues(written(tmp_path, "a.eml", mail)))] == ["Water is wet.\n"]


def test_headers_are_read_in_any_charset_without_a_declaration(tmp_path):
    mail = "From: Jürgen <a@b.example>\nDate: Wed, 31 Jan 2024 10:00:00 +0100\nSubject: Grüße\n\nWasser.\n"
    assert whole(issues(written(tmp_path, "a.eml", mail.encode("cp1252"))))[0].title == "Grüße"


def test_an_email_that_is_nested_too_deeply_is_reported_and_the_others_are_imported(tmp_path):
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(3000))
    letters = "".join(
        f"From x@y Wed Jan 31 10:00:00 2024\nFrom: a@b.example\nSubject: {called}\n{text}\n\n"
        for called, text in (("One", "\nFirst."), ("Two", deep), ("Three", "\nThird."))
    )
    found = issues(written(tmp_path, "letters.mbox", letters))
    assert [one.body for one in whole(found)] == ["First.\n", "Third.\n"]
    assert [(one.source, one.reason) for one in found if isinstance(one, Skipped)] == [
        ("letters.mbox:mail 2", "it is nested too deeply")
    ]


def test_an_mbox_may_begin_with_a_line_without_a_date(tmp_path):
    text = "From -\nSubject: One\n\nFirst.\nFrom here on, in 2024\n\nFrom x@y Wed Jan 31 10:00:00 2024\nSubject: Two\n\nSecond.\n"
    found = whole(issues(written(tmp_path, "letters.mbox", text)))
    assert [one.title for one in found] == ["One", "Two"]
    assert "From here on, in 2024" in found[0].body


def test_a_file_of_apple_mail_ends_before_its_properties(tmp_path):
    mail = "From: a@b.example\nSubject: One\n\nFirst.\n"
    found = whole(
        issues(written(tmp_path, "1.EMLX", f"{len(mail)}     \n{mail}<?xml version='1.0'?><plist>flags</plist>"))
    )
    assert [one.body for one in found] == ["First.\n"]


@pytest.mark.parametrize("kind", ["ghost", "listmonk", "buttondown", "feed"])
def test_json_with_a_number_of_thousands_of_digits_is_refused(kind, tmp_path):
    signs = '"version": "https://jsonfeed.org/version/1.1", "secondary_id": 1, "publish_date": 1, "subject": 1'
    with pytest.raises(UsageError, match="a number that is too long"):
        issues(written(tmp_path, "a.json", f'{{{signs}, "id": {"9" * 5000}}}'), kind)


NO_CHARACTERS = ("&#0;", "&#8;", "&#xD800;", "&#xFFFF;", "&#x110000;", "&#9999999;", f"&#{'9' * 5000};")


@pytest.mark.parametrize("reference", NO_CHARACTERS, ids=range(len(NO_CHARACTERS)))
def test_a_reference_to_no_character_ends_no_import(reference, tmp_path):
    item = f"<item><title>T {reference}</title><description>&lt;p&gt;Before {reference} after.&lt;/p&gt;</description></item>"
    feed = written(tmp_path, "feed.xml", f"<rss version='2.0'><channel><title>x</title>{item * 1}</channel></rss>")
    (found,) = issues(feed)
    assert isinstance(found, ImportedIssue)
    assert (found.title, found.body) == ("T \ufffd", "Before \ufffd after.\n")
    page = written(tmp_path, "page.html", f"<html><title>T {reference}</title><p title='{reference}'>A {reference} b.")
    (found,) = issues(page)
    assert isinstance(found, ImportedIssue)
    assert found.body.startswith("A ")
    (found,) = issues(
        written(tmp_path, "a.md", f"One.\n\n<table><tr><td title='{reference}'>A {reference} b</table>\n")
    )
    assert isinstance(found, ImportedIssue)
    assert "A " in found.body


def test_a_wordpress_export_is_read_beyond_a_reference_to_no_character(tmp_path):
    text = next((DATA / "wordpress").iterdir()).read_text(encoding="utf-8")
    before = whole(issues(written(tmp_path, "a.xml", text)))
    found = issues(written(tmp_path, "b.xml", text.replace("<language>", "<language>&#x1F;&#xD800;", 1)))
    assert len(whole(found)) == len(before)
    assert faults(found) == []


DRAWING = (
    '<w:p><w:r><w:t>Before.</w:t></w:r></w:p><w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip {}/></pic:blipFill></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)


def test_a_word_document_gets_no_file_outside_it(tmp_path):
    secret = written(tmp_path, "secret.png", png())
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" TargetMode="External" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="{secret.as_uri()}"/></Relationships>'
    )
    content = document(DRAWING.format('r:link="rId1"'), **{"word/_rels/document.xml.rels": relations})
    (found,) = whole(issues(written(tmp_path, "letter.docx", content)))
    assert (found.body, found.pictures) == ("Before.\n", {})
    assert [note.kind for note in found.notes if "external image" in note.message] == ["lost"]


@pytest.mark.parametrize(
    ("export", "table", "name"),
    [("substack", "posts.csv", "posts/1.extra.html"), ("buttondown", "emails.csv", "emails/extra.md")],
)
def test_a_text_that_the_table_of_an_export_does_not_list_is_reported(export, table, name, tmp_path):
    folder = tmp_path / export
    shutil.copytree(DATA / export, folder)
    (folder / name).write_text("<p>Words.</p>")
    told = [(one.source, one.reason) for one in issues(folder) if isinstance(one, Skipped) and one.fault]
    assert (name, f"{table} does not list it: import it as a file of its own") in told


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("feed", '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "One."}, ["x"], null]}'),
        ("ghost", '{"db": [{"data": {"posts": [{"id": "1", "html": "<p>One.</p>"}, "x", 5]}}]}'),
    ],
)  # fmt: skip
def test_entries_of_the_wrong_type_are_reported(kind, content, tmp_path):
    found = issues(written(tmp_path, "a.json", content), kind)
    assert [one.body for one in whole(found)] == ["One.\n"]
    assert [one.source for one in found if isinstance(one, Skipped) and one.fault] == [
        "a.json:entry 2",
        "a.json:entry 3",
    ]


def test_a_json_feed_without_entries_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no entries"):
        issues(written(tmp_path, "a.json", '{"version": "https://jsonfeed.org/version/1.1", "title": "A"}'))


def test_a_campaign_of_listmonk_without_a_text_is_reported(tmp_path):
    rows = '[{"id": 1, "subject": "A", "body": "<p>One.</p>", "content_type": "richtext"}, {"id": 2, "subject": "B"}]'
    found = issues(written(tmp_path, "a.json", rows), "listmonk")
    assert [one.title for one in whole(found)] == ["A"]
    assert [(one.source, one.reason) for one in found if isinstance(one, Skipped)] == [
        ("a.json:2", "it has no subject or no text")
    ]


def test_text_behind_the_last_part_of_an_email_is_reported(tmp_path):
    mail = "From: a@b.example\nSubject: A\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nOne.\n--x--\n\nFooter of a list.\n"
    (found,) = whole(issues(written(tmp_path, "a.eml", mail)))
    assert [note.message for note in found.notes if note.kind == "left out"] == [
        "text behind the last part of the email: “Footer of a list.”"
    ]


@pytest.mark.parametrize("charset", ["punycode", "windows-1251"])
def test_a_declaration_in_the_text_of_a_feed_is_not_that_of_the_feed(charset, tmp_path):
    shown = f"<?xml version='1.0' encoding='{charset}'?>"
    item = f"<item><title>Grüße</title><description><![CDATA[<p>Write {shown} above.</p>]]></description></item>"
    (found,) = issues(
        written(tmp_path, "feed.xml", f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>")
    )
    assert found.title == "Grüße"


def test_the_line_at_which_a_feed_is_damaged_is_that_of_the_file(tmp_path):
    text = "<?xml version='1.0'?>\n<rss version='2.0'><channel>\n<item><title>A</title><description>b c</description></item>\n</rss>"
    assert faults(issues(written(tmp_path, "feed.xml", text))) == [
        "it is damaged or cut off at line 4: everything after that is missing"
    ]


def test_halves_of_characters_in_json_are_replaced(tmp_path):
    rows = '[{"subject": "A \\ud800", "slug": "a\\udfff", "body": "One \\ud83d\\ude00 \\udc00.", "secondary_id": 1, "publish_date": ""}]'
    (found,) = whole(issues(written(tmp_path, "emails.json", rows)))
    assert (found.source, found.title) == ("emails.json:a\ufffd", "A \ufffd")
    assert found.body == "One \U0001f600 \ufffd.\n"


def test_halves_of_characters_in_headers_are_replaced(tmp_path):
    mail = "From x@y Wed Jan 31 10:00:00 2024\nMessage-ID: <=?unknown-8bit?q?=FF?=>\nSubject: =?unknown-8bit?q?=FF?= B\n\nOne.\n"
    (found,) = whole(issues(written(tmp_path, "a.mbox", mail)))
    assert f"{found.source}{found.title}{found.notes}".encode()


def test_front_matter_in_toml_may_have_a_number_of_thousands_of_digits(tmp_path):
    (found,) = whole(issues(written(tmp_path, "a.md", f"+++\nserial = {'9' * 5000}\ntitle = 'A'\n+++\nOne.\n")))
    assert (found.title, found.body) == ("A", "One.\n")


def test_an_address_with_a_payload_nested_too_deeply_is_kept(tmp_path):
    payload = base64.urlsafe_b64encode(b"[" * 20_000).decode()
    page = f"<p>Read <a href='https://substack.com/redirect/2/{payload}.x'>this</a> and that.</p><p>x</p>"
    (found,) = whole(issues(written(tmp_path, "a.html", page)))
    assert found.body.startswith("Read ")


def test_settings_in_python_may_be_nested_too_deeply(tmp_path):
    settings = f"SITENAME = 'A'\nARTICLE_URL = {'-' * 50_000}1\n"
    grown(tmp_path, {"pelicanconf.py": settings, "content/one.md": "Title: One\nDate: 2024-01-31\n\nText.\n"})
    assert [one.body for one in whole(issues(tmp_path))] == ["Text.\n"]


@pytest.mark.parametrize("part", ["word/document.xml", "word/media/a.png"])
def test_a_word_document_with_a_damaged_part_is_reported(part, tmp_path):
    picture = DRAWING.format('r:embed="rId1"')
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/a.png"/></Relationships>'
    )
    made = document(picture, **{"word/_rels/document.xml.rels": relation, "word/media/a.png": png()})
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name in given.namelist():
            file.writestr(name, given.read(name))
        begins = file.getinfo(part).header_offset + 30 + len(part)
    broken = bytearray(packed.getvalue())
    broken[begins : begins + 8] = b"\xff" * 8
    (found,) = issues(written(tmp_path, "letter.docx", bytes(broken)))
    if part == "word/document.xml":
        assert isinstance(found, Skipped)
        assert found.fault
    else:
        assert isinstance(found, ImportedIssue)
        assert found.body == "Before.\n\n<!-- A picture is missing here: a-picture-of-the-document -->\n"
        assert [note.kind for note in found.notes if "the picture" in note.message] == ["lost"]


def test_a_part_of_a_word_document_in_utf_16_is_refused(tmp_path):
    content = document("<w:p/>", **{"word/styles.xml": f"{BOMB}<x/>".encode("utf-16")})
    assert faults(issues(written(tmp_path, "letter.docx", content))) == ["its part word/styles.xml is not in UTF-8"]
