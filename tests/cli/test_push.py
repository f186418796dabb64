"""`newsletter push` on the command line: the plan, and each service from the issue to the draft."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image

from newsletter import cli
from newsletter.clock import clock
from newsletter.commands import push
from newsletter.drafts import APIS, own_site
from newsletter.drafts.client import Client
from newsletter.errors import UsageError
from newsletter.services import SERVICES
from tests.drafts.fakes import FAKES, fake
from tests.drafts.test_pushing import draft

if TYPE_CHECKING:
    from pathlib import Path

    from tests.drafts.fakes import FakeService

CONFIGURATION = """title: The Lock Keeper
url: https://letters.example/
sender: {name: The Lock Keeper, email: letters@letters.example}
address: Sluisweg 7, Ghent
kind: essay
"""
ISSUE = """---
title: Ships that climb
date: 2026-10-30
summary: About locks.
---

Dear reader, a ship climbs.

![A lock.](lock.png)
"""
PAID = "\n::: only paid\nA secret harbour.\n:::\n"
NAMES = [api.service for api in APIS]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "issues/ships").mkdir(parents=True)
    (tmp_path / "newsletter.yaml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "issues/ships/index.md").write_text(ISSUE, "utf-8")
    Image.new("RGB", (640, 320), "#335577").save(tmp_path / "issues/ships/lock.png")
    return tmp_path


def configure_service(root: Path, name: str, *, paid: bool = False) -> None:
    """Adds the settings of a service to newsletter.yaml."""
    import json

    settings = FAKES[name][3]
    block = {**settings, "paid": settings} if paid else settings
    (root / "newsletter.yaml").write_text(f"{CONFIGURATION}services: {json.dumps({name: block})}\n", "utf-8")


def run(root: Path, *arguments: str) -> tuple[int, str]:
    with StringIO() as output, redirect_stdout(output), redirect_stderr(output), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", StringIO())
        return cli.run(["-C", str(root), *arguments]), output.getvalue()


def test_every_service_with_drafts_can_be_exported_for():
    assert set(NAMES) <= {service.name for service in SERVICES}


@pytest.mark.parametrize("name", NAMES)
def test_a_dry_run_needs_no_key_and_shows_the_requests(root, monkeypatch, name):
    monkeypatch.delenv(push.account_of(name).variable, raising=False)
    configure_service(root, name)
    code, output = run(root, "push", "ships", "--to", name)
    assert code == 0, output
    assert "POST https://" in output
    assert ("write public/for-services/" in output) == (name == "campaign-monitor")
    assert "Nothing was sent to the service." in output
    assert not (root / "archive/services.json").exists()


@pytest.mark.parametrize("name", NAMES)
def test_an_issue_becomes_one_draft_with_its_pictures(root, monkeypatch, name):
    configure_service(root, name)
    service = fake(name)
    monkeypatch.setenv(push.account_of(name).variable, FAKES[name][2])
    monkeypatch.setattr(push, "not_on_the_web", lambda _html, _site: [])
    monkeypatch.setattr(push, "refuse_unserved", lambda _drafts, _service: None)

    def connect(*given, **more):
        return Client(*given, **more, transport=service.transport)

    monkeypatch.setattr(push.push_all, "__kwdefaults__", {**push.push_all.__kwdefaults__, "connect": connect})
    code, output = run(root, "push", "ships", "--to", name, "--yes")
    assert code == 0, output
    assert "created" in output
    assert service.created() == 1
    assert "newsletter-picture:" not in repr(service.things) + repr(service.templates)
    fetched = "".join(each.read_text("utf-8") for each in root.glob("public/for-services/*.html"))
    assert "a ship climbs" in repr(service.things) + repr(service.templates) + fetched
    assert bool(fetched) == (name == "campaign-monitor")
    assert "unchanged" in run(root, "push", "ships", "--to", name, "--yes")[1]
    assert service.created() == 1
    text = (root / "archive/services.json").read_text("utf-8")
    assert FAKES[name][2] not in text


def test_names_of_keys_are_valid_in_a_shell():
    for name in NAMES:
        assert push.account_of(name).variable.replace("_", "").isalnum()


def test_an_email_that_a_service_fetches_must_be_on_the_web_first(root, monkeypatch):
    configure_service(root, "campaign-monitor")
    monkeypatch.setenv("NEWSLETTER_CAMPAIGN_MONITOR_KEY", "abcdef-key")
    monkeypatch.setattr(push, "not_on_the_web", lambda _html, _site: [])
    web = httpx.MockTransport(lambda _request: httpx.Response(404))
    monkeypatch.setattr(push, "refuse_unserved", partial(own_site.refuse_unserved, transport=web))
    code, output = run(root, "push", "ships", "--to", "campaign-monitor", "--yes")
    assert code == 2
    assert "it is not there yet: https://letters.example/for-services/" in output
    assert "publish public/, then push again" in output
    assert len(list((root / "public/for-services").iterdir())) == 2


def test_a_paid_issue_is_not_fetched_from_the_web(root):
    (root / "issues/ships/index.md").write_text(ISSUE + PAID, "utf-8")
    configure_service(root, "campaign-monitor", paid=True)
    code, output = run(root, "push", "ships", "--to", "campaign-monitor")
    assert code == 2
    assert "where the paid edition must not be" in output
    assert not (root / "public").exists()


def test_the_fetched_page_must_be_identical(tmp_path):
    letter = own_site.served(draft("campaign-monitor"), "https://letters.example")
    assert letter.html_url.startswith("https://letters.example/for-services/k1234567890abcdef-")
    own_site.write_served(tmp_path, [letter])
    there = {
        f"https://letters.example/for-services/{path.name}": path.read_bytes()
        for path in (tmp_path / "public/for-services").iterdir()
    }

    def web(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=there[str(request.url)])

    own_site.refuse_unserved([letter], "Campaign Monitor", transport=httpx.MockTransport(web))
    there[letter.text_url] += b"?"
    with pytest.raises(UsageError, match=r"not there yet: .*\.txt$"):
        own_site.refuse_unserved([letter], "Campaign Monitor", transport=httpx.MockTransport(web))
    changed = own_site.served(draft("campaign-monitor", html="<p>Two ships.</p>"), "https://letters.example/")
    assert own_site.write_served(tmp_path, [changed]) == tuple(
        f"public/for-services/{each.rpartition('/')[2]}" for each in (changed.html_url, changed.text_url)
    )
    assert len(list((tmp_path / "public/for-services").iterdir())) == 2


def test_free_and_paid_are_two_drafts_with_two_audiences(root):
    path = root / "issues/ships/index.md"
    path.write_text(ISSUE + PAID, "utf-8")
    configure_service(root, "buttondown")
    code, output = run(root, "push", "ships", "--to", "buttondown")
    assert code == 2
    assert "no audience for the paid edition" in output
    configure_service(root, "buttondown", paid=True)
    code, output = run(root, "push", "ships", "--to", "buttondown")
    assert code == 0, output
    assert "for free readers" in output
    assert "for paid readers" in output
    assert output.count("POST https://api.buttondown.com/v1/emails ") == 2


def scheduled(root, monkeypatch, name: str, *arguments: str, typed: str | None) -> tuple[int, str, FakeService]:
    """Runs `push --schedule` with a typed answer, or without a terminal."""
    configure_service(root, name)
    service = fake(name)
    service.scheduling = True
    monkeypatch.setenv(push.account_of(name).variable, FAKES[name][2])
    monkeypatch.setattr(push, "not_on_the_web", lambda _html, _site: [])
    monkeypatch.setattr("newsletter.cli.push._at_a_terminal", lambda: typed is not None)

    def connect(*given, **more):
        return Client(*given, **more, transport=service.transport)

    for function in (push.push_all, push.schedule_all):
        monkeypatch.setattr(function, "__kwdefaults__", {**(function.__kwdefaults__ or {}), "connect": connect})
    monkeypatch.setattr("click.prompt", lambda *_given, **_more: typed)
    return *run(root, "push", "ships", "--to", name, *arguments), service


LATER = f"{clock() + timedelta(days=3):%Y-%m-%d}T08:00"


def test_a_draft_is_scheduled_after_its_name_was_typed(root, monkeypatch):
    code, output, service = scheduled(root, monkeypatch, "buttondown", "--yes", "--schedule", LATER, typed="ships")
    assert code == 0, output
    assert "Buttondown would send on" in output
    assert "“Ships that climb”: tags" in output
    assert "scheduled “Ships that climb”: scheduled" in output
    (thing,) = service.things.values()
    assert (thing["status"], thing["publish_date"]) == ("scheduled", f"{LATER}:00Z")
    code, output = run(root, "push", "ships", "--to", "buttondown", "--yes")
    assert code == 3
    assert "is no longer a draft: its state is “scheduled”" in output


@pytest.mark.parametrize("typed", ["", "yes", "Ships"])
def test_after_another_answer_it_stays_a_draft(root, monkeypatch, typed):
    code, output, service = scheduled(root, monkeypatch, "buttondown", "--yes", "--schedule", LATER, typed=typed)
    assert code == 2
    assert "stays a draft" in output
    assert [thing["status"] for thing in service.things.values()] == ["draft"]


def test_without_a_terminal_nothing_is_scheduled_or_pushed(root, monkeypatch):
    code, output, service = scheduled(root, monkeypatch, "buttondown", "--yes", "--schedule", LATER, typed=None)
    assert code == 2
    assert "scheduling needs a confirmation" in output
    assert service.asked == []


def test_input_from_a_pipe_does_not_confirm(root, monkeypatch):
    configure_service(root, "buttondown")
    monkeypatch.setenv("NEWSLETTER_BUTTONDOWN_KEY", "abcdef-key")
    monkeypatch.setattr(push, "key_of", lambda _service: pytest.fail("nothing may be asked of the service"))
    code, output = run(root, "push", "ships", "--to", "buttondown", "--yes", "--schedule", LATER)
    assert code == 2
    assert "there is no terminal" in output


def test_a_plan_shows_what_would_be_scheduled(root, monkeypatch):
    code, output, service = scheduled(root, monkeypatch, "buttondown", "--schedule", LATER, typed=None)
    assert code == 0, output
    assert f'"publish_date": "{LATER}:00Z"' in output
    assert service.asked == []


def test_a_time_is_refused_if_scheduling_is_impossible(root, monkeypatch):
    assert "has no documented call" in scheduled(root, monkeypatch, "kit", "--schedule", LATER, typed="ships")[1]
    assert "is not a time" in scheduled(root, monkeypatch, "resend", "--schedule", "soon", typed="ships")[1]
    path = root / "issues/ships/index.md"
    path.write_text(ISSUE.replace("summary:", "draft: true\nsummary:"), "utf-8")
    code, output, service = scheduled(root, monkeypatch, "resend", "--yes", "--schedule", LATER, typed="ships")
    assert code == 2
    assert "the issue is a draft and cannot be scheduled" in output
    assert service.asked == []


def test_all_missing_settings_are_reported_at_once(root):
    code, output = run(root, "push", "ships", "--to", "sendgrid")
    assert code == 2
    assert "`sender` is missing" in output
    assert "`lists` or `segments` is missing" in output
    code, output = run(root, "push", "ships", "--to", "kit")
    assert code == 2
    assert "everyone: true" in output
    assert run(root, "push", "ships")[0] == 2
    assert "substack has no API for drafts" in run(root, "push", "ships", "--to", "substack")[1]


def test_a_record_of_another_shape_is_ignored_and_a_broken_one_reported(root):
    configure_service(root, "resend")
    record = root / "archive/services.json"
    record.parent.mkdir()
    for text in (
        "[]",
        '{"resend": 3}',
        '{"resend": {"ships": {"all": []}}}',
        '{"resend": {"ships": {"all": {"id": 4}}}}',
    ):
        record.write_text(text, "utf-8")
        assert run(root, "push", "ships", "--to", "resend")[0] == 0
    record.write_text("{", "utf-8")
    code, output = run(root, "push", "ships", "--to", "resend")
    assert code == 2
    assert "archive/services.json cannot be read" in output


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("services: {mailchip: {}}", "Did you mean `mailchimp`?"),
        ("services: {resend: {segmnt: a}}", "Did you mean `segment`?"),
        ("services: {resend: {api_key: a}}", "is a secret"),
        ("services: {ghost: {url: blog}}", "`services.ghost.url`"),
        ("services: {kit: {everyone: yes please}}", "must be true or false"),
        ("services: {buttondown: {paid: {tag: a}}}", "Did you mean `tags`?"),
    ],
)
def test_a_mistake_in_newsletter_yaml_is_reported_with_its_line(root, block, expected):
    (root / "newsletter.yaml").write_text(f"{CONFIGURATION}{block}\n", "utf-8")
    code, reported = run(root, "push", "ships", "--to", "resend")
    assert code == 2
    assert expected in reported
    assert "newsletter.yaml:6:" in reported
