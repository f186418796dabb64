"""The fixed words and the dates of a language, from templates/theme/strings/<language>.yaml.

A file only has the differences from the files after it: `nl-BE` is completed by `nl`, and any language by `en`. A
workspace's own files in the same place come first, word by word. Text for readers has the digits of the language
(`العدد ٧` for `ar-EG`). Text that people write and the tool compares, such as the date in a heading or a file name, has
0 to 9; see `Language.numeral`.
"""

from __future__ import annotations

from newsletter.language.language import Calendar, Language, Lists, primary_language
from newsletter.language.load import load_language

__all__ = ["Calendar", "Language", "Lists", "load_language", "primary_language"]
