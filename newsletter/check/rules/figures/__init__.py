"""The rules about pictures, in the order of their codes."""

from __future__ import annotations

from newsletter.check.rules.figures import files, texts

FIGURES = (
    texts.no_alt_text,
    texts.no_caption,
    texts.no_credit,
    texts.file_missing,
    texts.outside_workspace,
    texts.not_a_picture,
    texts.file_name_as_alt,
    texts.image_of,
    texts.caption_again,
    files.too_heavy,
    files.too_small,
    files.poor_format,
    files.heavy_animation,
    files.data_picture,
    files.plain_http,
    files.more_than_drawn,
    files.words_without_font,
    files.colours_for_print,
)

OF_SNIPPETS = frozenset(rule.code for rule in FIGURES) - {
    rule.code for rule in (texts.no_caption, texts.no_credit, files.too_small)
}
"""The codes of the rules that also check pictures in snippets.

Rules about figures are left out: a picture that is in every issue is mostly an icon, without a caption and narrower
than the column.
"""
