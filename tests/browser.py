"""Debian's Chromium without a window, for tests and pictures of pages."""

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

BROWSER, DRIVER = "chromium", "chromedriver"


def why_no_browser() -> str | None:
    """Return why there is none here; None when there is one."""
    missing = [name for name in (BROWSER, DRIVER) if not shutil.which(name)]
    return f"{' and '.join(missing)} not installed" if missing else None


@contextlib.contextmanager
def browser(width: int = 1400, height: int = 900) -> Iterator[Any]:
    """Open a browser and give its driver."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which(BROWSER))
    words = ("headless=new", "no-sandbox", "disable-dev-shm-usage", "hide-scrollbars", f"window-size={width},{height}")
    for word in words:
        options.add_argument(f"--{word}")
    driver = webdriver.Chrome(options=options, service=Service(str(shutil.which(DRIVER))))
    try:
        yield driver
    finally:
        driver.quit()
