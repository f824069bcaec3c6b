"""Set up a clone and start it: ``python3 installer/bootstrap.py demo`` or ``… test``. Standard library only.

The environment lies in ``.venv`` at the clone's root and serves ``liandong`` and ``liandong-county``. A stamp written
last says what it was made of, so a second run starts at once and a set-up that was killed is done again. This file must
be readable by Pythons older than the one it asks for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "liandong.stamp"
LOG = VENV / "set-up.log"
LOCK = ROOT / ".venv.lock"
CONSTRAINTS = ROOT / "installer" / "constraints.txt"
WINDOWS = sys.platform == "win32"
OLDEST_PYTHON = (3, 11)
COVERAGE_FLOOR = 80
WORKERS = "2"
"""Test processes; each has its own county, stores and ports."""
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
MEMORY_WANTED = 6 * 1024**3
"""Bytes that must be free before the tests keep their files in memory; they take about a third of it."""
LOCK_WAIT_SECONDS = 900

USAGE = """usage: python3 installer/bootstrap.py demo [--headless] [--out DIR]   show the product on a made-up county
       python3 installer/bootstrap.py test [PYTEST ARGUMENTS]      lint, types, import contracts, tests"""

QT_PACKAGES = (
    "libegl1 libgl1 libopengl0 libxkbcommon0 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 "
    "libx11-xcb1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-shape0 libxcb-xkb1"
)
QT_PROBE = "from PySide6.QtWidgets import QApplication; import PySide6.QtPdf, PySide6.QtPrintSupport; QApplication([])"
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Connection (refused|reset|aborted)"
    r"|Temporary failure|Network is unreachable|SSLError|Could not find a version|No matching distribution",
)


class SetUpError(Exception):
    """Expected trouble: one line for the user and the exit code that goes with it."""

    def __init__(self, line: str, exit_code: int = 1) -> None:
        super().__init__(line)
        self.exit_code = exit_code


def say(line: str) -> None:
    """Report progress on stderr; stdout belongs to the command."""
    print("bootstrap: " + line, file=sys.stderr, flush=True)


def check_python() -> None:
    """Refuse a Python that is too old for the application."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        have = "{}.{}".format(*sys.version_info[:2])
        raise SetUpError(
            f"Python 3.11 or newer is needed, this is {have} ({sys.executable}). "
            "Install a newer one and start the same command with it."
        )


def venv_program(name: str) -> Path:
    """The path of a program inside the environment."""
    return VENV / "Scripts" / (name + ".exe") if WINDOWS else VENV / "bin" / name


def wanted_stamp() -> str:
    """What the environment must have been made of: interpreter, place, dependencies."""
    parts = [sys.version, str(ROOT)]
    parts += [path.read_text(encoding="utf-8") for path in (ROOT / "pyproject.toml", CONSTRAINTS)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_ready(wanted: str) -> bool:
    """Whether the environment is complete and made of what is wanted."""
    programs = ("python", "liandong", "liandong-county", "pytest", "mypy", "ruff", "lint-imports")
    if not all(venv_program(name).exists() for name in programs):
        return False
    return STAMP.is_file() and STAMP.read_text(encoding="ascii", errors="replace").strip() == wanted


@contextlib.contextmanager
def only_one_set_up() -> Iterator[None]:
    """Hold the clone's set-up lock; it dies with its holder. Waits for another set-up of the same clone."""
    try:
        handle = LOCK.open("a+b")
    except OSError as error:
        raise SetUpError(
            f"The folder {ROOT} cannot be written ({error.strerror}). Clone into a folder you may write to."
        ) from error
    with handle:
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while not try_lock(handle):
            if time.monotonic() > deadline:
                raise SetUpError("Another set-up of this clone does not end. Stop it and start the same command again.")
            time.sleep(0.5)
        yield


def try_lock(handle: IO[bytes]) -> bool:
    """Take the lock on an open file without waiting."""
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def child_environment(**extra: str) -> dict[str, str]:
    """The environment of what the bootstrap starts: UTF-8 everywhere, no foreign Python settings."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    return {**environment, "PYTHONUTF8": "1", **extra}


def run_logged(command: Sequence[str | Path], log: Path) -> str:
    """Run a set-up step, append its output to the log; returns the output of a failure, else an empty text."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    output = done.stdout.decode("utf-8", errors="replace")
    with log.open("a", encoding="utf-8") as file:
        file.write(output)
    return (output.strip() or f"exit code {done.returncode}") if done.returncode else ""


def is_debian_root() -> bool:
    """Whether system packages can be installed with apt-get right now."""
    return not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages as root; false when that failed."""
    environment = child_environment(DEBIAN_FRONTEND="noninteractive")
    steps = (["apt-get", "-q", "update"], ["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages])
    done = [subprocess.run(step, env=environment, stdout=sys.stderr, check=False).returncode for step in steps]
    return done[-1] == 0


def make_venv() -> None:
    """Make an empty ``.venv`` from this interpreter, after removing what a killed set-up left."""
    if VENV.exists():
        say("removing an unfinished or outdated .venv")
        shutil.rmtree(VENV)
    say(f"making .venv with Python {sys.version.split()[0]}")
    if not importable("ensurepip"):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        if not (is_debian_root() and apt_install([package])):
            raise SetUpError(
                f"This Python cannot make environments. Install its venv module first: apt install {package}"
            )
    VENV.mkdir()
    trouble = run_logged([sys.executable, "-m", "venv", VENV], LOG)
    if trouble:
        raise SetUpError(f"The environment .venv could not be made: {last_line(trouble)}")


def importable(module: str) -> bool:
    """Whether a module of this interpreter can be imported; asks a new process, so a fresh installation counts."""
    return (
        subprocess.run([sys.executable, "-c", "import " + module], stderr=subprocess.DEVNULL, check=False).returncode
        == 0
    )


def last_line(text: str) -> str:
    """The last line of an output that says something; pip's errors are preferred."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [""])[-1]


def install_packages() -> None:
    """Install the product with all extras into ``.venv``, at the pinned versions."""
    say("installing the pinned packages (first time: one to three minutes)")
    command: list[str | Path] = [
        venv_program("python"),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
    ]
    trouble = run_logged([*command, "-c", CONSTRAINTS, "-e", ".[server,tests]"], LOG)
    if not trouble:
        return
    log = LOG.relative_to(ROOT)
    if NO_NETWORK.search(trouble):
        raise SetUpError(
            f"The packages could not be fetched: no network, or the package index does not answer (details: {log}). "
            "Start the same command again when it is back.",
            exit_code=75,
        )
    raise SetUpError(f"The packages could not be installed: {last_line(trouble)} (details: {log})")


def set_up() -> None:
    """Make the environment unless it is already what is wanted."""
    wanted = wanted_stamp()
    if is_ready(wanted):
        return
    with only_one_set_up():
        if is_ready(wanted):
            return
        started = time.monotonic()
        try:
            make_venv()
            install_packages()
            STAMP.write_text(wanted + "\n", encoding="ascii")
        except OSError as error:
            raise SetUpError(f"The set-up could not write to {error.filename or VENV}: {error.strerror}.") from error
        say(f"set-up done in {time.monotonic() - started:.0f} s")


def probe_qt(platform: str | None) -> str:
    """Start Qt in a process of its own; returns what it says when it fails, else an empty text."""
    environment = child_environment(**({"QT_QPA_PLATFORM": platform} if platform else {}))
    probe = subprocess.run(
        [str(venv_program("python")), "-c", QT_PROBE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return probe.stdout.decode("utf-8", errors="replace").strip() if probe.returncode else ""


def check_qt(platform: str | None) -> None:
    """Make sure Qt starts on a platform (None = the real screen); install or name what it lacks."""
    trouble = probe_qt(platform)
    if not trouble:
        return
    if is_debian_root():
        say("Qt lacks system libraries; installing them with apt-get")
        if apt_install(QT_PACKAGES.split()):
            trouble = probe_qt(platform)
            if not trouble:
                return
    raise SetUpError(explain_qt(trouble))


def explain_qt(trouble: str) -> str:
    """One line about why Qt does not start and what to do."""
    library = re.search(r"(lib[\w.+-]+\.so[.\d]*)", trouble)
    if library:
        return f"Qt needs the system library {library.group(1)}. On Debian or Ubuntu: apt-get install {QT_PACKAGES}"
    if not WINDOWS and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "There is no screen here (DISPLAY is not set). Start: installer/bootstrap.py demo --headless --out DIR"
    return f"Qt does not start: {last_line(trouble)}"


def demo(arguments: Sequence[str]) -> int:
    """Hand over to the verb ``demo``; relative paths stay relative to where the user stands."""
    headless = "--headless" in arguments
    check_qt("offscreen" if headless or {"-h", "--help"} & set(arguments) else None)
    command = [str(venv_program("python")), "-P", "-m", "desktop", "demo", *arguments]
    environment = child_environment(**({"QT_QPA_PLATFORM": "offscreen"} if headless else {}))
    if not WINDOWS:
        os.execve(command[0], command, environment)  # noqa: S606 (the verb takes over this process)
    return subprocess.run(command, env=environment, check=False).returncode


def free_memory() -> int:
    """Bytes that files in memory may take here; 0 where there is no such folder."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        kibibytes = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
        return min(kibibytes * 1024, shutil.disk_usage(MEMORY).free)
    except (OSError, StopIteration):
        return 0


@contextlib.contextmanager
def temporary_files() -> Iterator[dict[str, str]]:
    """Where the tests make their homes and profiles: in memory where there is room, so that no test waits for a disk.

    Yields what that adds to the environment: nothing where there is little memory or TMPDIR is set already.
    """
    if os.environ.get("TMPDIR") or free_memory() < MEMORY_WANTED:
        yield {}
        return
    folder = tempfile.mkdtemp(prefix="liandong-tests-", dir=str(MEMORY))
    try:
        yield {"TMPDIR": folder}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test(arguments: Sequence[str]) -> int:
    """Lint, types, import contracts, then the tests; pytest's closing line comes last unless an earlier step failed."""
    check_qt("offscreen")
    with temporary_files() as place:
        return check_and_test(arguments, child_environment(QT_QPA_PLATFORM="offscreen", **place))


def check_and_test(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """All steps in one environment; the exit code of the tests, or 1 where an earlier step failed."""
    failed = [name for name, command in checks() if not passes(name, command, environment)]
    command = [str(venv_program("python")), "-m", "pytest", *arguments]
    if not arguments:
        command += [
            "-n",
            WORKERS,
            "--dist",
            "loadfile",
            "--no-loadscope-reorder",
            "--cov",
            "--cov-report=",
            f"--cov-fail-under={COVERAGE_FLOOR}",
        ]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if failed:
        sys.stdout.flush()
        say("failed before the tests: " + ", ".join(failed))
    return code or bool(failed)


def checks() -> tuple[tuple[str, list[str]], ...]:
    """The steps before the tests."""
    return (
        ("ruff check", [str(venv_program("ruff")), "check", "."]),
        ("ruff format", [str(venv_program("ruff")), "format", "--check", "."]),
        ("mypy", [str(venv_program("mypy"))]),
        ("import contracts", [str(venv_program("lint-imports"))]),
    )


def passes(name: str, command: Sequence[str], environment: dict[str, str]) -> bool:
    """Run one check; its output is shown only when it fails."""
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    verdict = "FAILED" if done.returncode else "ok"
    print(f"{name}: {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout.decode("utf-8", errors="replace"), flush=True)
    return not done.returncode


def main(arguments: Sequence[str]) -> int:
    """Run one of the two commands; expected trouble is one line on stderr."""
    commands = {"demo": demo, "test": test}
    if not arguments or arguments[0] not in commands:
        print(USAGE, file=sys.stderr)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    try:
        check_python()
        set_up()
        return commands[arguments[0]](arguments[1:])
    except SetUpError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
