"""A real Ghost, and mocks of published specifications. They take too long for each run.

Only `make ghost` and `make specs` run them.
"""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("NEWSLETTER_REAL") else ["test_*.py"]
