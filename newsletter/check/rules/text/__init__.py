"""The rules about text. Most are warnings; an error means that readers would get broken or unfinished text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rules.text import characters, marks, pairs, quotes, style, words

if TYPE_CHECKING:
    from newsletter.check.rule import Rule

TEXT: tuple[Rule, ...] = (
    words.doubled_word,
    pairs.unbalanced_quotes,
    pairs.unbalanced_brackets,
    pairs.stray_backtick,
    quotes.quote_style,
    characters.mojibake,
    characters.invisible,
    characters.turned_text,
    style.stale_year,
    words.unfinished,
    style.shouting,
    style.sentence_length,
    style.paragraph_length,
    words.spelling,
    words.avoid,
    marks.literal_mark,
)

_OF_SNIPPETS = (words.unfinished, characters.mojibake, characters.invisible, words.doubled_word, marks.literal_mark)
OF_SNIPPETS = frozenset(rule.code for rule in _OF_SNIPPETS)
"""The codes of the rules that also check snippets: those about broken or unfinished text."""
