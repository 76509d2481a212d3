"""Kernels from the process that forks them, the next one started while this one runs.

Each process that runs kernels has one such process, the server, for as long as nothing
changes that would change what it has imported. From the second kernel on, the kernel last asked
for is started once more in advance; it is given out only to a request that is the same in
everything.
"""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

__all__ = [
    "FILE",
    "PRELOAD",
    "Fork",
    "Kernel",
    "Request",
    "can_fork",
    "kept_folder",
    "new_file",
    "prepare_next",
    "request",
    "start",
    "start_with",
    "take",
]

FILE: Final = "{connection_file}"
PRELOAD: Final = "WARM_KERNEL_PRELOAD"  # in the environment: more modules, joined by commas
_SERVER: Final = f"{__package__}.server"
_LAUNCHER: Final = ["-m", "ipykernel_launcher"]
_READ_ON_IMPORT: Final = (
    "BLIS_", "DYLD_", "GLIBC_", "GOTO_", "HOME", "IPYTHON", "JUPYTER", "LANG", "LC_", "LD_",
    "MALLOC_", "MKL_", "NPY_", "NUMEXPR_", "NUMPY", "OMP_", "OPENBLAS_", "PANDAS", "PYDEVD",
    "PYTHON", "TZ", "VECLIB_", "VIRTUAL_ENV", "XDG_",
)  # fmt: skip
_OPTIONS: Final = frozenset({
    "cwd", "env", "extra_arguments", "independent", "stderr", "stdin", "stdout",
    "transport_encryption",
})  # fmt: skip
_CHANNELS: Final = ("shell", "iopub", "stdin", "control", "hb")
_LONGEST: Final = 80  # of a folder; a socket's path may have 104 bytes
_PATIENCE: Final = 5.0  # of a busy machine: who kills a server leaves its kernels' own processes
_GLANCE: Final = 0.1


class Request(NamedTuple):
    """All that makes a kernel what it is, but for its connection."""

    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    folder: str
    place: tuple[int, ...]
    streams: tuple[int | None, ...]
    sinks: tuple[tuple[int, ...], ...]
    preload: tuple[str, ...]

    def asks_the_same(self, other: "Request | None") -> bool:
        """Tell whether the kernel of another request would serve as well."""
        return other is not None and self._replace(streams=()) == other._replace(streams=())


class _Server:
    """The process that forks kernels; it ends when this object is used no longer, or we end."""

    def __init__(self, environment: Mapping[str, str], preload: tuple[str, ...]) -> None:
        self.folder = _new_folder()
        self.key = _key(environment, preload)
        self.numbers = count(1)
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", _SERVER, str(theirs.fileno()), self.folder, *preload],
                env=dict(environment), cwd=self.folder, pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self.end = weakref.finalize(self, _end, self.control, self.process, self.folder)

    def serves(self, environment: Mapping[str, str], preload: tuple[str, ...]) -> bool:
        """Tell whether forks of this process are what a new process would be."""
        return self.process.poll() is None and self.key == _key(environment, preload)

    def new_path(self) -> str:
        """Return a path for the files of one kernel, without a suffix."""
        return f"{self.folder}/{next(self.numbers)}"

    def fork(self, request: Request, file: str) -> "Fork":
        """Ask for a kernel, with this connection file in the place that is left for one."""
        ours, theirs = socket.socketpair()
        asked = {
            "arguments": [argument.replace(FILE, file) for argument in request.arguments],
            "environment": dict(request.environment),
            "folder": request.folder,
        }
        nowhere = os.open(os.devnull, os.O_RDWR)
        streams = [nowhere if stream is None else stream for stream in request.streams]
        try:
            with theirs, suppress(BrokenPipeError):
                socket.send_fds(self.control, [b"k"], [theirs.fileno(), *streams])
                ours.sendall(json.dumps(asked).encode() + b"\n")
        finally:
            os.close(nowhere)
        ours.setblocking(False)  # noqa: FBT003  # the only way to say it
        return Fork(self, ours)


def _new_folder() -> str:
    """Make a private folder whose path leaves room for a socket's."""
    folder = tempfile.gettempdir()
    return tempfile.mkdtemp(
        prefix="petitionlib-",
        dir=folder if len(folder) < _LONGEST else "/tmp",  # noqa: S108
    )


def _end(control: socket.socket, process: "subprocess.Popen[bytes]", folder: str) -> None:
    """Let a server end, and see that it does."""
    with control, suppress(OSError):
        control.settimeout(_PATIENCE)
        control.shutdown(socket.SHUT_WR)
        control.recv(1)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _key(environment: Mapping[str, str], preload: tuple[str, ...]) -> tuple[object, ...]:
    """Return what imported modules depend on: the environment they read, and what is installed."""
    read = sorted(item for item in environment.items() if item[0].startswith(_READ_ON_IMPORT))
    return (*read, *preload, *map(_changed, _sources(preload)))


def _sources(preload: tuple[str, ...]) -> list[Path]:
    """List the files of what is preloaded, however deep, and where packages are installed."""
    installed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    packages = map(find_spec, dict.fromkeys(name.partition(".")[0] for name in preload))
    homes = {home for spec in packages if spec for home in spec.submodule_search_locations or ()}
    files = (path for home in sorted(homes) for path in sorted(Path(home).rglob("*")))
    own = (path for path in files if "__pycache__" not in path.parts)
    return [*own, *map(Path, sorted(installed))]


def _changed(path: Path) -> int:
    """Return when a file or folder was changed, or 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


class Fork:
    """A forked kernel, in the manner of `subprocess.Popen`.

    `pid` is 0 until the kernel is there, and for ever if it was refused.
    """

    stdin = stdout = stderr = None

    def __init__(self, server: _Server, channel: socket.socket) -> None:
        self.server = server
        self.pid = 0
        self.ready = False
        self.returncode: int | None = None
        self._channel = channel
        self._rest = b""
        self.close = weakref.finalize(self, channel.close)

    def _take(self, data: bytes) -> None:
        """Read what the server says; its silence is the end of the kernel."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            word, _, number = line.partition(b" ")
            if word == b"pid":
                self.pid = int(number)
            elif word == b"ready":
                self.ready = True
            else:
                self.returncode = int(number)
        if not data and self.returncode is None:
            self.returncode = -signal.SIGKILL
            self._kill_group()

    def _kill_group(self) -> None:
        """Kill what the kernel started, where the server has been killed and cannot."""
        if self.pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def poll(self) -> int | None:
        """Return the exit code of the kernel, or None while it lives."""
        while self.returncode is None:
            try:
                self._take(self._channel.recv(4096))
            except BlockingIOError:
                break
            except ConnectionError:
                self._take(b"")
        return self.returncode

    wait = poll  # jupyter_client waits only for what has ended

    def send_signal(self, number: int) -> None:
        """Send the kernel a signal while it lives."""
        if self.poll() is None and self.pid:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def tell(self, *files: str) -> None:
        """Tell the server of files that must not outlive the kernel, however it ends."""
        with suppress(OSError):
            self._channel.send(b"".join(os.fsencode(file) + b"\n" for file in files))

    async def until_ready(self) -> None:
        """Wait, while the event loop goes on, until the kernel will keep messages, or has ended."""
        await self._until(lambda: self.ready)

    async def until_end(self) -> None:
        """Wait, while the event loop goes on, until the kernel has ended."""
        await self._until(lambda: False)

    async def _until(self, done: Callable[[], bool]) -> None:
        while self.poll() is None and not done():
            await self._until_told()

    async def _until_told(self) -> None:
        """Wait a moment for the server to say something, and leave it to be read.

        Reading here would lose what comes at the very end of the moment: since Python 3.12
        `wait_for` drops what it was waiting for.
        """
        import asyncio  # noqa: PLC0415  # see start()

        loop, told = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._channel, told.set)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), _GLANCE)
        finally:
            loop.remove_reader(self._channel)


class Kernel(NamedTuple):
    """A kernel of the pool: what was asked, the fork, its files and how to connect to it."""

    request: Request
    fork: Fork
    files: tuple[str, ...]
    connection: Mapping[str, Any]

    def remove_files(self) -> None:
        """Remove its connection file and sockets, as far as they are its own."""
        for file in self.files:
            Path(file).unlink(missing_ok=True)


class _Here:
    """The server of this process, the last request and the kernel that was started in advance."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.server: _Server | None = None
        self.last: Request | None = None
        self.spare: Kernel | None = None

    def forget(self) -> None:
        """Leave all to the parent, in a fork of this process."""
        if self.server is not None:
            self.server.end.detach()
            self.server.control.close()
        self.__init__()  # type: ignore[misc]

    def serving(self, environment: Mapping[str, str], preload: tuple[str, ...]) -> _Server:
        """Return the server for an environment; one that serves another is left to its kernels."""
        named = environment.get(PRELOAD, "")
        preload = (*preload, *filter(None, named.split(",")))
        if self.server is None or not self.server.serves(environment, preload):
            self.drop_spare()
            self.server = _Server(environment, preload)
        return self.server

    def drop_spare(self) -> None:
        """End the kernel that was started in advance, if there is one; its files go with it."""
        if self.spare is not None:
            self.spare.fork.close()
        self.spare = None


_HERE: Final = _Here()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_HERE.forget)


def start(preload: tuple[str, ...] = ()) -> None:
    """Start the process that forks kernels, if there is none, and before Jupyter is imported here.

    `preload` names modules that it imports in advance, as the kernelspec does. The first kernel
    would start it anyway; it is ready sooner if this comes before other slow work.
    """
    if not hasattr(os, "fork"):
        return
    _find_home()
    with _HERE.lock:
        _HERE.serving(os.environ, preload)


def new_file(environment: Mapping[str, str], preload: tuple[str, ...]) -> str:
    """Return a path for a connection file, in the folder that goes when we do."""
    with _HERE.lock:
        return f"{_HERE.serving(environment, preload).new_path()}.json"


def kept_folder() -> str | None:
    """Return a folder that goes when we do, however we end; None where no process forks kernels."""
    with _HERE.lock:
        folder = _HERE.server.folder if _HERE.server else ""
    return folder if folder and Path(folder).is_dir() else None


def take(request: Request) -> Kernel:
    """Return the kernel that was started in advance if it is what is asked for, or a new one."""
    with _HERE.lock:
        server = _HERE.serving(dict(request.environment), request.preload)
        spare = _HERE.spare
        if spare and request.asks_the_same(spare.request) and spare.fork.poll() is None:
            _HERE.spare = None
            return spare
        return _new_kernel(server, request)


def start_with(request: Request, connection: Mapping[str, Any], file: str) -> Kernel:
    """Return a new kernel with a connection of the caller's."""
    with _HERE.lock:
        fork = _HERE.serving(dict(request.environment), request.preload).fork(request, file)
        return Kernel(request, fork, (), connection)


def _new_kernel(server: _Server, request: Request) -> Kernel:
    """Start a kernel with a connection through sockets in the server's own folder."""
    from jupyter_client.connect import write_connection_file  # noqa: PLC0415  # see start()

    path = server.new_path()
    ports = {f"{channel}_port": number for number, channel in enumerate(_CHANNELS, 1)}
    connection: dict[str, Any] = {
        "transport": "ipc", "ip": path, "key": os.urandom(32).hex().encode(),
        "signature_scheme": "hmac-sha256", **ports,
    }  # fmt: skip
    file, _ = write_connection_file(f"{path}.json", **connection)
    files = (file, *(f"{path}-{number}" for number in ports.values()))
    fork = server.fork(request, file)
    fork.tell(*files)
    return Kernel(request, fork, files, connection)


def prepare_next(kernel: Kernel) -> None:
    """From the second kernel on, start the same once more for the next one who asks."""
    with _HERE.lock:
        repeated = kernel.request.asks_the_same(_HERE.last)
        _HERE.last = kernel.request
        waiting = _HERE.spare and _HERE.spare.request.asks_the_same(kernel.request)
        if repeated and not waiting and _HERE.server is kernel.fork.server:
            _HERE.drop_spare()
            _HERE.spare = _new_kernel(kernel.fork.server, kernel.request)


def can_fork(options: Mapping[str, Any]) -> bool:
    """Tell whether a fork can be what these options of `subprocess.Popen` ask for."""
    streams = [options.get(name) for name in ("stdin", "stdout", "stderr")]
    return (
        hasattr(os, "fork")
        and _OPTIONS.issuperset(options)
        and not options.get("independent")
        and subprocess.PIPE not in streams
    )


def request(
    command: list[str], options: Mapping[str, Any], preload: tuple[str, ...]
) -> Request | None:
    """Return what a command asks for, or None where no fork can be it."""
    if command[:3] != [sys.executable, *_LAUNCHER] or not can_fork(options):
        return None
    streams = _streams(options)
    try:
        folder = Path(options.get("cwd") or "").resolve()
        return Request(
            arguments=tuple(command[3:]),
            environment=tuple(options["env"].items()),
            folder=str(folder),
            place=_identity(folder.stat()),
            streams=streams,
            sinks=tuple(() if s is None else _identity(os.fstat(s)) for s in streams),
            preload=preload,
        )
    except OSError:
        return None


def _identity(status: os.stat_result) -> tuple[int, ...]:
    """Return what tells one file or folder from another, whatever its name."""
    return status.st_dev, status.st_ino, status.st_rdev


def _streams(options: Mapping[str, Any]) -> tuple[int | None, ...]:
    """Return the descriptors of the standard streams; None for one that leads nowhere."""
    stdout = 1 if options.get("stdout") is None else options["stdout"]
    stderr = 2 if options.get("stderr") is None else options["stderr"]
    if stderr == subprocess.STDOUT:
        stderr = stdout
    return tuple(_descriptor(stream) for stream in (options.get("stdin"), stdout, stderr))


def _descriptor(stream: Any) -> int | None:
    """Return the number of an open stream."""
    if stream is None or stream == subprocess.DEVNULL:
        return None
    number: int = stream if isinstance(stream, int) else stream.fileno()
    try:
        os.fstat(number)
    except OSError:
        return None
    return number


def _find_home() -> None:
    """Give kernels a folder that goes with this process where there is no home to write to."""
    home = ""
    with suppress(RuntimeError):  # nobody knows of one
        home = str(Path.home())
    if "IPYTHONDIR" not in os.environ and not os.access(home, os.W_OK):
        folder = tempfile.mkdtemp(prefix="petitionlib-")
        os.environ["IPYTHONDIR"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
