"""A draft is scheduled only on request, by a separate call, and the result is read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from newsletter.credentials import Secret
from newsletter.drafts import APIS, api_named
from newsletter.drafts.base import NoDraftError
from newsletter.drafts.client import Client, UnknownOutcomeError
from newsletter.drafts.scheduling import moment, refuse_schedule, schedule
from newsletter.errors import UsageError
from tests.drafts.fakes import FAKES, fake
from tests.drafts.test_pushing import Pusher, draft

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
WHEN = datetime(2026, 12, 1, 7, 15, tzinfo=UTC)
NAMES = [api.service for api in APIS if api.schedule]
WITHOUT = [api.service for api in APIS if not api.schedule]


def letter(name: str):
    made = draft(name)
    return (
        draft(name, settings={**made.settings, "newsletter": "default-newsletter", "segment": "status:free"})
        if name == "ghost"
        else made
    )


class Scheduler(Pusher):
    """Pushes a draft and schedules it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, fake(name))
        self.remote = self.push(letter(name)).remote
        self.service.scheduling = True

    def schedule(self, when: datetime = WHEN, *, dry: bool = False):
        api, secret, wanted = api_named(self.name), Secret(FAKES[self.name][2]), letter(self.name)
        address, headers = api.address(wanted.settings, secret), api.headers(wanted.settings, secret)
        with Client(
            api.title, address, headers, secret, dry=dry, transport=self.service.transport, pause=self.waited.append
        ) as client:
            self.calls = client.calls
            return schedule(api, client, wanted, self.remote, when)


def test_the_services_with_scheduling_are_known():
    assert set(NAMES) == {"mailchimp", "buttondown", "listmonk", "ghost", "brevo", "sendgrid", "resend", "keila"}


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_is_scheduled_and_no_longer_a_draft(name):
    clerk = Scheduler(name)
    found = clerk.schedule()
    assert found.state in api_named(name).scheduled
    assert not found.is_draft
    assert datetime.fromisoformat(found.goes_out) == WHEN
    clerk.service.scheduling = False
    with pytest.raises(NoDraftError, match="is no longer a draft"):
        clerk.push(draft(name, html="<p>Two ships.</p>"), force=True)


@pytest.mark.parametrize("name", NAMES)
def test_the_scheduled_email_is_the_stored_draft(name):
    clerk = Scheduler(name)
    before = clerk.remote
    after = clerk.schedule()
    assert (after.subject, after.html, after.text) == (before.subject, before.html, before.text)


@pytest.mark.parametrize("name", NAMES)
def test_a_time_in_another_zone_is_sent_in_utc(name):
    clerk = Scheduler(name)
    clerk.schedule(moment("2026-12-01T08:15", "Europe/Brussels", NOW))
    assert "2026-12-01T07:15:00Z" in json.dumps([payload for _, _, payload in clerk.service.asked])


@pytest.mark.parametrize("name", NAMES)
def test_a_dry_run_shows_the_request_and_sends_none(name):
    clerk = Scheduler(name)
    asked = len(clerk.service.asked)
    clerk.schedule(dry=True)
    assert len(clerk.service.asked) == asked
    assert "2026-12-01T07:15:00Z" in "\n".join(clerk.calls)
    assert FAKES[name][2] not in "\n".join(clerk.calls)


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_that_stays_unscheduled_is_an_error(name):
    clerk = Scheduler(name)
    answer = clerk.service.answer

    def ignore_request(service, method, path, payload, query):
        return answer(service, method, path, payload, query) if method == "GET" else {"data": {}, "posts": [{}]}

    clerk.service.answer = ignore_request
    with pytest.raises(NoDraftError, match=r"ALARM: .* should be scheduled, but its state is") as alarm:
        clerk.schedule()
    assert alarm.value.exit_code == 3


@pytest.mark.parametrize("name", NAMES)
def test_another_scheduled_time_is_an_error(name):
    clerk = Scheduler(name)
    clerk.schedule()
    answer = clerk.service.answer

    def late(service, method, path, payload, query):
        return answer(service, method, path, payload, query) if method == "GET" else {"data": {}, "posts": [{}]}

    clerk.service.answer = late
    with pytest.raises(
        NoDraftError, match=r"ALARM: .* is scheduled for 2026-12-01 07:15 UTC, not for 2026-12-01 09:15 UTC"
    ):
        clerk.schedule(WHEN + timedelta(hours=2))


@pytest.mark.parametrize("name", NAMES)
def test_after_a_lost_answer_the_state_is_read(name):
    clerk = Scheduler(name)
    answer = clerk.service.answer
    lost: list[str] = []

    def once(service, method, path, payload, query):
        found = answer(service, method, path, payload, query)
        if method != "GET" and not lost:
            lost.append(path)
            raise httpx.ReadTimeout("timed out")
        return found

    clerk.service.answer = once
    try:
        assert clerk.schedule().state in api_named(name).scheduled
    except UnknownOutcomeError:
        assert clerk.remote.is_draft


@pytest.mark.parametrize("name", WITHOUT)
def test_a_service_without_scheduling_gives_advice(name):
    with pytest.raises(UsageError, match="has no documented call") as refused:
        refuse_schedule(api_named(name), [draft(name).settings], WHEN)
    assert "without --schedule" in refused.value.hint


def test_mailchimp_accepts_only_quarters_of_an_hour():
    refuse_schedule(api_named("mailchimp"), [draft("mailchimp").settings], WHEN)
    with pytest.raises(UsageError, match="only every 15 minutes, and 07:20"):
        refuse_schedule(api_named("mailchimp"), [draft("mailchimp").settings], WHEN + timedelta(minutes=5))


def test_ghost_needs_the_newsletter():
    with pytest.raises(UsageError, match="`newsletter` is missing"):
        refuse_schedule(api_named("ghost"), [draft("ghost").settings], WHEN)
    refuse_schedule(api_named("ghost"), [letter("ghost").settings], WHEN)


# ── Times ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-12-01T08:00", "Europe/Brussels", "2026-12-01T07:00"),
        ("2026-12-01 08:00", "UTC", "2026-12-01T08:00"),
        ("2026-12-01T08:00-05:00", "Europe/Brussels", "2026-12-01T13:00"),
        ("2026-12-01T08:00Z", "Asia/Kolkata", "2026-12-01T08:00"),
        ("2027-06-01T08:30", "Asia/Kolkata", "2027-06-01T03:00"),
    ],
)
def test_a_time_is_read_in_the_zone_of_the_publication(text, zone, utc):
    assert moment(text, zone, NOW).astimezone(UTC) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", "`tomorrow` is not a time"),
        ("", "`` is not a time"),
        ("2026-12-01", "not a time in hours and minutes"),
        ("2026-12-01T08:00:30", "not a time in hours and minutes"),
        ("2026-11-29T07:59", "is in the past"),
        ("2026-11-29T08:09", "is too soon"),
        ("2027-12-01T08:00", "more than a year away"),
        ("2026-13-01T08:00", "is not a time"),
    ],
)
def test_an_invalid_time_is_refused(text, expected):
    with pytest.raises(UsageError, match=expected):
        moment(text, "UTC", NOW)


def test_an_hour_skipped_by_daylight_saving_is_refused():
    with pytest.raises(UsageError, match=r"02:30 does not exist on that day in Europe/Brussels"):
        moment("2027-03-28T02:30", "Europe/Brussels", NOW)
