"""Parameters of addresses that tell who clicked and where, and that no page needs.

Each is on the lists by which Firefox (query stripping, and "copy clean link") and Brave (query filter) take parameters
out of addresses, or is documented as a click or campaign identifier by the company named. Names that a page may need as
well (`ref`, `source`, `id`, `cid`, `t`) are left out on purpose, or hold for one site only.
"""

from __future__ import annotations

from newsletter.late import late

_BEGINNINGS = (
    "utm_",  # Google Analytics: campaigns
    "mtm_",  # Matomo: campaigns
    "pk_",  # Matomo: campaigns, as Piwik
    "piwik_",
    "matomo_",
    "hsa_",  # HubSpot: ads
    "__hs",  # HubSpot: visitors
    "_hs",  # HubSpot: recipients (_hsenc, _hsmi)
    "vero_",  # Vero: recipients
    "oly_",  # Omeda: recipients
    "bsft_",  # Blueshift: recipients
    "elqtrack",  # Oracle Eloqua: recipients
    "pd_rd_",  # Amazon: where it was clicked
    "pf_rd_",
)

_NAMES = frozenset(
    {
        # Google: clicks on ads, in searches and between sites
        *("gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl"),
        # Meta: clicks on Facebook and Instagram
        *("fbclid", "fb_action_ids", "mibextid", "igshid", "igsh"),
        # Microsoft, Yandex, X, TikTok, LinkedIn, Reddit, Pinterest, Impact: clicks
        *("msclkid", "yclid", "ymclid", "ysclid", "_openstat", "twclid", "ttclid", "li_fat_id", "rdt_cid", "epik"),
        *("irclickid", "unicorn_click_id", "rb_clickid", "wickedid"),
        # Mailing services: which letter and which recipient (Mailchimp, Marketo, HubSpot, MailerLite, Kit, Klaviyo,
        # beehiiv, Drip, ActiveCampaign, Dotdigital, Salesforce, Squarespace, Sailthru, AT Internet, Bloomreach)
        *("mc_cid", "mc_eid", "mkt_tok", "hsctatracking", "ml_subscriber", "ml_subscriber_hash", "ck_subscriber_id"),
        *("_kx", "_bhlid", "__s", "vgo_ee", "dm_i", "et_rid", "ss_email_id", "sc_customer", "sc_eh", "sc_uid"),
        *("at_recipient_id", "at_recipient_list", "bbeml"),
        # Adobe Analytics, Branch, Yahoo
        *("s_cid", "s_kwcid", "ef_id", "_branch_match_id", "_branch_referrer"),
        *("guccounter", "guce_referrer", "guce_referrer_sig"),
    }
)

_OF_SITES = {
    "instagram.com": frozenset({"utm", "img_index_source"}),
    "youtube.com": frozenset({"si", "feature", "pp"}),
    "youtu.be": frozenset({"si", "feature"}),
    "spotify.com": frozenset({"si"}),
    "twitter.com": frozenset({"ref_src", "ref_url", "s", "t", "cxt"}),
    "x.com": frozenset({"ref_src", "ref_url", "s", "t", "cxt"}),
    "nytimes.com": frozenset({"smid", "smtyp"}),
    "linkedin.com": frozenset({"trk", "trackingid", "rcm"}),
}
"""By site, subdomains included, what means nothing but tracking there."""

_NEEDED = {"mkt_tok": "unsubscribe", "ck_subscriber_id": "unsubscribe"}
"""What is needed after all where the path holds a word: it is the only thing that says who unsubscribes."""

_SEPARATOR = late("(&amp;|&)")


def tracking_names(query: str, host: str, path: str) -> list[str]:
    """The names of the tracking parameters in the query of an address, in order."""
    names = (parameter.partition("=")[0] for parameter in query.split("&"))
    return [name for name in names if _tracks(name.lower(), host, path.lower())]


def _tracks(name: str, host: str, path: str) -> bool:
    if name in _NEEDED and _NEEDED[name] in path:
        return False
    if name in _NAMES or name.startswith(_BEGINNINGS):
        return True
    parts = host.split(".")
    return any(name in _OF_SITES.get(".".join(parts[at:]), ()) for at in range(len(parts) - 1))


def without_tracking(address: str, host: str, path: str) -> str:
    """`address`, as written in Markdown (`&` may be `&amp;`), without its tracking parameters; all else as it was."""
    head, mark, rest = address.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    if not mark or "#" in head:
        return address
    pieces = _SEPARATOR.split(query)
    kept: list[str] = []
    for place in range(0, len(pieces), 2):
        if not _tracks(pieces[place].partition("=")[0].lower(), host, path.lower()):
            kept += ([pieces[place - 1]] if kept else []) + [pieces[place]]
    return head + (mark + "".join(kept) if "".join(kept) else "") + hash_mark + fragment
