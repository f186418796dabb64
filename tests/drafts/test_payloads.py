"""Payloads against the published shapes of services: small schemas, each with its source.

There is no unknown, missing or wrong field. A service that silently accepts unknown fields would ignore their values.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from newsletter.drafts import (
    APIS,
    beehiiv,
    brevo,
    buttondown,
    campaign_monitor,
    ghost,
    keila,
    kit,
    klaviyo,
    listmonk,
    mailchimp,
    mailcoach,
    mailerlite,
    mailgun,
    postmark,
    resend,
    sendgrid,
    ses,
)
from tests.drafts.test_pushing import draft

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
NUMBERS: dict[str, Any] = {"type": "array", "items": NUMBER}


def shape(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = required | (optional or {})
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


SHAPES = {
    # docs.buttondown.com, openapi.json 3.1 (MIT): EmailInput, EmailUpdateInput
    "buttondown": (
        buttondown.payload,
        shape(
            {
                "subject": {**TEXT, "maxLength": 2000},
                "body": {**TEXT, "pattern": "^<!-- buttondown-editor-mode: fancy -->"},
                "status": {"const": "draft"},
            },
            {
                "template": {"enum": ["classic", "custom", "modern", "plaintext", "naked"]},
                "description": TEXT,
                "canonical_url": {**TEXT, "maxLength": 2000},
                "metadata": {"type": "object"},
                "secondary_id": {**NUMBER, "minimum": 1, "maximum": 1_000_000_000},
                "filters": shape(
                    {
                        "filters": {
                            "type": "array",
                            "items": shape({"field": TEXT, "operator": {"enum": ["contains"]}, "value": TEXT}),
                        },
                        "groups": {"type": "array"},
                        "predicate": {"enum": ["and", "or"]},
                    }
                ),
            },
        ),
    ),
    # resend/resend-openapi, resend.json (MIT): CreateBroadcastOptions, UpdateBroadcastOptions
    "resend": (
        resend.payload,
        shape(
            {"segment_id": TEXT, "from": {**TEXT, "pattern": "^.+ <[^<>]+@[^<>]+>$"}, "subject": TEXT},
            {"name": TEXT, "reply_to": TEXTS, "preview_text": TEXT, "html": TEXT, "text": TEXT, "topic_id": TEXT},
        ),
    ),
    # klaviyo/openapi (MIT), revision 2026-07-15: CampaignCreateQuery
    "klaviyo": (
        klaviyo.campaign,
        shape(
            {
                "data": shape(
                    {
                        "type": {"const": "campaign"},
                        "attributes": shape(
                            {
                                "name": TEXT,
                                "audiences": shape({"included": {**TEXTS, "minItems": 1}}, {"excluded": TEXTS}),
                                "campaign-messages": shape({"data": {"type": "array", "minItems": 1}}),
                            }
                        ),
                    }
                )
            }
        ),
    ),
    # sendgrid/sendgrid-oai (MIT), Single Sends: singlesend_request
    "sendgrid": (
        sendgrid.payload,
        shape(
            {"name": {**TEXT, "minLength": 1, "maxLength": 100}},
            {
                "send_to": shape({}, {"list_ids": TEXTS, "segment_ids": TEXTS, "all": {"type": "boolean"}}),
                "email_config": shape(
                    {"generate_plain_content": {"const": False}},
                    {
                        "subject": TEXT,
                        "html_content": TEXT,
                        "plain_content": TEXT,
                        "editor": {"enum": ["code", "design"]},
                        "sender_id": NUMBER,
                        "suppression_group_id": NUMBER,
                    },
                ),
            },
        ),
    ),
    # Mailchimp's Marketing API 3.0: campaigns
    "mailchimp": (
        mailchimp.payload,
        shape(
            {
                "type": {"const": "regular"},
                "recipients": shape({"list_id": TEXT}, {"segment_opts": shape({"saved_segment_id": NUMBER})}),
                "settings": shape(
                    {"subject_line": TEXT, "preview_text": TEXT, "title": TEXT, "from_name": TEXT, "reply_to": TEXT},
                    {"auto_footer": {"const": False}, "inline_css": {"const": False}},
                ),
                "content_type": {"enum": ["template", "html", "url", "multichannel"]},
            }
        ),
    ),
    # Kit's API v4 (OpenAPI 3.0.3): broadcasts
    "kit": (
        kit.payload,
        shape(
            {
                "content": TEXT,
                "subject": TEXT,
                "public": {"const": False},
                "send_at": {"type": "null"},
                "subscriber_filter": {"type": "array", "minItems": 1, "maxItems": 1},
            },
            {
                "preview_text": TEXT,
                "description": TEXT,
                "published_at": {"type": "null"},
                "email_template_id": NUMBER,
                "email_address": TEXT,
            },
        ),
    ),
    # brevo-python 5.1 (MIT): create_email_campaign
    "brevo": (
        brevo.payload,
        shape(
            {"name": TEXT, "sender": shape({"name": TEXT, "email": TEXT})},
            {
                "subject": TEXT,
                "previewText": TEXT,
                "replyTo": TEXT,
                "htmlContent": {**TEXT, "minLength": 10, "maxLength": 1_000_000},
                "recipients": shape({"listIds": NUMBERS}, {"segmentIds": NUMBERS}),
                "mirrorActive": {"const": True},
                "tag": TEXT,
            },
        ),
    ),
    # listmonk's documentation, apis/campaigns.md
    "listmonk": (
        listmonk.payload,
        shape(
            {
                "name": TEXT,
                "subject": {**TEXT, "maxLength": 5000},
                "lists": {**NUMBERS, "minItems": 1},
                "type": {"const": "regular"},
                "content_type": {"enum": ["html", "visual"]},
                "body": TEXT,
            },
            {"altbody": TEXT, "from_email": TEXT, "template_id": NUMBER, "tags": TEXTS, "headers": {"type": "array"}},
        ),
    ),
    # @tryghost/admin-api-schema (MIT): posts-add
    "ghost": (
        ghost.payload,
        shape(
            {
                "posts": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 1,
                    "items": shape(
                        {"title": {**TEXT, "minLength": 1, "maxLength": 255}},
                        {
                            "html": TEXT,
                            "status": {"const": "draft"},
                            "slug": {**TEXT, "maxLength": 191},
                            "email_subject": {**TEXT, "maxLength": 300},
                            "custom_excerpt": {**TEXT, "maxLength": 300},
                            "visibility": {"enum": ["public", "members", "paid", "tiers"]},
                            "canonical_url": {**TEXT, "maxLength": 2000},
                        },
                    ),
                }
            }
        ),
    ),
    # postmark 5.1 for Node (MIT): templates
    "postmark": (
        postmark.payload,
        shape(
            {"Name": TEXT, "Subject": TEXT},
            {
                "Alias": {**TEXT, "pattern": "^[A-Za-z][A-Za-z0-9._-]*$"},
                "HtmlBody": TEXT,
                "TextBody": TEXT,
                "TemplateType": {"const": "Standard"},
                "LayoutTemplate": TEXT,
            },
        ),
    ),
    # @mailerlite/mailerlite-nodejs 1.7 (MIT) has the path alone; the fields are from third parties
    "mailerlite": (
        mailerlite.payload,
        shape(
            {"name": TEXT, "type": {"const": "regular"}, "emails": {"type": "array", "minItems": 1, "maxItems": 1}},
            {"groups": TEXTS, "segments": TEXTS, "language_id": NUMBER},
        ),
    ),
    # botocore 1.44 (Apache-2.0), sesv2 2019-09-27: CreateEmailTemplateRequest
    "ses": (
        ses.payload,
        shape(
            {
                "TemplateName": {**TEXT, "pattern": "^[A-Za-z0-9_-]{1,64}$"},
                "TemplateContent": shape({}, {"Subject": TEXT, "Html": TEXT, "Text": TEXT}),
            },
            {"Tags": {"type": "array"}},
        ),
    ),
    # mailgun.js 14 (MIT): DomainTemplateData; documentation.mailgun.com, domain-templates: headers are JSON, in a form all are texts
    "mailgun": (
        mailgun.payload,
        shape(
            {"name": {**TEXT, "pattern": "^[^A-Z]+$"}, "template": TEXT},
            {
                "description": TEXT,
                "createdBy": TEXT,
                "tag": TEXT,
                "engine": {"const": "handlebars"},
                "comment": TEXT,
                "headers": {**TEXT, "pattern": r"^\{.*\}$"},
            },
        ),
    ),
    # createsend 9.1 for Python (MIT): Campaign.create
    "campaign-monitor": (
        campaign_monitor.payload,
        shape(
            {
                "Subject": TEXT,
                "Name": TEXT,
                "FromName": TEXT,
                "FromEmail": TEXT,
                "ReplyTo": TEXT,
                "HtmlUrl": {**TEXT, "pattern": "^https?://"},
                "TextUrl": TEXT,
                "ListIDs": TEXTS,
                "SegmentIDs": TEXTS,
            }
        ),
    ),
    # spatie/mailcoach-cli, rules/campaigns.md; mailcoach.app/docs/api/endpoints/campaigns
    "mailcoach": (
        mailcoach.payload,
        shape(
            {"name": TEXT, "email_list_uuid": TEXT},
            {"segment_uuid": TEXT, "subject": TEXT, "from_email": TEXT, "from_name": TEXT, "html": TEXT},
        ),
    ),
    # pentacent/keila @14f1a12: MailingsCampaign.CreateParams
    "keila": (
        keila.payload,
        shape(
            {
                "data": shape(
                    {
                        "subject": TEXT,
                        "settings": shape({"type": {"enum": ["markdown", "text", "block", "mjml", "html"]}}),
                    },
                    {
                        "html_body": TEXT,
                        "preview_text": TEXT,
                        "sender_id": TEXT,
                        "segment_id": TEXT,
                        "data": {"type": "object"},
                    },
                )
            }
        ),
    ),
    # @beehiiv/sdk 0.1.9: PostsCreateRequest
    "beehiiv": (
        beehiiv.payload,
        shape(
            {"title": TEXT, "status": {"const": "draft"}},
            {
                "subtitle": TEXT,
                "body_content": TEXT,
                "post_template_id": TEXT,
                "email_settings": shape({}, {"email_subject_line": TEXT, "email_preview_text": TEXT}),
            },
        ),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(
    "more", [{}, {"reply_to": "answers@letters.example"}, {"number": None}, {"number": 0}, {"summary": ""}], ids=str
)
def test_a_payload_has_the_published_shape(name, more):
    payload, schema = SHAPES[name]
    errors = [
        f"{'/'.join(map(str, error.path))}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(payload(draft(name, **more)))
    ]
    assert errors == []


@pytest.mark.parametrize("name", SHAPES)
def test_the_schemas_can_fail(name):
    payload, schema = SHAPES[name]
    spoilt = payload(draft(name)) | {"statuss": "draft"}
    assert list(Draft202012Validator(schema).iter_errors(spoilt))


def test_every_service_has_a_shape():
    assert {api.service for api in APIS} == set(SHAPES)


def test_mailgun_stores_the_headers_of_a_message():
    headers = json.loads(mailgun.payload(draft("mailgun", reply_to="answers@letters.example"))["headers"])
    assert headers == {
        "Subject": "Ships that climb, and a lock",
        "From": "The Lock Keeper <letters@letters.example>",
        "Reply-To": "answers@letters.example",
    }


def test_the_other_calls_of_klaviyo_have_the_published_shape():
    letter = draft("klaviyo")
    assert klaviyo.template(letter)["data"]["attributes"].keys() == {"name", "editor_type", "html", "text"}
    assert klaviyo.assignment("m1", "t1") == {
        "data": {
            "type": "campaign-message",
            "id": "m1",
            "relationships": {"template": {"data": {"type": "template", "id": "t1"}}},
        }
    }


def test_ghosts_token_is_a_json_web_token():
    import hmac
    from base64 import urlsafe_b64decode
    from hashlib import sha256

    from newsletter.credentials import Secret

    head, claims, signature = ghost.token(Secret("64f:00ff"), 1_000).split(".")
    read = lambda part: urlsafe_b64decode(part + "=" * (-len(part) % 4))  # noqa: E731
    assert json.loads(read(head)) == {"alg": "HS256", "kid": "64f", "typ": "JWT"}
    assert json.loads(read(claims)) == {"iat": 1_000, "exp": 1_300, "aud": "/admin/"}
    assert read(signature) == hmac.new(b"\x00\xff", f"{head}.{claims}".encode(), sha256).digest()
