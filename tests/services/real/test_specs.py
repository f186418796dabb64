"""Drafts against published OpenAPI specifications, with Prism as a validating mock, and a stand-in for Amazon SES.

`make specs` runs the stand-in. With `SPECS=FOLDER`, a folder of the published files `buttondown.json`, `resend.json`,
`sendgrid*.json` and `klaviyo*.json` (several files of one service are combined), it also runs Prism. None of them is kept
here. The mock refuses requests with an unknown, missing or wrong field, and answers with examples of the specification.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from newsletter.credentials import Secret
from newsletter.drafts import api_named, klaviyo
from newsletter.drafts.base import DraftPicture, RemoteDraft
from newsletter.drafts.client import Client, RefusedCallError
from newsletter.drafts.pushing import CREATED, UNCHANGED, UPDATED, PushedBefore, push
from tests.drafts.test_pushing import PNG, draft
from tests.services.real.serving import MODULES, node, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.drafts.base import Draft

SPECS = Path(os.environ.get("NEWSLETTER_SPECS") or "/nonexistent")
SERVICES = ("buttondown", "resend", "sendgrid", "klaviyo")
WHEN = datetime(2027, 1, 5, 8, 0, tzinfo=UTC)
REAL_IDS = {"sendgrid": {"lists": ["0c0c8b1a-4a0e-4b8e-9a5e-6d1c3f2a7b90"]}}
IDS = {"klaviyo": "01HZ3Z", "buttondown": "em_01h8xg4j3k2m1n0p9q8r7s6t5v"}


def letter(service: str, **more: object) -> Draft:
    """A draft for an audience with a valid id of the service."""
    made = draft(service, **more)
    return replace(made, settings={**made.settings, **REAL_IDS.get(service, {})})


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def specification(service: str) -> dict:
    """All files of a service, combined into one document."""
    whole: dict = {"openapi": "3.0.3", "info": {"title": service, "version": "1"}, "paths": {}, "components": {}}
    for path in sorted(SPECS.glob(f"{service}*.json")):
        part = json.loads(path.read_text("utf-8"))
        if "paths" not in part:
            pytest.skip(f"{path.name} is an extract: what it refers to is not in it (oai_v3_stoplight.json has it)")
        whole["openapi"] = part.get("openapi", whole["openapi"])
        if "security" in part:
            whole["security"] = part["security"]
        whole["paths"] |= part["paths"]
        for kind, named in (part.get("components") or {}).items():
            whole["components"].setdefault(kind, {}).update(named)
    if service == "sendgrid":  # the published file has the whole API, this is a part
        whole["paths"] = {path: item for path, item in whole["paths"].items() if "singlesends" in path}
    if not whole["paths"]:
        pytest.skip(f"{service}*.json is not in SPECS, the folder of published specifications")
    return whole


@pytest.fixture(scope="module", params=SERVICES)
def mock(request, tmp_path_factory) -> Iterator[tuple[str, Callable[..., Client]]]:
    """The name of a service whose specification runs as a mock, and a function that makes a client of it."""
    service = request.param
    folder = tmp_path_factory.mktemp(service)
    (folder / "openapi.json").write_text(json.dumps(specification(service)), "utf-8")
    port = free_port()
    prism = str(MODULES / "@stoplight/prism-cli/dist/index.js")
    command = [node(), prism, "mock", "-h", "127.0.0.1", "-p", str(port), str(folder / "openapi.json")]
    started = running(command, f"http://127.0.0.1:{port}/", folder / "log")
    next(started)
    api, secret = api_named(service), Secret("abcdef-key")
    base = "/api" if service == "klaviyo" else ""

    def client(*without: str) -> Client:
        headers = api.headers(draft(service).settings, secret)
        for name in without:
            headers.pop(name)
        return Client(api.title, f"http://127.0.0.1:{port}{base}", headers, secret, pause=lambda _: None)

    yield service, client
    next(started, None)


def test_creating_a_draft_follows_the_specification(mock):
    service, client = mock
    with client() as asked:
        assert api_named(service).create(asked, letter(service, reply_to="answers@letters.example"))


def test_updating_a_draft_follows_the_specification(mock):
    service, client = mock
    if service == "klaviyo":
        pytest.skip("the operations that change a campaign are not among the files")
    remote = RemoteDraft(IDS.get(service, "d1"), "draft", True, "Ships", "<p>Ships</p>", "Ships")
    with client() as asked:
        api_named(service).update(asked, letter(service), remote)


def test_scheduling_follows_the_specification(mock):
    service, client = mock
    api = api_named(service)
    if not api.schedule:
        pytest.skip(f"{api.title} is given no time")
    remote = RemoteDraft(IDS.get(service, "d1"), "draft", True, "Ships", "<p>Ships</p>", "Ships")
    with client() as asked:
        api.schedule(asked, letter(service), remote, WHEN)


def test_answers_of_the_specification_can_be_read(mock):
    service, client = mock
    if service == "klaviyo":
        pytest.skip("the operation that reads a campaign is not among the files")
    with client() as asked:
        found = api_named(service).read(asked, IDS.get(service, "d1"))
        assert found
        assert found.id
        assert isinstance(found.state, str)


def test_finding_drafts_follows_the_specification(mock):
    service, client = mock
    if service == "klaviyo":
        pytest.skip("the operation that lists campaigns is not among the files")
    with client() as asked:
        api_named(service).find(asked, letter(service))


def test_requests_for_pictures_and_renderings_follow_the_specification(mock):
    service, client = mock
    api = api_named(service)
    with client() as asked:
        if api.upload:
            assert api.upload(asked, DraftPicture("lock.png", "image/png", PNG, "d1"))
        if api.rendered and service == "buttondown":
            api.rendered(asked, RemoteDraft(IDS[service], "draft", True))
        if service == "klaviyo":
            asked.post("/template-render", {"data": {"type": "template", "id": "t1", "attributes": {"context": {}}}})


def test_the_mock_refuses_invalid_requests(mock):
    service, client = mock
    broken = {"buttondown": ("/emails", {"statuss": "draft"}), "resend": ("/broadcasts", {"name": "Ships"})}
    broken |= {"sendgrid": ("/marketing/singlesends", {"name": 7}), "klaviyo": ("/campaigns", {})}
    with client(*(["revision"] if service == "klaviyo" else [])) as asked, pytest.raises(RefusedCallError) as refused:
        asked.post(*broken[service])
    assert refused.value.status in {400, 422}
    with client("Authorization") as asked, pytest.raises(RefusedCallError) as refused:
        api_named(service).create(asked, letter(service))
    assert refused.value.status == 401


KLAVIYO = {
    "/api/campaigns": klaviyo.campaign(draft("klaviyo", reply_to="answers@letters.example")),
    "/api/templates": klaviyo.template(draft("klaviyo")),
    "/api/campaign-message-assign-template": klaviyo.assignment("m1", "t1"),
    "/api/template-render": {"data": {"type": "template", "id": "t1", "attributes": {"context": {}}}},
}


@pytest.mark.parametrize("path", KLAVIYO)
def test_payloads_for_klaviyo_follow_the_specification(path):
    """The mock does not validate the bodies of JSON:API, so they are compared with the schemas directly."""
    whole = specification("klaviyo")
    (kind,) = whole["paths"][path]["post"]["requestBody"]["content"].values()
    validator = Draft202012Validator({**kind["schema"], "components": whole["components"]})
    assert [error.message for error in validator.iter_errors(KLAVIYO[path])] == []
    assert list(validator.iter_errors({"data": {"type": "campaign"}}))


# ── Amazon SES ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def ses(tmp_path_factory) -> Iterator[str]:
    port = free_port()
    environment = {"PORT": str(port), "PATH": "/usr/bin:/bin", "HOST": "127.0.0.1"}
    command = [node(), str(MODULES / "aws-ses-v2-local/dist/cli.js"), "--port", str(port), "--host", "127.0.0.1"]
    started = running(
        command, f"http://127.0.0.1:{port}/health-check", tmp_path_factory.mktemp("ses") / "log", env=environment
    )
    yield next(started)
    next(started, None)


def test_an_issue_becomes_a_template_of_ses_is_updated_and_rendered(ses):
    api, secret = api_named("ses"), Secret("AKIAabcdef:abcdefsecret")
    address = ses.removesuffix("/health-check")
    html = '<p>Dear {{#if first_name}}{{first_name}}{{else}}reader{{/if}}, a ship.</p><a href="{{amazonSESUnsubscribeUrl}}">Leave</a>'
    shown = '<p>Dear \ufffc, a ship.</p><a href="\ufffc">Leave</a>'
    letter = draft("ses", html=html, shown=shown)
    memory = [PushedBefore()]
    with Client(api.title, address, {}, secret, auth=api.auth(letter.settings, secret), pause=lambda _: None) as client:
        first = push(api, client, letter, (), memory[-1], memory.append)
        assert first.what == CREATED
        assert first.changed_there == ()
        assert push(api, client, letter, (), memory[-1], memory.append).what == UNCHANGED
        changed = draft("ses", html=html.replace("a ship", "two ships"), shown=shown.replace("a ship", "two ships"))
        done = push(api, client, changed, (), memory[-1], memory.append)
        assert (done.what, done.changed_there) == (UPDATED, ())
        assert "two ships" in done.remote.html
        rendered = api.rendered(client, done.remote)
        assert "Dear reader, two ships." in rendered
        assert "unsubscribe.invalid" in rendered
        assert api.find(client, letter) == done.remote.id
        assert api.read(client, "n-nobody") is None
