"""The program in a process of its own, as a shell starts it; most start without reading it anew.

Python takes most of a short run to read the program's modules. A process that has read them forks one
for each call, with the folder, environment, file mode and streams of that call: its exit code, what it
writes and how it ends are its own. What Python itself reads of the environment begins a new one.
Two such processes take turns: in each, sets have an order of their own, which no output may show.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import selectors
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

_READ_AT_THE_START = ("PYTHON", "LC_", "LANG", "TZ", "LD_")
"""Beginnings of the names of what Python reads once: a process that has begun cannot take it on."""
_SEEDS = ("1", "2")
_LOCK = threading.Lock()
_servers: list[_Server] = []


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return _run(folder, arguments, {**os.environ, **environment}, b"")


def tell(given: bytes, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it in a process that can read what is given."""
    return _run(folder, arguments, {**os.environ}, given)


def _run(
    folder: Path, arguments: tuple[str, ...], environment: dict[str, str], given: bytes
) -> subprocess.CompletedProcess[str]:
    if sys.platform == "linux":
        with _LOCK:
            server = next_server()
            if _for_python(environment) == server.for_python:
                return server.run(folder, arguments, environment, given)
    done = subprocess.run(
        [sys.executable, "-m", "deckpress", *arguments],
        input=given, cwd=folder, env=environment, capture_output=True, check=False,
    )  # fmt: skip
    said = (_as_text(each) for each in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, *said)


def _as_text(said: bytes) -> str:
    return said.decode().replace("\r\n", "\n")


def next_server() -> _Server:
    """Return the process whose turn it is."""
    if len(_servers) < len(_SEEDS):
        _servers.insert(0, _Server(_SEEDS[len(_servers)]))
    else:
        _servers.insert(0, _servers.pop())
    return _servers[0]


def _for_python(environment: dict[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in environment.items() if name.startswith(_READ_AT_THE_START)
    }


class _Server:
    """A process that has read the program and forks; it ends when its socket closes."""

    def __init__(self, seed: str) -> None:
        self.for_python = _for_python({**os.environ})
        self.seed = os.environ.get("PYTHONHASHSEED", seed)
        self._socket, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            cwd="/", stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONHASHSEED": self.seed},
        )  # fmt: skip
        theirs.close()

    def run(
        self, folder: Path, arguments: tuple[str, ...], environment: dict[str, str], given: bytes
    ) -> subprocess.CompletedProcess[str]:
        mode = os.umask(0o022)
        os.umask(mode)
        asked = json.dumps([str(folder.absolute()), arguments, environment, mode])
        source, to_source = os.pipe()
        out, to_out = os.pipe()
        errors, to_errors = os.pipe()
        theirs = [source, to_out, to_errors]
        socket.send_fds(self._socket, [f"{len(asked):8}".encode()], theirs)
        self._socket.sendall(asked.encode())  # ASCII, as json writes it
        for stream in theirs:
            os.close(stream)
        writer = threading.Thread(target=_write_all, args=(to_source, given))
        writer.start()
        said = _read_all(out, errors)
        writer.join()
        code = json.loads(self._socket.recv(16))
        return subprocess.CompletedProcess(["deckpress", *arguments], code, *said)


def _write_all(pipe: int, given: bytes) -> None:
    """Write to a pipe what anyone reads from it."""
    with suppress(BrokenPipeError), open(pipe, "wb") as file:
        file.write(given)


def _read_all(*pipes: int) -> list[str]:
    """Read pipes to their ends, side by side."""
    said = {pipe: bytearray() for pipe in pipes}
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                piece = os.read(key.fd, 65536)
                said[key.fd] += piece
                if not piece:
                    selector.unregister(key.fd)
                    os.close(key.fd)
    return [_as_text(bytes(said[pipe])) for pipe in pipes]


def _read_program() -> None:
    """Import all of the program."""
    import pkgutil
    from importlib import import_module

    import deckpress

    for module in pkgutil.walk_packages(deckpress.__path__, "deckpress."):
        if not module.name.endswith(".__main__"):
            import_module(module.name)


def _serve(connection: socket.socket) -> list[str] | None:
    """Answer until the socket closes; return what to run where this is the process to run it."""
    given = set(os.environ)
    _read_program()
    added = {name: value for name, value in os.environ.items() if name not in given}
    threads = [*Path("/proc/self/task").iterdir()]
    assert len(threads) == 1, "a process with threads cannot be forked"
    gc.freeze()  # a child need not look through what it will not change
    while True:
        head, streams, _, _ = socket.recv_fds(connection, 8, 3)
        if not head:
            return None
        data = b""
        while len(data) < int(head):
            data += connection.recv(int(head) - len(data))
        child = os.fork()
        if not child:
            connection.close()
            folder, arguments, environment, mode = json.loads(data)
            os.chdir(folder)
            os.umask(mode)
            os.environ.clear()
            os.environ.update(added | environment)
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            sys.path[0] = folder
            return list(arguments)
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _run_program(arguments: list[str]) -> int:
    """Run the program as `python -m deckpress` does, and return how it ends."""
    sys.argv[1:] = arguments
    try:
        runpy.run_module("deckpress", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
            return 1
        return end.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    wanted = _serve(socket.socket(fileno=int(sys.argv[1])))
    if wanted is not None:
        code = _run_program(wanted)
        # What Python does at its end, but for taking apart all that was read, which takes longest.
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
