"""A real browser for tests: Debian's chromium, headless, spoken to over its DevTools pipe. Standard library only."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe"
)


def chromium() -> str | None:
    """Where the browser is, None where it is not installed."""
    return shutil.which("chromium")


class Browser:
    """One page of a headless browser with a profile of its own. `events` are all that the browser has told."""

    def __init__(self, profile: Path, patience: float = 30.0) -> None:
        self.events: deque[dict[str, Any]] = deque()
        self._patience, self._next, self._buffer = patience, 0, b""
        inside_read, self._out = os.pipe()
        self._in, inside_write = os.pipe()
        # The browser reads from descriptor 3 and writes to 4.
        wiring = f'exec "$0" "$@" 3<&{inside_read} 4>&{inside_write}'
        command = ["bash", "-c", wiring, str(chromium()), *FLAGS.split(), f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            command, pass_fds=(inside_read, inside_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(inside_read)
        os.close(inside_write)
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._out)
        os.close(self._in)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The browser's answer to one command."""
        self._next += 1
        message = {"id": self._next, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + self._patience
        while True:
            answer = self._read(deadline, method)
            if answer.get("id") == self._next:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def _read(self, deadline: float, waiting: str) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"the browser does not answer ({waiting})"
            part = os.read(self._in, 1 << 20)
            assert part, f"the browser has ended ({waiting})"
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def open(self, url: str) -> None:
        """Load a page and wait until it is complete."""
        self.events.clear()
        if "loaderId" not in self.call("Page.navigate", url=url):
            self.call("Page.reload")  # the page was open: the browser has only moved on it
        deadline = time.monotonic() + self._patience
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read(deadline, f"loading {url}"))

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def size(self, width: int, height: int, mobile: bool = False) -> None:
        """The viewport in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def media(self, kind: str = "", scheme: str = "light") -> None:
        """Emulate a medium ("print", "" for the screen) and a colour scheme."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=kind, features=features)

    def screenshot(self) -> bytes:
        """The viewport as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])

    def pdf(self) -> bytes:
        """The page as it prints."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])

    def urls(self) -> list[str]:
        """Every address that the page has asked for since it was opened."""
        asked = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in asked]

    def complaints(self) -> list[str]:
        """Errors and warnings on the console, and uncaught exceptions, since the page was opened."""
        found = []
        for event in self.events:
            match event:
                case {"method": "Runtime.exceptionThrown", "params": {"exceptionDetails": details}}:
                    found.append(json.dumps(details))
                case {"method": "Runtime.consoleAPICalled", "params": {"type": "error" | "warning", "args": arguments}}:
                    found.append(json.dumps(arguments))
                case {"method": "Log.entryAdded", "params": {"entry": {"level": "error" | "warning", "text": words}}}:
                    found.append(words)
        return found
