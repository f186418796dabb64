"""One contract over every service that drafts are pushed to: made once, brought up to date, never sent, never told untruly."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from newsletter.config.publication import SERVICE_KEYS
from newsletter.credentials import Secret
from newsletter.drafts import APIS, api_named
from newsletter.drafts.base import Draft, DraftPicture, NoDraftError
from newsletter.drafts.client import Client, UnknownOutcomeError
from newsletter.drafts.pushing import CREATED, PICTURE, UNCHANGED, UPDATED, PushedBefore, push
from newsletter.errors import UsageError, WorldError
from tests.drafts.fakes import FAKES, FakeService, fake

NAMES = [api.service for api in APIS]
FINDING = [api.service for api in APIS if api.find]
UPDATING = [name for name in NAMES if name not in {"beehiiv", "campaign-monitor"}]
CAMPAIGNS = [api.service for api in APIS if api.keeps != "template"]
PNG = b"\x89PNG\r\n\x1a\n"
LOCK = DraftPicture("lock.png", "image/png", PNG, "d1")


def draft(name: str, **more: object) -> Draft:
    settings = FAKES[name][3]
    base = Draft(
        key="k1234567890abcdef",
        name="Ships that climb",
        title="Ships that climb",
        subject="Ships that climb, and a lock",
        preheader="About locks.",
        html='<p>A ship. <a href="https://a.example/?a=1&amp;b=2">More</a></p>',
        text="A ship.",
        sender_name="The Lock Keeper",
        sender_email="letters@letters.example",
        slug="ships-that-climb",
        summary="About locks.",
        page_url="https://letters.example/ships-that-climb/",
        number=7,
        html_url="https://letters.example/for-services/k-1.html" if api_named(name).fetches else "",
        text_url="https://letters.example/for-services/k-1.txt" if api_named(name).fetches else "",
        settings=settings,
    )
    return replace(base, **more)


class Desk:
    """Who pushes: what they remember, and how long they waited."""

    def __init__(self, name: str, service: FakeService | None = None) -> None:
        self.name = name
        self.service = service or fake(name)
        self.memory = PushedBefore()
        self.waited: list[float] = []
        self.calls: list[str] = []

    def push(self, wanted: Draft | None = None, *, pictures=(), force: bool = False, dry: bool = False):
        api, secret = api_named(self.name), Secret(FAKES[self.name][2])
        wanted = wanted or draft(self.name)

        def remember(memory: PushedBefore) -> None:
            self.memory = memory

        address, headers = api.address(wanted.settings, secret), api.headers(wanted.settings, secret)
        with Client(
            api.title,
            address,
            headers,
            secret,
            auth=api.auth(wanted.settings, secret) if api.auth else None,
            dry=dry,
            transport=self.service.transport,
            pause=self.waited.append,
        ) as client:
            self.calls = client.calls
            return push(api, client, wanted, pictures, self.memory, remember, force=force)


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_becomes_a_draft_and_stays_the_one(name):
    desk = Desk(name)
    first = desk.push()
    assert first.what == CREATED
    assert first.remote.is_draft
    assert desk.service.created() == 1
    asked = len(desk.service.asked)
    again = desk.push()
    assert again.what == UNCHANGED
    assert all(method == "GET" or "search" in path for method, path, _ in desk.service.asked[asked:])
    assert desk.service.created() == 1


@pytest.mark.parametrize("name", UPDATING)
def test_a_changed_letter_updates_the_same_draft(name):
    desk = Desk(name)
    made = desk.push()
    changed = draft(name, html="<p>Two ships.</p>", subject="Two ships")
    done = desk.push(changed)
    assert (done.what, done.remote.id) == (UPDATED, made.remote.id)
    assert desk.service.created() == 1
    if done.remote.html:
        assert "Two ships." in done.remote.html
    assert done.remote.subject in {"Two ships", ""}
    assert desk.push(changed).what == UNCHANGED


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UPDATING])
def test_what_cannot_be_changed_there_is_said(name):
    desk = Desk(name)
    desk.push()
    with pytest.raises(UsageError, match="cannot change a"):
        desk.push(draft(name, html="<p>Two ships.</p>"))
    assert desk.service.created() == 1


def _edit(desk: Desk) -> None:
    """Somebody edits the draft over there, in whatever field holds its HTML."""
    (thing,) = desk.service.things.values()
    for store in (
        thing,
        *desk.service.templates.values(),
        *(thing.get("emails") or ()),
        thing.get("email_config") or {},
        thing.get("version") or {},
        thing.get("TemplateContent") or {},
    ):
        for key in (
            "body",
            "html",
            "content",
            "htmlContent",
            "html_content",
            "HtmlBody",
            "html_body",
            "template",
            "Html",
        ):
            if key in store:
                store[key] = "<p>A ship, edited.</p>"
    if "updated_at" in thing:
        thing["updated_at"] = "99"


@pytest.mark.parametrize("name", UPDATING)
def test_a_draft_that_was_edited_there_is_not_overwritten(name):
    desk = Desk(name)
    desk.push()
    _edit(desk)
    with pytest.raises(UsageError, match="was edited at") as refused:
        desk.push(draft(name, html="<p>Two ships.</p>"))
    assert "edited." in str(refused.value)
    with pytest.raises(UsageError, match="was edited at"):
        desk.push()
    done = desk.push(draft(name, html="<p>Two ships.</p>"), force=True)
    assert done.what == UPDATED
    assert "Two ships." in done.remote.html


def _now(thing: dict, state: str) -> None:
    """A thing there in another state, in the service's own way to say it."""
    thing["status"] = state
    if "sent_at" in thing:
        thing["sent_at"] = "2026-11-29T08:00:00Z"


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_what_is_no_draft_any_more_is_left_alone(name):
    desk = Desk(name)
    desk.push()
    (thing,) = desk.service.things.values()
    _now(thing, "sent")
    with pytest.raises(NoDraftError, match="no longer a draft: its state is “sent”"):
        desk.push(draft(name, html="<p>Two ships.</p>"), force=True)


@pytest.mark.parametrize("name", [api.service for api in APIS if api.rendered])
def test_a_key_that_may_not_see_the_rendering_makes_the_draft_all_the_same(name):
    desk = Desk(name)
    answer = desk.service.answer

    def shut(service, method, path, payload, query):
        looks = any(word in path for word in ("render", "preview", "validate"))
        return 403 if looks else answer(service, method, path, payload, query)

    desk.service.answer = shut
    assert desk.push().what == CREATED
    assert desk.push().what == UNCHANGED


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_service_that_makes_something_else_is_an_alarm(name):
    desk = Desk(name)
    answer = desk.service.answer

    def eager(service, method, path, payload, query):
        found = answer(service, method, path, payload, query)
        for thing in service.things.values():
            _now(thing, "sent")
        return found

    desk.service.answer = eager
    with pytest.raises(NoDraftError, match=r"ALARM: .* “sent”") as alarm:
        desk.push()
    assert alarm.value.exit_code == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_that_was_deleted_there_is_made_anew(name):
    desk = Desk(name)
    desk.push()
    desk.service.things.clear()
    assert desk.push().what == CREATED
    assert desk.service.created() == 1


@pytest.mark.parametrize("name", FINDING)
def test_without_a_record_the_draft_is_found_and_not_made_twice(name):
    desk = Desk(name)
    desk.push()
    desk.memory = PushedBefore()
    if name not in UPDATING:
        with pytest.raises(UsageError):
            desk.push(draft(name, html="<p>Two ships.</p>"))
    else:
        assert desk.push(draft(name, html="<p>Two ships.</p>")).what == UPDATED
    assert desk.service.created() == 1


# ── When the network or the service fails ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "lost", [httpx.ReadTimeout("timed out"), httpx.ReadError("reset"), httpx.RemoteProtocolError("closed")], ids=repr
)
def test_an_answer_that_is_lost_makes_nothing_twice(name, lost):
    desk = Desk(name)
    desk.service.after.append(lost)
    with suppress(UnknownOutcomeError):
        assert desk.push().remote.is_draft
    assert desk.service.created() == 1
    desk.push()
    assert desk.service.created() == 1


@pytest.mark.parametrize("name", UPDATING)
def test_an_update_whose_answer_is_lost_is_known_to_be_done(name):
    desk = Desk(name)
    desk.push()
    answer, lost = desk.service.answer, []

    def once(service, method, path, payload, query):
        found = answer(service, method, path, payload, query)
        if method in {"PUT", "PATCH"} and not lost:
            lost.append(path)
            raise httpx.ReadTimeout("timed out")
        return found

    desk.service.answer = once
    changed = draft(name, html="<p>Two ships.</p>", subject="Two ships")
    assert desk.push(changed).what == UPDATED
    assert lost
    assert desk.push(changed).what == UNCHANGED


@pytest.mark.parametrize("name", NAMES)
def test_a_service_that_is_busy_is_waited_for(name):
    desk = Desk(name)
    busy = lambda _request: httpx.Response(429, headers={"Retry-After": "7"})  # noqa: E731
    desk.service.trouble = [busy, busy]
    assert desk.push().what == CREATED
    assert desk.waited == [7.0, 7.0]
    assert desk.service.created() == 1


@pytest.mark.parametrize("name", NAMES)
def test_one_that_asks_for_too_long_or_for_ever_is_told(name):
    desk = Desk(name)
    desk.service.trouble = [lambda _request: httpx.Response(429, headers={"Retry-After": "3600"})]
    with pytest.raises(WorldError, match="wait 3,600 seconds"):
        desk.push()
    desk.service.trouble = [lambda _request: httpx.Response(429, json={"detail": "Slow down"})] * 10
    with pytest.raises(WorldError, match="429: Slow down"):
        desk.push()
    assert desk.service.created() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_has_the_services_own_words_and_no_key(name):
    desk = Desk(name)
    key = FAKES[name][2]
    desk.service.trouble = [lambda _request: httpx.Response(401, json={"error": {"message": f"Bad key\n{key}"}})]
    with pytest.raises(WorldError, match=r"401: .*Bad key") as refused:
        desk.push()
    assert key not in f"{refused.value}{refused.value.hint}"
    assert "newsletter login" in refused.value.hint


@pytest.mark.parametrize("name", NAMES)
def test_nobody_there_is_told_and_tried_again(name):
    desk = Desk(name)

    def refused(_request):
        raise httpx.ConnectError("connection refused")

    desk.service.trouble = [refused] * 20
    with pytest.raises(WorldError, match="cannot be reached: connection refused"):
        desk.push()
    assert len(desk.waited) == 3
    assert desk.service.created() == 0
    desk.service.trouble = [refused]
    assert desk.push().what == CREATED


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_key_follows_a_redirect(status):
    desk = Desk("resend")
    desk.service.trouble = [lambda _request: httpx.Response(status, headers={"Location": "https://evil.example/"})]
    with pytest.raises(WorldError, match=str(status)):
        desk.push()


def test_an_answer_without_end_is_cut():
    desk = Desk("resend")
    desk.service.trouble = [lambda _request: httpx.Response(200, content=b"x" * 30_000_000)]
    with pytest.raises(WorldError, match="more than 20,000,000 bytes"):
        desk.push()


@pytest.mark.parametrize("content", [b"<html>Hello</html>", b"", b"[" * 100_000, b"\xff\xfe"])
def test_an_answer_that_is_no_json_is_no_success(content):
    desk = Desk("resend")
    listed = lambda _request: httpx.Response(200, json={"data": []})  # noqa: E731
    desk.service.trouble = [listed, lambda _request: httpx.Response(200, content=content)]
    with pytest.raises(UnknownOutcomeError, match=r"unknown format|not JSON"):
        desk.push()


# ── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTING = [api.service for api in APIS if api.upload]


@pytest.mark.parametrize("name", HOSTING)
def test_a_picture_is_uploaded_once_and_shown_from_there(name):
    desk = Desk(name)
    shown = f'<p><img src="{PICTURE}lock.png"> and <img src="{PICTURE}lock.png"></p>'
    done = desk.push(draft(name, html=shown), pictures=[LOCK])
    assert PICTURE not in json.dumps(list(desk.service.things.values())) + json.dumps(
        list(desk.service.templates.values())
    )
    assert done.remote.html.count("https://images.example/lock.png") == 2
    uploads = [
        path for method, path, payload in desk.service.asked if "image" in path or "media" in path or "file" in path
    ]
    assert len(uploads) == 1
    desk.push(draft(name, html=shown + "<p>More.</p>"), pictures=[LOCK])
    uploads = [
        path for method, path, payload in desk.service.asked if "image" in path or "media" in path or "file" in path
    ]
    assert len(uploads) == 1


@pytest.mark.parametrize("name", HOSTING)
def test_a_push_that_failed_half_way_uploads_only_the_rest(name):
    desk = Desk(name)
    second = DraftPicture("ship.png", "image/png", PNG + b"2", "d2")
    shown = f'<img src="{PICTURE}lock.png"><img src="{PICTURE}ship.png">'
    uploaded = []
    answer = desk.service.answer

    def failing(service, method, path, payload, query):
        if "image" in path or "media" in path or "file" in path:
            uploaded.append(path)
            if len(uploaded) == 2:
                return 400
        return answer(service, method, path, payload, query)

    desk.service.answer = failing
    with pytest.raises(WorldError, match="400"):
        desk.push(draft(name, html=shown), pictures=[LOCK, second])
    assert desk.service.created() == 0
    assert list(desk.memory.pictures) == ["d1"]
    assert desk.push(draft(name, html=shown), pictures=[LOCK, second]).what == CREATED
    assert len(uploaded) == 3


@pytest.mark.parametrize("name", [name for name in HOSTING if name != "ghost"])
def test_a_picture_that_the_service_refuses_is_told_before_anything_is_asked(name):
    desk = Desk(name)
    drawing = DraftPicture("map.svg", "image/svg+xml", b"<svg/>", "d3")
    with pytest.raises(UsageError, match=r"does not accept this kind of picture: map\.svg"):
        desk.push(pictures=[LOCK, drawing])
    assert desk.service.asked == []


@pytest.mark.parametrize("name", HOSTING)
def test_a_picture_that_is_there_is_no_edit(name):
    desk = Desk(name)
    shown = f'<p>A ship. <img src="{PICTURE}lock.png"></p>'
    desk.push(draft(name, html=shown), pictures=[LOCK])
    _edit(desk)
    with pytest.raises(UsageError, match="was edited at") as refused:
        desk.push(draft(name, html=shown), pictures=[LOCK])
    assert PICTURE not in str(refused.value)


# ── What is asked of it ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_a_dry_run_asks_nothing_and_shows_no_key(name):
    desk = Desk(name)
    pictures = [LOCK] if api_named(name).upload else []
    desk.push(dry=True, pictures=pictures)
    assert desk.service.asked == []
    assert desk.memory == PushedBefore()
    assert any(call.startswith("POST ") for call in desk.calls)
    key = FAKES[name][2]
    assert key not in "\n".join(desk.calls)
    for part in key.split(":"):
        assert part not in "\n".join(desk.calls)
    desk.push()
    asked = {(method, path) for method, path, _ in desk.service.asked if method != "GET"}
    planned = {
        (line.split(" ")[0], line.split(" ")[1].split("?")[0]) for line in desk.calls if not line.startswith("GET")
    }
    assert {(method, desk.service.address + path) for method, path in asked} <= planned


@pytest.mark.parametrize("name", ["buttondown", "beehiiv"])
def test_where_the_default_sends_every_payload_says_draft(name):
    desk = Desk(name)
    desk.push()
    if name == "buttondown":
        desk.push(draft(name, html="<p>Two.</p>"))
    written = [payload for method, _, payload in desk.service.asked if method in {"POST", "PATCH", "PUT"}]
    assert written
    assert all(payload["status"] == "draft" for payload in written)


@pytest.mark.parametrize("name", NAMES)
def test_no_payload_has_a_time_to_send_at(name):
    desk = Desk(name)
    desk.push()
    text = json.dumps([payload for _, _, payload in desk.service.asked if isinstance(payload, dict)])
    assert not any(
        word in text
        for word in ('"scheduledAt"', '"scheduled_at"', '"publish_date"', '"sendAtBestTime"', "send_strategy")
    )
    assert '"send_at": null' in text or '"send_at"' not in text
    assert '"send": false' in text or '"send"' not in text


def test_kit_is_never_given_everybody_by_silence():
    api = api_named("kit")
    assert api.needs({})
    assert api.needs({"tags": []})
    assert not api.needs({"tags": ["1"]})
    assert not api.needs({"segments": "2"})
    assert not api.needs({"everyone": True})


@pytest.mark.parametrize("name", NAMES)
def test_each_service_has_its_keys_and_says_how_its_key_is_limited(name):
    api = api_named(name)
    assert name in SERVICE_KEYS
    assert set(FAKES[name][3]) <= {key.name for key in SERVICE_KEYS[name]}
    assert api.lock
    assert not api.needs(FAKES[name][3])


def test_nothing_is_sent_in_the_clear_but_to_this_machine():
    for address in ("http://lists.example", "ftp://lists.example", "lists.example", "http://127.0.0.1.evil.example"):
        with pytest.raises(UsageError, match="without encryption"):
            Client("listmonk", address, {}, Secret("abcdef"))
    Client("listmonk", "http://localhost:9000", {}, Secret("abcdef"))


def test_a_service_without_an_api_says_what_to_do():
    with pytest.raises(UsageError, match="substack has no API for drafts") as error:
        api_named("substack")
    assert "newsletter export ISSUE --for substack" in error.value.hint
