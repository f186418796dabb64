"""Makes templates/theme/email/styles.json from prose.css: python docs/styles.py (a test says when)."""  # noqa: INP001 (a script)

from __future__ import annotations

from newsletter.bundled import templates_folder
from newsletter.render.email.inliner import make_table
from newsletter.render.email.styles import SHEET, SHIPPED, dump


def main() -> None:
    """Writes the table."""
    folder = templates_folder() / "theme" / "email"
    sheet = (folder / SHEET).read_text(encoding="utf-8")
    (folder / SHIPPED).write_text(dump(make_table(sheet), sheet), encoding="utf-8")


if __name__ == "__main__":
    main()
