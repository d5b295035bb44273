"""What travels to a window while pages are opened in it."""

from playwright.sync_api import Page


class Scales:
    """`weigh()` after each page: bytes as they travel, for a first visitor and for one who comes back."""

    def __init__(self, page: Page) -> None:
        self._known: dict[str, int] = {}
        self._asked: dict[str, str] = {}
        self._travelled: list[tuple[str, int]] = []
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.clearBrowserCache")  # what every page needs is weighed when it comes for the first time
        wire.on(
            "Network.requestWillBeSent",
            lambda event: self._asked.update({event["requestId"]: event["request"]["url"]}),
        )
        wire.on(
            "Network.loadingFinished", lambda event: self._note(event["requestId"], event["encodedDataLength"])
        )

    def weigh(self) -> tuple[int, int]:
        """What has come since the last time."""
        first = after = 0
        for url, size in self._travelled:
            again = url in self._known or "/static/" not in url
            after += size if again else 0
            self._known[url] = max(size, self._known.get(url, 0))
        for url in {url for url, _ in self._travelled}:
            first += self._known[url]
        self._travelled.clear()
        return first, after

    def _note(self, request: str, size: int) -> None:
        self._travelled.append((self._asked.pop(request, ""), int(size)))
