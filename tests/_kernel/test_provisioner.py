"""A warm kernel is a kernel: equal outputs, and nobody left behind."""

import asyncio
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from petitionlib._kernel import pool, provisioner

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="plain kernels only")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

CELLS = {
    "names at first": "sorted(globals())",
    "state at first": (
        "import decimal, gc, logging, signal, socket, sys, tempfile, threading, multiprocessing\n"
        "print(__name__, '__file__' in globals(), sys.flags, sys.path, sys.getrecursionlimit())\n"
        "print(sys.argv[1:2], sys.orig_argv[:4], sys.executable, sys.getfilesystemencoding())\n"
        "print(logging.root.level, logging.root.handlers, gc.isenabled(), gc.get_threshold())\n"
        "print([signal.getsignal(s) for s in (2, 10, 14, 15, 17)], tempfile.gettempdir())\n"
        "print(len(threading.enumerate()), threading.Thread().name, decimal.getcontext())\n"
        "print(multiprocessing.current_process(), multiprocessing.parent_process())\n"
        "print(sys.__stdout__.encoding, sys.__stderr__.errors, sys.__stdin__.read())\n"
        "print(socket.getdefaulttimeout(), sys.modules['__main__'].__name__, sys.warnoptions)"
    ),
    "files and sessions": (
        "import os, resource\n"
        "print(os.getcwd(), os.getpid() == os.getsid(0) == os.getpgid(0))\n"
        "print(sorted(os.environ), os.umask(0o22))\n"
        "print(int(os.environ['JPY_PARENT_PID']) == os.getppid())\n"
        "print([resource.getrlimit(n) for n in range(10)], os.isatty(1), os.nice(0))"
    ),
    "result": "1 + 1",
    "no result": "None",
    "last results": "_, __, len(In), Out[4]",
    "text": "print('a'); print('b', flush=True)",
    "unicode": "print('Tiếp công dân — ✓ 🏛'); 'Đơn thư'",
    "streams in turn": (
        "import sys\nfor i in range(4):\n"
        "    print(i, flush=True)\n    print(-i, file=sys.stderr, flush=True)"
    ),
    "long output": "for i in range(5_000): print(i)",
    "large output": "print('x' * 2_000_000)",
    "below Python": "import os\nn = os.write(1, b'fd 1\\n')\nimport time; time.sleep(.3)",
    "os.system": "os.system('echo shell; exit 3')",
    "subprocess": "import subprocess; subprocess.run(['echo', 'child'], check=True)",
    "captured subprocess": "subprocess.run(['cat'], input=b'x', capture_output=True)",
    "shell line": "!echo out; echo err >&2",
    "shell lines kept": "lines = !printf 'a\\nb'\nlines",
    "bash cell": "%%bash\necho $0\necho err >&2",
    "html": "from IPython.display import *\ndisplay(HTML('<b>x</b>'))",
    "markdown, latex, json": "display(Markdown('*a*'), Latex('$a$'), JSON({'a': 1}))",
    "image": (
        "import base64\ndisplay(Image(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAf'"
        "'FcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')))"
    ),
    "svg and script": (
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))\ndisplay(Javascript('1'))"
    ),
    "own representation": (
        "class A:\n    def _repr_html_(self): return '<i>a</i>'\n"
        "    def _repr_mimebundle_(self, **k): return {'a/b': 'c'}\nA()"
    ),
    "updated display": (
        "d = display('first', display_id='one'); d.update('second'); display(display_id='two');"
    ),
    "cleared output": "print('gone'); clear_output(wait=True); print('stays')",
    "exception": "def f(x): return 1 / x\nf(0)",
    "chained exception": "try: {}['a']\nexcept KeyError as e: raise ValueError('b') from e",
    "exception group": "raise ExceptionGroup('g', [ValueError(1), TypeError('t')])",
    "SyntaxError": "a = = 1",
    "IndentationError": "if 1:\nprint(1)",
    "KeyboardInterrupt": "raise KeyboardInterrupt('by hand')",
    "sys.exit": "import sys; sys.exit(3)",
    "recursion": "def g(): return g()\ntry:\n    g()\nexcept RecursionError as e:\n    print(e)",
    "memory limit": (
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 32, resource.RLIM_INFINITY))\n"
        "b'x' * (1 << 36)"
    ),
    "warnings": (
        "import warnings\nwarnings.warn('one')\nwarnings.warn('old', DeprecationWarning)\n"
        "for i in range(2): warnings.warn('twice', ResourceWarning)"
    ),
    "logging": "logging.warning('w'); logging.info('i'); logging.getLogger('a.b').error('e')",
    "input": "input('name? ')",
    "await": "import asyncio\nawait asyncio.sleep(0.01, 'slept')",
    "async tasks": "await asyncio.gather(*(asyncio.to_thread(pow, 2, n) for n in range(3)))",
    "thread": "t = threading.Thread(target=print, args=('in a thread',)); t.start(); t.join()",
    "thread pool": (
        "from concurrent.futures import *\n"
        "with ThreadPoolExecutor(2) as p: print(list(p.map(abs, [-1, -2])))"
    ),
    "process pool": "with ProcessPoolExecutor(2) as p: print(list(p.map(abs, [-1, -2])))",
    "forked child prints": (
        "c = multiprocessing.get_context('fork').Process(target=print, args=('from a child',))\n"
        "c.start(); c.join(); time.sleep(.3); c.exitcode"
    ),
    "timeit": "%timeit -n1 -r1 1",
    "time": "%%time\n1",
    "env": "%env WARM_TEST=1\nos.environ['WARM_TEST'], os.getenv('WARM_TEST')",
    "capture": "%%capture kept\nprint('hidden')",
    "captured": "kept.stdout",
    "line magic": "get_ipython().run_line_magic('who_ls', 'str')",
    "no matplotlib": "%matplotlib inline",
    "no widgets": "import ipywidgets",
    "help": "len?",
    "history": "%history -l 2",
    "profile": "ip = get_ipython(); ip.config, ip.profile, type(ip), ip.history_manager.hist_file",
    "pandas": "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "wide table": "pd.DataFrame({f'column {n}': range(90) for n in range(30)})",
    "options of pandas": "pd.describe_option()",
    "numpy": "import numpy as np\n(np.ones((300, 300)) @ np.ones((300, 300))).sum()",
    "plotly": "import plotly.graph_objects as go\ngo.Figure(go.Bar(x=[1], y=[2]))",
    "plotly's renderer": "import plotly.io\nplotly.io.renderers.default",
    "filters of warnings": "sorted(map(str, warnings.filters))",
    "petitionlib": "import petitionlib as pt\npt.__all__",
    "import this": "import this",
    "pickle": "import pickle\nclass P: x = 1\npickle.loads(pickle.dumps(P())).x, P.__module__",
    "completion": "get_ipython().complete('pt.read_tab')",
}

VARYING = {
    r"0x[0-9a-f]+": "ADDRESS",
    r"ipykernel_\d+": "ipykernel_PID",
    r"(?<=, )\d+$|\b\d+ \[": "PID",
    r"[\d.]+ (?:[nµμm]?s)\b(?: ±.*)?": "TIME",
    r"/[\w/.-]+\.json": "FILE",
    r"(?m)^(CPU times|Wall time).*": "TIME",
}


def client(name, *cells, folder=None, **options):
    """Return a client for a notebook of these cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    options = {"timeout": 60, "resources": {"metadata": {"path": str(folder or ".")}}, **options}
    return NotebookClient(made, kernel_name=name, **options)


def run(name, *cells, **options):
    """Run cells and return what the last one showed."""
    *_, last = client(name, *cells, **options).execute().cells
    return last.outputs


def value(*cells, **options):
    """Run cells in a warm kernel and return the value of the last one."""
    return run("petitionlib", *cells, **options)[-1]["data"]["text/plain"]


def comparable(outputs):
    """Return outputs without what differs between any two runs; streams as they were read."""
    shown = [dict(o) for o in outputs]
    for output in shown:
        for key in ("text", "traceback", "data"):
            if key in output:
                output[key] = normal(output[key])
    merged = []
    for output in shown:
        before = merged[-1] if merged else {}
        if output["output_type"] == "stream" and before.get("name") == output["name"]:
            before["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def normal(thing):
    """Replace what differs between any two runs."""
    if isinstance(thing, str):
        for pattern, word in VARYING.items():
            thing = re.sub(pattern, word, thing)
        return thing
    if isinstance(thing, dict):
        return {key: normal(inner) for key, inner in thing.items()}
    return [normal(inner) for inner in thing] if isinstance(thing, list) else thing


@pytest.fixture(scope="module")
def shown():
    """Run all kinds of cell in a plain kernel and in a warm one."""
    results = []
    for name in ("python3", "petitionlib"):
        done = client(name, *CELLS.values(), allow_errors=True, extra_arguments=QUIET).execute()
        results.append(dict(zip(CELLS, (comparable(c.outputs) for c in done.cells), strict=True)))
    return results


QUIET = ["--HistoryManager.hist_file=:memory:"]


@pytest.mark.parametrize("kind", CELLS)
def test_shows_what_a_plain_kernel_shows(kind, shown):
    """Whatever kind of cell it is, a plain kernel and a warm one give equal outputs."""
    plain, warm = shown
    assert plain[kind] == warm[kind]


def test_outputs_do_not_depend_on_who_started_the_kernel(tmp_path):
    """The kernel that was started in advance is like the first: the same numbers, fresh memory."""
    cells = (
        "try: seen\nexcept NameError: seen = 1",
        "import os; seen, sorted(os.environ), os.getcwd()",
    )
    values = [value(*cells, folder=tmp_path) for _ in range(4)]
    assert values == [values[0]] * 4


def test_nothing_of_one_report_is_seen_by_the_next():
    """Environment, working folder, modules and options of one kernel are gone in the next."""
    soil = (
        "import os, sys, pandas\nos.environ['SOIL'] = '1'; os.chdir('/'); sys.path.append('soil')\n"
        "pandas.set_option('display.max_rows', 7); pandas.soil = 1"
    )
    look = (
        "import os, sys, pandas as pd\n"
        "print('SOIL' in os.environ, os.getcwd() == '/', 'soil' in sys.path,"
        " pd.get_option('display.max_rows'), hasattr(pd, 'soil'))"
    )
    for _ in range(3):
        assert run("petitionlib", look, soil, "pass") == []
        assert run("petitionlib", look)[0]["text"] == "False False False 60 False\n"


def test_kernels_draw_different_random_numbers():
    """Chance is fresh in each kernel, for Python and for numpy."""
    cell = "import random, numpy, uuid\nrandom.random(), numpy.random.rand(), uuid.uuid4().hex"
    assert len({value(cell) for _ in range(4)}) == 4


def test_each_kernel_gets_the_folder_and_environment_asked_for(tmp_path, monkeypatch):
    """A kernel that was started in advance for another request is not given out."""
    cell = "import os; os.path.basename(os.getcwd()), os.environ.get('WARM_TEST')"
    expected = []
    actual = []
    for number in range(6):
        folder = tmp_path / str(number // 3)
        folder.mkdir(exist_ok=True)
        monkeypatch.setenv("WARM_TEST", str(number // 2))
        expected.append(str((folder.name, str(number // 2))))
        actual.append(value(cell, folder=folder))
    assert expected == actual


def test_a_folder_with_modules_of_the_same_name_has_a_plain_kernel(tmp_path):
    """What a cell imports from its own folder is not hidden by what was imported before."""
    (tmp_path / "plotly.py").write_text("here = True")
    assert value("import plotly; plotly.here", folder=tmp_path) == "True"


@pytest.mark.slow
def test_a_changed_installation_is_seen_by_the_next_kernel(monkeypatch):
    """After an upgrade or an edit the old imports serve no longer."""
    pid = "import os; os.getppid()"
    before = value(pid)
    same = value(pid)
    monkeypatch.setattr(pool, "_changed", lambda _: -1)
    after = value(pid)
    assert (before == same, before == after) == (True, False)


def test_options_that_a_fork_cannot_follow_have_a_plain_kernel():
    """A kernel that shall outlive its parent, or be read through a pipe, is plain."""
    assert [pool.can_fork(o) for o in (
        {"cwd": "x", "env": {}}, {"independent": True}, {"stdout": subprocess.PIPE}, {"user": 1}
    )] == [True, False, False, False]  # fmt: skip


def test_without_fork_the_plain_kernel_serves(monkeypatch):
    """Where there is no fork, as on Windows, everything works, slower."""
    monkeypatch.delattr(os, "fork")
    pool.start()
    mine = "import os; os.environ['JPY_PARENT_PID']"
    assert value(mine) == repr(str(os.getpid()))


def test_without_the_kernelspec_the_plain_kernel_is_named(monkeypatch):
    """Where no kernelspec of ours is installed, our own commands name the usual one."""
    assert provisioner.kernel_name() == "petitionlib"

    def missing(_, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", missing)
    assert provisioner.kernel_name() == "python3"


def test_no_word_is_lost_to_a_busy_loop():
    """What a kernel's server says while the event loop is busy is heard, however long that was."""

    async def busy():
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(0)
            fork = pool.Fork(None, ours)
            waiting = asyncio.ensure_future(fork.until_ready())
            await asyncio.sleep(0)
            theirs.sendall(b"pid 7\nready\n")
            time.sleep(2 * pool._GLANCE)  # noqa: ASYNC251  # the loop is busy
            await asyncio.wait_for(waiting, 5)
            return fork.pid, fork.ready

    assert asyncio.run(busy()) == (7, True)


def test_the_exit_code_is_told_truly():
    """A kernel that ends by itself is reported dead, with its own code."""
    dying = client("petitionlib", "import os; os._exit(3)")
    dying.create_kernel_manager()
    manager = dying.km
    with pytest.raises(DeadKernelError):
        dying.execute()
    assert manager.provisioner.process.poll() == 3


def test_a_timeout_kills():
    """A cell that takes too long is interrupted, and its kernel is gone."""
    slow = client("petitionlib", "while True: pass", timeout=1)
    slow.create_kernel_manager()
    manager = slow.km
    with pytest.raises(CellTimeoutError):
        slow.execute()
    dying = manager.provisioner.process
    assert dying is None or dying.poll() is not None


def test_an_interrupt_is_a_keyboard_interrupt_in_the_cell():
    """An interrupted cell shows KeyboardInterrupt, and the kernel goes on."""
    cells = client(
        "petitionlib", "import time; time.sleep(60)", "'on'",
        timeout=1, interrupt_on_timeout=True, allow_errors=True,
    ).execute().cells  # fmt: skip
    assert cells[0].outputs[0]["ename"] == "KeyboardInterrupt"
    assert cells[1].outputs[0]["data"]["text/plain"] == "'on'"


def test_a_restarted_kernel_is_a_fork_at_the_same_addresses(tmp_path):
    """A restart forgets what the cells made and keeps the connection."""
    manager, talk = start_new_kernel(kernel_name="petitionlib", cwd=str(tmp_path))
    try:
        before = manager.get_connection_info()
        talk.execute_interactive("a = 1", timeout=10)
        manager.restart_kernel()
        talk.wait_for_ready(timeout=30)
        reply = talk.execute_interactive("a", timeout=10, output_hook=lambda _: None)
        assert reply["content"]["ename"] == "NameError"
        assert (before, True) == (
            manager.get_connection_info(),
            isinstance(manager.provisioner.process, pool.Fork),
        )
    finally:
        talk.stop_channels()
        manager.shutdown_kernel(now=True)


def test_files_that_a_cell_left_open_are_written(tmp_path):
    """What a cell wrote to a file is in it, though nobody closed it; exit functions run."""
    value(
        "f = open('a', 'w'); keep = [f]; keep.append(keep); f.write('text')",
        "import atexit; atexit.register(lambda: open('b', 'w').write('text')); 1",
        folder=tmp_path,
    )
    assert [(tmp_path / name).read_text() for name in "ab"] == ["text", "text"]


SLOW_ENDS = [
    pytest.param(end, marks=pytest.mark.slow)
    for end in ("returns", "fails", "shuts down", "SIGINT", "SIGTERM")
]

PARENT = """
import asyncio, os, signal, sys, threading, time
import nbformat
from jupyter_client import AsyncKernelManager

async def start(number):
    manager = AsyncKernelManager(kernel_name="petitionlib")
    await manager.start_kernel(cwd=os.environ["TMPDIR"])
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(60)
    child = "" if sys.argv[2] == "shuts down" else "import os; os.system('sleep 600 &');"
    client.execute(child + "print('ok')")
    while (await client.get_iopub_msg(timeout=60))["content"].get("text") != "ok\\n":
        pass
    return manager, client

async def many(count):
    kept = []
    while len(kept) < count:
        kept += await asyncio.gather(*map(start, range(min(10, count - len(kept)))))
    print("up", flush=True)
    end = sys.argv[2]
    if end == "fails":
        raise ValueError(end)
    if end == "returns":
        return
    if end == "shuts down":
        for manager, client in kept:
            client.stop_channels()
            await manager.shutdown_kernel()
        return
    await asyncio.sleep(600)

asyncio.run(many(int(sys.argv[1])))
"""


def with_mark(mark):
    """Return the processes that bear a mark in their environment, by pid."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found[process.name] = (process / "cmdline").read_bytes()
        except OSError:
            continue
    return found


@pytest.fixture
def start():
    """Start a parent of many kernels; return it, the mark of all its processes and its folder."""
    folder = Path(tempfile.mkdtemp(dir="/tmp", prefix="warm-"))
    started = []

    def begin(count, end):
        mark = f"WARM_MARK={secrets.token_hex(8)}"
        environment = {**os.environ, "TMPDIR": str(folder), "JUPYTER_RUNTIME_DIR": str(folder)}
        environment.update([mark.split("=")])
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(count), end], env=environment, cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        started.append((parent, mark))
        assert parent.stdout.readline() == b"up\n"
        return parent, mark, folder

    yield begin
    for parent, mark in started:
        for pid in with_mark(mark):
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        parent.communicate()
    shutil.rmtree(folder, ignore_errors=True)


def left(mark, folder, seconds=3.0):
    """Return the processes and files that are left after a time: a second, if nobody is busy."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and (with_mark(mark) or list(folder.iterdir())):
        time.sleep(0.02)
    return with_mark(mark), list(folder.iterdir())


@LINUX
@pytest.mark.parametrize("end", ["SIGKILL", *SLOW_ENDS])
def test_nobody_is_left_behind(end, start):
    """A second after the parent ended, however it did, no process and no file of ours is left."""
    parent, mark, folder = start(3, end)
    if end.startswith("SIG"):
        assert len(with_mark(mark)) >= 1 + 1 + 2 * 3
        parent.send_signal(signal.Signals[end])
    parent.wait(20)
    assert left(mark, folder) == ({}, [])


@LINUX
@pytest.mark.slow
def test_kernels_die_with_the_process_that_forked_them(start):
    """When the process that forks is killed, its kernels die, too."""
    _, mark, _ = start(3, "waits")
    forks = [
        int(pid)
        for pid, command in with_mark(mark).items()
        if b"petitionlib._kernel.server" in command
    ]
    os.kill(min(forks), signal.SIGKILL)
    time.sleep(1)
    assert [c for p, c in with_mark(mark).items() if b"petitionlib._kernel.server" in c] == []


@LINUX
def test_a_parent_that_ends_at_once_leaves_nobody(tmp_path):
    """A parent that is gone before the imports are done has no process a second later."""
    mark = f"WARM_MARK={secrets.token_hex(8)}"
    environment = {**os.environ, **dict([mark.split("=")])}
    code = "import os; from petitionlib._kernel.pool import start; start(); os._exit(1)"
    subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert left(mark, tmp_path)[0] == {}


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize("end", ["shuts down", "SIGTERM", "SIGKILL"])
def test_nobody_of_hundreds_is_left_behind(end, start):
    """It holds for two hundred kernels at once, too."""
    parent, mark, folder = start(200, end)
    if end.startswith("SIG"):
        assert len(with_mark(mark)) >= 400
        parent.send_signal(signal.Signals[end])
    parent.wait(300)
    assert left(mark, folder, seconds=15) == ({}, [])
