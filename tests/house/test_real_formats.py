"""House formats like those of six real newsletters, each with issues written for this test.

An issue is checked as `newsletter check` does, from a workspace, with all rules.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsletter.commands.check import check_issues
from newsletter.config.workspace import issue_files
from newsletter.house.load import load_house

FORMATS = Path(__file__).parent / "formats"
KINDS = sorted(folder.name for folder in FORMATS.iterdir())


@pytest.fixture
def check(tmp_path):
    """The findings in issues by their names, as (code, line)."""

    def run(kind: str, language: str = "en", **letters: str) -> dict[str, list[tuple[str, int]]]:
        shutil.copytree(FORMATS, tmp_path / "templates", dirs_exist_ok=True)
        (tmp_path / "issues").mkdir(exist_ok=True)
        (tmp_path / "newsletter.yaml").write_text(
            "title: Letters\nurl: https://letters.example/\nsender: {name: Letters, email: post@letters.example}\n"
            f"kind: {kind}\nlanguage: {language}\n",
            encoding="utf-8",
        )
        for name, text in letters.items():
            (tmp_path / "issues" / f"{name.replace('_', '-')}.md").write_text(text, encoding="utf-8")
        # These documents test house formats; other tests check their emails.
        found = check_issues(tmp_path, issue_files(tmp_path), ignore=["EM"]).diagnostics
        return {
            name: [(one.code, one.span.line) for one in found if one.path == f"issues/{name.replace('_', '-')}.md"]
            for name in letters
        }

    return run


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_has_no_faults(kind):
    assert load_house(kind, (FORMATS,), FORMATS)[1] == ()


# ── A digest without front matter, in eras ──────────────────────────────────────────────────────────────────────────

DIGEST = """\
Welcome to another issue of Haskell Weekly!
[Haskell](https://www.haskell.org) is a safe, purely functional programming language with a fast, concurrent runtime.
This is a weekly summary of what's going on in its community.

## Featured

- [A parser in ten lines](https://letters.example/parser) by Ada Byron
  > It reads what it is given.

- [What types are for](https://letters.example/types) by Alan Kay
  > They say what may be.

- [A year of laziness](https://letters.example/lazy) by Grace Hopper
  > We waited, and it was worth it.

## Jobs

Nobody is hiring this week. Write to us if you are!

## In brief

- [A compiler is released](https://letters.example/compiler)

## Call for participation

- [parsers: read dates](https://letters.example/dates)
"""


def test_haskellweekly_is_checked_by_its_format(check):
    found = check(
        "haskellweekly",
        issue_300=DIGEST,
        issue_301=DIGEST.replace(" by Alan Kay", "").replace("Hopper", "Hoper"),
        issue_302=DIGEST.replace("## Featured", "## Fetured").replace("## Jobs\n\nNobody", "Nobody"),
        issue_110=DIGEST.replace(" by Alan Kay", "").replace("[Haskell](https://www.haskell.org)", "Haskell"),
        issue_20="- [A parser](https://letters.example/old)\n  > It reads.\n",
    )
    kept = {name: [one for one in findings if one[0][:2] != "HS"] for name, findings in found.items()}
    assert kept["issue_300"] == []
    assert kept["issue_301"] == [("ST115", 10)]
    assert kept["issue_302"] == [("ST124", 5), ("ST101", 22)]
    assert kept["issue_110"] == [], "authors and the whole greeting came later"
    assert kept["issue_20"] == [], "at first there were no sections"


# ── A brief with sections of level 3 and its number in the title ────────────────────────────────────────────────────

BRIEF = """\
---
layout: post
title: ! 'Issue #150'
author: ada
sponsor:
    link: https://letters.example/ad
    displaylink: letters.example
    heading: Ropes that hold
    body: Made by hand since 1820.
---

Two weeks have passed, and much was written.

<!--excerpt-->

### Starter tasks

- Write the manual of the [anchor](https://letters.example/anchor).

### News and community

A [new release](https://letters.example/release) is out.

### Commits and pull requests

The [engine](https://letters.example/engine) starts faster now.

### Proposals in review

The [second anchor](https://letters.example/second) is in review.

### Swift Forums

Somebody asks [for a third](https://letters.example/third).

### Finally

An anchor walks into a bar.
"""


def test_swiftweekly_is_checked_by_its_format(check):
    found = check(
        "swiftweekly",
        **{
            "2019-12-19-issue-150": BRIEF,
            "2019-12-26-issue-151": BRIEF.replace("### Swift Forums", "## Swift Forums").replace("#150", "#151"),
            "2020-01-02-issue-152": BRIEF.replace("<!--excerpt-->\n\n", "").replace("#150", "#151"),
            "2016-01-14-issue-5": BRIEF.replace("#150", "#5"),
        },
    )
    kept = {name: [one for one in findings if one[0][:2] != "HS"] for name, findings in found.items()}
    assert kept["2019-12-19-issue-150"] == []
    assert kept["2019-12-26-issue-151"] == [("ST133", 32)]
    assert kept["2020-01-02-issue-152"] == [("FM107", 3), ("ST138", 36)]
    assert kept["2016-01-14-issue-5"] == [
        ("FM102", 5),
        ("ST102", 28),
        ("ST102", 32),
    ], "sponsors and four sections came later, and two sections are free"


# ── A report whose title, slug and file name have one date, which is not that of the issue ──────────────────────────

REPORT = """\
---
layout: post
title: Week Ending May 5, 2024
date: 2024-05-07 22:00:00 -0000
slug: 2024-05-05-update
---

## Developer News

The [steering group](https://letters.example/steering) met.

## Release Schedule

**Next Deadline: docs freeze, May 20th**

The release is near.

## Other Merges

* Anchors [hold longer](https://letters.example/hold)
* Sails [are white](https://letters.example/white)

## Promotions

* [Second anchor](https://letters.example/second) to beta

## Subprojects and Dependency Updates

The [rope](https://letters.example/rope) is at version 2.
"""


def test_lwkd_is_checked_by_its_format(check):
    bad = REPORT.replace("May 5, 2024", "May 12, 2023").replace("2024-05-05-update", "2024-05-13-update")
    found = check(
        "lwkd",
        **{
            "2024-05-05-update": REPORT,
            "2024-05-12-update": bad.replace("**Next Deadline:", "**Deadline:").replace("/white)", "/white)."),
            "2024-05-19-update": REPORT.replace("05-05", "05-19").replace("May 5", "May 19").replace("## R", "# R"),
        },
    )
    kept = {name: [one for one in findings if one[0][:2] != "HS"] for name, findings in found.items()}
    assert kept["2024-05-05-update"] == []
    assert kept["2024-05-12-update"] == [("FM107", 3), ("FM107", 5), ("ST138", 12), ("ST136", 21)]
    assert kept["2024-05-19-update"] == [("ST133", 12)]


# ── Issues in volumes ──────────────────────────────────────────────────────────────────────────────────────────────

VOLUME = """\
---
layout: post
title: "Issue 7: Who fixes the nets?"
category: Volume 2
image:
    file: header.png
    alt: A net on a quay
    caption: A net on a quay
    half_width: false
preview: "Three people tell who fixes the nets of a harbour"
---

The nets are torn, and nobody is paid to fix them.

<!--excerpt-->

{% include post_image.html %}

## The Worker’s Perspective

I fix nets, at night.

## In The News

- [The harbour closes](https://letters.example/closes)

## In History

The strike of the net makers.

## In Song

### [The sea](https://letters.example/sea)
"""


def test_techworkers_is_checked_by_its_format(check):
    old = VOLUME.replace("## In History", "### History's Highlight").replace("## In Song", "### Song of the week")
    old = old.replace("## The Worker’s", "### Worker's").replace(
        "## In The News", "### Upcoming Events\n\nA walk.\n\n### News"
    )
    old = (
        old.replace("### [The sea]", "#### [The sea]")
        .replace("### History", "### History")
        .replace("Volume 2", "Volume 1")
    )
    found = check(
        "techworkers",
        **{
            "2020-07-24-issue-7": VOLUME,
            "2018-07-06-issue-7": old,
            "2020-08-07-issue-8": VOLUME.replace("Volume 2", "Vol. 2").replace("<!--excerpt-->\n", ""),
        },
    )
    # ST166: its author box is an include of Jekyll, which stays text here.
    kept = {
        name: [one for one in findings if one[0][:2] != "HS" and one[0] != "ST166"] for name, findings in found.items()
    }
    assert kept["2020-07-24-issue-7"] == []
    assert kept["2018-07-06-issue-7"] == []
    assert kept["2020-08-07-issue-8"] == [("FM107", 3), ("FM105", 4), ("ST138", 32)]


# ── A newsletter in two languages, with the review of a year ──────────────────────────────────────────────────────────

MONTHS = "January February March April May June July August September October November December".split()

TECHNICAL = """\
---
title: 'Bitcoin Optech Newsletter #300'
permalink: /en/newsletters/2024/05/01/
name: 2024-05-01-newsletter
slug: 2024-05-01-newsletter
type: newsletter
layout: newsletter
lang: en
---
This week's newsletter tells of a new anchor, and of ropes that are stronger than they look. Also included
are the sections that come each week, with releases and notable changes.

## News

- **A new anchor:** it [was shown](https://letters.example/anchor) last week.

## Changes to services and client software

- **A rope of two parts:** a rope can be cut and [tied](https://letters.example/tied) again.

## Releases and release candidates

- [Anchor 2.0](https://github.com/letters/anchor/releases/2) is a release of the anchor.

## Notable code and documentation changes

- [Anchor #41](https://github.com/letters/anchor/41) makes the anchor heavier.
"""


def test_optech_in_english_is_checked_by_its_format(check):
    review = TECHNICAL[: TECHNICAL.index("## News")].replace("#300", "#301: 2024 Year-in-Review Special")
    review = review.replace("2024/05/01", "2024/12/20").replace("2024-05-01", "2024-12-20")
    review = review.replace("lang: en\n", "lang: en\nexcerpt: The year of the anchor.\n")
    parts = ["Contents", *MONTHS[:3], "Summary 2024: Anchors", *MONTHS[3:]]
    review += "\n\n".join(f"## {part}\n\nWhat there was to tell of {part}." for part in parts) + "\n"
    next_week = TECHNICAL.replace("05/01", "05/08").replace("05-01", "05-08").replace("#300", "#301")
    found = check(
        "optech-en",
        **{
            "en-2024-05-01-newsletter": TECHNICAL,
            "en-2024-12-20-newsletter": review,
            "en-2024-05-08-newsletter": next_week.replace("**A rope of two parts:** a", "A"),
            "en-2024-12-27-newsletter": review.replace("## March", "## Mars").replace("12-20", "12-27"),
        },
    )
    kept = {name: [one for one in findings if one[0][:2] not in ("HS", "LK")] for name, findings in found.items()}
    assert kept["en-2024-05-01-newsletter"] == []
    assert kept["en-2024-12-20-newsletter"] == []
    assert kept["en-2024-05-08-newsletter"] == [("ST139", 19)]
    assert kept["en-2024-12-27-newsletter"] == [("ST102", 26), ("ST101", 34)]


def test_the_japanese_optech_format_extends_the_english_one(check):
    letter = """\
---
title: 'Bitcoin Optech Newsletter #317'
permalink: /ja/newsletters/2024/08/23/
name: 2024-08-23-newsletter-ja
slug: 2024-08-23-newsletter-ja
type: newsletter
layout: newsletter
lang: ja
---
今週のニュースレターでは、新しい錨と、見た目よりも強いロープについて掲載しています。また、毎週の恒例のセクションも含まれています。

## ニュース

- **<!--anchor-->新しい錨:** 先週[公開されました](https://letters.example/anchor)。

## リリースとリリース候補

- [錨 2.0](https://github.com/letters/anchor/releases/2)は、錨のリリースです。

## 注目すべきコードとドキュメントの変更

- [錨 #41](https://github.com/letters/anchor/41)は、錨を重くします。
"""
    next_week = letter.replace("08/23", "08/30").replace("08-23", "08-30").replace("#317", "#318")
    found = check(
        "optech-ja",
        "ja",
        **{"ja-2024-08-23-newsletter": letter, "ja-2024-08-30-newsletter": next_week.replace("## ニュース", "## News")},
    )
    kept = {name: [one for one in findings if one[0][:2] not in ("HS", "LK")] for name, findings in found.items()}
    assert kept["ja-2024-08-23-newsletter"] == []
    assert kept["ja-2024-08-30-newsletter"] == [("ST101", 16)], "the English heading is that of a free section"
