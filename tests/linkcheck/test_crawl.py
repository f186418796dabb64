"""Many addresses: each asked once, sites one address at a time, and an end that leaves nothing hanging."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from newsletter.check.facts.addresses import LinkAnswer
from newsletter.linkcheck import ask_all


def test_every_address_is_requested_once(web):
    pages = [web.page(f"/{count}") for count in range(30)]
    answers = dict(ask_all([*pages, *pages], web.policy))
    assert answers == dict.fromkeys(pages, LinkAnswer(200))
    assert sorted(web.lines) == sorted(f"HEAD /{count}" for count in range(30))


def test_without_addresses_there_are_no_requests(web):
    assert list(ask_all([], web.policy)) == []


def test_one_address_at_a_time_is_requested_from_a_site(web):
    web.page("/a")
    lock, at_once, most = Lock(), dict.fromkeys("abc", 0), []

    def resolve(host: str, _port: int) -> list[str]:
        with lock:
            at_once[host[0]] += 1
            most.append(at_once[host[0]])
        return ["127.0.0.1"]

    addresses = [web.at(f"/a?{count}", f"{name}.example") for count in range(10) for name in "abc"]
    policy = replace(web.policy, resolve=resolve)
    for address, _ in ask_all(addresses, policy):
        with lock:
            at_once[address[7]] -= 1
    assert set(most) <= {1, 2}  # an answer may be counted off here just after the next request began


def test_stopping_early_makes_no_more_requests(web):
    pages = [web.page(f"/{count}") for count in range(30)]
    answers = ask_all(pages, replace(web.policy, at_once=1))
    first, _ = next(answers)
    answers.close()
    assert first == pages[0]
    assert len(web.asked) <= 2
