"""The records of the rules about pictures, in the order of their codes."""

from __future__ import annotations

from newsletter.check.base import Rule
from newsletter.check.rules.figures import files, said
from newsletter.diagnostics import Severity

_WARNING = Severity.WARNING

FIGURES = (
    Rule("FG101", "no-alt-text", "Pictures have an alt text", "figures", said.no_alt_text, gap=True),
    Rule("FG102", "no-caption", "Figures have a caption", "figures", said.no_caption, gap=True),
    Rule("FG103", "no-credit", "Figures say who made them", "figures", said.no_credit, gap=True),
    Rule("FG104", "picture-missing", "Picture files are there", "files", said.file_missing, gap=True),
    Rule("FG105", "picture-outside", "Picture files are in the workspace", "files", said.outside_workspace),
    Rule("FG106", "not-a-picture", "Picture files can be read", "files", said.not_a_picture),
    Rule("FG107", "file-name-as-alt", "Alt texts are not names of files", "figures", said.file_name_as_alt),
    Rule("FG108", "image-of", "Alt texts begin with what is shown", "figures", said.image_of, severity=_WARNING),
    Rule(
        "FG109",
        "caption-again",
        "Alt texts do not repeat the caption",
        "figures",
        said.caption_again,
        severity=_WARNING,
    ),
    Rule("FG110", "heavy-picture", "Picture files are not too heavy", "files", files.too_heavy, severity=_WARNING),
    Rule("FG111", "small-picture", "Pictures fill their place", "files", files.too_small, severity=_WARNING),
    Rule(
        "FG112",
        "picture-format",
        "Pictures are of a kind that mail programs show",
        "files",
        files.poor_format,
        severity=_WARNING,
    ),
    Rule(
        "FG113",
        "heavy-animation",
        "Animations are short and light",
        "files",
        files.heavy_animation,
        severity=_WARNING,
    ),
    Rule("FG114", "data-picture", "Pictures have an address or a file", "figures", files.data_picture),
    Rule(
        "FG115",
        "picture-by-http",
        "Pictures are fetched by https",
        "figures",
        files.plain_http,
        severity=_WARNING,
    ),
    Rule(
        "FG116",
        "more-than-drawn",
        "SVGs hold nothing but what they draw",
        "files",
        files.more_than_drawn,
        severity=_WARNING,
    ),
    Rule(
        "FG117",
        "no-font",
        "There is a font for the words of SVGs",
        "files",
        files.words_without_font,
        severity=_WARNING,
    ),
    Rule(
        "FG118",
        "colours-for-print",
        "Pictures are in colours for screens",
        "files",
        files.colours_for_print,
        severity=_WARNING,
    ),
)
