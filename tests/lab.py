"""A JupyterLab of its own, driven by a real browser, for the browser tests."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
LOCAL = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
KERNEL = "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
TEXTS = (
    "[...document.querySelectorAll('.jp-OutputArea svg text')].map(e => e.textContent)"
)
PATIENCE = 90  # seconds; a shared machine may be slow to start a kernel


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(folder, config):
    """Run JupyterLab on a folder; yield its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--expose-app-in-browser",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(config)},
    )
    try:
        wait_for(url + "/api")
        yield url
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url):
    """Return when the address answers, or raise."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except (OSError, urllib.error.URLError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


@contextlib.contextmanager
def browser_page(chromium, *, width=1500, height=1300):
    """Open one page; yield it and the list of requests that leave the machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, headless=True, args=FLAGS
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE * 1000)
        outside = []
        page.on("request", lambda r: r.url.startswith(LOCAL) or outside.append(r.url))
        yield page, outside
        browser.close()


def run_all(page, url, notebook):
    """Open a notebook and run all its cells once its kernel is ready."""
    page.goto(f"{url}/lab/tree/{notebook}?reset", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    command = "notebook:run-all-cells"
    page.wait_for_function(f"window.jupyterapp?.commands.hasCommand('{command}')")
    page.wait_for_function(
        f"{KERNEL}?.connectionStatus === 'connected' && {KERNEL}?.status === 'idle'"
    )
    page.evaluate(f"void jupyterapp.commands.execute('{command}')")


def wait_for_text(page, text, timeout=PATIENCE):
    """Return when a chart of the notebook shows exactly this text."""
    condition = f"text => {TEXTS}.includes(text)"
    page.wait_for_function(condition, arg=text, timeout=timeout * 1000)


def texts(page):
    """Return every text of the notebook's charts."""
    return page.evaluate(TEXTS)
