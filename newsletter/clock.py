"""The clock, asked where a run begins: what is made of it comes to everything else as a value."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def clock() -> datetime:
    """Now; or the moment in SOURCE_DATE_EPOCH (reproducible-builds.org), for a build that can be repeated.

    Raises UsageError if that is no number of seconds: a build that should be repeatable must not quietly be another.
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
