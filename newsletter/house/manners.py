"""How words, links, text and picture files are to be, read from house.yaml: what holds anywhere in an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, LinkFormat, Passage, PictureFormat, TextFormat, Wording
from newsletter.house.values import CONTRADICTION, NAME, TWICE, bounds, not_empty
from newsletter.late import late
from newsletter.yamlread import Flaw, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from newsletter.yamlread import Table

FORMATS = ("jpg", "png", "gif", "webp", "svg", "avif")

DOMAIN = late(r"(?:[\w-]+\.)+[\w-]+(?::\d+)?(?P<path>/\S*)?")
KIND = late(r"[a-z][a-z0-9_-]*")


def read_wording(table: Table) -> Wording:
    """The right spellings and the words to avoid."""
    return Wording(_spelling(table.table("spelling")), _avoid(table))


def _spelling(table: Table) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for right in table.names():
        wrong = tuple(dict.fromkeys(table.texts(right, check=not_empty)))
        if not wrong and table.value(right) in (None, []):
            mend = f"Write it as `{right}: [{right.lower()}]`, with every spelling that is wrong."
            table.fault(f"`{right}` lacks the spellings that it stands for", right, mend=mend, at_key=True)
        if right in wrong:
            table.fault(f"`{right}` is right and wrong at once", right, code=CONTRADICTION)
        found[right] = tuple(word for word in wrong if word != right)
    return found


def _avoid(table: Table) -> dict[str, str]:
    """A list of words, or words with what to do about each."""
    if not isinstance(table.value("avoid"), dict):
        return dict.fromkeys(table.texts("avoid", check=not_empty), "")
    advice = table.table("avoid")
    return {word: advice.text(word) for word in advice.names()}


def read_links(table: Table, sections: Sequence[str], elsewhere: Collection[str]) -> LinkFormat:
    """What is asked of links; `sections` are the keys that `repeats` may name, `elsewhere` those of other eras."""
    kinds = table.table("kinds")
    return LinkFormat(
        kinds={kind: _domains(kinds, kind) for kind in kinds.names()},
        http=table.flag("http"),
        tracking=table.flag("tracking"),
        shorteners=table.flag("shorteners"),
        repeats=known_names(table, "repeats", sections, "section", elsewhere),
    )


def _domains(kinds: Table, kind: str) -> tuple[str, ...]:
    if not KIND.fullmatch(kind):
        mend = "Write a short name in small letters: source, video."
        kinds.fault(f"a kind of link cannot be called `{kind}`", kind, mend=mend, at_key=True)
    domains = tuple(domain.lower() for domain in kinds.texts(kind, check=_domain_flaw))
    for place, domain in enumerate(domains):
        if domain in domains[:place]:
            kinds.fault(f"`{domain}` is listed twice", kind, place, code=TWICE)
    return domains


def _domain_flaw(text: str) -> Flaw | None:
    if "://" in text:
        return Flaw("is an address, not a domain", f"Write {text.partition('://')[2].rstrip('/')}.")
    return None if DOMAIN.fullmatch(text) else Flaw("is no domain", "Write it as in an address: github.com.")


def known_names(
    table: Table, key: str, known: Sequence[str], noun: str, elsewhere: Collection[str] = ()
) -> tuple[str, ...]:
    """A list of names that stand elsewhere in the file, such as keys of sections; others are faults.

    `elsewhere` are names of other eras and variants: they are no faults, and not among what is given.
    """
    found = []
    names = table.texts(key)
    for place, name in enumerate(names):
        steps = (key, place) if isinstance(table.value(key), list) else (key,)
        if name in names[:place]:
            table.fault(f"`{name}` is listed twice", *steps, code=TWICE)
        elif name not in known and name not in elsewhere:
            table.fault(f"there is no {noun} `{name}`", *steps, mend=names_mend(name, known, noun), code=NAME)
        elif name in known:
            found.append(name)
    return tuple(found)


def names_mend(name: str, known: Sequence[str], noun: str) -> str:
    """Which name may have been meant, or which there are."""
    close = nearest(name, known)
    return (
        f"Did you mean `{close}`?" if close else f"There is: {', '.join(known)}." if known else f"There is no {noun}."
    )


def read_passages(table: Table) -> tuple[Passage, ...]:
    """What is to stand there: texts, or texts with how often."""
    if not isinstance(table.value("contains"), dict):
        return tuple(Passage(text) for text in table.texts("contains", check=not_empty))
    counts = table.table("contains")
    return tuple(Passage(text, bounds(counts, text, Bounds(1, None))) for text in counts.names() if text.strip())


def read_text(table: Table) -> TextFormat:
    """What is asked of the text."""
    return TextFormat(
        quotes=table.text("quotes", choices=("typographic", "straight")),
        sentence=bounds(table, "sentence"),
        paragraph=bounds(table, "paragraph"),
        placeholders=tuple(dict.fromkeys(table.texts("placeholders", check=not_empty))),
    )


def read_pictures(figures: Table) -> PictureFormat:
    """What is asked of picture files."""
    return PictureFormat(
        weight=figures.number("weight", 0, minimum=1) or None,
        width=figures.number("width", 0, minimum=1) or None,
        formats=tuple(dict.fromkeys(figures.texts("formats", check=_format_flaw))),
    )


def _format_flaw(name: str) -> Flaw | None:
    if name in FORMATS:
        return None
    close = "jpg" if name.lower() in {"jpeg", ".jpg", ".jpeg"} else nearest(name, FORMATS)
    return Flaw("is no format of pictures", f"Write {close}." if close else f"Write one of {', '.join(FORMATS)}.")
