"""The clock. It is read once when a run begins, and the time is passed on as a value."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def clock() -> datetime:
    """The current time, or the time in SOURCE_DATE_EPOCH (reproducible-builds.org) for a reproducible build.

    Raises UsageError if that is not a number of seconds, because the build would otherwise differ without notice.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        from newsletter.errors import UsageError

        msg = f"SOURCE_DATE_EPOCH cannot be `{epoch}`"
        raise UsageError(msg, hint="It must be a whole number of seconds since 1970.") from None
