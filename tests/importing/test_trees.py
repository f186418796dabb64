"""Markdown trees of Jekyll, Hugo, Pelican, Eleventy and plain folders become issues; every loss is reported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.importing.base import Cover
from newsletter.importing.counting import counts_of
from newsletter.importing.tags.liquid_nodes import parsed_liquid
from tests.importing.trees import ELEVENTY, HUGO, JEKYLL, PELICAN, PLAIN, grown, png, read


def day(year, month, date):
    """A day without a time zone."""
    return datetime(year, month, date)  # noqa: DTZ001


def notes_of(issue, kind):
    return [(note.place, note.message) for note in issue.notes if note.kind == kind]


@pytest.fixture
def jekyll(tmp_path):
    return read(grown(tmp_path, JEKYLL))


def test_documents_of_a_jekyll_site_that_are_no_posts_are_reported(tmp_path):
    files = {
        "_posts/2024-01-31-a.md": "One.\n",
        "_letters/2024-02-29-b.md": "Two.\n",
        "_includes/c.md": "Three.\n",
        "_letters/c.png": png(),
    }
    _, _, issues, skipped = read(grown(tmp_path, files))
    assert [issue.body for issue in issues] == ["One.\n"]
    assert [(one.source, one.reason) for one in skipped] == [
        ("_letters/2024-02-29-b.md", "it is in the collection _letters, not in _posts")
    ]


def test_a_jekyll_site_gives_facts_about_the_publication(jekyll):
    kind, found, issues, skipped = jekyll
    assert kind == "jekyll"
    assert (found.title, found.sender, found.email) == ("The Lock Keeper", "Maarten Verlaat", "letters@locks.example")
    assert (found.url, found.language, found.timezone) == ("https://locks.example/", "en-GB", "Europe/Brussels")
    assert [issue.source for issue in issues] == [
        "_drafts/later.md",
        "_posts/2024-01-31-ports.md",
        "_posts/2024-02-29-salmon.md",
    ]
    assert [(one.source, one.reason) for one in skipped] == [("_posts/2023-12-31-page.html", "it is not Markdown")]


def test_its_front_matter_is_converted(jekyll):
    draft, ports, salmon = jekyll[2]
    assert draft.draft
    assert not ports.draft
    assert (ports.title, ports.number, ports.slug, ports.folder) == ("Ports #14", 14, "ports", "2024-01-31-ports")
    assert ports.date == datetime(2024, 1, 31, 9, tzinfo=timezone(timedelta(hours=1)))
    assert (ports.tags, ports.authors) == (("ports", "cranes"), ("maarten",))
    assert ports.former == ("/2024/01/ports/", "/old/ports.html")
    assert ports.id == "https://locks.example/2024/01/ports"
    assert ports.fields == {"sponsor": {"name": "Cranes Ltd", "link": "https://cranes.example"}}
    assert salmon.date == day(2024, 2, 29)


def test_its_body_is_converted(jekyll):
    ports = jekyll[2][1]
    assert (
        ports.body
        == """\
An opening.\x20

Sponsored by [Cranes](https://locks.example/sponsor).

## News

[A story](https://paper.example/story) of Ports #14.

![A lock](lock.png "The lock at dawn")

*Photo: Jane Roe*

```python
print("{{ not_liquid_in_our_output }}")
```

## Round-up

See [the rules](rules.pdf), [about](https://locks.example/about/) and [next time](../2024-02-29-salmon/index.md).

<!-- {% chart locks %} -->

Subscribe, {{ first_name | default: "reader" }}!
"""
    )
    assert dict(ports.pictures) == {"lock.png": png(), "rules.pdf": b"%PDF-1.4 rules"}


def test_everything_left_out_or_kept_is_reported_by_line(jekyll):
    ports = jekyll[2][1]
    assert ("_posts/2024-01-31-ports.md:10", "a Liquid comment") in notes_of(ports, "left out")
    assert ("_posts/2024-01-31-ports.md:12", "<!--more-->, which separates the summary from the rest") in notes_of(
        ports, "left out"
    )
    assert ("_posts/2024-01-31-ports.md:31", "{% chart locks %}: the tag has no meaning here") in notes_of(
        ports, "kept"
    )
    assert any(
        place.endswith(":18") and "tracking parameters" in message for place, message in notes_of(ports, "changed")
    )


def test_a_first_heading_with_the_title_is_removed_and_a_lost_picture_leaves_a_comment(jekyll):
    salmon = jekyll[2][2]
    assert salmon.body == "Before.\n\n## News\n\n![gone](https://locks.example/assets/img/gone.png)\n"


def test_a_missing_picture_is_lost_if_the_site_has_no_address(tmp_path):
    files = {name: text for name, text in JEKYLL.items() if name != "_config.yml"}
    salmon = read(grown(tmp_path, files))[2][2]
    assert "<!-- A picture is missing here: /assets/img/gone.png – gone -->" in salmon.body
    assert notes_of(salmon, "lost") == [
        ("_posts/2024-02-29-salmon.md:10", "the source does not have the picture /assets/img/gone.png")
    ]


def test_words_links_and_pictures_are_counted_in_the_source(jekyll):
    ports = jekyll[2][1]
    assert (ports.before.links, ports.before.pictures) == (5, 1)


@pytest.mark.parametrize(
    ("body", "links", "pictures"),
    [
        ('<img src="a.png" alt="x">\n', 0, 1),
        ('a <img src="a.png"> b ![x](b.png)\n', 0, 2),
        ('<div>\n<img src="a.png"> <a href="https://x.example">b</a>\n</div>\n', 1, 1),
        ('`<img src="a.png">` [a](https://x.example)\n', 1, 0),
    ],
)
def test_pictures_and_links_of_html_count_once(body, links, pictures):
    counts = counts_of(body)
    assert (counts.links, counts.pictures) == (links, pictures)


def test_a_hugo_site_with_page_bundles_and_shortcodes(tmp_path):
    kind, found, issues, skipped = read(grown(tmp_path, HUGO))
    high, low, soon = issues
    assert (kind, found.title, found.url, found.language) == ("hugo", "The Tide", "https://tide.example/", "nl")
    assert [(one.source, one.reason) for one in skipped] == [
        ("content/about.md", "it is a page of `content`, not a post"),
    ]
    assert (high.title, high.tags, high.slug, high.folder) == (
        "High water",
        ("water", "dykes"),
        "high-water-1",
        "2024-01-31-high-water-1",
    )
    assert high.cover == Cover("dyke.png", "A dyke")
    assert high.former == ("/2024/high-water-1/", "/2024/hw.html")
    assert high.id == "https://tide.example/2024/high-water-1/"
    assert '![A dyke](dyke.png "The dyke. Photo: Jane Roe")' in high.body
    assert "See ../2024-02-29-low-water/index.md or [it](../2024-02-29-low-water/index.md)." in high.body
    assert "\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n" in high.body
    assert "**new**" in high.body
    assert '<!-- {{< map lat="1" \u203a}} -->' in high.body
    assert "{{< youtube id >}}" in high.body
    assert ("content/posts/high-water/index.md:21", '{{< map lat="1" >}} has no equivalent') in notes_of(high, "kept")
    assert (low.title, low.date, soon.draft) == ("Low water", day(2024, 2, 29), True)


def test_a_pelican_site_is_read_and_never_run(tmp_path):
    kind, found, issues, skipped = read(grown(tmp_path, PELICAN))
    one, two = issues
    assert (kind, found.title, found.sender, found.timezone) == (
        "pelican",
        "Ports",
        "Joren Dekeyser",
        "Europe/Brussels",
    )
    assert not Path("/tmp/pelican-was-run").exists()
    assert (one.title, one.slug, one.summary) == ("Port one", "port-one", "A short summary.")
    assert one.authors == ("Joren Dekeyser", "Jane Roe")
    assert str(one.date) == "2024-01-31 10:20:00+01:00"
    assert one.former == ("/2024/port-one.html",)
    assert one.body == "Text with ![a crane](crane.png) and [two](../2024-02-29-two/index.md).\n"
    assert one.fields == {"category": "News"}
    assert two.draft
    assert {one.source for one in skipped} == {"content/pages/about.md", "content/three.rst"}


def test_an_eleventy_site(tmp_path):
    kind, found, issues, skipped = read(grown(tmp_path, ELEVENTY))
    (ebb,) = issues
    assert (kind, found.title, found.language, found.email) == ("eleventy", "Ebb", "de", "a@ebb.example")
    assert ebb.former == ("/posts/ebb/",)
    assert ebb.id == "https://ebb.example/posts/ebb/"
    assert "{{ unknown.thing }} bleibt." in ebb.body
    assert [note.kind for note in ebb.notes] == ["kept"]
    assert [one.source for one in skipped] == ["README.md", "about.md"]


def test_a_plain_folder_takes_titles_dates_and_numbers_from_headings_and_names(tmp_path):
    kind, _, issues, skipped = read(grown(tmp_path, PLAIN))
    assert kind == "markdown"
    titles = {issue.title: issue for issue in issues}
    assert set(titles) == {"Letter three", "Issue 1", "Issue 2"}
    assert titles["Letter three"].date == day(2024, 1, 31)
    assert titles["Letter three"].body == "Text.\n\n## Part\n\nMore.\n"
    assert titles["Issue 2"].folder == "issue-2"
    assert [one.source for one in skipped] == ["README.md"]


def test_changed_anchors_and_superscripts_are_reported(tmp_path):
    text = "[a](#gates) [b](#top) 2<sup>8</sup>\n{:#top}\n\n## May\n\n{:#gates}\n- **Gates:** open\n"
    (issue,) = read(grown(tmp_path, {"a.md": f"---\ntitle: T\ndate: 2024-01-31\n---\n{text}"}))[2]
    assert [(note.kind, note.place, note.message) for note in issue.notes] == [
        ("changed", "a.md:10", "links to the anchor `#gates` now lead to the heading above it, `#may`"),
        ("changed", "a.md:5", "<sup>8</sup> is now ⁸"),
        ("lost", "a.md:6", "the anchor `#top`, which the letter links to"),
    ]


def test_links_by_slug_lead_to_the_issues_of_a_plain_folder(tmp_path):
    links = "[a](/issue-1/) [b](/2024/01/31/issue-1.html) [c](/about/issue-1/) [d](/issue-3/)"
    letters = {"2024-01-31-issue-1.md": "One.\n", "2024-02-29-issue-2.md": f"Two. {links}\n"}
    issues = read(grown(tmp_path, letters))[2]
    assert issues[1].body == (
        "Two. [a](../2024-01-31-issue-1/index.md) [b](../2024-01-31-issue-1/index.md) [c](/about/issue-1/) [d](/issue-3/)\n"
    )
    assert [note.message for note in issues[1].notes if note.kind == "kept"] == [
        "the link /about/issue-1/ goes to a page that is not in the source",
        "the link /issue-3/ goes to a page that is not in the source",
    ]


def test_the_texts_of_a_cover_stay_if_the_picture_is_lost(tmp_path):
    front = "title: T\ndate: 2024-01-31\nimage:\n  file: lock.png\n  alt: A lock\n  caption: The lock at noon\n  source_link: https://a.example/\n  wide: false"
    (lost,) = read(grown(tmp_path / "lost", {"a.md": f"---\n{front}\n---\nText.\n"}))[2]
    assert lost.body == "<!-- A picture is missing here: lock.png – A lock – The lock at noon -->\n\nText.\n"
    assert [(note.kind, note.message) for note in lost.notes] == [
        ("left out", "`image.source_link` of the front matter: https://a.example/"),
        ("lost", "the source does not have the picture lock.png"),
    ]
    (there,) = read(grown(tmp_path / "there", {"a.md": f"---\n{front}\n---\nText.\n", "lock.png": png()}))[2]
    assert there.cover == Cover("lock.png", "A lock", "The lock at noon")
    assert there.body == "Text.\n"
    assert "`image.source_link` of the front matter: https://a.example/" in [note.message for note in there.notes]


def test_a_slug_of_two_files_identifies_neither(tmp_path):
    letters = {f"{year}-01-31-news.md": "[a](/news/)\n" for year in (2023, 2024)}
    assert {issue.body for issue in read(grown(tmp_path, letters))[2]} == {"[a](/news/)\n"}


def test_numbers_count_where_each_is_once(tmp_path):
    once = {f"issue-{n}.md": f"Letter {n}\n" for n in (1, 2, 10)}
    assert [issue.number for issue in read(grown(tmp_path / "once", once))[2]] == [1, 2, 10]
    twice = {f"vol-{v}/issue-{n}.md": "Letter\n" for v in (1, 2) for n in (1, 2)}
    assert {issue.number for issue in read(grown(tmp_path / "twice", twice))[2]} == {None}


def test_files_with_the_same_name_get_different_folders(tmp_path):
    files = {f"{folder}/2024-01-31-news.md": "News\n" for folder in "abc"}
    folders = [issue.folder for issue in read(grown(tmp_path, files))[2]]
    assert sorted(folders) == ["2024-01-31-news", "2024-01-31-news-2", "2024-01-31-news-3"]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("---\ntitle: 'It''s'\ndate: 2024-01-31\n---\n", ("It's", day(2024, 1, 31))),
        ("---\ntitle: A: b: c\ndate: Jan 31, 2024\n---\n", ("A: b: c", day(2024, 1, 31))),
        ("---\ntitle: 2024\ndate: 2024-01-31T09:00:00Z\n---\n", ("2024", datetime(2024, 1, 31, 9, tzinfo=UTC))),
        ('+++\ntitle = "T"\ndate = 2024-01-31\n+++\n', ("T", day(2024, 1, 31))),
        ('+++\ntitle = "T"\ndate = 2024-01-31\nbroken = [\n+++\n', ("T", day(2024, 1, 31))),
        ('{"title": "T", "date": "31 Jan 2024"}\n', ("T", day(2024, 1, 31))),
        ("Title: T\nDate: 2024/1/31\n\n", ("T", day(2024, 1, 31))),
    ],
)
def test_every_form_of_front_matter_is_read(tmp_path, front, expected):
    (issue,) = read(grown(tmp_path, {"a.md": f"{front}Text.\n"}))[2]
    assert (issue.title, issue.date, issue.body) == (*expected, "Text.\n")


@pytest.mark.parametrize(
    "line",
    [
        "draft: true",
        "published: false",
        "status: in review",
        "status: hidden",
        "visibility: paid",
        "permalink: false",
        "expires: 2020-01-01",
        "hidden: yes",
        "published: 2999-01-01",
        "audience: [members]",
    ],
)
def test_an_unpublished_post_is_a_draft(tmp_path, line):
    (issue,) = read(grown(tmp_path, {"a.md": f"---\ntitle: T\ndate: 2024-01-31\n{line}\n---\nText.\n"}))[2]
    assert issue.draft


@pytest.mark.parametrize(
    "line", ["draft: false", "published: true", "status: published", "published: 2024-01-31", "draft: 'false'"]
)
def test_a_published_post_is_not_a_draft(tmp_path, line):
    (issue,) = read(grown(tmp_path, {"a.md": f"---\ntitle: T\ndate: 2024-01-31\n{line}\n---\nText.\n"}))[2]
    assert not issue.draft


def test_front_matter_that_cannot_be_read_is_reported_with_its_line(tmp_path):
    (issue,) = read(grown(tmp_path, {"a.md": "---\ntitle: T\ntags: [a, b\nx: &y 1\n---\nText.\n"}))[2]
    assert issue.title == "T"
    assert any(note.place.startswith("a.md:3") and note.kind == "lost" for note in issue.notes)


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("# Part\n\nText.\n\n# Other\n\n## Item\n", "## Part\n\nText.\n\n## Other\n\n### Item\n"),
        ("#### Deep\n\nText.\n", "## Deep\n\nText.\n"),
        (
            "## News\n\n**1. One**\n\nText.\n\n**2. Two**\n\nText.\n",
            "## News\n\n### 1. One\n\nText.\n\n### 2. Two\n\nText.\n",
        ),
        ("## News\n\n### 1) One\n\n### 2) Two\n", "## News\n\n### 1. One\n\n### 2. Two\n"),
        ("```\n# not a heading\n```\n", "```\n# not a heading\n```\n"),
        ("A<br>b <b>c</b> <a href='https://a.example'>d</a> <u>e</u>\n", "A\\\nb **c** [d](https://a.example) e\n"),
        ("<div align='center'>\n\n![x](https://a.example/x.png)\n\n</div>\n", "![x](https://a.example/x.png)\n"),
        (
            '<figure><img src="https://a.example/x.png" alt="X"><figcaption>The X</figcaption></figure>\n',
            '![X](https://a.example/x.png "The X")\n',
        ),
        (
            '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>\n',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ\n",
        ),
        (
            '<div><p>Watch this:</p><iframe src="https://player.vimeo.com/video/76979871?h=1"></iframe></div>\n',
            "Watch this:\n\nhttps://vimeo.com/76979871\n",
        ),
        (
            '<iframe src="https://maps.example/m?x=1" title="A map"></iframe>\n\n<iframe src="https://maps.example/n?y"></iframe>\n',
            "[A map](https://maps.example/m?x=1)\n\n[maps.example](https://maps.example/n?y)\n",
        ),
        (
            '<audio controls><source src="https://a.example/talk.mp3" type="audio/mpeg"></audio>\n',
            "[talk.mp3](https://a.example/talk.mp3)\n",
        ),
        (
            'See <iframe src="https://maps.example/m"></iframe> here.\n',
            "See [maps.example](https://maps.example/m) here.\n",
        ),
        (
            'At <audio><source src="https://a.example/a.mp3"><source src="https://a.example/a.ogg"></audio> it sings.\n',
            "At [a.mp3](https://a.example/a.mp3) it sings.\n",
        ),
        ('<source src="https://a.example/a.mp4">\n', "[a.mp4](https://a.example/a.mp4)\n"),
        (
            '| A | B |\n|---|---|\n| <embed src="https://a.example/x.swf"> | `<embed src="y">` |\n',
            '| A | B |\n|---|---|\n| [x.swf](https://a.example/x.swf) | `<embed src="y">` |\n',
        ),
        (
            '<object><param name="movie" value="https://www.youtube.com/v/dQw4w9WgXcQ"></object>\n',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ\n",
        ),
        (
            '<video><source src="https://a.example/v.mp4"><source src="https://a.example/v.webm"></video>\n',
            "[v.mp4](https://a.example/v.mp4)\n",
        ),
        ('<video poster="https://a.example/p.jpg"></video>\n', "![](https://a.example/p.jpg)\n"),
        (
            '<picture><source srcset="https://a.example/x.webp"><img alt="X"></picture>\n',
            "![X](https://a.example/x.webp)\n",
        ),
        (
            'A <img srcset="https://a.example/s.jpg 1x, https://a.example/l.jpg 2x" alt="X"> b\n',
            "A ![X](https://a.example/l.jpg) b\n",
        ),
        (
            '<img src="https://a.example/x.png" alt="X"><map name="m"><area href="https://a.example/1" alt="One"></map>\n',
            "![X](https://a.example/x.png) [One](https://a.example/1)\n",
        ),
        ("<table><tr><td>a <b>b</b> c</td></tr></table>\n", "| a **b** c |\n| --- |\n"),
        ("<table>\n<tr><td>a</td>\n\n<td>b</td></tr>\n</table>\n\nText.\n", "| a | b |\n| --- | --- |\n\nText.\n"),
        (
            "- One\n\n  <table>\n  <tr><td markdown='span'>\n\n  **b** [x](https://a.example)\n\n  </td></tr>\n  </table>\n",
            "- One\n\n  | **b** [x](https://a.example) |\n  | --- |\n",
        ),
        ("Text.\n</div>\n\n```\n</div>\n```\n", "Text.\n\n```\n</div>\n```\n"),
        ("## One\n\n#### Deep\n", "## One\n\n### Deep\n"),
        ("<script>alert(1)</script>\n\nText.\n", "Text.\n"),
        ("[a](https://www.google.com/url?q=https%3A%2F%2Fb.example%2F)\n", "[a](https://b.example/)\n"),
        (
            "Text.<br/>\n\n<br>\n\n<br/>\n<br/>\nMore<br>\nlines<br><br>still\n<br>\n",
            "Text.\n\nMore\\\nlines\\\n\\\nstill\n",
        ),
        ("> One<br>\n> two<br>\n\n- a<br>\n- b\n", "> One\\\n> two\n\n- a\n- b\n"),
        ("<p>One<br>two<br></p>\n<p><br></p>\n<p>C:\\</p>\n", "One\\\ntwo\n\nC:\\\\\n"),
        ("2<sup>160</sup>, CO<sub>2</sub>, 4<sup>th</sup>, x<sup>k</sup>\n", "2¹⁶⁰, CO₂, 4th, x^k\n"),
        ("a<sup>[1](https://a.example)</sup> `2<sup>3</sup>`\n", "a[1](https://a.example) `2<sup>3</sup>`\n"),
        (
            "[a](#gates) [b][]\n\n## May {#may}\n\n{:#gates}\n- **Gates:** open\n\n{:#fish}\n## Fish\n\nLeap.\n\n[b]: #fish\n",
            "[a](#may) [b][]\n\n## May\n\n- **Gates:** open\n\n## Fish\n\nLeap.\n\n[b]: #fish\n",
        ),
        ("`{% raw %}` stays `{: .x}`\n", "`{% raw %}` stays `{: .x}`\n"),
    ],
)
def test_a_converted_body(tmp_path, written, ours):
    (issue,) = read(grown(tmp_path, {"a.md": f"---\ntitle: T\ndate: 2024-01-31\n---\n{written}"}))[2]
    assert issue.body == ours


def test_text_for_some_readers_stays_restricted(tmp_path):
    text = "Free.\n\n{% if user.member %}\nThe secret.\n{% endif %}\n\n{% if other.thing %}\nFor all.\n{% endif %}\n"
    (issue,) = read(grown(tmp_path, {"_posts/2024-01-31-a.md": f"---\ntitle: T\n---\n{text}"}))[2]
    assert issue.body == "Free.\n\n::: only paid\n\nThe secret.\n\n:::\n\nFor all.\n"
    assert len(notes_of(issue, "changed")) == 2


def test_a_sites_own_tags_that_select_readers_become_parts_for_paying_readers(tmp_path):
    text = "---\ntitle: T\n---\nFree.\n\n{% members %}\nThe secret.\n{% endmembers %}\n\nFor all.\n"
    (issue,) = read(grown(tmp_path / "liquid", {"_posts/2024-01-31-a.md": text}))[2]
    assert issue.body == "Free.\n\n::: only paid\n\nThe secret.\n\n:::\n\nFor all.\n"
    text = text.replace("{% members %}", "{{< members >}}").replace("{% endmembers %}", "{{< /members >}}")
    (issue,) = read(grown(tmp_path / "hugo", {"content/posts/2024-01-31-a.md": text}), "hugo")[2]
    assert issue.body == "Free.\n\n::: only paid\nThe secret.\n:::\n\nFor all.\n"


def test_branches_that_do_not_apply_are_reported(tmp_path):
    text = "{% if page.short %}Short.{% else %}Long and longer.{% endif %}\n"
    (issue,) = read(grown(tmp_path, {"_posts/2024-01-31-a.md": f"---\ntitle: T\nshort: true\n---\n{text}"}))[2]
    assert issue.body == "Short.\n"
    assert len(notes_of(issue, "left out")) == 1


@pytest.mark.parametrize("repeated", ["{% ", "{{ a", "{% {{ ", "{%" + " " * 50])
def test_liquid_that_is_never_closed_is_read_in_linear_time(repeated):
    text = repeated * (200_000 // len(repeated))
    (node,) = parsed_liquid(text)
    assert (node.kind, node.content) == ("text", text)


def test_deeply_nested_liquid_is_read_in_linear_time(tmp_path):
    deep = "{% if a %}" * 3000 + "x" + "{% endif %}" * 2999 + "{% raw %}" * 3000
    (issue,) = read(grown(tmp_path, {"_posts/2024-01-31-a.md": f"---\ntitle: T\n---\n{deep}\n"}))[2]
    assert "x" in issue.body


@settings(max_examples=60)
@given(st.text(alphabet="{}%<>[]()!#-*_`|:\n \"'=abc/.&;", max_size=300))
def test_no_text_raises(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("trees")
    grown(folder, {"a.md": "---\nlayout: post\n---\n" + text, "_posts/2024-01-31-b.md": text})
    for kind in ("jekyll", "hugo"):
        read(folder, kind)


_NEXT = {"_config.yml": "title: X\n", "_posts/2024-02-01-b.md": "B.\n"}


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        ("[here]({{ site.url }}{% post_url 2024-02-01-b %})", "[here](../2024-02-01-b/index.md)"),
        ("[here]({{ site.url }}{{site.baseurl}}{% link _posts/2024-02-01-b.md %})", "[here](../2024-02-01-b/index.md)"),
        ("[**not** here]({% link gone.md %}).", "**not** here<!-- a link to {% link gone.md %} -->."),
        ('[no]({{ site.url }}{% link gone.md %} "T").', 'no<!-- a link to {{ site.url }}{% link gone.md %} "T" -->.'),
        ("[no]({{base}}123)", "no<!-- a link to {{base}}123 -->"),
        ("[a](https://a.example) {{base}} (b)", "[a](https://a.example) {{base}} (b)"),
    ],
)
def test_a_link_whose_liquid_address_is_unknown_becomes_a_comment_and_its_text_stays(tmp_path, body, markdown):
    first = read(grown(tmp_path, {**_NEXT, "_posts/2024-01-01-a.md": f"{body}\n"}))[2][0]
    assert first.body == f"{markdown}\n"
    assert bool(notes_of(first, "kept")) == ("gone" in body or "base}}" in body.replace("baseurl", ""))


def test_the_address_of_a_credit_is_imported(tmp_path):
    shown = (
        "{% include image.html file='a.png' alt='A' caption='A lock' source_link='https://a.example/x' wide=null %}\n"
    )
    files = {**_NEXT, "a.png": png(), "_posts/2024-01-01-a.md": shown}
    assert read(grown(tmp_path / "a", files))[2][0].body == (
        "![A](a.png)\n*A lock. Source: [a.example](https://a.example/x)*\n"
    )
    del files["a.png"]
    assert read(grown(tmp_path / "b", files))[2][0].body == (
        "<!-- A picture is missing here: a.png – A – A lock – https://a.example/x -->\n"
    )


def test_the_address_of_a_hugo_credit_is_imported(tmp_path):
    shown = '{{< figure src="a.png" alt="A" caption="A lock" attr="Jane" attrlink="https://a.example/x" >}}\n'
    files = {
        "hugo.toml": "title = 'X'\n",
        "content/a.png": png(),
        "content/a.md": f"+++\ndate = 2024-01-01\n+++\n{shown}",
    }
    assert read(grown(tmp_path, files))[2][0].body == "![A](a.png)\n*A lock. Photo: [Jane](https://a.example/x)*\n"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("(https://a.example/x)", "https://a.example/x"),
        ("www.a.example/x", "https://www.a.example/x"),
    ],
)
def test_a_plainly_mistyped_address_is_corrected(tmp_path, written, address):
    first = read(grown(tmp_path, {"2024-01-01-a.md": f"[x]({written})\n"}))[2][0]
    assert first.body == f"[x]({address})\n"
    assert notes_of(first, "changed")


def test_the_captions_that_templates_write_keep_their_links(tmp_path):
    shown = (
        "{% include figure.html src='a.png' alt='A' caption='By <a href=\"https://a.example\">Jane</a>, *at noon*' %}\n"
    )
    files = {**_NEXT, "a.png": png(), "_posts/2024-01-01-a.md": shown}
    assert read(grown(tmp_path, files))[2][0].body == "![A](a.png)\n*By [Jane](https://a.example), at noon*\n"


def test_a_hugo_slug_is_made_from_the_title(tmp_path):
    files = {"hugo.toml": 'title = "X"\nbaseURL = "https://x.example/"\n[permalinks]\nposts = "/:year/:slug/"\n', "content/posts/2024-01-01-a.md": "+++\ntitle = 'The lock'\n+++\nA.\n"}  # fmt: skip
    assert read(grown(tmp_path, files))[2][0].former == ("/2024/the-lock/",)


def test_a_shortcode_whose_template_reads_markdown_gives_markdown(tmp_path):
    files = {"hugo.toml": "title = 'X'\n", "layouts/shortcodes/box.html": "<div>{{ .Inner | markdownify }}</div>", "content/2024-01-01-a.md": "{{< box >}}In a **box**.{{< /box >}}\n"}  # fmt: skip
    assert read(grown(tmp_path, files))[2][0].body == "In a **box**.\n"


def test_front_matter_that_may_make_a_draft_is_reported(tmp_path):
    (issue,) = read(grown(tmp_path, {"2024-01-01-a.md": "---\nexpiryDate: 2030-01-01\n---\nA.\n"}))[2]
    assert issue.draft
    assert (
        notes_of(issue, "changed")[0][1]
        == "it is a draft here, because `expiryDate` in the front matter may hold it back"
    )
    (plain,) = read(grown(tmp_path / "b", {"2024-01-01-a.md": "---\ntitle: A\ndraft: true\n---\nA.\n"}))[2]
    assert plain.draft
    assert not plain.notes


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        ("{% for p in collections.posts %}- {{ p.url }}\n{% endfor %}", "<!-- {% for p in collections.posts %}- {{ p.url }} {% endfor %} -->"),
        ('{% image "a.png", "A lock" %}', "![A lock](a.png)"),
        ("{% set a = 'b' %}x{{ a }}", "xb"),
        ("Text.\n\n[TOC]\n\n## A", "Text.\n\n## A"),
        ("* TOC\n{:toc}\n\n## A", "## A"),
    ],
)  # fmt: skip
def test_values_that_generators_fill_in_are_filled_in_or_reported(tmp_path, body, markdown):
    files = {**_NEXT, "_posts/a.png": png(), "_posts/2024-01-01-a.md": f"{body}\n"}
    assert read(grown(tmp_path, files))[2][0].body == f"{markdown}\n"


def test_a_pelican_picture_is_found_by_its_path(tmp_path):
    files = {"pelicanconf.py": "SITENAME='Q'\n", "content/images/x.png": png(), "content/a.md": "Title: A\nDate: 2024-01-01\n\n![x]({static}/images/x.png)\n"}  # fmt: skip
    assert read(grown(tmp_path, files))[2][0].body == "![x](x.png)\n"
