"""HTTP calls to a mailing service, with limits and safe retries.

A call that only reads, or that can be repeated without creating anything twice, is retried after a failure of the
network or the server (RFC 9110 §9.2.2). The pauses grow, or are those that the service asks for (`Retry-After`, RFC
9110 §10.2.3). A call that creates something is retried only if the service certainly did nothing: no connection, or 429
(RFC 6585). Otherwise its outcome is unknown, and is reported as unknown.
"""

from __future__ import annotations

import json as json_module
import random
import re
import time
from email.utils import parsedate_to_datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsletter.certificates import default_certificates
from newsletter.errors import UsageError, WorldError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from newsletter.credentials import Secret

PATIENCE = 30.0
"""The most seconds for each step of a call: to connect, to send, to receive."""
TRIES = 4
LONGEST_PAUSE = 60.0
"""The most seconds that a service may ask us to wait. If it asks for more, the call fails with a message."""
LARGEST_ANSWER = 20_000_000
"""The most bytes of an answer."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST_WORDS = 300
_MESSAGE_KEYS = (
    "detail",
    "message",
    "title",
    "error",
    "error_description",
    "errors",
    "context",
    "reason",
    "code",
    "type",
)
"""The keys under which services describe an error, the clearest first."""


class RefusedCallError(WorldError):
    """The service refused the call; `status` is the HTTP status."""

    def __init__(self, message: str, *, status: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


class UnknownOutcomeError(WorldError):
    """It is unknown whether the service did what it was asked to do."""


class Client:
    """Calls to one service. With `dry`, no call is made: each is recorded, and answered with a sample."""

    def __init__(
        self,
        service: str,
        address: str,
        headers: Mapping[str, str],
        secret: Secret,
        *,
        auth: httpx.Auth | None = None,
        dry: bool = False,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.service = service
        self.dry = dry
        self.run = token_hex(8)
        """The id of this run, by which a service can distinguish a repeated call from a new one."""
        self.calls: list[str] = []
        """The requests, one line each, without secrets."""
        self._secret = secret
        self._pause = pause
        self._address = _trusted(service, address)
        self._json_type = {"Content-Type": headers.get("Content-Type", "application/json")}
        self._headers = {name: value for name, value in headers.items() if name != "Content-Type"}
        self._auth = auth
        self._transport = transport
        self._http: httpx.Client | None = None

    def __enter__(self) -> Client:  # noqa: PYI034 - no class below this one
        return self

    def __exit__(self, *_: object) -> None:
        if self._http is not None:
            self._http.close()

    def get(self, path: str, *, params: Mapping[str, Any] | None = None, sample: Any = None) -> Any:
        """The JSON at a path; None if it does not exist (404)."""
        return self.call("GET", path, params=params, sample=sample, repeatable=True, absent=True)

    def page(self, path: str) -> str:
        """The text at a path; "" if it does not exist."""
        self.calls.append(self._note("GET", path, None, None, None))
        if self.dry:
            return ""
        status, content = self._answered("GET", path, {}, repeatable=True)
        if status != 404 and not 200 <= status < 300:
            raise self._refusal("GET", path, status, content)
        return content.decode("utf-8", "replace") if status != 404 else ""

    def post(
        self,
        path: str,
        json: Any = None,
        *,
        sample: Any = None,
        repeatable: bool = False,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Creates something; `repeatable` if two equal calls create one thing."""
        return self.call("POST", path, json=json, params=params, sample=sample, repeatable=repeatable, headers=headers)

    def put(self, path: str, json: Any = None, *, sample: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Replaces the resource at a path."""
        return self.call("PUT", path, json=json, params=params, sample=sample, repeatable=True)

    def patch(self, path: str, json: Any = None, *, sample: Any = None) -> Any:
        """Changes a part of the resource at a path, and returns the answer."""
        return self.call("PATCH", path, json=json, sample=sample, repeatable=True)

    def upload(
        self,
        path: str,
        field: str,
        file: tuple[str, bytes, str],
        *,
        data: Mapping[str, str] | None = None,
        sample: Any = None,
    ) -> Any:
        """Uploads a file (name, content, media type) as a form does (RFC 7578)."""
        return self.call("POST", path, files={field: file}, data=data, sample=sample, repeatable=True)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        data: Mapping[str, str] | None = None,
        sample: Any = None,
        repeatable: bool = False,
        absent: bool = False,
    ) -> Any:
        """The JSON of the answer; with `absent`, None for 404.

        Raises RefusedCallError, UnknownOutcomeError, or WorldError if the service cannot be reached.
        """
        self.calls.append(self._note(method, path, data if json is None and not files else json, params, files))
        if self.dry:
            return sample
        request: dict[str, Any] = {"params": params, "headers": headers, "files": files, "data": data}
        given: dict[str, Any] = {name: value for name, value in request.items() if value is not None}
        if json is not None:
            given["content"] = json_module.dumps(json, ensure_ascii=False).encode("utf-8", "replace")
            given["headers"] = {**self._json_type, **(headers or {})}
        status, content = self._answered(method, path, given, repeatable=repeatable)
        if absent and status == 404:
            return None
        if not 200 <= status < 300:
            raise self._refusal(method, path, status, content)
        return self._parsed(content)

    def _answered(self, method: str, path: str, given: dict[str, Any], *, repeatable: bool) -> tuple[int, bytes]:
        import httpx

        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                status, content, after = self._once(method, path, given)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                if last:
                    raise self._unreachable(error) from error
                self._wait(attempt)
                continue
            except httpx.TransportError as error:
                if not repeatable:
                    raise self._unknown(method, path, _words(str(error)) or "the connection ended") from error
                if last:
                    raise self._unreachable(error) from error
                self._wait(attempt)
                continue
            if status == 429 and not last:
                self._wait(attempt, after)
            elif status >= 500 and not repeatable:
                raise self._unknown(method, path, f"{status} {self._message_in(content)}".strip())
            elif status in {500, 502, 503, 504} and not last:
                self._wait(attempt, after)
            else:
                return status, content
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _once(self, method: str, path: str, given: dict[str, Any]) -> tuple[int, bytes, str]:
        with self._connected().stream(method, self._address + path, **given) as answer:
            content = bytearray()
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER:
                    raise WorldError(f"{self.service} answers with more than {LARGEST_ANSWER:,} bytes")
            return answer.status_code, bytes(content), answer.headers.get("retry-after", "")

    def _connected(self) -> httpx.Client:
        if self._http is None:
            import httpx

            # No redirect is followed: a key is only for its own address. Proxies and .netrc of the environment are ignored.
            self._http = httpx.Client(
                headers=self._headers,
                auth=self._auth,
                timeout=PATIENCE,
                verify=default_certificates(),
                transport=self._transport,
                follow_redirects=False,
            )
        return self._http

    def _wait(self, attempt: int, after: str = "") -> None:
        asked = _seconds(after)
        if asked > LONGEST_PAUSE:
            raise WorldError(
                f"{self.service} asks to wait {asked:,.0f} seconds",
                hint="Push again after that. It does not create a second draft.",
            )
        self._pause(asked or random.uniform(0.5, 1.0) * 2 ** (attempt - 1))  # noqa: S311 - a pause, no secret

    def _note(
        self,
        method: str,
        path: str,
        json: Any,
        params: Mapping[str, Any] | None,
        files: Mapping[str, tuple[str, bytes, str]] | None,
    ) -> str:
        query = "&".join(f"{name}={value}" for name, value in (params or {}).items())
        line = f"{method} {self._address}{path}{'?' if query else ''}{query}"
        if files:
            line += " " + ", ".join(
                f"{name} ({len(content):,} bytes, {kind})" for name, content, kind in files.values()
            )
        if json is not None:
            line += f" {json_module.dumps(_shortened(json), ensure_ascii=False)}"
        return self._masked(line)

    def _masked(self, text: str) -> str:
        whole = self._secret.reveal()
        for part in (whole, *re.split(r"[:\s]", whole)):
            if len(part) >= 6:
                text = text.replace(part, "…")
        return text

    def _message_in(self, content: bytes) -> str:
        """The service's message, on one line and without secrets."""
        text = content.decode("utf-8", "replace")
        try:
            message = _plainest(json_module.loads(text))
        except (ValueError, RecursionError):
            message = "" if text.lstrip().startswith("<") else text
        return self._masked(_words(message))

    def _refusal(self, method: str, path: str, status: int, content: bytes) -> RefusedCallError:
        message = self._message_in(content)
        words = f"{status}: {message}" if message else str(status)
        hint = {
            401: "The key is not accepted. Store another one with `newsletter login`.",
            403: "The key does not allow this, or your plan does not include it.",
            429: "The service accepts no more requests for now. Push again in a few minutes.",
        }.get(status, "")
        if 300 <= status < 400:
            hint = "It redirects to another address. newsletter does not follow it, because the key is only for this address."
        return RefusedCallError(
            f"{self.service} refuses {method} {path.partition('?')[0]}: {words}", status=status, hint=hint
        )

    def _unknown(self, method: str, path: str, reason: str) -> UnknownOutcomeError:
        return UnknownOutcomeError(
            f"it is not known whether {self.service} did {method} {path}: {self._masked(reason)}",
            hint="Look there before you push again.",
        )

    def _unreachable(self, error: Exception) -> WorldError:
        reason = self._masked(_words(str(error))) or type(error).__name__
        return WorldError(
            f"{self.service} cannot be reached: {reason}", hint="Push again later. It does not create a second draft."
        )

    def _parsed(self, content: bytes) -> Any:
        if not content.strip():
            return {}
        try:
            return json_module.loads(content)
        except (ValueError, RecursionError) as error:
            raise UnknownOutcomeError(
                f"{self.service} answers with something that is not JSON",
                hint="Check the address of the service, and look there.",
            ) from error


def _trusted(service: str, address: str) -> str:
    parts = urlsplit(address)
    here = (parts.hostname or "") in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise UsageError(
            f"{service} would be contacted without encryption at {address}", hint="Its address begins with https://."
        )
    return address.rstrip("/")


def _seconds(after: str) -> float:
    """The seconds in `Retry-After`; 0 if it cannot be parsed."""
    try:
        return max(0.0, float(after))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _words(text: str) -> str:
    line = " ".join(_CONTROLS.sub(" ", text).split())
    return line if len(line) <= _LONGEST_WORDS else f"{line[:_LONGEST_WORDS]}…"


def _plainest(answer: Any) -> str:
    """The message in an answer, under any of the known keys."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, list):
        return "; ".join(filter(None, map(_plainest, answer[:5])))
    if not isinstance(answer, dict):
        return ""
    messages = [_plainest(answer[key]) for key in _MESSAGE_KEYS if key in answer]
    if not any(messages):
        messages = [f"{key}: {_plainest(value)}" for key, value in answer.items() if _plainest(value)]
    return ": ".join(dict.fromkeys(filter(None, messages)))


def _shortened(value: Any) -> Any:
    """A payload with long texts shortened, for people."""
    if isinstance(value, str) and len(value) > 80:
        return f"{value[:60]}… ({len(value):,} characters)"
    if isinstance(value, dict):
        return {key: _shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_shortened(each) for each in value]
    return value
