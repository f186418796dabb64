"""Checks links on the web: with limits, politely, with a cache, and never inside a private network.

For each address, `policy` has the limits and the pauses. `fetch` finds its IP addresses and makes one request to
exactly one of them. `crawl` follows redirects and gives the answers for many addresses, one request at a time for each
site. `memory` keeps the answers between runs. `transfer` downloads files and sends forms in the same way. It uses the
standard library's http.client, which gives full control of the connection. Most other clients resolve names, reuse
connections, take proxies from the environment and follow redirects by themselves, which must not happen here.
"""

from __future__ import annotations

from newsletter.linkcheck.crawl import ask_all
from newsletter.linkcheck.memory import Memory
from newsletter.linkcheck.policy import Policy

__all__ = ["Memory", "Policy", "ask_all"]
