"""The contract of every service with drafts: created once, updated, never sent, and reported truthfully."""

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


class Pusher:
    """Pushes drafts, with the stored record and the recorded waiting times."""

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
def test_an_issue_becomes_one_draft(name):
    pusher = Pusher(name)
    first = pusher.push()
    assert first.what == CREATED
    assert first.remote.is_draft
    assert pusher.service.created() == 1
    asked = len(pusher.service.asked)
    again = pusher.push()
    assert again.what == UNCHANGED
    assert all(method == "GET" or "search" in path for method, path, _ in pusher.service.asked[asked:])
    assert pusher.service.created() == 1


@pytest.mark.parametrize("name", UPDATING)
def test_a_changed_issue_updates_the_same_draft(name):
    pusher = Pusher(name)
    made = pusher.push()
    changed = draft(name, html="<p>Two ships.</p>", subject="Two ships")
    done = pusher.push(changed)
    assert (done.what, done.remote.id) == (UPDATED, made.remote.id)
    assert pusher.service.created() == 1
    if done.remote.html:
        assert "Two ships." in done.remote.html
    assert done.remote.subject in {"Two ships", ""}
    assert pusher.push(changed).what == UNCHANGED


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UPDATING])
def test_parts_that_cannot_be_updated_are_reported(name):
    pusher = Pusher(name)
    pusher.push()
    with pytest.raises(UsageError, match="cannot change a"):
        pusher.push(draft(name, html="<p>Two ships.</p>"))
    assert pusher.service.created() == 1


def _edit(pusher: Pusher) -> None:
    """Edits the draft at the service, in the field with its HTML."""
    (thing,) = pusher.service.things.values()
    for store in (
        thing,
        *pusher.service.templates.values(),
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
def test_a_draft_edited_at_the_service_is_not_overwritten(name):
    pusher = Pusher(name)
    pusher.push()
    _edit(pusher)
    with pytest.raises(UsageError, match="was edited at") as refused:
        pusher.push(draft(name, html="<p>Two ships.</p>"))
    assert "edited." in str(refused.value)
    with pytest.raises(UsageError, match="was edited at"):
        pusher.push()
    done = pusher.push(draft(name, html="<p>Two ships.</p>"), force=True)
    assert done.what == UPDATED
    assert "Two ships." in done.remote.html


def _now(thing: dict, state: str) -> None:
    """The object at the service in another state, in the service's notation."""
    thing["status"] = state
    if "sent_at" in thing:
        thing["sent_at"] = "2026-11-29T08:00:00Z"


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_sent_or_scheduled_draft_is_not_changed(name):
    pusher = Pusher(name)
    pusher.push()
    (thing,) = pusher.service.things.values()
    _now(thing, "sent")
    with pytest.raises(NoDraftError, match="no longer a draft: its state is “sent”"):
        pusher.push(draft(name, html="<p>Two ships.</p>"), force=True)


@pytest.mark.parametrize("name", [api.service for api in APIS if api.rendered])
def test_a_key_without_access_to_the_rendering_can_create_the_draft(name):
    pusher = Pusher(name)
    answer = pusher.service.answer

    def forbid(service, method, path, payload, query):
        looks = any(word in path for word in ("render", "preview", "validate"))
        return 403 if looks else answer(service, method, path, payload, query)

    pusher.service.answer = forbid
    assert pusher.push().what == CREATED
    assert pusher.push().what == UNCHANGED


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_an_object_that_is_not_a_draft_is_an_error(name):
    pusher = Pusher(name)
    answer = pusher.service.answer

    def eager(service, method, path, payload, query):
        found = answer(service, method, path, payload, query)
        for thing in service.things.values():
            _now(thing, "sent")
        return found

    pusher.service.answer = eager
    with pytest.raises(NoDraftError, match=r"ALARM: .* “sent”") as alarm:
        pusher.push()
    assert alarm.value.exit_code == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_deleted_at_the_service_is_created_again(name):
    pusher = Pusher(name)
    pusher.push()
    pusher.service.things.clear()
    assert pusher.push().what == CREATED
    assert pusher.service.created() == 1


@pytest.mark.parametrize("name", FINDING)
def test_without_a_record_the_draft_is_found_and_not_duplicated(name):
    pusher = Pusher(name)
    pusher.push()
    pusher.memory = PushedBefore()
    if name not in UPDATING:
        with pytest.raises(UsageError):
            pusher.push(draft(name, html="<p>Two ships.</p>"))
    else:
        assert pusher.push(draft(name, html="<p>Two ships.</p>")).what == UPDATED
    assert pusher.service.created() == 1


# ── When the network or the service fails ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "lost", [httpx.ReadTimeout("timed out"), httpx.ReadError("reset"), httpx.RemoteProtocolError("closed")], ids=repr
)
def test_a_lost_answer_creates_nothing_twice(name, lost):
    pusher = Pusher(name)
    pusher.service.after.append(lost)
    with suppress(UnknownOutcomeError):
        assert pusher.push().remote.is_draft
    assert pusher.service.created() == 1
    pusher.push()
    assert pusher.service.created() == 1


@pytest.mark.parametrize("name", UPDATING)
def test_an_update_with_a_lost_answer_is_recognized_as_done(name):
    pusher = Pusher(name)
    pusher.push()
    answer, lost = pusher.service.answer, []

    def once(service, method, path, payload, query):
        found = answer(service, method, path, payload, query)
        if method in {"PUT", "PATCH"} and not lost:
            lost.append(path)
            raise httpx.ReadTimeout("timed out")
        return found

    pusher.service.answer = once
    changed = draft(name, html="<p>Two ships.</p>", subject="Two ships")
    assert pusher.push(changed).what == UPDATED
    assert lost
    assert pusher.push(changed).what == UNCHANGED


@pytest.mark.parametrize("name", NAMES)
def test_a_busy_service_is_retried(name):
    pusher = Pusher(name)
    busy = lambda _request: httpx.Response(429, headers={"Retry-After": "7"})  # noqa: E731
    pusher.service.trouble = [busy, busy]
    assert pusher.push().what == CREATED
    assert pusher.waited == [7.0, 7.0]
    assert pusher.service.created() == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_service_that_stays_busy_is_reported(name):
    pusher = Pusher(name)
    pusher.service.trouble = [lambda _request: httpx.Response(429, headers={"Retry-After": "3600"})]
    with pytest.raises(WorldError, match="wait 3,600 seconds"):
        pusher.push()
    pusher.service.trouble = [lambda _request: httpx.Response(429, json={"detail": "Slow down"})] * 10
    with pytest.raises(WorldError, match="429: Slow down"):
        pusher.push()
    assert pusher.service.created() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_has_the_services_message_and_no_key(name):
    pusher = Pusher(name)
    key = FAKES[name][2]
    pusher.service.trouble = [lambda _request: httpx.Response(401, json={"error": {"message": f"Bad key\n{key}"}})]
    with pytest.raises(WorldError, match=r"401: .*Bad key") as refused:
        pusher.push()
    assert key not in f"{refused.value}{refused.value.hint}"
    assert "newsletter login" in refused.value.hint


@pytest.mark.parametrize("name", NAMES)
def test_a_refused_connection_is_retried_and_reported(name):
    pusher = Pusher(name)

    def refused(_request):
        raise httpx.ConnectError("connection refused")

    pusher.service.trouble = [refused] * 20
    with pytest.raises(WorldError, match="cannot be reached: connection refused"):
        pusher.push()
    assert len(pusher.waited) == 3
    assert pusher.service.created() == 0
    pusher.service.trouble = [refused]
    assert pusher.push().what == CREATED


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_key_follows_a_redirect(status):
    pusher = Pusher("resend")
    pusher.service.trouble = [lambda _request: httpx.Response(status, headers={"Location": "https://evil.example/"})]
    with pytest.raises(WorldError, match=str(status)):
        pusher.push()


def test_an_endless_answer_is_cut():
    pusher = Pusher("resend")
    pusher.service.trouble = [lambda _request: httpx.Response(200, content=b"x" * 30_000_000)]
    with pytest.raises(WorldError, match="more than 20,000,000 bytes"):
        pusher.push()


@pytest.mark.parametrize("content", [b"<html>Hello</html>", b"", b"[" * 100_000, b"\xff\xfe"])
def test_an_answer_that_is_not_json_is_an_error(content):
    pusher = Pusher("resend")
    listed = lambda _request: httpx.Response(200, json={"data": []})  # noqa: E731
    pusher.service.trouble = [listed, lambda _request: httpx.Response(200, content=content)]
    with pytest.raises(UnknownOutcomeError, match=r"unknown format|not JSON"):
        pusher.push()


# ── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTING = [api.service for api in APIS if api.upload]


@pytest.mark.parametrize("name", HOSTING)
def test_a_picture_is_uploaded_once_and_linked(name):
    pusher = Pusher(name)
    shown = f'<p><img src="{PICTURE}lock.png"> and <img src="{PICTURE}lock.png"></p>'
    done = pusher.push(draft(name, html=shown), pictures=[LOCK])
    assert PICTURE not in json.dumps(list(pusher.service.things.values())) + json.dumps(
        list(pusher.service.templates.values())
    )
    assert done.remote.html.count("https://images.example/lock.png") == 2
    uploads = [
        path for method, path, payload in pusher.service.asked if "image" in path or "media" in path or "file" in path
    ]
    assert len(uploads) == 1
    pusher.push(draft(name, html=shown + "<p>More.</p>"), pictures=[LOCK])
    uploads = [
        path for method, path, payload in pusher.service.asked if "image" in path or "media" in path or "file" in path
    ]
    assert len(uploads) == 1


@pytest.mark.parametrize("name", HOSTING)
def test_after_a_failed_push_only_the_remaining_pictures_are_uploaded(name):
    pusher = Pusher(name)
    second = DraftPicture("ship.png", "image/png", PNG + b"2", "d2")
    shown = f'<img src="{PICTURE}lock.png"><img src="{PICTURE}ship.png">'
    uploaded = []
    answer = pusher.service.answer

    def failing(service, method, path, payload, query):
        if "image" in path or "media" in path or "file" in path:
            uploaded.append(path)
            if len(uploaded) == 2:
                return 400
        return answer(service, method, path, payload, query)

    pusher.service.answer = failing
    with pytest.raises(WorldError, match="400"):
        pusher.push(draft(name, html=shown), pictures=[LOCK, second])
    assert pusher.service.created() == 0
    assert list(pusher.memory.pictures) == ["d1"]
    assert pusher.push(draft(name, html=shown), pictures=[LOCK, second]).what == CREATED
    assert len(uploaded) == 3


@pytest.mark.parametrize("name", [name for name in HOSTING if name != "ghost"])
def test_an_unsupported_picture_is_reported_before_any_request(name):
    pusher = Pusher(name)
    drawing = DraftPicture("map.svg", "image/svg+xml", b"<svg/>", "d3")
    with pytest.raises(UsageError, match=r"does not accept this kind of picture: map\.svg"):
        pusher.push(pictures=[LOCK, drawing])
    assert pusher.service.asked == []


@pytest.mark.parametrize("name", HOSTING)
def test_an_uploaded_picture_does_not_count_as_an_edit(name):
    pusher = Pusher(name)
    shown = f'<p>A ship. <img src="{PICTURE}lock.png"></p>'
    pusher.push(draft(name, html=shown), pictures=[LOCK])
    _edit(pusher)
    with pytest.raises(UsageError, match="was edited at") as refused:
        pusher.push(draft(name, html=shown), pictures=[LOCK])
    assert PICTURE not in str(refused.value)


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_a_dry_run_sends_no_request_and_shows_no_key(name):
    pusher = Pusher(name)
    pictures = [LOCK] if api_named(name).upload else []
    pusher.push(dry=True, pictures=pictures)
    assert pusher.service.asked == []
    assert pusher.memory == PushedBefore()
    assert any(call.startswith("POST ") for call in pusher.calls)
    key = FAKES[name][2]
    assert key not in "\n".join(pusher.calls)
    for part in key.split(":"):
        assert part not in "\n".join(pusher.calls)
    pusher.push()
    asked = {(method, path) for method, path, _ in pusher.service.asked if method != "GET"}
    planned = {
        (line.split(" ")[0], line.split(" ")[1].split("?")[0]) for line in pusher.calls if not line.startswith("GET")
    }
    assert {(method, pusher.service.address + path) for method, path in asked} <= planned


@pytest.mark.parametrize("name", ["buttondown", "beehiiv"])
def test_payloads_say_draft_if_the_default_would_send(name):
    pusher = Pusher(name)
    pusher.push()
    if name == "buttondown":
        pusher.push(draft(name, html="<p>Two.</p>"))
    written = [payload for method, _, payload in pusher.service.asked if method in {"POST", "PATCH", "PUT"}]
    assert written
    assert all(payload["status"] == "draft" for payload in written)


@pytest.mark.parametrize("name", NAMES)
def test_no_payload_has_a_sending_time(name):
    pusher = Pusher(name)
    pusher.push()
    text = json.dumps([payload for _, _, payload in pusher.service.asked if isinstance(payload, dict)])
    assert not any(
        word in text
        for word in ('"scheduledAt"', '"scheduled_at"', '"publish_date"', '"sendAtBestTime"', "send_strategy")
    )
    assert '"send_at": null' in text or '"send_at"' not in text
    assert '"send": false' in text or '"send"' not in text


def test_kit_always_gets_an_explicit_audience():
    api = api_named("kit")
    assert api.needs({})
    assert api.needs({"tags": []})
    assert not api.needs({"tags": ["1"]})
    assert not api.needs({"segments": "2"})
    assert not api.needs({"everyone": True})


@pytest.mark.parametrize("name", NAMES)
def test_each_service_has_its_keys_and_explains_how_to_limit_them(name):
    api = api_named(name)
    assert name in SERVICE_KEYS
    assert set(FAKES[name][3]) <= {key.name for key in SERVICE_KEYS[name]}
    assert api.lock
    assert not api.needs(FAKES[name][3])


def test_unencrypted_requests_go_only_to_this_machine():
    for address in ("http://lists.example", "ftp://lists.example", "lists.example", "http://127.0.0.1.evil.example"):
        with pytest.raises(UsageError, match="without encryption"):
            Client("listmonk", address, {}, Secret("abcdef"))
    Client("listmonk", "http://localhost:9000", {}, Secret("abcdef"))


def test_a_service_without_an_api_gives_advice():
    with pytest.raises(UsageError, match="substack has no API for drafts") as error:
        api_named("substack")
    assert "newsletter export ISSUE --for substack" in error.value.hint
