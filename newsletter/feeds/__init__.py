"""Feeds of a publication: RSS 2.0, Atom 1.0 and JSON Feed 1.1, each from the same entries and never from another feed.

All three are functions of what they are given: no clock, so that a feed kept in git changes only when an issue does.
"""

from __future__ import annotations

from newsletter.feeds.base import ATOM_PATH, JSON_PATH, RSS_PATH
from newsletter.feeds.jsonfeed import json_feed
from newsletter.feeds.xml import atom, rss

__all__ = ["ATOM_PATH", "JSON_PATH", "RSS_PATH", "atom", "json_feed", "rss"]
