"""Sites whose pages are a film or a post: which address is one, and what people call the site.

Known by their addresses alone: nothing is asked of the web. PeerTube and Mastodon are on any host; the form of their addresses is
their own.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsletter.late import late
from newsletter.records import dataclass

VIDEO, POST = "video", "post"


@dataclass(frozen=True, slots=True)
class Site:
    """One site, as far as it is one or the other."""

    title: str
    kind: str
    """VIDEO or POST."""
    hosts: tuple[str, ...]
    """Without `www.` and the like; empty: any."""
    path: re.Pattern[str]
    """What the path, with the query behind it, begins with."""


def _site(title: str, kind: str, hosts: str, path: str) -> Site:
    return Site(title, kind, tuple(hosts.split()), re.compile(path, re.IGNORECASE))


SITES = (
    _site(
        "YouTube",
        VIDEO,
        "youtube.com youtube-nocookie.com",
        r"/(?:watch\?(?:.*&)?v=|(?:shorts|live|embed|v)/|playlist\?)",
    ),
    _site("YouTube", VIDEO, "youtu.be", r"/[\w-]{6,}"),
    _site("Vimeo", VIDEO, "vimeo.com player.vimeo.com", r"/(?:(?:video|channels/[\w-]+|groups/[\w-]+/videos)/)?\d{5,}"),
    _site("Dailymotion", VIDEO, "dailymotion.com", r"/video/\w"),
    _site("Dailymotion", VIDEO, "dai.ly", r"/\w"),
    _site("Loom", VIDEO, "loom.com", r"/(?:share|embed)/\w"),
    _site("TikTok", VIDEO, "tiktok.com", r"/@[\w.-]+/video/\d"),
    _site("TikTok", VIDEO, "vm.tiktok.com vt.tiktok.com", r"/\w"),
    _site("Twitch", VIDEO, "twitch.tv", r"/(?:videos/\d|\w+/clip/)"),
    _site("Twitch", VIDEO, "clips.twitch.tv", r"/\w"),
    _site("TED", VIDEO, "ted.com", r"/talks/\w"),
    _site("Instagram", VIDEO, "instagram.com", r"/(?:[\w.]+/)?(?:reel|tv)/[\w-]"),
    _site("Facebook", VIDEO, "facebook.com", r"/(?:watch/?\?|reel/\d|[^/]+/videos/)"),
    _site("Facebook", VIDEO, "fb.watch", r"/\w"),
    _site("Bilibili", VIDEO, "bilibili.com", r"/video/\w"),
    _site("Niconico", VIDEO, "nicovideo.jp", r"/watch/\w"),
    _site("Youku", VIDEO, "v.youku.com", r"/v_show/"),
    _site("Aparat", VIDEO, "aparat.com", r"/v/\w"),
    _site("Rumble", VIDEO, "rumble.com", r"/v[\w]+-"),
    _site("PeerTube", VIDEO, "", r"/(?:w/[1-9A-HJ-NP-Za-km-z]{22}|videos/watch/[0-9a-f]{8}-[0-9a-f-]{27})(?:[/?]|\Z)"),
    _site("X", POST, "x.com twitter.com", r"/\w+/status/\d"),
    _site("Bluesky", POST, "bsky.app", r"/profile/[^/]+/post/\w"),
    _site("Threads", POST, "threads.net threads.com", r"/@[\w.]+/post/\w"),
    _site("LinkedIn", POST, "linkedin.com", r"/(?:posts/|feed/update/|pulse/)\S"),
    _site("Instagram", POST, "instagram.com", r"/(?:[\w.]+/)?p/[\w-]"),
    _site("Facebook", POST, "facebook.com", r"/(?:[^/]+/posts/|permalink\.php|story\.php|share/p/)"),
    _site("Reddit", POST, "reddit.com", r"/r/\w+/comments/\w"),
    _site("Weibo", POST, "weibo.com", r"/\d+/\w{6,}"),
    _site("Mastodon", POST, "", r"/(?:@[\w.-]+(?:@[\w.-]+)?|users/[\w.-]+/statuses)/\d{10,}(?:[/?]|\Z)"),
)
"""In the order in which they are asked; those of any host last of their kind."""

_ASIDE = late(r"^(?:www|m|mobile|old|[a-z]{2})\.(?=[^.]+\.)")


def site_of(href: str) -> Site | None:
    """The site that `href` is a film or a post of; None for any other address."""
    if not href.startswith(("https://", "http://")):
        return None
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return None
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    plain = _ASIDE.sub("", host)
    return next(
        (
            site
            for site in SITES
            if (not site.hosts or host in site.hosts or plain in site.hosts) and site.path.match(path)
        ),
        None,
    )


def host_of(href: str) -> str:
    """What readers know a place on the web by: its host, without `www.`; empty for what is no web address."""
    try:
        return (urlsplit(href).hostname or "").removeprefix("www.") if href.startswith(("https://", "http://")) else ""
    except ValueError:
        return ""
