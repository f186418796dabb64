"""Small sites of each generator, in the form of real ones, and a way to import them."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from newsletter.importing.base import ImportedIssue, Skipped
from newsletter.importing.registry import kind_named, kind_of
from newsletter.importing.sources import ImportSource

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.importing.base import Found


def png(width: int = 8, height: int = 8) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + b"\x30\x60\x90" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def grown(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(folder: Path, kind: str = "") -> tuple[str, Found, list[ImportedIssue], list[Skipped]]:
    with ImportSource(folder) as source:
        chosen = kind_named(kind) if kind else kind_of(source)
        found = chosen.read(source)
        everything = list(found.issues)
    issues = [one for one in everything if isinstance(one, ImportedIssue)]
    return chosen.name, found, issues, [one for one in everything if isinstance(one, Skipped)]


JEKYLL: dict[str, str | bytes] = {
    "_config.yml": """\
title: The Lock Keeper
description: About rivers and canals.
url: https://locks.example
baseurl: ""
email: letters@locks.example
lang: en-GB
timezone: Europe/Brussels
author: {name: Maarten Verlaat}
plugins: [jekyll-feed]
permalink: /:year/:month/:title/
""",
    "_includes/sponsor.html": "Sponsored by [{{ include.name }}]({{ site.url }}/sponsor).\n",
    "assets/img/lock.png": png(),
    "assets/rules.pdf": b"%PDF-1.4 rules",
    "_posts/2024-01-31-ports.md": """\
---
layout: post
title: ! 'Ports #14'
date: 2024-01-31 09:00:00 +0100
author: maarten
tags: ports cranes
redirect_from: [/old/ports.html]
sponsor: {name: Cranes Ltd, link: "https://cranes.example"}
---
An opening. {% comment %} for later {% endcomment %}

<!--more-->

{% include sponsor.html name="Cranes" %}

### News

[A story](https://paper.example/story?utm_source=letter) of {{ page.title }}.

![A lock]({{ site.baseurl }}/assets/img/lock.png "The lock at dawn")
Photo: Jane Roe

{% highlight python %}
print("{{ not_liquid_in_our_output }}")
{% endhighlight %}

### Round-up

See [the rules](/assets/rules.pdf), [about](/about/) and [next time]({% post_url 2024-02-29-salmon %}).

{% chart locks %}

{: .note}
Subscribe, {{ first_name | default: "reader" }}!
""",
    "_posts/2024-02-29-salmon.md": """\
---
title: "Salmon #15"
---
# Salmon #15

Before.

### News

![gone](/assets/img/gone.png)
""",
    "_drafts/later.md": "---\ntitle: Later\n---\nNot yet.\n",
    "_posts/2023-12-31-page.html": "<p>Old</p>",
    "about.md": "---\ntitle: About\n---\nUs.\n",
}

HUGO: dict[str, str | bytes] = {
    "hugo.toml": """\
baseURL = "https://tide.example/"
title = "The Tide"
languageCode = "nl"
[params]
description = "Elke maand"
[permalinks]
posts = "/:year/:slug/"
""",
    "content/posts/high-water/index.md": """\
+++
title = "High water"
date = 2024-01-31T08:00:00+01:00
tags = ["water", "dykes"]
aliases = ["/2024/hw.html"]
slug = "high-water-1"
[cover]
image = "dyke.png"
alt = "A dyke"
+++
Opening.

## News

{{< figure src="dyke.png" alt="A dyke" caption="The dyke" attr="Jane Roe" >}}

See {{< ref "low-water.md" >}} or [it]({{< relref "low-water" >}}).

{{< youtube dQw4w9WgXcQ >}}

{{< map lat="1" >}}

{{< badge "new" >}}

{{</* youtube id */>}}
""",
    "content/posts/high-water/dyke.png": png(),
    "content/posts/low-water.md": '{"title": "Low water", "date": "2024-02-29"}\n\nLow.\n',
    "content/posts/soon.md": "---\ntitle: Soon\ndate: 2024-03-31\ndraft: true\n---\nSoon.\n",
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "content/about.md": "---\ntitle: About\ndate: 2020-01-01\n---\nUs.\n",
    "layouts/shortcodes/badge.html": "<b>{{ .Get 0 }}</b>\n",
}

PELICAN: dict[str, str | bytes] = {
    "pelicanconf.py": """\
import os
AUTHOR = 'Joren Dekeyser'
SITENAME = 'Ports'
SITEURL = 'https://ports.example'
TIMEZONE = 'Europe/Brussels'
DEFAULT_LANG = 'en'
os.system('touch /tmp/pelican-was-run')
ARTICLE_URL = '{date:%Y}/{slug}.html'
""",
    "content/one.md": """\
Title: Port one
Date: 2024-01-31 10:20
Category: News
Tags: ports, cranes
Slug: port-one
Authors: Joren Dekeyser, Jane Roe
Summary: A short
    summary.

Text with ![a crane]({static}/images/crane.png) and [two]({filename}two.md).
""",
    "content/two.md": "Title: Port two\nDate: 2024-02-29\nStatus: draft\n\nTwo.\n",
    "content/images/crane.png": png(),
    "content/pages/about.md": "Title: About\n\nUs.\n",
    "content/three.rst": "Three\n=====\n\n:date: 2024-03-01\n",
}

ELEVENTY: dict[str, str | bytes] = {
    "eleventy.config.js": "module.exports = () => {};\n",
    "_data/metadata.json": '{"title": "Ebb", "url": "https://ebb.example/", "language": "de", "author": {"name": "A", "email": "a@ebb.example"}}',
    "posts/2024-01-31-ebb.md": "---\ntitle: Ebb\ntags: [posts]\n---\n## Eins\n\n{{ unknown.thing }} bleibt.\n",
    "about.md": "---\ntitle: About\n---\nUs.\n",
    "README.md": "# Site\n",
}

PLAIN: dict[str, str | bytes] = {
    "README.md": "# My letters\n",
    "issue-1.md": "Welcome.\n\n## News\n\n- [One](https://a.example) by Jane\n",
    "issue-2.md": "Welcome.\n\n## News\n\n- [Two](https://b.example) by Joe\n",
    "2024/2024-01-31-titled.md": "Letter three\n============\n\nText.\n\nPart\n----\n\nMore.\n",
}
