"""Makes screenshots of letters in real email programs: the samples, one in Arabic, one in Chinese, and every block.

python docs/mail_programs.py                          into screenshots/mail-programs/, in light and dark mode
python docs/mail_programs.py thunderbird dark         only those with all of these words in their names
python docs/mail_programs.py --picture                the picture of docs/guide/clients.md

Each program runs with its own home folder on a virtual display, reads the .eml that `newsletter export` writes, and
loads nothing from the network. The Debian packages in `PACKAGES` are needed. A program that is not installed is
skipped.
"""

from __future__ import annotations

import argparse
import base64
import email
import email.policy
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs.screenshots import side_by_side  # noqa: E402 (the checkout comes first)
from newsletter.records import dataclass  # noqa: E402
from tests.conftest import CHROMIUM_NAMES  # noqa: E402
from tests.judges.workspaces import LOOKS, WORKSPACES, built  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

OUT = ROOT / "screenshots" / "mail-programs"
PICTURE = ROOT / "docs" / "pictures" / "clients.png"
PACKAGES = (
    "thunderbird evolution claws-mail claws-mail-litehtml-viewer xvfb openbox xdotool dbus-x11 imagemagick gnome-themes-extra "
    "roundcube-core php-cli php-xml php-masterminds-html5"
)
WIDTH, HEIGHT = 900, 12000
"""The size of the display, in pixels. The torture issue is longer and is cut off."""
PATIENCE = 90
"""The most seconds that a program may take to show a letter."""
ROUNDCUBE = Path(os.environ.get("ROUNDCUBE", "/usr/share/roundcube"))
LETTERS = {
    "sample": ("ships-that-climb", "salmon-tunnels-and-a-quiet-ship", "the-river-that-wants-to-move"),
    "blocks": ("a-month-on-the-water",),
    "arabic": ("manarat-al-iskandariya",),
    "chinese": ("qiao",),
    "torture": ("every-block", "from-right-to-left"),
}
"""The slugs of the letters, by their workspace."""
ATTACHED = "https://attached.example/"
"""The replacement for `cid:` while Roundcube sanitizes a letter. Roundcube puts an address of its own there."""
TOKENS = {"unsubscribe_url": "leave", "preferences_url": "preferences"}


@dataclass(frozen=True, slots=True)
class Program:
    """An email program that runs on this machine."""

    name: str
    binary: str
    """The packages that must be installed."""
    prepare: Callable[[Path, Path], list[str]]
    """Sets up a home folder for one letter, and returns the command that opens it."""
    opened: str = ""
    """The keys that open the letter in its own window, if it is not in one."""
    themed: bool = True
    """Whether it uses dark mode when GTK does."""


def letters(folder: Path, wanted: Callable[[str], bool] = lambda _slug: True) -> Iterator[Path]:
    """The letters for whose slugs `wanted` is true, as .eml files that include their pictures."""
    for name in WORKSPACES:
        if not any(map(wanted, LETTERS[name])):
            continue
        root = built(name, folder / name, LOOKS[0]).root
        for source in root.glob("issues/*/index.md"):  # text in the form of a merge tag is not an error in code
            text = source.read_text(encoding="utf-8").replace("*|MERGE|*", "`*|MERGE|*`")
            source.write_text(text, encoding="utf-8")
        for slug in filter(wanted, LETTERS[name]):
            tokens = [f"--token={token}=https://letters.example/{path}" for token, path in TOKENS.items()]
            command = [sys.executable, "-m", "newsletter", "export", slug, "--for", "eml", "--pictures", "attached"]
            subprocess.run([*command, "--quiet", "--token=first_name=reader", *tokens], cwd=root, check=True)
            yield root / "build" / slug / "for-eml" / f"{slug}.eml"


def subject_of(letter: Path) -> str:
    """The title of the window with a letter."""
    with letter.open("rb") as file:
        return str(email.message_from_binary_file(file, policy=email.policy.default)["subject"])


def thunderbird(home: Path, letter: Path) -> list[str]:
    """A profile that asks no questions. Dark mode follows the system setting (see `environment`)."""
    wanted = {
        "ui.systemUsesDarkTheme": int((home / "dark").exists()),
        "mail.provider.suppress_dialog_on_startup": True,
        "mail.shell.checkDefaultClient": False,
        "mail.rights.version": 1,
        "mailnews.start_page.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.donation.eoy.version.viewed": 999,
        "app.update.enabled": False,
    }
    lines = [f'user_pref("{key}", {str(value).lower()});\n' for key, value in wanted.items()]
    (home / "user.js").write_text("".join(lines), encoding="utf-8")
    return ["thunderbird", "--no-remote", "--profile", str(home), str(letter)]


def evolution(home: Path, letter: Path) -> list[str]:
    """An account whose inbox is a file with only this letter."""
    local = home / ".local/share/evolution/mail/local"
    for folder in ("cur", "new", "tmp", ".Outbox/cur", ".Outbox/new", ".Outbox/tmp"):
        (local / folder).mkdir(parents=True)
    (local / "..maildir++").write_text("maildir++ 1")
    (home / ".local/share/evolution/preview-plugins").mkdir()
    spool = home / "spool"
    content = letter.read_bytes().replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
    spool.write_bytes(b"From letters@letters.example Sun Nov 29 12:00:00 2026\n" + content + b"\n")
    sources = home / ".config/evolution/sources"
    sources.mkdir(parents=True)
    (sources / "letters.source").write_text(
        "[Data Source]\nDisplayName=Letters\nEnabled=true\nParent=\n\n[Mail Account]\nBackendName=spool\nIdentityUid=\n\n"
        f"[Spool Backend]\nPath={spool}\n"
    )
    settings = {
        "prompt-check-if-default-mailer": "false",
        "show-startup-wizard": "false",
        "image-loading-policy": "never",
    }
    script = "".join(f"gsettings set org.gnome.evolution.mail {key} {value}\n" for key, value in settings.items())
    return ["sh", "-c", f"{script}exec evolution -c mail folder://letters/INBOX"]


def claws(home: Path, letter: Path) -> list[str]:
    """A mailbox with only this letter, and the HTML viewer, which cannot be opened in a window of its own."""
    mail, settings = home / "Mail", home / "settings"
    folders = ("inbox", "sent", "draft", "queue", "trash")
    for folder in folders:
        (mail / folder).mkdir(parents=True)
    settings.mkdir()
    shutil.copy(letter, mail / "inbox" / "1")
    viewer = next(Path("/usr/lib").glob("*/claws-mail/plugins/litehtml_viewer.so"), "")
    (settings / "clawsrc").write_text(
        f"[Common]\npromote_html_part=1\nrender_html=1\nfolderview_width=1\nfolderview_visible=0\nsummaryview_height=60\n"
        f"mainwin_x=0\nmainwin_y=0\nmainwin_width={WIDTH}\nmainwin_height={HEIGHT}\n[Plugins_GTK3]\n{viewer}\n"
    )
    (settings / "accountrc").write_text(
        "[Account: 1]\naccount_name=reader\nis_default=1\nname=Reader\naddress=reader@letters.example\nprotocol=6\n"
    )
    kinds = {"sent": "outbox"}
    items = "".join(
        f'<folderitem type="{kinds.get(folder, folder)}" name="{folder}" path="{folder}" account_id="0" apply_sub="0"/>'
        for folder in folders
    )
    (settings / "folderlist.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><folderlist>'
        f'<folder type="mh" name="Mail" path="{mail}" sort="0" collapsed="0" account_id="0" apply_sub="0">{items}</folder></folderlist>'
    )
    return ["claws-mail", "--alternate-config-dir", str(settings), "--select", "#mh/Mail/inbox/1"]


PROGRAMS = (
    Program("thunderbird", "thunderbird", thunderbird, themed=False),
    Program("evolution", "evolution", evolution, "ctrl+o"),
    Program("claws-mail", "claws-mail", claws),
)


@contextmanager
def running(command: list[str], environment: Mapping[str, str], **how: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, together with all processes that it started."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True, **how)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)


@contextmanager
def screen() -> Iterator[str]:
    """The name of an unused display."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
    with running(command, os.environ, pass_fds=(writing,)):
        os.close(writing)
        with os.fdopen(reading) as reader:
            yield f":{reader.readline().strip()}"


def environment(home: Path, display: str, *, dark: bool) -> dict[str, str]:
    """The environment of a program: its home folder, its display, and light or dark mode."""
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    if dark:
        (home / "dark").touch()
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "DISPLAY": display,
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        **({"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"} if os.geteuid() == 0 else {}),
        **({"GTK_THEME": "Adwaita:dark"} if dark else {}),
    }


def photograph(program: Program, letter: Path, *, dark: bool) -> Image.Image:
    """A screenshot of the letter in the program."""
    with tempfile.TemporaryDirectory(prefix="mail-program-", ignore_cleanup_errors=True) as folder, screen() as display:
        home = Path(folder)
        environ = environment(home, display, dark=dark)
        command = ["dbus-run-session", "--", *program.prepare(home, letter)]
        with running(["openbox"], environ), running(command, environ):
            window = found(environ, subject_of(letter), program)
            subprocess.run(
                [
                    "xdotool",
                    "windowmove",
                    window,
                    "0",
                    "0",
                    "windowsize",
                    window,
                    str(WIDTH),
                    str(HEIGHT),
                    "windowraise",
                    window,
                ],
                env=environ,
                check=False,
            )
            return settled(environ)


def found(environ: Mapping[str, str], subject: str, program: Program) -> str:
    """The id of the window with the letter."""
    wanted = subject.split(maxsplit=1)[0] if program.name != "claws-mail" else "Claws Mail"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(2)
        if window := windows(environ, wanted):
            return window
        if program.opened and windows(environ, "Inbox"):
            time.sleep(3)
            subprocess.run(["xdotool", "key", program.opened], env=environ, check=False)
    sys.exit(f"{program.name} showed no window of “{subject}” in {PATIENCE} seconds.")


def windows(environ: Mapping[str, str], name: str) -> str:
    """The last visible window with `name` in its title; empty if there is none."""
    seen = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", name], env=environ, capture_output=True, text=True, check=False
    )
    return seen.stdout.rstrip().rpartition("\n")[2]


def settled(environ: Mapping[str, str]) -> Image.Image:
    """A screenshot, when nothing on the display has changed for three comparisons."""
    end = time.monotonic() + PATIENCE
    last, same = Image.new("RGB", (1, 1)), 0
    while same < 3 and time.monotonic() < end:
        time.sleep(2)
        taken = subprocess.run(
            ["import", "-window", "root", "png:-"], env=environ, capture_output=True, check=True
        ).stdout
        now = Image.open(io.BytesIO(taken)).convert("RGB")
        same = same + 1 if last.size == now.size and not ImageChops.difference(last, now).getbbox() else 0
        last = now
    return last


def washed(letter: Path) -> str:
    """The page into which Roundcube puts a letter: sanitized, with rewritten style sheets and its pictures."""
    with letter.open("rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    parts = {str(part["content-id"]).strip("<>"): part for part in message.walk() if part["content-id"]}
    body = message.get_body(("html",))
    if body is None:
        sys.exit(f"{letter} has no HTML")
    command = ["php", str(ROOT / "docs" / "roundcube.php"), str(ROUNDCUBE)]
    asked = body.get_content().replace("cid:", ATTACHED)
    html = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    for cid, part in parts.items():
        data = base64.b64encode(part.get_content()).decode()
        html = html.replace(f"{ATTACHED}{cid}", f"data:{part.get_content_type()};base64,{data}")
    return html


def photograph_washed(letter: Path, *, dark: bool) -> Image.Image:
    """A screenshot of what Roundcube leaves of a letter, in a browser."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="dark" if dark else "light")
        page.route("http*://**", lambda route: route.abort())
        page.set_content(washed(letter))
        height = min(HEIGHT, page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": WIDTH, "height": height})
        taken = page.screenshot(type="png")
        browser.close()
    return Image.open(io.BytesIO(taken)).convert("RGB")


def cameras() -> dict[str, Callable[..., Image.Image]]:
    """The function that makes a screenshot of a letter, for each installed program, by its name."""
    here: dict[str, Callable[..., Image.Image]] = {}
    missing = [tool for tool in ("Xvfb", "openbox", "xdotool", "import", "dbus-run-session") if not shutil.which(tool)]
    for program in PROGRAMS:
        if missing or not shutil.which(program.binary):
            print(f"not here: {', '.join(missing) or program.name}")
            continue
        here[program.name] = lambda letter, program=program, **light: photograph(program, letter, **light)
    if shutil.which("php") and (ROUNDCUBE / "program/lib/Roundcube/rcube_washtml.php").is_file():
        here["roundcube"] = photograph_washed
    else:
        print("not here: roundcube")
    if not here:
        sys.exit(f"None of the programs is here: on Debian, apt-get install {PACKAGES}")
    return here


def main() -> None:
    """Exports the letters, makes the screenshots, and prints their folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="only those with all of these words in their names")
    parser.add_argument("--picture", action="store_true", help="make docs/pictures/clients.png instead")
    asked = parser.parse_args()
    here = cameras()
    with tempfile.TemporaryDirectory(prefix="mail-programs-") as folder:
        if asked.picture:
            take_picture(here, next(letters(Path(folder), SHOWN_LETTER.__eq__)))
            return
        OUT.mkdir(parents=True, exist_ok=True)
        names = {
            slug: [(f"{program}_{slug}_{light}.png", program, light) for program in here for light in ("light", "dark")]
            for slugs in LETTERS.values()
            for slug in slugs
        }
        asked_for = {
            slug: [one for one in rows if all(word in one[0] for word in asked.only)] for slug, rows in names.items()
        }
        for letter in letters(Path(folder), lambda slug: bool(asked_for[slug])):
            for name, program, light in asked_for[letter.stem]:
                here[program](letter, dark=light == "dark").save(OUT / name)
    print(f"{sum(map(len, asked_for.values()))} photographs: {OUT.as_uri()}")


TOP = 940
"""The height of the part of a letter that the picture shows, in pixels."""
SHOWN_LETTER = "ships-that-climb"
SHOWN = (("thunderbird", False), ("thunderbird", True), ("evolution", True), ("roundcube", False))


def take_picture(here: Mapping[str, Callable[..., Image.Image]], letter: Path) -> None:
    """The top of one letter in each of the programs, side by side and at half size."""
    tops = []
    for program, dark in SHOWN:
        top = here[program](letter, dark=dark).crop((0, 0, WIDTH, TOP))
        kept = io.BytesIO()
        top.resize((WIDTH // 2, TOP // 2), Image.Resampling.LANCZOS).save(kept, "PNG")
        tops.append(kept.getvalue())
    PICTURE.write_bytes(side_by_side(tops, 255, rounds=3))
    print(f"docs/pictures/clients.png: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
