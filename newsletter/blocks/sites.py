"""Sites of films and posts: how their addresses are recognized, and the address of a film's player."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsletter.late import late
from newsletter.records import dataclass

VIDEO, POST = "video", "post"
EMBED = "embed"
"""A directive for an embed; the site decides which."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site of films or posts."""

    title: str
    kind: str
    """VIDEO or POST."""
    hosts: tuple[str, ...]
    """The hosts, without `www.` and the like; empty for any host."""
    path: re.Pattern[str]
    """The beginning of the path, with the query after it."""


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
"""The sites in the order in which they are tried. Those for any host are the last of their kind."""

_PLAYERS = (
    (late(r"https?://(?:[\w-]+\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|(?:shorts|live|embed|v)/)([\w-]{6,})"),
     "https://www.youtube-nocookie.com/embed/{}?autoplay=1"),
    (late(r"https?://youtu\.be/([\w-]{6,})"), "https://www.youtube-nocookie.com/embed/{}?autoplay=1"),
    (late(r"https?://(?:www\.)?vimeo\.com/(\d{5,})/([0-9a-f]{6,})"), "https://player.vimeo.com/video/{}?h={}&autoplay=1&dnt=1"),
    (late(r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?(\d{5,})"),
     "https://player.vimeo.com/video/{}?autoplay=1&dnt=1"),
    (late(r"https?://(?:www\.)?dailymotion\.com/video/(\w+)"), "https://geo.dailymotion.com/player.html?video={}"),
    (late(r"https?://dai\.ly/(\w+)"), "https://geo.dailymotion.com/player.html?video={}"),
    (late(r"https?://(?:www\.)?loom\.com/(?:share|embed)/(\w+)"), "https://www.loom.com/embed/{}?autoplay=1"),
    (late(r"https?://(?:www\.)?ted\.com/talks/(\w+)"), "https://embed.ted.com/talks/{}"),
    (late(r"https?://(?:www\.)?bilibili\.com/video/(BV\w+)"), "https://player.bilibili.com/player.html?bvid={}&autoplay=1"),
    (late(r"(https?://[\w.-]+(?::\d+)?)/w/([1-9A-HJ-NP-Za-km-z]{22})(?:[/?]|\Z)"), "{}/videos/embed/{}?autoplay=1&p2p=0"),
    (late(r"(https?://[\w.-]+(?::\d+)?)/videos/watch/([0-9a-f]{8}-[0-9a-f-]{27})(?:[/?]|\Z)"), "{}/videos/embed/{}?autoplay=1&p2p=0"),
)  # fmt: skip
"""The address of a film's player, by the address of its page."""


def player_of(href: str) -> str:
    """The address of a film's player; empty if it is unknown."""
    return next((player.format(*found.groups()) for known, player in _PLAYERS if (found := known.match(href))), "")


_FRAMES = (
    (late(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/(?!videoseries)([\w-]{6,20})"), "https://www.youtube.com/watch?v={}"),
    (late(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/videoseries\?(?:.*&)?list=([\w-]+)"), "https://www.youtube.com/playlist?list={}"),
    (late(r"https?://player\.vimeo\.com/video/(\d+)\?(?:.*&)?h=([0-9a-f]{6,})"), "https://vimeo.com/{}/{}"),
    (late(r"https?://player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (late(r"https?://(?:www\.)?dailymotion\.com/embed/video/(\w+)"), "https://www.dailymotion.com/video/{}"),
    (late(r"https?://geo\.dailymotion\.com/player\.html\?(?:.*&)?video=(\w+)"), "https://www.dailymotion.com/video/{}"),
    (late(r"https?://(?:www\.)?loom\.com/embed/(\w+)"), "https://www.loom.com/share/{}"),
    (late(r"https?://player\.bilibili\.com/player\.html\?(?:.*&)?bvid=(\w+)"), "https://www.bilibili.com/video/{}"),
    (late(r"https?://embed\.ted\.com/(talks/\w+)"), "https://www.ted.com/{}"),
    (late(r"https?://(?:www\.)?tiktok\.com/embed/(?:v2/)?(\d+)"), "https://www.tiktok.com/@/video/{}"),
    (late(r"https?://open\.spotify\.com/embed/([\w/]+)"), "https://open.spotify.com/{}"),
    (late(r"https?://(?:www\.)?instagram\.com/(p|reel)/([\w-]+)/embed"), "https://www.instagram.com/{}/{}/"),
    (late(r"(https?://[\w.-]+(?::\d+)?)/videos/embed/([1-9A-HJ-NP-Za-km-z]{22})(?:[/?]|\Z)"), "{}/w/{}"),
    (late(r"(https?://[\w.-]+(?::\d+)?)/videos/embed/([0-9a-f]{8}-[0-9a-f-]{27})(?:[/?]|\Z)"), "{}/videos/watch/{}"),
)  # fmt: skip
"""The address of a film's page, by the address of its player."""


def film_of(player: str) -> str:
    """The address of the page for a player in a frame; empty if it is not such a player."""
    return next((film.format(*found.groups()) for frame, film in _FRAMES if (found := frame.match(player))), "")


_ASIDE = re.compile(r"^(?:www|m|mobile|old|[a-z]{2})\.(?=[^.]+\.)")


def site_of(href: str) -> Site | None:
    """The site of `href`, if that is a film or a post; else None."""
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
    """The host without `www.`; empty if `address` is not a web address."""
    try:
        return (urlsplit(href).hostname or "").removeprefix("www.") if href.startswith(("https://", "http://")) else ""
    except ValueError:
        return ""


FILMS = {"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime"}
"""Files that browsers can play, by extension."""
