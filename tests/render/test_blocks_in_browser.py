"""Blocks in a browser: nothing overflows the screen, pictures open large, films play only after a click."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from newsletter.blocks.sites import film_of, player_of
from newsletter.build.pipeline import build
from tests.judges.workspaces import NOW
from tests.render.rendered import render_all

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.tab import Tab

BODY = """::: gallery All three
ratio: 3:2
![One](wide.png "One.")
![Two](tall.png)
![Three](square.jpg)
:::

::: beside
side: right
width: third
![Four](square.jpg)

Text beside it that goes on for a while, so that it has several lines on a desk.
:::

::: columns
#### Up
- Freight
#### Down
- Coal
#### Same
- Donaudampfschifffahrtselektrizitäten
:::

::: chart Freight
type: line
unit: Mt

| Month | A | B |
| --- | --: | --: |
| January | 1 | 2 |
| February | 3 | 1 |
| March | 2 | 4 |
:::

::: chart Freight
| Port of a very long name indeed | A | B |
| --- | --: | --: |
| Rotterdam and all that belongs to it | 1000000 | 2 |
| Antwerp | -300000 | 1 |
:::

::: chart Freight of a year
unit: Mt

| Port | 2026 |
| --- | --: |
| Rotterdam | 400 |
| Antwerp-Bruges | 200 |
| Hamburg | 100 |
:::

::: chart Huge
unit: tonnes

| Port | 2026 |
| --- | --: |
| Rotterdam | 436,100,000,000,000 |
| Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz | 3.5 |
:::

::: chart Both long
unit: tonnes

| Port | 2025 | 2026 |
| --- | --: | --: |
| Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz | 436,100,000,000,000 | 1 |
:::

::: chart Ships
type: column
unit: ships

| Month | 2026 |
| --- | --: |
| January | 120 |
| February | 130 |
| March | 140 |
| April | 150 |
| May | 160 |
| June | 170 |
| July | 180 |
| August | 190 |
| September | 200 |
| October | 210 |
| November | 220 |
| December | 230 |
:::

::: chart Few
type: column

| Port | 2026 |
| --- | --: |
| Antwerp-Bruges and Zeebrugge | 3 |
| Rindfleischetikettierungsüberwachung | 5 |
| Le Havre | 8 |
:::

::: chart Rivers
type: sparkline

| River | 1 | 2 | 3 |
| --- | --: | --: | --: |
| Rhine at Kaub, measured every morning | 2 | 3 | 1,000,000 |
:::

::: beside
width: half
![Five](wide.png)

```
code that is long enough to run out of half a column
```
:::

[![A film of a phone](tall.png)](https://www.youtube.com/shorts/abcdefghijk)

::: quote-card
The sea has no memory.

— Ada
:::

[![A film](wide.png)](https://www.youtube.com/watch?v=abcdefghijk)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blocks")
    render_all(folder, BODY)
    build(folder, now=NOW, processes=1)
    return folder


@pytest.mark.parametrize("width", [320, 600, 1200])
@pytest.mark.parametrize("file", ["public/tides/index.html", "build/tides/email.html"])
def test_nothing_overflows_the_screen(tab: Tab, root: Path, file: str, width: int):
    page = tab.fresh(width)
    page.route("https://**", lambda route: route.abort())
    page.goto((root / file).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_columns_are_stacked_only_on_a_phone(tab: Tab, root: Path):
    for width, rows in ((320, 3), (700, 1)):
        page = tab.fresh(width)
        page.route("https://**", lambda route: route.abort())
        page.goto((root / "build/tides/email.html").as_uri())
        tops = page.evaluate(
            "[...document.querySelectorAll('.w33')].slice(0, 3).map((one) => Math.round(one.getBoundingClientRect().top))"
        )
        assert len(set(tops)) == rows


PROPORTIONS = """() => [...document.querySelectorAll('.chart')].filter((one) => one.innerText.includes('Freight of a year'))
.flatMap((one) => [...one.querySelectorAll('.bar > i')].map((bar) => bar.getBoundingClientRect().width))"""


@pytest.mark.parametrize("width", [320, 600, 1200])
def test_bars_are_proportional_on_every_screen(tab: Tab, root: Path, width: int):
    page = tab.fresh(width)
    page.goto((root / "public/tides/index.html").as_uri())
    bars = page.evaluate(PROPORTIONS)
    assert [bar / bars[0] for bar in bars] == pytest.approx([1, 0.5, 0.25], abs=0.01)


OVERLAPS = """() => [...document.querySelectorAll('.names, table[style*="table-layout:fixed"] tr')].flatMap((row) => {
  const texts = [...row.children].filter((one) => one.textContent.trim()).map((one) => {
    const range = document.createRange(); range.selectNodeContents(one); return range.getBoundingClientRect() })
  return texts.slice(1).map((one, at) => Math.round(one.left - texts[at].right)).filter((gap) => gap < 0) })"""


@pytest.mark.parametrize("file", ["public/tides/index.html", "build/tides/email.html"])
def test_labels_below_a_chart_do_not_overlap(tab: Tab, root: Path, file: str):
    page = tab.fresh(320)
    page.route("https://**", lambda route: route.abort())
    page.goto((root / file).as_uri())
    assert page.evaluate(OVERLAPS) == []


LINES = """() => [...document.querySelectorAll('td, th')].filter((one) => one.innerText.startsWith('Rhine at Kaub') && !one.querySelector('td'))
.map((one) => { const range = document.createRange(); range.selectNodeContents(one); return range.getClientRects().length })"""


@pytest.mark.parametrize("file", ["public/tides/index.html", "build/tides/email.html"])
def test_a_sparkline_leaves_room_for_its_label(tab: Tab, root: Path, file: str):
    page = tab.fresh(320)
    page.route("https://**", lambda route: route.abort())
    page.goto((root / file).as_uri())
    assert max(page.evaluate(LINES)) <= 6  # the label has six words


def test_bars_are_printed(tab: Tab, root: Path):
    page = tab.fresh(1280, 720)
    page.goto((root / "public/tides/index.html").as_uri())
    page.emulate_media(media="print")
    printed = "(one) => getComputedStyle(document.querySelector(one)).printColorAdjust"
    assert page.evaluate(printed, ".chart .bar > i") == "exact"


@pytest.mark.parametrize("file", ["public/tides/index.html", "build/tides/email.html"])
def test_an_upright_film_does_not_fill_a_desktop_screen(tab: Tab, root: Path, file: str):
    page = tab.fresh(1200)
    page.route("https://**", lambda route: route.abort())
    page.goto((root / file).as_uri())
    film = page.locator('[title*="YouTube"], [alt="A film of a phone"]').first.bounding_box()
    assert film["height"] <= 640
    assert film["height"] > film["width"] * 1.5


def test_a_picture_opens_large_and_closes_again(browser: Browser, root: Path):
    page = browser.new_page(java_script_enabled=False)
    page.goto((root / "public/tides/index.html").as_uri())
    large = page.locator(".large").first
    assert not large.is_visible()
    page.locator(".gallery button").first.click()
    assert large.is_visible()
    page.keyboard.press("Escape")
    assert not large.is_visible()
    page.close()


def test_a_film_loads_nothing_from_elsewhere_before_a_click(browser: Browser, root: Path):
    page = browser.new_page(java_script_enabled=False)
    asked = list[str]()

    def answer(route) -> None:
        asked.append(route.request.url)
        route.abort() if route.request.url.startswith("http") else route.continue_()

    page.route("**/*", answer)
    page.goto((root / "public/tides/index.html").as_uri())
    frame = page.frame_locator("iframe.player").last
    frame.locator("img").wait_for()
    assert [address for address in asked if address.startswith("http")] == []
    with page.expect_event("requestfailed"):
        frame.locator("a").click()
    assert [address for address in asked if address.startswith("http")] == [
        "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"
    ]
    page.close()


def test_no_text_becomes_markup_in_the_frame(tmp_path: Path):
    field = "{{ first_name | <img src=x onerror=alert(1)> }}"
    made = render_all(
        tmp_path, f"::: video [A {field}](https://youtu.be/abcdefghijk)\n![Still {field}](wide.png)\n:::\n"
    )
    document = unescape(made.page.partition('srcdoc="')[2].partition('"')[0])
    assert document.startswith("<!doctype html>")
    assert document.count("&lt;img src=x onerror=alert(1)&gt;") == 3
    assert "<img src=x" not in document


def test_an_email_and_a_feed_have_a_linked_picture(tmp_path: Path):
    made = render_all(tmp_path, BODY)
    assert "iframe" not in made.email + made.feed
    assert made.page.count("<iframe") == 2
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in made.email


@pytest.mark.parametrize(("href", "player"), [
    ("https://youtu.be/abcdefghijk?t=3", "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"),
    ("https://www.youtube.com/watch?app=1&v=abcdefghijk", "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"),
    ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1"),
    ("https://videos.example/w/4KnEUFFHVpTNY9Cdtmcdze", "https://videos.example/videos/embed/4KnEUFFHVpTNY9Cdtmcdze?autoplay=1&p2p=0"),
    ("https://www.tiktok.com/@jane.roe/video/7106594312292453675", ""),
    ("https://notyoutube.com/watch?v=abcdefghijk", ""),
    ("https://youtube.com.evil.example/watch?v=abcdefghijk", ""),
])  # fmt: skip
def test_each_site_has_its_own_player(href: str, player: str):
    assert player_of(href) == player
    # An imported player becomes a link to the film.
    assert not player or player_of(film_of(player)) == player


@pytest.mark.parametrize(("player", "film"), [
    ("https://www.dailymotion.com/embed/video/x8abc", "https://www.dailymotion.com/video/x8abc"),
    ("https://geo.dailymotion.com/player.html?video=x8abc", "https://www.dailymotion.com/video/x8abc"),
    ("https://open.spotify.com/embed/episode/7abc?utm=1", "https://open.spotify.com/episode/7abc"),
    ("https://www.youtube.com/embed/videoseries?list=PL1", "https://www.youtube.com/playlist?list=PL1"),
    ("https://evil.example/?www.youtube.com/embed/abcdefghijk", ""),
    ("https://notyoutube.com/embed/abcdefghijk", ""),
])  # fmt: skip
def test_a_player_in_a_frame_becomes_a_link_to_the_film(player: str, film: str):
    assert film_of(player) == film
