"""A process that has imported what a Jupyter kernel needs, and forks one whenever it is asked.

It is started by the pool and speaks with it over sockets. On the control socket come single bytes,
each with four descriptors: the channel of a kernel and its standard streams. On the channel comes
what to run, a line of JSON; back go the lines `pid N`, `ready` and `exit N`. When the other side
closes a channel its kernel is killed, and when it closes the control socket, as it does however it
ends, all kernels are killed and their files removed. What is imported in advance beside a kernel's
own modules is handed in: names of modules, of which one that has a `warm_up` is warmed up.
"""

import atexit
import builtins
import ctypes
import gc
import importlib
import importlib.machinery
import io
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from petitionlib._kernel.lazy_imports import deferred_grammars

__all__ = ["main"]

_KERNEL: Final = (
    "ipykernel.kernelapp", "ipykernel.debugger", "ipykernel.iostream",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "IPython.utils.wildcard", "faulthandler", "pdb", "sqlite3",
    "tornado.platform.asyncio",
)  # fmt: skip  # also what a kernel imports only when it starts
_REPORT: Final = (
    "encodings.utf_8_sig", "nbformat", "pandas.io.formats.html", "pandas.io.formats.string",
    "plotly.graph_objects", "plotly.io._base_renderers", "plotly.io._html", "plotly.io._json",
    "plotly.io._templates", "psutil",
)  # fmt: skip  # never plotly.io._renderers: it looks for a kernel when it is imported
_SELDOM: Final = (
    "IPython.core.magics.ast_mod", "IPython.core.magics.execution", "jedi", "pexpect",
    "plotly.express", "pygments.formatters.terminal256", "stack_data", "timeit",
)  # fmt: skip
_PR_SET_PDEATHSIG: Final = 1
_WATCH: Final = 0.1
_SUFFIXES: Final = (".py", *importlib.machinery.EXTENSION_SUFFIXES)


class Job(NamedTuple):
    """A kernel that was asked for: its channel, its standard streams, and what it is to be."""

    channel: socket.socket
    streams: list[int]
    arguments: list[str]
    environment: dict[str, str]
    folder: str
    files: list[str]


def main() -> None:
    """Import, then fork kernels until the other side is gone; go on as a kernel in the forks."""
    control, folder, handed_in = socket.socket(fileno=int(sys.argv[1])), sys.argv[2], sys.argv[3:]
    if Path(sys.path[0]) == Path.cwd():
        del sys.path[0]
    gc.disable()
    with _watching(control, folder):
        added, plain = _prepare(handed_in)
    job = _Forks(control, folder, plain).serve()
    _become(job, added)
    _run_kernel(job)


def _prepare(handed_in: Sequence[str]) -> tuple[dict[str, str], set[str]]:
    """Import as a kernel would.

    Returns what a kernel's own imports put into the environment, and the names of their modules.
    """
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # spares a word on stderr
    sys.stdout = Path(os.devnull).open("w", encoding="UTF-8")  # noqa: SIM115  # a kernel's says so
    before = set(os.environ)
    _preload(_KERNEL)
    added = {name: os.environ[name] for name in set(os.environ) - before}
    plain = set(sys.modules)
    builtins.get_ipython = _Shell  # type: ignore[attr-defined]
    with deferred_grammars():
        _preload(_REPORT)
    _warm_up(handed_in)
    del os.environ["PYDEVD_DISABLE_FILE_VALIDATION"]
    return added, plain


def _preload(names: Sequence[str]) -> None:
    """Import modules; one that cannot be imported is left for the cell that asks for it."""
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)


def _warm_up(names: Sequence[str]) -> None:
    """Do what every notebook does, so that what its libraries make on first use is there.

    Of a module that was handed in, what it offers is loaded, and its `warm_up` called.
    """
    for name in names:
        with suppress(Exception):
            module = importlib.import_module(name)
            for offered in getattr(module, "__all__", ()):
                getattr(module, offered)
            getattr(module, "warm_up", lambda: None)()
    with suppress(Exception):
        from pandas import DataFrame  # noqa: PLC0415  # this process is started to import
        from plotly.graph_objects import Bar, Figure, Scatter  # noqa: PLC0415  # the same

        DataFrame({"a": [1]}).groupby("a").sum().to_html()
        figure = Figure([Bar(x=[1], y=[1]), Scatter(x=[1], y=[1], line_width=1, marker_size=1)])
        figure.update_layout(title_text="a", xaxis_title="a", yaxis_title="a", legend_title="a")
        figure.update_layout(font_size=9, hoverlabel_font_size=9, margin_t=9, title_pad_t=9)
        figure.to_json()
    gc.collect()


@contextmanager
def _watching(control: socket.socket, folder: str) -> Iterator[None]:
    """End this process during its imports, too, when the other side is gone."""

    def look(*_: object) -> None:
        with suppress(BlockingIOError):
            if not control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                shutil.rmtree(folder, ignore_errors=True)
                os._exit(0)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _WATCH, _WATCH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


class _Shell:
    """What `get_ipython()` is to modules that ask, on import, whether they are in a kernel.

    pandas asks: it shows wide tables otherwise in a terminal.
    """

    kernel = True


class _Forks:
    """The kernels that were forked and live, and the sockets by which they are asked for."""

    def __init__(self, control: socket.socket, folder: str, plain: set[str]) -> None:
        self.control = control
        self.folder = folder
        self.extra = {name for name in sys.modules if name not in plain and "." not in name}
        self.kernels: dict[int, Job] = {}
        self.seldom = list(_SELDOM)
        self.woken, waker = socket.socketpair()
        for end in (self.woken, waker):
            end.setblocking(False)  # noqa: FBT003  # the only way to say it
        self.waker = waker

    def serve(self) -> Job:
        """Answer requests; return in a fork, with its job, and never in this process."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self.end())
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)
        gc.freeze()
        gc.enable()
        while True:
            for ready in self._wait():
                if ready is self.woken:
                    self._reap()
                elif ready is not self.control:
                    self._hear(ready)
                elif (job := self._asked()) and self._forked(job):
                    return job

    def _wait(self) -> list[socket.socket]:
        """Wait for a request, a death or a closed channel; idle, import what is seldom."""
        sockets = [self.woken, self.control, *(job.channel for job in self.kernels.values())]
        while self.seldom:
            ready = select.select(sockets, [], [], _WATCH)[0]
            if ready:
                return ready
            _preload((self.seldom.pop(0),))
            if not self.seldom:
                _settle()
        return select.select(sockets, [], [])[0]

    def _asked(self) -> Job | None:
        """Read one request; refuse a folder whose own modules would be imported instead of ours."""
        try:
            byte, descriptors, _, _ = socket.recv_fds(self.control, 1, 4)
        except OSError:
            byte, descriptors = b"", []
        if not byte:
            self.end()
        channel = socket.socket(fileno=descriptors[0])
        line, _, files = _first_line(channel)
        asked = json.loads(line or "null")
        if asked is None or self._shadowed(asked["folder"]):
            for descriptor in descriptors[1:]:
                os.close(descriptor)
            channel.close()
            return None
        return Job(channel, descriptors[1:], **asked, files=os.fsdecode(files).splitlines())

    def _shadowed(self, folder: str) -> bool:
        """Tell whether modules in the folder would come before modules that we imported."""
        try:
            entries = list(os.scandir(folder))
        except OSError:
            return True
        return any(
            self._is_other(Path(entry.path, "__init__.py" if entry.is_dir() else ""))
            for entry in entries
            if entry.name.split(".")[0] in self.extra
        )

    @staticmethod
    def _is_other(path: Path) -> bool:
        """Tell whether a file is a module, and not the one that we imported by its name."""
        name = path.parent.name if path.name == "__init__.py" else path.name.split(".")[0]
        ours = getattr(sys.modules[name], "__file__", None)
        same = ours and Path(ours).exists() and path.exists() and path.samefile(ours)
        return path.name.endswith(_SUFFIXES) and path.exists() and not same

    def _forked(self, job: Job) -> bool:
        """Fork; tell the parent of the pid, and the fork that it is one."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            for end in (self.control, self.woken, self.waker):
                end.close()
            for other in self.kernels.values():
                other.channel.close()
            return True
        for stream in job.streams:
            os.close(stream)
        self.kernels[pid] = job
        self._say(job, f"pid {pid}")
        return False

    @staticmethod
    def _say(job: Job, line: str) -> None:
        with suppress(OSError):
            job.channel.sendall(line.encode() + b"\n")

    def _reap(self) -> None:
        """Tell of the kernels that ended, and end what they started and left behind."""
        with suppress(BlockingIOError):
            while self.woken.recv(4096):
                pass
        for pid in list(self.kernels):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                _kill(pid)
                job = self.kernels.pop(pid)
                self._say(job, f"exit {os.waitstatus_to_exitcode(status)}")
                job.channel.close()

    def _hear(self, channel: socket.socket) -> None:
        """Kill the kernel whose channel was closed; else remember a file of its."""
        pid = next((pid for pid, job in self.kernels.items() if job.channel is channel), None)
        if pid is None:
            return
        job = self.kernels[pid]
        try:
            said = channel.recv(1 << 20)
        except ConnectionError:
            said = b""
        job.files.extend(os.fsdecode(said).splitlines())
        if not said:
            _kill(pid)
            os.waitpid(pid, 0)
            del self.kernels[pid]
            _remove(job.files)
            channel.close()

    def end(self) -> NoReturn:
        """Kill all kernels, remove their files, and end."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for pid in self.kernels:
            _kill(pid)
        for pid, job in self.kernels.items():
            os.waitpid(pid, 0)
            _remove(job.files)
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(0)


def _first_line(channel: socket.socket) -> tuple[bytes, bytes, bytes]:
    """Read a line, or nothing if it does not come to its end; with what came after it."""
    data = b""
    while b"\n" not in data:
        more = channel.recv(1 << 20)
        if not more:
            return b"", b"", b""
        data += more
    return data.partition(b"\n")


def _remove(files: list[str]) -> None:
    """Remove files, as far as they are there."""
    for file in files:
        with suppress(OSError):
            Path(file).unlink()


def _settle() -> None:
    """Keep the collector from touching, and so copying, in each fork what all of them share.

    What was frozen before stays so: kernels that run have these pages in common with this process.
    """
    gc.collect()
    gc.freeze()


def _kill(pid: int) -> None:
    """Kill a kernel and what it started, whether it has become the head of its group or not."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _become(job: Job, added: Mapping[str, str]) -> None:
    """Turn this fork into the process that a plain kernel's would be."""
    del builtins.get_ipython  # type: ignore[attr-defined]
    server = os.getppid()
    _die_with_parent(server)
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    for target, stream in enumerate(job.streams):
        os.dup2(stream, target)
        os.close(stream)
    _open_streams()
    os.chdir(job.folder)
    os.environ.clear()
    os.environ.update({**added, **job.environment, "JPY_PARENT_PID": str(server)})
    sys.argv = [str(Path(sys.modules["ipykernel"].__path__[0]).with_name("ipykernel_launcher.py"))]
    sys.argv += job.arguments
    sys.orig_argv = [sys.executable, "-m", "ipykernel_launcher", *job.arguments]
    tempfile.tempdir = None
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _die_with_parent(parent: int) -> None:
    """Ask the system to kill this process when its parent dies, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _open_streams() -> None:
    """Open the standard streams anew, as the interpreter does on start."""
    for number, (name, mode) in enumerate({"stdin": "r", "stdout": "w", "stderr": "w"}.items()):
        old = getattr(sys, f"__{name}__")
        raw = open(number, f"{mode}b", closefd=False)  # noqa: SIM115  # lives as long as we do
        by_line = name == "stderr" or os.isatty(number)
        new: Any = io.TextIOWrapper(raw, old.encoding, old.errors, line_buffering=by_line)
        new.mode = mode
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


def _run_kernel(job: Job) -> None:
    """Run the kernel; say that it is ready as soon as messages to it will be kept."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  # imported long ago

    app: Any = IPKernelApp.instance()
    app.initialize()
    job.channel.sendall(b"ready\n")
    job.channel.close()
    app.start()
    _finish_request(app.control_thread)
    _leave()


def _finish_request(thread: Any) -> None:
    """Let the thread that was asked to shut down finish before what it writes to is closed.

    ipykernel 7.4 does not, and once in a hundred times its end hangs for seconds.
    """
    if thread.is_alive():
        thread.stop()
        thread.join(_WATCH)


def _leave() -> NoReturn:
    """End as the interpreter does, but leave its memory to the system: that saves 0.15 s.

    Threads are waited for, exit functions run, what the cells made is let go and files are flushed.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # as multiprocessing does
    atexit._run_exitfuncs()  # noqa: SLF001  # the same
    vars(sys.modules["__main__"]).clear()
    gc.collect()
    for thing in gc.get_objects():
        if issubclass(type(thing), (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)):
            with suppress(Exception):
                thing.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
