"""A warm Jupyter kernel: a fork of a process that stands ready, under any tool of Jupyter's.

The kernelspec `petitionlib` names the provisioner below, which jupyter_client then asks for
processes; papermill, nbclient, nbconvert, nbval and JupyterLab need only the kernel's name.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from queue import Empty
from typing import Any, Final

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.localinterfaces import localhost
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import DottedObjectName, List, Type, Unicode

from petitionlib._kernel import pool
from petitionlib._kernel.pool import Fork, Kernel

__all__ = ["ForkProvisioner", "WarmKernelManager", "kernel_name"]

_NAME: Final = "petitionlib"
_PLAIN: Final = "python3"
_PATIENCE: Final = 1.0


def kernel_name() -> str:
    """Return the name of the warm kernel, or of the plain one where the warm one is not found."""
    try:
        KernelSpecManager().get_kernel_spec(_NAME)
    except NoSuchKernel:
        return _PLAIN
    return _NAME


class ForkProvisioner(LocalProvisioner):
    """Start kernels as forks of a process that stands ready; plain ones where that cannot be.

    A kernel is plain where there is no `os.fork`, where it is asked for with options of
    `subprocess.Popen` that a fork cannot follow, and in a folder with modules of its own by the
    names of modules that are imported already.
    """

    preload = List(Unicode(), help="Modules that the process imports in advance")
    _asked: Mapping[str, Any] | None = None
    _kernel: Kernel | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare the launch; leave the connection to the kernel if nobody has chosen one."""
        if not self._may_choose(kwargs):
            self._asked = None
            return dict(await super().pre_launch(**kwargs))
        self._asked = dict(kwargs)
        extra = kwargs.pop("extra_arguments", [])
        kwargs.pop("transport_encryption", None)
        prepared = dict(await KernelProvisionerBase.pre_launch(self, **kwargs))
        return {**prepared, "cmd": self._command(prepared["env"], extra)}

    def _may_choose(self, options: Mapping[str, Any]) -> bool:
        """Tell whether the kernel may have any connection that it likes."""
        manager = self.parent
        policy = options.get("transport_encryption", getattr(manager, "transport_encryption", ""))
        return (
            pool.can_fork(options)
            and manager is not None
            and not any(manager.ports)
            and manager.ip == localhost()
            and policy != "required"
        )

    def _command(self, environment: Mapping[str, str], extra: list[str]) -> list[str]:
        """Return the command of the kernel, with a place left for the connection file."""
        manager: Any = self.parent
        manager.connection_file = manager.connection_file or pool.new_file(
            environment, tuple(self.preload)
        )
        file = os.path.realpath(manager.connection_file)
        command = manager.format_kernel_cmd(extra_arguments=extra)
        return [argument.replace(file, pool.FILE) for argument in command]

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Hand out a kernel that is ready, or start a plain one."""
        request = pool.request(cmd, kwargs, tuple(self.preload)) if self.parent else None
        if request is None:
            return await self._launch_plain(cmd, kwargs)
        file = self.parent.connection_file
        kernel = (
            pool.take(request)
            if self._asked is not None
            else pool.start_with(request, self.connection_info, file)
        )
        await kernel.fork.until_ready()
        if not kernel.fork.pid:
            return await self._launch_plain(cmd, kwargs)
        self._hold(kernel)
        kernel.fork.tell(os.path.abspath(file))  # noqa: ASYNC240, PTH100  # does not block
        if self._asked is not None:
            pool.prepare_next(kernel)
        return self.connection_info

    async def _launch_plain(self, cmd: list[str], kwargs: dict[str, Any]) -> Any:
        """Start a plain kernel, with a connection of the usual kind."""
        if self._asked is not None:
            kwargs = dict(await super().pre_launch(**self._asked))
            cmd = kwargs.pop("cmd")
        return await super().launch_kernel(cmd, **kwargs)

    def _hold(self, kernel: Kernel) -> None:
        """Take a kernel for the process that the base class looks after."""
        self._kernel = kernel
        self.process = kernel.fork  # type: ignore[assignment]  # like a Popen
        self.pid = self.pgid = kernel.fork.pid
        self.cwd = kernel.request.folder
        self.connection_info = kernel.connection  # type: ignore[assignment]

    async def wait(self) -> int | None:
        """Wait for the kernel to end, without looking again and again."""
        if isinstance(self.process, Fork):
            await self.process.until_end()
        return await super().wait()

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it started; none if it has ended."""
        if self.process and self.process.poll() is None:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002  # as overridden
        """Kill the kernel, and wait the moment until it is dead."""
        await super().kill(restart)
        await self._ended()

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Wait for the kernel to end as it was asked, so that nobody need look for it later."""
        await self._ended()

    async def _ended(self) -> None:
        """Wait for the end of the kernel, but not for long."""
        if isinstance(self.process, Fork):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.until_end(), _PATIENCE)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002  # as overridden
        """Remove the files of the kernel."""
        await super().cleanup(restart)
        if self._kernel is not None and not restart:
            self._kernel.remove_files()


class _WarmClient(AsyncKernelClient):
    """A client that goes on as soon as the kernel answers."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until messages and outputs come through; the usual client waits 0.2 s longer."""
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=1)
                self._handle_kernel_info_reply(reply)
                return
            if not await self._async_is_alive() or time.monotonic() > end:
                message = "Kernel died before replying to kernel_info"
                raise RuntimeError(message)


class WarmKernelManager(AsyncKernelManager):
    """What our own commands run Python kernels with; other tools need only the kernel's name."""

    client_class = DottedObjectName(f"{__name__}._WarmClient", config=True)
    client_factory = Type(klass=_WarmClient, config=True)

    @property
    def ipykernel(self) -> bool:
        """Tell that the kernel understands the options of IPython's."""
        return True
