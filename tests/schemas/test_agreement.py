"""The schemas and the loaders agree on valid and invalid documents, except for the cases listed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.schemas.reading import faults, flagged

if TYPE_CHECKING:
    from pathlib import Path

PUBLICATION = """\
title: The Lock Keeper
url: https://letters.example/
sender: {name: The Lock Keeper, email: letters@letters.example}
"""

VALID = {
    "newsletter": [
        "",
        "title: 2024",
        "url: https://example.org/letters",
        "url: http://localhost:8000/",
        "language: pt-BR",
        "language: zh-Hant-TW",
        "address_form: formal",
        "address_form:",
        "timezone: Europe/Brussels",
        "description: |\n  Two\n  lines.",
        "description:",
        "kind: briefing",
        "authors: {marit: {name: Marit, url: https://example.org/é, bio: A line.}}",
        "authors: {marit: }",
        "fields: {company: your company, floor: 3}",
        "theme:",
        "theme: {look: plain}",
        "theme: {width: 640, radius: 0, logo_width: 16, logo_alt: 1984}",
        "theme: {colors: {light: {accent: '#a6341b'}, dark: {on_accent: '#FFFFFF'}}}",
        "theme: {fonts: {serif: \"Georgia, 'Times New Roman', serif\", mono: Consolas}}",
        "feeds: {entries: 1000, tag: 'letters.example,2024'}",
        "email: {warn_at: 10, limit: 1000, link_growth: 0, section: 1}",
        "check: {select: [], ignore: [FG102, ST1], severity: {ST108: warning, FG: off, TX1: error}}",
        "check: {select: ST104}",
        "subscribe_url: 'HTTPS://example.org/?a=b#c'",
    ],
    "house": [
        "name: Letter",
        "front: {title: required, cover: optional, code: {pattern: '[A-Z]+', length: 5}, date: }",
        "front: {number: {required: true, consecutive: true, length: 1-}}",
        "front: {sponsor: {required: true, fields: {name: required, more: {fields: {deep: {type: date}}}}}}",
        "front: {edition: {choices: [regular, special]}, tags: {length: 1-3}, title: {form: 'Issue #{number}'}}",
        "sections: {news: {heading: [News, 'News of {date:MMMM yyyy}'], words: at least 5}}",
        "sections: {a: {heading: A}, b: {}, c: }\norder: [a, [b, c]]",
        "order: free",
        "sections: {news: {items: {shape: bullet, count: 3 to 9, link: required, last: {look: roundup, entries: 3-5}}}}",
        "sections: {news: {items: {full_stop: forbidden, title: -90, links_to: [source]}}}\nlinks: {kinds: {source: github.com}}",
        "sections: {news: {repeat: 1–3, place: first, look: events, forgive: [case, emoji], required: false}}",
        "sections: {a: {}, b: {}}\nsets: {either: [a, b], one: {sections: [a, b], count: 1}}",
        "sections: {a: {heading: A}}\ngroups: {top: {heading: Top, sections: [a], required: false}}",
        "forgive: all",
        'opening: {required: true, words: AT MOST 200, hint: "Two\\nlines"}',
        "words: -3",
        "words: 10",
        "words: ''",
        "standing: {box: after opening}",
        "sections: {news: {heading: News}}\nstanding: {box: before  news}",
        "figures: {caption: optional, credit: required, credit_words: [Foto], weight: 500, width: 600, formats: [jpg, png]}",
        "links: {http: true, tracking: false, shorteners: true, repeats: opening}",
        "text: {quotes: typographic, sentence: at most 40, paragraph: 5-, placeholders: [XX]}",
        "spelling: {GitHub: [Github, github], '2024': '24'}",
        "avoid: [leverage]",
        "avoid: {leverage: Say use., synergy: }",
        "never: [INSERT_LINK_HERE, 404]",
        "severity: {ST124: off, FG: warning, HS1: error, TX999: off}",
        "section_level: 5\nallow_html: true\ncover: true\nauthor_box: true\ncontents: false\nother_fields: true",
        "file_name: ['{date:yyyy-MM-dd}-{slug}']",
        "extends: base",
        "extends: base\nsections: {news: }",
        "contents: {since: 120}",
        "figures: {credit: {since: 2024-01-31}}",
        "words: {is: 10-20, until: number 2020}",
        "sections: {news: {heading: News, until: 99}, more: {heading: More, since: 2020-05-01}}",
        "sections: {news: {heading: News, words: 10-20, eras: [{until: 9, words: 5-9, heading: {is: Old, since: 3}}]}}",
        "eras: [{since: 5, until: 9, sections: {news: {heading: News}}, never: [x, {is: y, since: 6}]}]",
        "front: {edition: optional}\nvariants: {special: {when: {edition: [special, 7]}, words: 10-20}}",
        "variants: {special: {when: {title: {pattern: 'Special.*'}}, front: {cover: required}}}",
        "front: {summary: {is: required, since: 2024-01-31}}",
    ],
}

INVALID = {
    "newsletter": [
        "titel: x",
        "title: true",
        "title: [a]",
        "title: ''",
        "title:",
        "title: |\n  two\n  lines",
        "url: letters.example",
        "url: ftp://letters.example/",
        "url: https://letters.example/?a=b",
        "url: https://jane@letters.example/",
        "url: https://letters.example/a b",
        "sender: {name: x}",
        "sender:",
        "sender: The Lock Keeper",
        "sender: {name: 'x <x@x.example>', email: x@x.example}",
        "sender: {name: x, email: x at x.example}",
        "sender: {name: x, email: x@x.example, replyto: x@x.example}",
        "language: english language",
        "language: 5",
        "address_form: polite",
        "address_form: [formal]",
        "timezone: Central Europe",
        "subscribe_url: /subscribe",
        "kind: my kind",
        "authors: [marit]",
        "authors: {marit: {bio: x}}",
        "authors: {marit: {name: x, mail: x@x.example}}",
        "authors: {marit: {name: x, picture: ../x.png}}",
        "fields: {First Name: x}",
        "fields: {unsubscribe_url: x}",
        "fields: {company: [x]}",
        "theme: {look: [plain]}",
        "theme: {look: a/b}",
        "theme: {width: 300}",
        "theme: {width: '640'}",
        "theme: {radius: 24.5}",
        "theme: {colors: {light: {accent: red}}}",
        "theme: {colors: {light: {acent: '#a6341b'}}}",
        "theme: {colors: {light: {accent: 112233}}}",
        "theme: {fonts: {serif: 'Georgia; serif'}}",
        "theme: {logo: /logo.png}",
        "theme: {logo: https://example.org/logo.png}",
        "theme: [x]",
        "feeds: {entries: 0}",
        "email: {limit: 9}",
        "email: {section: 0}",
        "email: {link_growth: -1}",
        "email: {limits: 80}",
        "feeds: {tag: letters.example}",
        "check: {select: [QQ104]}",
        "check: {select: [ST104x]}",
        "check: {ignore: [ST999]}",
        "check: {severity: {ST104: fatal}}",
        "check: {severity: {QQ: off}}",
    ],
    "house": [
        "naem: Letter",
        "name: [x]",
        "front: [title]",
        "front: {title: needed}",
        "front: {title: {requird: true}}",
        "front: {title: {required: 'yes'}}",
        "front: {title: {type: date}}",
        "front: {title: {fields: {a: required}}}",
        "front: {date: {length: 5}}",
        "front: {date: {form: '{number}'}}",
        "front: {cover: {pattern: x}}",
        "front: {title: {consecutive: true}}",
        "front: {code: {type: txt}}",
        "front: {code: {type: date, choices: [a]}}",
        "front: {code: {type: list, fields: {a: required}}}",
        "front: {code: {choices: [a, a]}}",
        "front: {code: {length: five}}",
        "front: {code: {length: [5, 9]}}",
        "sections: [news]",
        "sections: {News: {}}",
        "sections: {opening: {}}",
        "sections: {news: News}",
        "sections: {news: {headings: News}}",
        "sections: {news: {heading: ''}}",
        "sections: {news: {heading: {a: b}}}",
        "sections: {news: {words: many}}",
        "sections: {news: {words: 7.5}}",
        "sections: {news: {words: true}}",
        "sections: {news: {look: nice}}",
        "sections: {news: {place: middle}}",
        "sections: {news: {forgive: colour}}",
        "sections: {news: {items: bullet}}",
        "sections: {news: {items: {shape: bullets}}}",
        "sections: {news: {items: {link: yes please}}}",
        "sections: {news: {items: {last: {count: 3}}}}",
        "sections: {news: {items: {last: {shape: bullet}}}}",
        "sections: {news: {items: {links_to: [a, a]}}}\nlinks: {kinds: {a: a.example}}",
        "order: random",
        "order: true",
        "sections: {a: {}}\norder: [a, a]",
        "sections: {a: {}}\norder: [[a, 5]]",
        "sections: {a: {}, b: {}}\nsets: {either: [a, a]}",
        "sections: {a: {}, b: {}}\nsets: {either: {sections: [a, b], counts: 1}}",
        "sections: {a: {}}\ngroups: {top: {heading: Top, section: [a]}}",
        "opening: 50-200",
        "opening: {word: 5}",
        "standing: {box: somewhere}",
        "standing: {Box: end}",
        "standing: {box: [end]}",
        "figures: {credit: true}",
        "figures: {weight: 0}",
        "figures: {weight: heavy}",
        "figures: {formats: [bmp]}",
        "links: {http: 'yes'}",
        "links: {kinds: {Source: github.com}}",
        "links: {kinds: {source: 'https://github.com/'}}",
        "links: {kinds: {source: [github.com, github.com]}}",
        "text: {quotes: curly}",
        "text: {placeholders: ['']}",
        "spelling: [GitHub]",
        "spelling: {GitHub: {a: b}}",
        "avoid: {leverage: [x]}",
        "avoid: [[x]]",
        "never: ['']",
        "never: [true]",
        "severity: {ST124: ignore}",
        "severity: {CF001: off}",
        "severity: {st124: off}",
        "section_level: 1",
        "section_level: two",
        "allow_html: 1",
        "extends: [base]",
        "extends: My Base",
        "extends:",
        "since: 120",
        "contents: {since: soon}",
        "contents: {since: 2024}",
        "words: {is: many, since: 5}",
        "words: {since: 5}",
        "words: {is: 10, from: 5}",
        "eras: {since: 5}",
        "eras: [{words: 10}]",
        "eras: [{since: 5, word: 10}]",
        "sections: {news: {eras: [{since: 5, count: 10}]}}",
        "variants: [special]",
        "variants: {special: {when: {title: []}}}",
        "variants: {special: {when: {title: {patern: x}}}}",
        "variants: {special: {when: {title: x}, wrods: 10}}",
    ],
}

REPORTED_ONLY_BY_THE_TOOL = {
    "newsletter": [
        # hosts, zones and domains that look valid, and files
        "url: https://-letters.example/",
        "timezone: Europe/Brugge",
        "sender: {name: x, email: x@-x.example}",
        "theme: {logo: logo.png}",
    ],
    "house": [
        # errors that need a comparison of two places
        "words: 9-5",
        "sections: {news: {repeat: 0}}",
        "sections: {news: {contents: true}}",
        "sections: {news: {items: {entries: 3}}}",
        "sections: {news: {figures: 0, items: {picture: required}}}",
        "sections: {news: {heading: News}, more: {heading: News}}",
        "sections: {news: {items: {categories: [Chips, chips]}}}",
        "sections: {a: {place: first}, b: {place: first}}",
        "words: 10\nsections: {news: {words: 20-}}",
        "spelling: {GitHub: GitHub}",
        "contents: {since: 9, until: 5}",
        "front: {code: {type: nested}}",
        # names of things that must exist
        "standing: {bx: end}",
        "standing: {box: after news}",
        "order: [news]",
        "sets: {either: [news, more]}",
        "groups: {top: {heading: Top, sections: [news]}}",
        "links: {repeats: [news]}",
        "sections: {news: {items: {links_to: source}}}",
        "variants: {special: {when: {edition: special}}}",
        "extends: bsae",
        # texts with their own grammar
        "front: {code: {pattern: '['}}",
        "front: {title: {form: '{issue}'}}",
        "sections: {news: {heading: 'News of {month}'}}",
        # keys that an inheriting file may leave out
        "groups: {top: {}}",
        "standing: {box: }",
        "variants: {special: {words: 10}}",
        "spelling: {GitHub: }",
    ],
}


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in table.items() for text in texts]


def complete(name: str, text: str) -> str:
    """The document, with the required keys added to a newsletter.yaml."""
    if name == "house":
        return text
    key = text.partition(":")[0]
    return "\n".join([*(line for line in PUBLICATION.splitlines() if not line.startswith(f"{key}:")), text, ""])


@pytest.mark.parametrize(("name", "text"), cases(VALID))
def test_valid_documents_are_valid_for_both(name: str, text: str, tmp_path: Path):
    assert faults(name, complete(name, text), tmp_path) == []
    assert flagged(name, complete(name, text)) == []


@pytest.mark.parametrize(("name", "text"), cases(INVALID))
def test_invalid_documents_are_invalid_for_both(name: str, text: str, tmp_path: Path):
    assert faults(name, complete(name, text), tmp_path) != []
    assert flagged(name, complete(name, text)) != []


@pytest.mark.parametrize(("name", "text"), cases(REPORTED_ONLY_BY_THE_TOOL))
def test_errors_that_a_schema_cannot_express_are_reported_by_the_tool(name: str, text: str, tmp_path: Path):
    assert faults(name, complete(name, text), tmp_path) != []
    assert flagged(name, complete(name, text)) == []


def test_a_publication_needs_three_keys(tmp_path: Path):
    for key in ("title", "url", "sender"):
        text = "\n".join(line for line in PUBLICATION.splitlines() if not line.startswith(key))
        assert faults("newsletter", text, tmp_path) == [f"CF014 `{key}` is missing"]
        assert flagged("newsletter", text) == [f"$: '{key}' is a required property"]
