"""Schedules a draft for a time that a person asked for, by a separate call, and reads it back.

Nothing else lets a draft be sent.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.drafts.base import NoDraftError
from newsletter.drafts.client import RefusedCallError, UnknownOutcomeError
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.drafts.base import Draft, DraftApi, RemoteDraft, Settings
    from newsletter.drafts.client import Client

SOONEST = timedelta(minutes=10)
"""The shortest time before a draft is sent, so that it can still be cancelled."""
LATEST = timedelta(days=366)
_EXAMPLE = "Write it as in 2026-12-01T08:00, which is in the time zone of newsletter.yaml, or 2026-12-01T08:00+01:00."


def moment(text: str, timezone: str, now: datetime) -> datetime:
    """The time in a text (ISO 8601); without an offset, it is in `timezone`.

    Raises UsageError for an invalid time, one with seconds, one that a change of clocks skips, one in the past, and one
    that is too near or more than a year away.
    """
    try:
        written = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"`{text}` is not a time", hint=_EXAMPLE) from error
    if len(text.strip()) <= len("2026-12-01") or written.second or written.microsecond:
        raise UsageError(f"`{text}` is not a time in hours and minutes", hint=_EXAMPLE)
    local = written if written.tzinfo else written.replace(tzinfo=ZoneInfo(timezone))
    when = local.astimezone(UTC)
    if not written.tzinfo and when.astimezone(local.tzinfo).replace(tzinfo=None) != written:
        raise UsageError(f"{written:%H:%M} does not exist on that day in {timezone}: clocks go forward", hint=_EXAMPLE)
    if not now + SOONEST <= when <= now + LATEST:
        wrong = (
            "is in the past" if when <= now else "is too soon" if when < now + SOONEST else "is more than a year away"
        )
        raise UsageError(
            f"{when:%Y-%m-%d %H:%M} UTC {wrong}", hint=f"It must be at least {SOONEST.seconds // 60} minutes from now."
        )
    return local


def refuse_schedule(api: DraftApi, settings: Sequence[Settings], when: datetime) -> None:
    """Raises UsageError, before any request, if a service cannot schedule for this time."""
    if api.schedule is None:
        raise UsageError(
            f"{api.title} has no documented call that schedules a {api.keeps}",
            hint="Push the draft without --schedule, and set the time at the service.",
        )
    if when.minute % api.schedule_step:
        raise UsageError(
            f"{api.title} schedules only every {api.schedule_step} minutes, and {when:%H:%M} is not one of these times",
            hint="Write minutes of 00, 15, 30 or 45." if api.schedule_step == 15 else "",
        )
    missing = [line for each in settings for line in api.schedule_needs(each)]
    if missing:
        raise UsageError(
            f"newsletter.yaml is missing settings to schedule at {api.title}: {'; '.join(dict.fromkeys(missing))}",
            hint=f"Add them under `services: {api.service}:`.",
        )


def schedule(api: DraftApi, client: Client, draft: Draft, remote: RemoteDraft, when: datetime) -> RemoteDraft:
    """Schedules a draft, and returns it as it then is at the service.

    Raises NoDraftError if afterwards its state or time is wrong, and what the client raises if it is still a draft.
    """
    if api.schedule is None:
        raise AssertionError  # refuse_schedule is called first
    try:
        api.schedule(client, draft, remote, when.astimezone(UTC))
    except (UnknownOutcomeError, RefusedCallError):  # refused: the call may have been made twice, if an answer was lost
        found = api.read(client, remote.id)
        if found is None or found.is_draft:
            raise
    found = api.read(client, remote.id)
    if client.dry:
        return found or remote
    if found is None or found.state not in api.scheduled:
        state = f"its state is “{found.state}”" if found else "it is gone"
        raise NoDraftError(
            f"ALARM: the {api.keeps} {remote.id} at {api.title} should be scheduled, but {state}",
            hint=f"Look at it at once{f': {remote.url}' if remote.url else ''}.",
        )
    if (scheduled := _time(found.goes_out)) and abs(scheduled - when) >= timedelta(minutes=1):
        raise NoDraftError(
            f"ALARM: the {api.keeps} {remote.id} at {api.title} is scheduled for {scheduled:%Y-%m-%d %H:%M} UTC, not for {when.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
            hint="Look at it at once.",
        )
    return found


def _time(text: str) -> datetime | None:
    """The time in a service's notation; None if it cannot be parsed."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def stamp(when: datetime) -> str:
    """A time in UTC in the format of most services (RFC 3339)."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
