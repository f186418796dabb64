"""beehiiv: the content alone, for the service's own frame.

The fallback is set with the field at the service, not in the text.
"""

from __future__ import annotations

from newsletter.services.base import CannotExpressError, DraftWay, Evidence, Form, Service, ServiceFact, TokenContext
from newsletter.services.notations import only_email_in_addresses


def _personal(name: str, fallback: str, place: TokenContext) -> str:
    """`{{first_name}}`: case-sensitive, without spaces."""
    only_email_in_addresses(name, place, "beehiiv")
    if fallback:
        raise CannotExpressError(
            f"beehiiv has no fallback in the text, as `{name}` has one here: {fallback!r}",
            hint=f"Set it at the custom field in beehiiv, then add --token {name}='{{{{{name}}}}}'.",
        )
    return f"{{{{{name}}}}}"


BEEHIIV = Service(
    name="beehiiv",
    title="beehiiv",
    docs="https://support.beehiiv.com/hc/en-us/articles/25846316892055",
    addresses={},
    personal=_personal,
    reserved=("{{", "{%", "{#"),
    touching="{}",
    notes="beehiiv's own frame adds the unsubscribe link, the web view and the postal address.",
    form=Form.FRAGMENT,
    takes_text=False,
    needs=(),
    adds="Header, footer, unsubscribing and postal address.",
    entities=False,
    tag=r"\{\{(?:subscriber_id|rp_refer_url)\}\}",
    draft=DraftWay(
        "POST /v2/publications/{id}/posts",
        'Only with `"status": "draft"`: by default it publishes. In beta, for Enterprise accounts.',
        Evidence.DOCUMENTED,
        sends=True,
    ),
    facts=(
        ServiceFact("fields", Evidence.THIRD_PARTY, "@beehiiv/sdk 0.1.9 has `{{email}}`; the rest by users"),
        ServiceFact("form", Evidence.DOCUMENTED, "@beehiiv/sdk 0.1.9, PostsCreateRequest"),
    ),
)
