"""`newsletter services`: the same record as a table, as JSON and in the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter.cli import run
from newsletter.services import SERVICES, Evidence, Form
from newsletter.tokens import SERVICE_TOKENS, UNSUBSCRIBE

EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
PAGE = Path(__file__).parents[2] / "docs/reference/services.md"


def test_all_services_are_listed_with_their_form(capsys):
    assert run(["services"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{service.name} " in listed and service.title in listed for service in SERVICES)
    assert "HTML for its frame, makes its own plain text" in listed


@EVERY_SERVICE
def test_one_service_is_shown_with_its_tokens_and_sources(service, capsys):
    assert run(["services", service.name]) == 0
    shown = capsys.readouterr().out
    assert all(token in shown for token in service.addresses.values())
    assert all(f"{fact.evidence.value:<12} {fact.about}: {fact.source}" in shown for fact in service.facts)


def test_the_json_output_is_complete(capsys):
    assert run(["services", "--output-format", "json"]) == 0
    data = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert list(data) == [service.name for service in SERVICES]
    assert data["buttondown"]["draft"]["sends_by_default"]
    assert data["listmonk"]["takes"]["plain_text"]
    assert {"for": "unsubscribe", "html": "*|UNSUB|*", "text": "*|UNSUB|*"} in data["mailchimp"]["tokens"]


def test_an_unknown_service_is_refused(capsys):
    assert run(["services", "mailchip"]) == 2
    assert "mailchimp" in capsys.readouterr().err


@EVERY_SERVICE
def test_every_claim_has_its_evidence_and_uncertain_ones_are_marked(service):
    """Claims from third parties are marked in the record, in the table and in the documentation."""
    about = {fact.about for fact in service.facts}
    page = PAGE.read_text(encoding="utf-8")
    part = page.partition(f"\n## {service.name}: ")[2].partition("\n## ")[0]
    assert service.facts
    if service.docs and service.form is Form.DOCUMENT and service.name not in {"html", "html-django"}:
        assert {"unsubscribe", "fields"} <= about
    for fact in service.facts:
        assert f"| {fact.about} | {fact.evidence.value} |" in part
    if any(fact.evidence in {Evidence.THIRD_PARTY, Evidence.UNCONFIRMED} for fact in service.facts):
        assert f"| [{service.name}](" in page


def test_services_that_send_by_default_are_marked():
    assert {service.name for service in SERVICES if service.draft and service.draft.sends} == {"buttondown", "beehiiv"}


def test_needs_and_addresses_are_tokens():
    for service in SERVICES:
        known = {*SERVICE_TOKENS, "postal_address"}
        assert {*service.needs, *service.addresses} <= known
        assert UNSUBSCRIBE in service.needs or service.form is not Form.DOCUMENT
