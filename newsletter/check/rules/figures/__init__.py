"""The rules about pictures, in the order of their codes."""

from __future__ import annotations

from newsletter.check.rules.figures import files, said

FIGURES = (
    said.no_alt_text,
    said.no_caption,
    said.no_credit,
    said.file_missing,
    said.outside_workspace,
    said.not_a_picture,
    said.file_name_as_alt,
    said.image_of,
    said.caption_again,
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
    rule.code for rule in (said.no_caption, said.no_credit, files.too_small)
}
"""The codes of the rules that also check pictures in snippets.

Rules about figures are left out: a picture that is in every issue is mostly an icon, without a caption and narrower
than the column.
"""
