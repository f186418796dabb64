"""Asking the web whether links lead anywhere: bounded, polite, remembered, and never inside a private network.

The way of one address: `policy` says what may be asked, and how patiently; `fetch` finds the IP addresses that it stands for
and makes one request to exactly such an address; `crawl` makes an answer of requests and redirects, for many addresses, each
site in its turn; `memory` keeps the answers from run to run. `transfer` brings whole files and sends forms by the same way.

Written on the standard library's http.client: one socket is all there is to hold on to. A client that resolves names, reuses
connections, takes proxies from the environment and follows redirects by itself is what has to be kept from doing so here.
"""

from __future__ import annotations

from newsletter.linkcheck.crawl import ask_all
from newsletter.linkcheck.memory import Memory
from newsletter.linkcheck.policy import Policy

__all__ = ["Memory", "Policy", "ask_all"]
