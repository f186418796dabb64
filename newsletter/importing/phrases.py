"""Phrases that identify boilerplate: text that services and sites put around a letter, for all kinds of sources.

A pattern must match the whole of a short text. The phrases are those of the services (footers, buttons, prompts), in
English and in other languages whose wording is known. Words that an author may choose are not among them.
"""

from __future__ import annotations

import re

_SHARE = r"""
    share(?: (?:this|on|via|it))?(?: (?:post|article|issue|newsletter|page|story))?(?: (?:on|to|via|with) [\w/ ]{1,30})?|share .{1,60} with (?:a )?friends?
    |tweet(?: this)?|restack|retweet|pin(?: it)?|like this(?: post)?|leave a comment|view comments|copy(?: link)?|copied!?|print(?: this)?|email this
    |forward(?: (?:to|this)(?: email)?(?: to)?(?: a)?(?: friend)?)?|send to a friend|refer a friend|give a gift(?: subscription)?|gift a subscription
    |click to share on .{1,40}|share on (?:facebook|twitter|x|linkedin|whatsapp|reddit).{0,30}|teilen|partager|compartir|compartilhar|condividi|delen|分享|共有|シェア|ツイート
"""
_SUBSCRIBE = r"""
    subscribe(?: (?:now|here|today|for free|to (?:the |our |my |this )?[\w ]{0,30}?(?:newsletter|mailing list|list|updates|blog)))?|sign up(?: (?:now|here|today|for free))?|upgrade(?: to (?:paid|premium))?|join(?: (?:now|free))?|already a (?:subscriber|member)\??(?: (?:sign|log) in\.?)?
    |get (?:the|more from .{1,60} in the) (?:substack )?app|read in (?:the )?(?:substack )?app|open in app|start (?:your substack|writing(?: today)?)|listen on substack|watch (?:now|on substack)
    |thanks for reading .{1,120}! subscribe for free to receive new posts(?: and support my work)?\.?
    |.{1,120} is a reader-supported publication\. to receive new posts and support my work, consider becoming a free or paid subscriber\.?
    |thank you for reading .{1,120}\. this post is public so feel free to share it\.?|type your email(?:…|\.\.\.)?|enter your email(?: address)?|this post is for (?:paid|paying) subscribers
    |like this newsletter\?.{0,100}|was this (?:email|newsletter|message) forwarded to you\?.{0,100}|(?:did someone|someone) forward(?:ed)? (?:you )?this (?:email|newsletter)(?: to you)?\?.{0,100}
    |no spam\.? unsubscribe (?:any ?time|at any time)\.?|discussion about this (?:post|podcast|video)|ready for more\?|you'?re on the free list for .{1,100}
    |abonnieren|s'abonner|suscribirse|suscr[ií]bete|inscreva-se|iscriviti|abonneren|订阅|登録する|購読する
"""
_RECOMMENDED = r"""
    recommended by (?:linkedin|medium|.{1,40})|recommended (?:for you|reading|stories|from medium)|more from .{1,60}|others also viewed|explore topics|sign in to view.{0,60}|to view or add a comment, sign in
    |related (?:posts?|articles?|stories)|you (?:may|might) also like:?|read (?:next|more posts?)|popular posts|top posts|see more comments|load more comments|report this (?:article|post|comment)
    |like reply|\d[\d,.]* (?:reactions?|likes?|comments?|replies|restacks|shares|views|followers|connections)|more relevant posts|published .{1,20} (?:ago)|\d+ min(?:ute)?s?(?: to)? read|reading time:? \d+ min(?:ute)?s?
    |\+ ?follow(?: .{1,40})?
"""
_MAIL = r"""
    (?:is this email not displaying correctly\?\s*|having trouble (?:viewing|reading) this (?:email|newsletter)\?\s*|can'?t (?:see|read) (?:this|the) (?:email|newsletter|images)\?\s*|trouble viewing\?\s*|email not displaying correctly\?\s*)?(?:click here to )?(?:view|read|see|open) (?:it|this|this e-?mail|this newsletter|this message|this issue|this post|email|online|the online version)? ?(?:in|on|with)? ?(?:your|a|the)? ?(?:web ?)?(?:browser|online|web|webpage|web page|website)\.?(?: [>»→].{0,3})?
    |web version|online version|view (?:online|in browser|web version|as web ?page)|read online|display images|show images|add us to your address book|unsubscribe(?: (?:here|instantly|now|from (?:this list|all|future emails|these emails)))?\.?|opt[ -]?out
    |(?:update|manage|edit|change) (?:your|my)? ?(?:(?:email|subscription|mail) )?(?:preferences|profile|settings|subscription)\.?|(?:email )?preferences|privacy policy|terms(?: of (?:service|use))?|contact us|advertise(?: with us)?
    |(?:you(?:'re| are)|you) (?:received?|receiving|get|getting|got) this(?: (?:e-?mail|message|newsletter|letter))? because .{1,200}|you(?:'re| are) receiving this .{1,200}|this (?:email|message|newsletter) was sent to .{1,200}
    |(?:if you )?(?:no longer|don'?t) (?:want|wish) to receive .{1,160}|want to change how you receive these emails\?|(?:want to change how you receive these emails\?\s*)?you can update your preferences or unsubscribe from this list\.?|our mailing address is:?
    |copyright ©.{0,160}|© ?\d{4}.{0,160}|\(c\) \d{4}.{0,160}|.{0,60}all rights reserved\.?|powered by (?:beehiiv|substack|mailchimp|ghost|buttondown|listmonk|kit|convertkit|revue|tinyletter|wordpress.{0,20}|mailerlite|sendy)\.?
    |(?:sent|delivered|published|built|made) (?:with|via|by|using|on) (?:♥|❤️?|love)? ?(?:by|from|with)? ?(?:beehiiv|substack|mailchimp|ghost|buttondown|listmonk|kit|convertkit|revue|tinyletter|mailerlite|sendy|brevo|campaign monitor)\.?
    |why did i get this\?|safely unsubscribe .{0,80}|intuit mailchimp|email marketing powered by .{0,40}|im browser (?:ansehen|öffnen|anzeigen)|abmelden|newsletter abbestellen|se d[ée]sinscrire|voir (?:cet e-?mail )?dans (?:le|votre) navigateur|darse de baja|ver en (?:el|tu) navegador
    |cancelar inscrição|annulla l'iscrizione|disiscriviti|uitschrijven|afmelden|bekijk (?:deze e-?mail )?in (?:je|uw) browser|退订|取消订阅|配信停止
"""


_BESIDE = r"""
    facebook|twitter|x|linkedin|instagram|youtube|tiktok|threads|bluesky|mastodon|whatsapp|telegram|reddit|pinterest|pocket|hacker news|rss|website|e-?mail|link
    |like|comment|comments|reply|follow|following|previous|next|see all|latest|top|edited|home|about|archive|sign in|log in|menu|close|contact|blog|podcast|\d{1,5}|@\w{2,30}
"""
"""Phrases that are boilerplate only beside other boilerplate. Alone, an author may have written them."""


def _one_of(phrases: str) -> re.Pattern[str]:
    lines = (line.strip().strip("|") for line in phrases.strip().split("\n"))
    return re.compile(f"(?:{'|'.join(lines)})", re.IGNORECASE)


WHOLE = (
    ("share buttons", _one_of(_SHARE)),
    ("prompts to subscribe", _one_of(_SUBSCRIBE)),
    ("recommendations, counters and prompts of the platform", _one_of(_RECOMMENDED)),
    ("the header or footer of an email", _one_of(_MAIL)),
)
"""Pairs of a kind of boilerplate and the pattern of its texts."""
_NEIGHBOURS = _one_of(_BESIDE)
LONGEST = 260
"""The longest text that can be boilerplate as a whole, in characters."""

_SEPARATOR = re.compile(r"\s*(?:[|·•∙‧/–—,&-]|\bor\b|\band\b|\boder\b|\s{2,})\s*")
_EDGES = " \t\n|·•∙‧–—-»«›‹→←↗▸►👉📬💌🔗❤️♥💬🔄↻"


def boilerplate_kind(text: str) -> str:
    """The kind of boilerplate that the whole text is; empty for content."""
    plain = " ".join(text.replace("’", "'").split()).strip(_EDGES)
    if not plain or len(plain) > LONGEST:
        return ""
    for what, pattern in WHOLE:
        if pattern.fullmatch(plain):
            return what
    pieces = [piece.strip(_EDGES) for piece in _SEPARATOR.split(plain) if piece.strip(_EDGES)]
    if not 1 < len(pieces) <= 12:
        return ""
    kinds = [next((what for what, pattern in WHOLE if pattern.fullmatch(piece)), "") for piece in pieces]
    if not all(kind or _NEIGHBOURS.fullmatch(piece) for kind, piece in zip(kinds, pieces, strict=True)):
        return ""
    # A row of network names alone is the row of links in an email footer.
    return next(filter(None, kinds), WHOLE[0][0] if len(pieces) > 2 else "")


def whole_kind(text: str) -> str:
    """Like `boilerplate_kind`, for a text that is one piece: the label of a link or button."""
    plain = " ".join(text.replace("’", "'").split()).strip(_EDGES)
    return next((what for what, pattern in WHOLE if pattern.fullmatch(plain)), "") if 0 < len(plain) < 80 else ""
