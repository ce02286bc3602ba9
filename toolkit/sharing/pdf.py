"""HTML to PDF through an installed Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
SECONDS = 120


def to_pdf(page: str) -> bytes:
    """Return a page printed as PDF.

    Raises
    ------
    FileNotFoundError
        No Chromium is installed; says what to do instead.
    OSError
        Chromium did not print.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise FileNotFoundError(
            "A PDF needs Chromium or Chrome, and none is installed: share it as "
            ".html and print that from any browser."
        )
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "brief.html"), Path(folder, "brief.pdf")
        source.write_text(page, encoding="utf-8")
        done = subprocess.run(
            [browser, *_flags(folder), f"--print-to-pdf={target}", source.as_uri()],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode or not target.is_file():
            raise OSError(f"{browser} printed no PDF: {done.stderr.strip()[-500:]}")
        return target.read_bytes()


def _flags(folder: str) -> list[str]:
    flags = [
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder}/profile",
    ]
    # Chromium refuses to run as the superuser inside its sandbox.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*flags, "--no-sandbox"] if root else flags
