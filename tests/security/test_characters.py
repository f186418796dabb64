"""Characters that are forbidden in pages, feeds and emails never reach an output, wherever an author's text has them."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from newsletter.cli import run
from newsletter.render.markup import fit
from newsletter.tokens import CLOSE, MIDDLE, OPEN
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
REFERENCE = re.compile(r"&#(x?)0*([0-9a-fA-F]+);")
CHARACTERS = [chr(code) for code in (*range(9), *range(0xB, 0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF, 0xFDD0, 0xFDD3, 0xFDEF, 0xFFFE, 0xFFFF)]  # fmt: skip


def body(char: str) -> str:
    """Markdown with a character, and a reference to it, in each place that can have text."""
    number = ord(char)
    return f"""a{char}b &#{number}; and &#x{number:x};

`a{char}b` and [a{char}b](https://a.example/{char}b 'ti{char}tle') and [a&#{number};b](https://a.example/&#{number};b "t&#{number};")

```py{char}
a{char}b
```

![a{char}b](a.png "x{char}y") and <https://a.example/{char}b>

![a&#{number};b](a.png)

<p title='a{char}b'>a{char}b</p>

x <b>a&#{number};b</b> <i title="&#x{number:x};">c</i> <a href="java{char}script:alert(1)">d</a> <!-- a{char}b -->

### a{char}b &#{number};

::: callout a{char}b
x{char}y
:::

::: button
[a{char}b](https://a.example/)
:::

| a{char}b | b |
|--|--|
| &#{number}; | c{char} |

{{{{ first_name | a{char}b }}}} and a note[^n].

[^n]: b{char}&#{number};

> a{char}b
> — b&#{number};

https://b.example/{char}x java{char}script:x [k](java{char}script:alert(1)) [k](java&#{number};script:alert(1))
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")  # 2026-11-18
    assert run(["init", str(tmp_path / "letter"), "--kind", "essay", *OPTIONS]) == 0
    folder = tmp_path / "letter/templates/essay"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "house.yaml").write_text("name: Essay\nallow_html: true\n")
    return tmp_path / "letter"


def write(root: Path, front: str, text: str) -> None:
    folder = root / "issues/2026-01-01-a"
    folder.mkdir(parents=True)
    content = f"---\ndate: 2026-01-01\n{front}---\n\n{text}\n\n## A section\n\nText.\n"
    (folder / "index.md").write_bytes(content.encode("utf-8", "surrogatepass"))
    Image.new("RGB", (4, 4)).save(folder / "a.png")


def assert_fit(root: Path) -> int:
    """Every output has only allowed characters. Returns the number of outputs."""
    files = [path for top in ("build", "public", "feeds") for path in sorted((root / top).rglob("*")) if path.is_file()]
    written = [path for path in files if path.suffix in {".html", ".txt", ".xml", ".json", ".eml"}]
    for path in written:
        texts = [path.read_bytes().decode()]
        if path.suffix == ".eml":
            message = message_from_bytes(path.read_bytes(), policy=default)
            texts = [message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")]
        if path.suffix == ".xml":
            ET.fromstring(texts[0])
            texts += [element.text or "" for element in ET.fromstring(texts[0]).iter()]
        if path.suffix == ".json":
            texts.append(json.dumps(json.loads(texts[0]), ensure_ascii=False))
        for text in texts:
            assert not (found := UNFIT.search(text)), f"{path.name}: {text[found.start() - 20 : found.end() + 5]!a}"
            for reference in REFERENCE.finditer(text if path.suffix == ".html" else ""):
                assert not UNFIT.match(chr(int(reference[2], 16 if reference[1] else 10))), reference[0]
            assert not re.search(r'href="\s*javascript', text)
    return len(written)


@pytest.mark.parametrize("char", CHARACTERS, ids=lambda char: f"U+{ord(char):04X}")
def test_no_output_contains_a_forbidden_character(root: Path, char: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "title: A\nsummary: x\n", body(char))
    assert run(["-C", str(root), "check"]) in {0, 1}
    assert run(["-C", str(root), "build"]) in {0, 1}
    assert run(["-C", str(root), "export", "2026-01-01-a", "--for", "eml"]) in {0, 1}
    assert assert_fit(root) >= 3
    assert not UNFIT.search(capsys.readouterr().out.replace("\x1b", ""))


@pytest.mark.parametrize("char", CHARACTERS, ids=lambda char: f"U+{ord(char):04X}")
def test_no_yaml_escape_adds_a_forbidden_character(root: Path, char: str) -> None:
    said = f'"a\\U{ord(char):08X}b"'
    keys = ("title", "summary", "subtitle", "preheader", "subject", "id")
    front = "".join(f"{key}: {said}\n" for key in keys)
    front += (
        f"authors: [{said}]\ntags: [{said}]\ncover: {{image: a.png, alt: {said}, caption: {said}, credit: {said}}}\n"
    )
    write(root, front, "Hello.")
    yaml = root / "newsletter.yaml"
    before = yaml.read_text()
    assert run(["-C", str(root), "check"]) == 1
    assert run(["-C", str(root), "build"]) in {0, 1}
    assert_fit(root)
    yaml.write_text(re.sub("(?m)^title: .*$", lambda _: f"title: {said}", before))
    assert run(["-C", str(root), "build"]) in {0, 1, 2}
    assert_fit(root)


def test_a_control_character_becomes_a_space_and_an_invalid_one_the_replacement_character() -> None:
    assert fit("a\x0bb\x0cc\x1fd\x85e\x7ff\rg") == "a b c d e f g"
    assert fit("a\ufffeb\ud800c\x92d") == "a\ufffdb\ufffdc\ufffdd"
    kept = f"\t\n é \u200d \U0001f469 {OPEN}name{MIDDLE}x{CLOSE}"
    assert fit(kept) == kept


def test_the_description_of_the_rss_channel_is_html_like_those_of_its_items(root: Path) -> None:
    yaml = root / "newsletter.yaml"
    kept = [line for line in yaml.read_text().splitlines() if not line.startswith("description:")]
    yaml.write_text("\n".join([*kept, 'description: "Locks & <script>alert(1)</script>"']) + "\n")
    write(root, 'title: A\nsummary: "Ships & <b>"\n', "Hello.")
    assert run(["-C", str(root), "build"]) in {0, 1}
    rss = ET.parse(root / "feeds/rss.xml").getroot()
    assert rss.findtext("channel/description") == "Locks &amp; &lt;script&gt;alert(1)&lt;/script&gt;"
    assert rss.findtext("channel/item/description") == "Ships &amp; &lt;b&gt;"
    atom = ET.parse(root / "feeds/atom.xml").getroot()
    assert atom.findtext("{http://www.w3.org/2005/Atom}subtitle") == "Locks & <script>alert(1)</script>"
