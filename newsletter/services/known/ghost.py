"""Ghost: takes the content in the form for feeds, which has 63 KB there; the whole email would have 112 KB."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Form, Pictures, Service, ServiceFact
from newsletter.services.notations import at_fallback

GHOST = Service(
    name="ghost",
    title="Ghost",
    docs="https://docs.ghost.org/admin-api/posts/creating-a-post",
    addresses={},
    personal=at_fallback,
    reserved=("%%{",),
    notes="A post is a page of the web, too, where a personal field would stay as written: fields show their fallbacks. Ghost's own frame "
    "adds the unsubscribe link, the web view and the address of its settings.",
    form=Form.FRAGMENT,
    takes_text=False,
    pictures=Pictures.EITHER,
    needs=(),
    adds="Header, footer, unsubscribing, postal address and plain text.",
    rewrites="The HTML becomes blocks of its editor; its email inlines styles of its own.",
    entities=False,
    tag=r"%%\{[a-z_]+(?:, ?\"[^\"\n]*\")?\}%%",
    draft=DraftWay(
        "POST /ghost/api/admin/posts/?source=html",
        "A post without `status` is a draft; it is sent only when it is published with a newsletter.",
        Evidence.RUN,
    ),
    facts=(
        ServiceFact("form", Evidence.RUN, "Ghost 6.65 with SQLite: 63 KB for the feed's HTML, 112 KB for the email"),
        ServiceFact("fields", Evidence.RUN, "Ghost 6.65, email-renderer.js"),
        ServiceFact("plain text", Evidence.RUN, "Ghost 6.65; TryGhost/Ghost#20015"),
        ServiceFact("pictures", Evidence.DOCUMENTED, "TryGhost/Docs, admin-api/images"),
    ),
)
