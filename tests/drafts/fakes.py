"""Fake services, in this process, that answer as their documentation says.

They keep what is created, and fail if something is sent.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.mime.text import MIMEText
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

SENDS = re.compile(r"/(send|sendNow|schedule|publish|actions/\w+|status|campaign-send-jobs|send-draft)(/|$)")
"""Paths that send a letter at some service. None may ever be called."""


@dataclass
class FakeService:
    """A service: its objects by id, and the requests that it received."""

    answer: Callable[[FakeService, str, str, Any, dict[str, str]], Any]
    """Takes the service, the method, the path, the payload and the query. Returns the answer, or a status."""
    address: str
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    trouble: list[Callable[[httpx.Request], httpx.Response | None]] = field(default_factory=list)
    """What happens to the next calls, one each, instead of an answer. None lets a call through."""
    scheduling: bool = False
    """Whether a draft may be scheduled. Nothing else that sends is ever allowed."""
    after: list[Exception] = field(default_factory=list)
    """Errors after the next objects were created, so that the answer is lost."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        assert url.startswith(self.address), url
        path = request.url.path.removeprefix(httpx.URL(self.address).path.rstrip("/"))
        if not self.scheduling:
            assert not SENDS.search(path), f"{request.method} {path} sends"
        if self.trouble and (answer := self.trouble.pop(0)(request)):
            return answer
        kind = request.headers.get("content-type", "")
        payload: Any = json.loads(request.content) if "json" in kind and request.content else request.content or None
        if "urlencoded" in kind:
            payload = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        self.asked.append((request.method, path, payload))
        self.headers.append(dict(request.headers))
        found = self.answer(self, request.method, path, payload, dict(request.url.params))
        if request.method == "POST" and self.after and not isinstance(found, int) and "/search" not in path:
            raise self.after.pop(0)
        if isinstance(found, int):
            return httpx.Response(found, json={"message": f"there is no {path}"})
        if isinstance(found, str):
            return httpx.Response(200, text=found)
        return httpx.Response(201 if request.method == "POST" else 200, json=found)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)

    def made(self, thing: dict[str, Any]) -> dict[str, Any]:
        """Keeps a new object under its own number."""
        thing["id"] = thing.get("id") or str(len(self.things) + 1)
        self.things[str(thing["id"])] = thing
        return thing

    def created(self) -> int:
        return len(self.things)


def buttondown(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/images":
        return {"id": "img", "image": "https://images.example/lock.png"}
    if path == "/emails" and method == "POST":
        key = service.headers[-1]["x-idempotency-key"]
        if key in service.templates:
            return service.templates[key]
        status = payload.get("status", "about_to_send")  # in the service's form
        service.templates[key] = service.made({"modification_date": "1", **payload, "status": status})
        return service.templates[key]
    if path == "/emails":
        return {"results": list(service.things.values())}
    if path.endswith("/renders"):
        return {"html": service.things[path.split("/")[2]]["body"]}
    return _one(service, method, path.removeprefix("/emails/"), payload)


def _one(service: FakeService, method: str, key: str, payload: Any) -> Any:
    thing = service.things.get(key)
    if thing is None:
        return 404
    if method in {"PATCH", "PUT"}:
        thing |= payload
    return thing


def listmonk(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/media":
        return {"data": {"url": "https://images.example/lock.png"}}
    if path == "/campaigns" and method == "POST":
        return {"data": service.made({**payload, "status": "draft", "updated_at": "1"})}
    if path == "/campaigns":
        return {"data": {"results": list(service.things.values())}}
    if path.endswith("/preview"):
        return service.things[path.split("/")[2]]["body"]
    if path.endswith("/status"):
        thing = service.things[path.split("/")[2]]
        assert thing["send_at"], "only what has a time can be scheduled"
        thing.update(payload)
        return {"data": thing}
    found = _one(service, method, path.removeprefix("/campaigns/"), payload)
    return found if isinstance(found, int) else {"data": found}


def ghost(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/images/upload/":
        return {"images": [{"url": "https://images.example/lock.png", "ref": "lock.png"}]}
    if path == "/posts/" and method == "POST":
        assert payload["posts"][0].get("status", "draft") == "draft"
        return {"posts": [service.made({"updated_at": "1", "status": "draft", **payload["posts"][0]})]}
    if path.startswith("/email_previews/"):
        return 403
    if path.startswith("/posts/slug/"):
        same = [post for post in service.things.values() if f"/posts/slug/{post['slug']}/" == path]
        return {"posts": same[:1]} if same else 404
    key = path.removeprefix("/posts/").strip("/")
    if method == "PUT":
        post = service.things[key]
        if payload["posts"][0].get("updated_at") != post["updated_at"]:
            return 422
        post |= payload["posts"][0] | {"updated_at": str(int(post["updated_at"]) + 1)}
    return {"posts": [service.things[key]]} if key in service.things else 404


def resend(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path.endswith("/send"):
        assert payload["scheduled_at"], "without a time it would be sent at once"
        service.things[path.split("/")[2]].update(payload, status="scheduled")
        return {"id": path.split("/")[2]}
    if path == "/broadcasts" and method == "POST":
        return service.made({**payload, "status": "sent" if payload.get("send") else "draft"})
    if path == "/broadcasts":
        return {"object": "list", "data": list(service.things.values())}
    return _one(service, method, path.removeprefix("/broadcasts/"), payload)


def mailchimp(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/file-manager/files":
        return {"id": 1, "full_size_url": "https://images.example/lock.png"}
    if path == "/campaigns" and method == "POST":
        return service.made({**payload, "status": "save", "web_id": 7})
    if path == "/campaigns":
        return {"campaigns": list(service.things.values())}
    if path.endswith("/content"):
        content = service.templates.setdefault(path.split("/")[2], {})
        if method == "PUT":
            content |= payload
        return content
    if path.endswith("/actions/schedule"):
        service.things[path.split("/")[2]].update(status="schedule", send_time=payload["schedule_time"])
        return {}
    return _one(service, method, path.removeprefix("/campaigns/"), payload)


def kit(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/broadcasts" and method == "POST":
        sent = payload.get("send_at") or payload.get("public")
        return {"broadcast": service.made({**payload, "status": "scheduled" if sent else "draft"})}
    if path == "/broadcasts":
        return {"broadcasts": list(service.things.values())}
    found = _one(service, method, path.removeprefix("/broadcasts/"), payload)
    return found if isinstance(found, int) else {"broadcast": found}


def brevo(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/emailCampaigns" and method == "POST":
        return {"id": service.made({**payload, "status": "draft", "modifiedAt": "1"})["id"]}
    if path == "/emailCampaigns":
        return {"campaigns": list(service.things.values())}
    if method == "PUT" and payload.get("scheduledAt"):
        payload = {**payload, "status": "queued"}
    return _one(service, method, path.removeprefix("/emailCampaigns/"), payload)


def sendgrid(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/marketing/singlesends":
        return service.made({**payload, "status": "draft"})
    if path == "/marketing/singlesends/search":
        return {"result": [each for each in service.things.values() if each["name"] == payload["name"]]}
    if path.endswith("/schedule"):
        service.things[path.split("/")[3]].update(payload, status="scheduled")
        return payload
    return _one(service, method, path.removeprefix("/marketing/singlesends/"), payload)


def postmark(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/templates":
        return service.made({**payload, "TemplateId": len(service.things) + 1, "Active": True})
    if path == "/templates/validate":
        return {
            "AllContentIsValid": True,
            "HtmlBody": {"ContentIsValid": True, "RenderedContent": payload["HtmlBody"], "ValidationErrors": []},
        }
    key = path.removeprefix("/templates/")
    for thing in service.things.values():
        if key in {thing["Alias"], str(thing["TemplateId"])}:
            if method == "PUT":
                thing.update(payload)
            return thing
    return 422


def mailerlite(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/campaigns" and method == "POST":
        return {"data": service.made({**payload, "status": "draft"})}
    if path == "/campaigns":
        return {"data": list(service.things.values())}
    found = _one(service, method, path.removeprefix("/campaigns/"), payload)
    return found if isinstance(found, int) else {"data": found}


def klaviyo(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/image-upload":
        return {"data": {"attributes": {"image_url": "https://images.example/lock.png"}}}
    if path == "/templates":
        key = f"t{len(service.templates) + 1}"
        service.templates[key] = payload["data"]["attributes"]
        return {"data": {"id": key, "type": "template"}}
    if path == "/template-render":
        return {"data": {"attributes": {"html": service.templates[payload["data"]["id"]]["html"]}}}
    if path == "/campaign-message-assign-template":
        data = payload["data"]
        wanted = data["relationships"]["template"]["data"]["id"]
        service.templates[f"copy-{data['id']}"] = dict(service.templates[wanted])
        return {"data": {}}
    if path.startswith("/templates/"):
        key = path.removeprefix("/templates/")
        if method == "DELETE":
            return service.templates.pop(key) and {}
        return {"data": {"id": key, "attributes": service.templates[key]}} if key in service.templates else 404
    if path.startswith("/campaign-messages/"):
        key = path.removeprefix("/campaign-messages/")
        campaign = service.things[key.removeprefix("m")]
        if method == "PATCH":
            campaign["message"] = payload["data"]["attributes"]
        own = f"copy-{key}"
        return {
            "data": {
                "attributes": campaign["message"],
                "relationships": {"template": {"data": {"id": own} if own in service.templates else None}},
            }
        }
    if path == "/campaigns" and method == "POST":
        fields = payload["data"]["attributes"]
        message = fields["campaign-messages"]["data"][0]["attributes"]
        return {"data": _campaign(service.made({**fields, "status": "Draft", "message": message}))}
    if path == "/campaigns":
        return {"data": [_campaign(each) for each in service.things.values()]}
    found = _one(service, method, path.removeprefix("/campaigns/"), payload["data"]["attributes"] if payload else None)
    return found if isinstance(found, int) else {"data": _campaign(found)}


def _campaign(thing: dict[str, Any]) -> dict[str, Any]:
    messages = {"campaign-messages": {"data": [{"type": "campaign-message", "id": f"m{thing['id']}"}]}}
    return {
        "id": thing["id"],
        "attributes": {"status": thing["status"], "name": thing["name"]},
        "relationships": messages,
    }


def beehiiv(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/posts" and method == "POST":
        return {"data": service.made({**payload, "status": payload.get("status", "confirmed")})}
    if path == "/posts":
        return {"data": list(service.things.values())}
    found = _one(service, method, path.removeprefix("/posts/"), payload)
    return found if isinstance(found, int) else {"data": found}


def mailgun(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/templates":
        version = {name: payload[name] for name in ("tag", "template", "comment")}
        version["headers"] = json.loads(payload["headers"])
        name = payload["name"].lower()
        service.made({"id": name, "name": name, "description": payload["description"], "version": version})
        return {"message": "template has been stored", "template": {"name": name}}
    key, _, rest = path.removeprefix("/templates/").partition("/versions/")
    thing = service.things.get(key)
    if thing is None or (rest and rest != thing["version"]["tag"]):
        return 404
    if method == "PUT":
        thing["version"] |= payload | {"headers": json.loads(payload["headers"])}
        return {"message": "version has been updated", "template": {"name": key}}
    return {"template": thing}


def ses(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    assert "Credential=AKIAabcdef/" in service.headers[-1]["authorization"]
    assert "/eu-central-1/ses/aws4_request" in service.headers[-1]["authorization"]
    assert "abcdefsecret" not in repr(service.headers[-1]) + repr(payload)
    if path == "/v2/email/templates":
        if payload["TemplateName"] in service.things:
            return 400
        service.made({"id": payload["TemplateName"], **payload})
        return {}
    key, _, render = path.removeprefix("/v2/email/templates/").partition("/")
    thing = service.things.get(key)
    if thing is None:
        return 404
    if render:
        json.loads(payload["TemplateData"])
        message = MIMEText(thing["TemplateContent"]["Html"], "html", "utf-8")
        return {"RenderedTemplate": message.as_string()}
    if method == "PUT":
        thing |= payload
        return {}
    return thing


def campaign_monitor(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/campaigns/c1.json" and method == "POST":
        thing = service.made({**payload, "status": "draft"})
        thing["CampaignID"] = thing["id"]
        return thing["id"]
    states = {
        "/clients/c1/drafts.json": "draft",
        "/clients/c1/scheduled.json": "scheduled",
        "/clients/c1/campaigns.json": "",
    }
    if path not in states:
        return 404
    listed = [
        each
        for each in service.things.values()
        if each["status"] == states[path] or (not states[path] and each["status"] not in {"draft", "scheduled"})
    ]
    return listed if states[path] else {"Results": listed}


def mailcoach(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/campaigns" and method == "POST":
        thing = service.made({**payload, "status": "draft"})
        thing["uuid"] = thing["id"]
        return {"data": thing}
    if path == "/campaigns":
        return {"data": list(service.things.values())}
    found = _one(service, method, path.removeprefix("/campaigns/"), payload)
    return found if isinstance(found, int) else {"data": found}


def keila(service: FakeService, method: str, path: str, payload: Any, _query: dict[str, str]) -> Any:
    if path == "/campaigns" and method == "POST":
        return {"data": service.made({**payload["data"], "sent_at": None, "scheduled_for": None})}
    if path == "/campaigns":
        return {"data": list(service.things.values())}
    if path.endswith("/actions/schedule"):
        service.things[path.split("/")[2]].update(payload["data"])
        return {"data": service.things[path.split("/")[2]]}
    found = _one(service, method, path.removeprefix("/campaigns/"), payload and payload["data"])
    return found if isinstance(found, int) else {"data": found}


FAKES = {
    "buttondown": (buttondown, "https://api.buttondown.com/v1", "abcdef-key", {"tags": ["sub_tag_1"]}),
    "listmonk": (
        listmonk,
        "https://lists.example/api",
        "user:abcdef",
        {"url": "https://lists.example", "lists": ["3"]},
    ),
    "ghost": (ghost, "https://blog.example/ghost/api/admin", "64fabc:" + "9a" * 32, {"url": "https://blog.example"}),
    "resend": (resend, "https://api.resend.com", "re_abcdef", {"segment": "s1"}),
    "mailchimp": (mailchimp, "https://us19.api.mailchimp.com/3.0", "abcdef-us19", {"list": "l1", "segment": 4}),
    "kit": (kit, "https://api.kit.com/v4", "kit_abcdef", {"tags": ["5"], "segments": ["6"]}),
    "brevo": (brevo, "https://api.brevo.com/v3", "xkeysib-abcdef", {"lists": ["2"]}),
    "sendgrid": (
        sendgrid,
        "https://api.sendgrid.com/v3",
        "SG.abcdef",
        {"lists": ["l"], "sender": 9, "suppression_group": 8},
    ),
    "postmark": (postmark, "https://api.postmarkapp.com", "abcdef-token", {}),
    "mailerlite": (mailerlite, "https://connect.mailerlite.com/api", "abcdef.jwt", {"groups": ["7"]}),
    "klaviyo": (klaviyo, "https://a.klaviyo.com/api", "pk_abcdef", {"audiences": ["a1"]}),
    "mailgun": (
        mailgun,
        "https://api.eu.mailgun.net/v3/mg.example",
        "abcdef-key",
        {"domain": "mg.example", "region": "eu"},
    ),
    "ses": (ses, "https://email.eu-central-1.amazonaws.com", "AKIAabcdef:abcdefsecret", {"region": "eu-central-1"}),
    "campaign-monitor": (
        campaign_monitor,
        "https://api.createsend.com/api/v3.3",
        "abcdef-key",
        {"client": "c1", "lists": ["l1"]},
    ),
    "mailcoach": (
        mailcoach,
        "https://letters.mailcoach.app/api",
        "abcdef-token",
        {"url": "https://letters.mailcoach.app", "list": "l1"},
    ),
    "keila": (
        keila,
        "https://keila.example/api/v1",
        "abcdef-token",
        {"url": "https://keila.example", "sender": "ms_1", "segment": "sgm_1"},
    ),
    "beehiiv": (beehiiv, "https://api.beehiiv.com/v2/publications/pub_1", "abcdef-bee", {"publication": "pub_1"}),
}
"""For each service: its answers, its address, a key in its form, and its settings in newsletter.yaml."""


def fake(name: str) -> FakeService:
    answer, address, _, _ = FAKES[name]
    return FakeService(answer, address)
