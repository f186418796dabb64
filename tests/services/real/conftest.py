"""A real Ghost, and mocks of published specifications: too heavy for each run. `make ghost` and `make specs` run these, nothing else does."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("NEWSLETTER_REAL") else ["test_*.py"]
