"""A tab of the browser for many tests, because opening one takes half a second of computing time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


class Tab:
    """A page of the browser in a context of its own. Its size is in CSS pixels."""

    def __init__(self, browser: Browser) -> None:
        self.context: BrowserContext = browser.new_context(no_viewport=True)
        self.page: Page = self.context.new_page()
        self._session = self.context.new_cdp_session(self.page)

    def resize(self, width: int, height: int = 900) -> None:
        """Sets its size. Playwright's own function also resizes the window around it, which takes twice as long."""
        size = {"width": width, "height": height, "screenWidth": width, "screenHeight": height}
        self._session.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": 1, "mobile": False})

    def fresh(self, width: int, height: int = 900, scheme: Literal["light", "dark"] = "light") -> Page:
        """Its page as if it were new: empty, without routes, in a size and a colour scheme."""
        self.page.unroute_all()
        self.page.goto("about:blank")
        self.page.emulate_media(media="null", color_scheme=scheme)
        self.resize(width, height)
        return self.page

    def close(self) -> None:
        """Closes it."""
        self.context.close()
