"""A JupyterLab of the test's own: its folder, its settings, its port, and its end."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress

import nbformat
import psutil

DISABLED = {
    "disabledExtensions": {
        "@jupyterlab/apputils-extension:announcements": True,
        "ploomber-extension": True,  # comes with what `make bench` compares with
    }
}
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},  # all cells are drawn
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WAIT = 60  # seconds; a busy machine starts slowly


@contextmanager
def lab(root, folder, **settings):
    """Start JupyterLab beside copies of notebooks and data; give its address without a path."""
    work = prepare(root, folder, settings)
    port, token = free_port(), secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", "--ServerApp.shutdown_no_activity_timeout=300",
        "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=work, env=surroundings(folder), stdout=log, stderr=log
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, folder)
            yield f"http://127.0.0.1:{port}", token
        finally:
            end(server, folder)


def prepare(root, folder, settings):
    """Copy data and notebooks, these without outputs: what is seen later has been run."""
    shutil.copytree(root / "data", folder / "work" / "data")
    for path in (root / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / "work" / path.name)
    write(folder / "config" / "labconfig" / "page_config.json", DISABLED)
    for name, values in {**SETTINGS, **settings}.items():
        write(folder / "settings" / f"{name}.jupyterlab-settings", values)
    return folder / "work"


def write(path, content):
    """Write a file of JSON and the folders that it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def surroundings(folder):
    """Return an environment in which Jupyter finds nothing of this machine's user."""
    own = {
        "HOME": "home", "IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "share", "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }  # fmt: skip
    for name in own.values():
        (folder / name).mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "COV_", "PYTEST"))}
    return kept | {name: str(folder / place) for name, place in own.items()}


def free_port():
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(url, server, folder):
    """Wait until the server answers."""
    end_of_wait = time.monotonic() + WAIT
    while time.monotonic() < end_of_wait and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310  # loopback
            return
        time.sleep(0.1)
    raise RuntimeError((folder / "lab.log").read_text())


def end(server, folder):
    """End the server and with it its kernels; what is still there is killed by its id."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    for process in left(folder):
        process.kill()


def left(folder):
    """Return the processes that were started with a file of this folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(str(folder) in word for word in process.cmdline()):
                found.append(process)
    return found
