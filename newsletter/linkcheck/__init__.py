"""Asking the web whether links lead anywhere: bounded, polite, remembered, and never inside a private network.

The way of one address: `guard` says whether it may be asked at all and which IP addresses it stands for; `fetch` makes one
request to exactly such an IP address; `follow` makes of requests and redirects an answer; `crawl` does so for many, each
site in its turn; `memory` keeps the answers from run to run.

Written on the standard library's http.client: one socket is all there is to hold on to. A client that resolves names, reuses
connections, takes proxies from the environment and follows redirects by itself is what has to be kept from doing so here.
"""

from __future__ import annotations

from newsletter.linkcheck.crawl import ask_all
from newsletter.linkcheck.memory import Memory
from newsletter.linkcheck.policy import Policy

__all__ = ["Memory", "Policy", "ask_all"]
