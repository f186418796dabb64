"""The permissions of a key are reported if the service tells them, with requests that only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from newsletter.commands import push as pushing
from newsletter.credentials import Secret
from newsletter.drafts import APIS, api_named
from newsletter.drafts.base import Allowed
from newsletter.drafts.client import Client, RefusedCallError
from newsletter.drafts.permissions import permission_lines
from tests.drafts.fakes import FAKES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAMES = [api.service for api in APIS]


class RecordingService:
    """A service that answers by path, with 404 for all others, and records the requests."""

    def __init__(self, name: str, answers: Mapping[str, Any]) -> None:
        self.name, self.answers = name, answers
        self.methods: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.methods.append(request.method)
        path = request.url.path.removeprefix(httpx.URL(FAKES[self.name][1]).path.rstrip("/"))
        found = self.answers.get(path, 404)
        return (
            httpx.Response(found, json={"message": "no"}) if isinstance(found, int) else httpx.Response(200, json=found)
        )

    def client(self, settings: Mapping[str, Any]) -> Client:
        api, secret = api_named(self.name), Secret(FAKES[self.name][2])
        auth = api.auth(settings, secret) if api.auth else None
        address, headers = api.address(settings, secret), api.headers(settings, secret)
        return Client(
            api.title, address, headers, secret, auth=auth, transport=httpx.MockTransport(self), pause=lambda _: None
        )


def allowed(name: str, answers: Mapping[str, Any]) -> Allowed:
    api, settings = api_named(name), FAKES[name][3]
    service = RecordingService(name, answers)
    with service.client(settings) as client:
        found = api.allowed(client, settings) if api.allowed else Allowed()
    assert set(service.methods) <= {"GET"}
    return found


def role(number: int, *permissions: str, version: str = "v6.1.0") -> dict[str, Any]:
    profile = {"data": {"username": "press", "user_role": {"id": number, "name": "Writer", "permissions": permissions}}}
    return {"/profile": profile, "/config": {"data": {"version": version}}}


@pytest.mark.parametrize(
    ("name", "answers", "drafts", "pictures", "sends"),
    [
        ("listmonk", role(2, "campaigns:manage", "media:manage"), True, True, False),
        ("listmonk", role(2, "campaigns:manage_all", "campaigns:send"), True, False, True),
        ("listmonk", role(2, "campaigns:get"), False, False, False),
        ("listmonk", role(2, "campaigns:manage", version="v5.0.3"), True, False, True),
        ("listmonk", role(2, "campaigns:manage", version=""), True, False, None),
        ("listmonk", role(1), True, True, True),
        ("listmonk", {"/profile": 403}, None, None, None),
        ("listmonk", {}, None, None, None),
        ("mailchimp", {"/": {"role": "owner"}}, True, True, True),
        ("mailchimp", {"/": {"role": "Manager"}}, True, True, True),
        ("mailchimp", {"/": {"role": "author"}}, True, None, False),
        ("mailchimp", {"/": {"role": "viewer"}}, False, False, False),
        ("mailchimp", {"/": {"role": "herald"}}, None, None, None),
        ("sendgrid", {"/scopes": {"scopes": ["marketing.read", "mail.send"]}}, None, None, True),
        ("sendgrid", {"/scopes": {"scopes": ["alerts.read"]}}, False, None, None),
        ("sendgrid", {"/scopes": 403}, None, None, None),
        ("resend", {}, True, None, True),
        ("postmark", {"/server": {"DeliveryType": "Live"}}, True, None, True),
        ("postmark", {"/server": {"DeliveryType": "Sandbox"}}, True, None, False),
        ("postmark", {"/server": {}}, True, None, None),
        ("ses", {"/v2/email/account": {"SendingEnabled": False}}, None, None, False),
        ("ses", {"/v2/email/account": {"SendingEnabled": True}}, None, None, None),
        ("klaviyo", {"/campaigns": {}, "/templates": {}, "/images": {}}, None, None, None),
        ("klaviyo", {"/campaigns": {}, "/templates": 403, "/images": 403}, False, False, None),
    ],
)
def test_the_permissions_from_a_service_are_reported(
    name: str, answers: Mapping[str, Any], drafts: bool | None, pictures: bool | None, sends: bool | None
):
    found = allowed(name, answers)
    assert (found.drafts, found.pictures, found.sends) == (drafts, pictures, sends)


@pytest.mark.parametrize("name", [api.service for api in APIS if api.allowed is None])
def test_unknown_permissions_are_not_guessed(name: str):
    lines = list(permission_lines(api_named(name), allowed(name, {})))
    title = api_named(name).title
    assert lines[0].endswith(f"{title} does not say")
    assert any(line.startswith(f"could send: {title} does not say (") for line in lines)
    assert not any("WARNING" in line for line in lines)


def test_a_key_that_could_send_gets_a_warning_with_advice():
    listmonk = api_named("listmonk")
    lines = list(permission_lines(listmonk, allowed("listmonk", role(2, "campaigns:manage", "campaigns:send"))))
    assert lines == [
        "may make drafts: yes",
        "may upload pictures: no",
        "WARNING: could send: yes (to limit it to drafts: an API user whose role is without `campaigns:send` (since v6.1))",
        "as listmonk says: the role of its user is “Writer”",
    ]
    lines = list(permission_lines(listmonk, allowed("listmonk", role(2, "campaigns:manage"))))
    assert "could send: no" in lines


def test_a_server_error_is_not_a_missing_permission():
    with pytest.raises(RefusedCallError, match="429"):
        allowed("listmonk", {"/profile": 429})


def test_check_reports_permissions_after_key_and_audience(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "newsletter.yaml").write_text(
        "title: Letters\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: essay\n"
        "services:\n  listmonk: {url: https://lists.example, lists: [3]}\n"
    )
    (tmp_path / "issues").mkdir()
    monkeypatch.setenv("NEWSLETTER_LISTMONK_KEY", "user:abcdef")
    service = RecordingService("listmonk", {"/lists/3": {"data": {}}, **role(2, "campaigns:manage", "media:manage")})

    def connect(*given: Any, **named: Any) -> Client:
        return Client(*given, **{**named, "transport": httpx.MockTransport(service), "pause": lambda _: None})

    assert pushing.look(tmp_path, "listmonk", connect=connect) == (
        "the key is accepted",
        "list 3: there",
        "may make drafts: yes",
        "may upload pictures: yes",
        "could send: no",
        "as listmonk says: the role of its user is “Writer”",
    )
    assert set(service.methods) == {"GET"}
