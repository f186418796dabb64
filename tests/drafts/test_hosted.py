"""Pictures on the publication's own site are checked before a draft uses them; those of other sites are not."""

from __future__ import annotations

from urllib.parse import quote

import httpx

from newsletter.drafts.comparing import UNKNOWN, differences
from newsletter.drafts.own_site import AT_MOST, not_on_the_web

SITE = "https://letters.example/"


def test_only_missing_pictures_on_the_own_site_are_reported():
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, str(request.url)))
        name = request.url.path.rpartition("/")[2]
        if name == "slow.png":
            raise httpx.ReadTimeout("timed out")
        kind = "text/html" if name == "page.png" else "image/png"
        return httpx.Response(404 if name == "gone.png" else 200, headers={"content-type": kind})

    names = ("there.png", "gone.png", "page.png", "slow.png", "there.png")
    html = "".join(f'<img src="{SITE}{name}">' for name in names) + '<img src="https://other.example/gone.png">'
    missing = not_on_the_web(html, SITE, transport=httpx.MockTransport(answer))
    assert missing == [f"{SITE}gone.png", f"{SITE}page.png", f"{SITE}slow.png"]
    assert len(asked) == 4
    assert {method for method, _ in asked} == {"HEAD"}


def test_the_number_of_requests_is_limited():
    html = "".join(f'<img src="{SITE}{number}.png">' for number in range(AT_MOST + 50))
    assert len(not_on_the_web(html, SITE, transport=httpx.MockTransport(lambda _: httpx.Response(404)))) == AT_MOST


def test_values_filled_in_by_a_service_are_not_a_difference():
    ours = f'<p>Dear {UNKNOWN}, a ship.</p><a href="https://a.example/">More</a> <a href="{UNKNOWN}">Leave</a>'
    filled = ours.replace(f"Dear {UNKNOWN}", "Dear Demo Subscriber").replace(UNKNOWN, "https://s.example/leave?1")
    assert differences(ours, filled, frame=True) == []
    assert differences(ours, filled) == []
    assert differences(ours, filled.replace("a ship", "a boat"), frame=True) == ["words missing there: “ship.”"]
    counted = filled.replace("https://a.example/", "https://click.example/1")
    assert differences(ours, counted, frame=True) == ["1 links lead elsewhere: “https://a.example/”"]
    behind = f'<a href="https://a.example/?to={quote(UNKNOWN)}">Renew</a>'
    assert differences(behind, '<a href="https://a.example/?to=noor%40b.example">Renew</a>') == []
    gone = filled.replace('<a href="https://a.example/">More</a>', "More")
    assert differences(ours, gone, frame=True) == ["links that are missing there: “https://a.example/”"]


def test_differences_are_described_as_readers_see_them():
    ours = '<p>A ship &amp; a lock. <a href="https://a.example/">More</a></p><img src="a.png"><style>p{}</style>'
    assert differences(ours, ours) == []
    assert differences(ours, ours.replace("<p>", "<div><p class=x>").replace("</p>", "</p></div>")) == []
    assert differences(ours, ours.replace("A ship", "Two ships")) == [
        "words missing there: “A ship”",
        "words that are new there: “Two ships”",
    ]
    assert differences(ours, ours.replace('<img src="a.png">', "")) == ["pictures that are missing there: “a.png”"]
    assert differences(ours, ours.replace("https://a.example/", "https://click.example/1")) == [
        "1 links lead elsewhere: “https://a.example/”"
    ]
    assert differences(ours, f"<h1>Frame</h1>{ours}<p>Unsubscribe</p>", frame=True) == []
    assert differences(ours, "") != []
