"""What other programs run of us: the hooks of pre-commit, and the action of GitHub's workflows."""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from conftest import Sources
from shell_line import on_terminal

REPOSITORY = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, with a name and a default branch of its own."""
    given = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *given, *arguments], cwd=folder, check=True, capture_output=True)


def pre_commit(sources: Sources, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pre-commit in the deck's repository; the hooks' programs are those that are installed."""
    environment = {
        **os.environ,
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(sources.folder / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=sources.folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_hooks_of_pre_commit(sources: Sources) -> None:
    """The real pre-commit takes the definitions, runs both hooks, and stops a commit with mistakes."""
    hooks = sources.folder / "hooks"
    hooks.mkdir()
    shutil.copy(REPOSITORY / ".pre-commit-hooks.yaml", hooks)
    git(hooks, "init")
    git(hooks, "add", ".")
    git(hooks, "commit", "-m", "hooks")
    git(hooks, "tag", "v1")
    # `language: system` spares the test an installation from the network, and nothing else.
    wanted = [{"id": f"deckpress-{name}", "language": "system"} for name in ("fix", "check")]
    config = {"repos": [{"repo": str(hooks), "rev": "v1", "hooks": wanted}]}
    (sources.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (sources.folder / ".gitignore").write_text("hooks\npre-commit\n")
    git(sources.folder, "init")
    path = sources.write("one/a.md", "# Alone?\n\nText.\n\n# Both?\n\n$\\nope$\n")
    git(sources.folder, "add", ".")
    done = pre_commit(sources, "run")
    assert done.returncode == 1
    assert "{#alone}" in path.read_text()
    assert (
        "deckpress check --fix....................................................Failed"
        in done.stdout
    )
    assert "files were modified by this hook" in done.stdout
    assert "cards/one/a.md:7:2: formula: unknown command" in done.stdout
    path.write_text(path.read_text().replace("nope", "alpha"))
    git(sources.folder, "add", ".")
    done = pre_commit(sources, "run")
    assert (done.returncode, done.stdout.count("Passed")) == (0, 2), done.stdout
    (sources.folder / "notes.txt").write_text("x")
    git(sources.folder, "add", ".")
    git(sources.folder, "commit", "-m", "x")
    (sources.folder / "notes.txt").write_text("y")
    git(sources.folder, "add", ".")
    assert pre_commit(sources, "run").stdout.count("(no files to check)Skipped") == 2
    assert (
        pre_commit(
            sources, "validate-manifest", str(REPOSITORY / ".pre-commit-hooks.yaml")
        ).returncode
        == 0
    )


def fill_in(text: str, inputs: dict[str, str], steps: dict[str, str]) -> str:
    """Put values for the expressions of a workflow."""
    values = {f"inputs.{name}": value for name, value in inputs.items()} | steps
    return re.sub(r"\$\{\{\s*([^}\s]+)\s*\}\}", lambda match: values[match[1]], text)


class Runner:
    """Runs the steps of the action, as far as they are commands of a shell."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of a checkout; what steps leave behind lies beside it."""
        self.folder = folder
        self.action: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text())
        self.temp = folder / "runner"
        self.temp.mkdir(exist_ok=True)

    def run(self, name: str, **given: str) -> tuple[int, str, str]:
        """Run a step by its name; return its exit code, what it printed, and its outputs."""
        known = {key: value["default"] for key, value in self.action["inputs"].items()}
        inputs = known | given
        assert set(inputs) == set(known)
        (step,) = (each for each in self.action["runs"]["steps"] if each.get("name") == name)
        assert step["shell"] == "bash"
        outputs = self.temp / "outputs"
        outputs.write_text("")
        python = {"steps.python.outputs.python-path": sys.executable}
        env = {key: fill_in(value, inputs, python) for key, value in step["env"].items()}
        assert "${{" not in step["run"], "a value in a script could run as a command"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder, capture_output=True, text=True, check=False,
            env={
                **os.environ, **env, "RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(outputs),
                "GITHUB_ACTION_PATH": str(REPOSITORY), "GITHUB_WORKSPACE": str(self.folder),
                "PIP_NO_INDEX": "1", "PIP_NO_CACHE_DIR": "1",
            },
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr, outputs.read_text()


def test_the_action_says_what_it_takes_and_gives() -> None:
    """Every input is used, every output comes from a step that is there."""
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    text = (REPOSITORY / "action.yml").read_text()
    assert action["runs"]["using"] == "composite"
    for name, each in action["inputs"].items():
        assert f"inputs.{name}" in text
        assert isinstance(each["default"], str)
        assert each["description"]
    ids = {step["id"] for step in action["runs"]["steps"] if "id" in step}
    for each in action["outputs"].values():
        (step,) = re.findall(r"steps\.(\w+)\.outputs\.", each["value"])
        assert step in ids


def test_the_action_checks_and_builds(sources: Sources) -> None:
    """Its steps find mistakes at their lines and count them, and build what was asked for."""
    runner = Runner(sources.folder)
    # The libraries are those that are installed: only the program itself is built and installed.
    programs = runner.temp / "deckpress/bin"
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", runner.temp / "deckpress"], check=True
    )
    program = programs / "deckpress"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m deckpress "$@"\n')
    program.chmod(0o755)
    sources.write("one/a.md", "# A? {#a}\n\n$\\nope$\n\nSee ==this.\n")
    code, said, outputs = runner.run("Check", locked="false")
    assert (code, outputs) == (1, "mistakes=1\nadvice=1\n"), said
    assert said.startswith("::error file=cards/one/a.md,line=3,col=2,title=unreadable-formula::")
    sources.write("one/a.md", "# A? {#a}\n\nText.\n\nSee ==this.\n")
    assert runner.run("Check", locked="false")[::2] == (0, "mistakes=0\nadvice=1\n")
    assert runner.run("Check", locked="false", strict="true")[::2] == (1, "mistakes=1\nadvice=0\n")
    code, said, outputs = runner.run("Check")
    assert (code, outputs) == (1, "mistakes=1\nadvice=0\n")
    assert "the ledger is out of date" in said
    code, said, outputs = runner.run("Build", build="apkg,json", locked="false", out="o ut")
    assert (code, said) == (0, "")
    assert outputs == "files<<END_OF_FILES\no ut/small.apkg\no ut/small.json\nEND_OF_FILES\n"
    assert runner.run("Check")[::2] == (0, "mistakes=0\nadvice=1\n")
    (step,) = (s for s in runner.action["runs"]["steps"] if s.get("name") == "Build")
    assert step["if"] == "inputs.build != ''"


def test_the_action_installs_the_program(tmp_path: Path) -> None:
    """From its own checkout, into an environment of its own, by the pinned list."""
    runner = Runner(tmp_path)
    home = runner.temp / "deckpress"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    # Offline, the libraries that are pinned are found where the tests run with them.
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "here.pth").write_text("\n".join(site.getsitepackages()))
    code, said, _ = runner.run("Install")
    assert code == 0, said
    done = subprocess.run(
        [home / "bin/python", "-c", "import deckpress; print(deckpress.__file__)"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert Path(done.stdout.strip()).is_relative_to(packages)
    assert (
        subprocess.run([home / "bin/deckpress", "--version"], capture_output=True).returncode == 0
    )


def test_the_task_for_vs_code(sources: Sources) -> None:
    """Each mistake, however long, matches one of the patterns whole, and no other line does."""
    text = (REPOSITORY / "docs" / "editors.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (task,) = json.loads(block)["tasks"]
    patterns = {each["severity"]: each["pattern"] for each in task["problemMatcher"]}
    name = "one/a name with blanks.md"
    sources.write(name, "# Q? {#q}\n\n$\\nope$ [x](no.md)\n\n```python many\nx = 1\n```\n")
    sources.write("one/v.md", "# V? {#v}\n\nA.\n\n```python test\nassert 1 == 2\n```\n")

    def matched(*arguments: str) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for line in on_terminal(sources.folder, *arguments, **task["options"]["env"]):
            for severity, pattern in patterns.items():
                if hit := re.match(pattern["regexp"], line, re.ASCII):
                    groups = (hit[pattern[key]] for key in ("file", "line", "column", "message"))
                    found.append((severity, *groups))
        return found

    found = matched(*task["args"])
    assert [each[:4] for each in found] == [
        ("error", f"cards/{name}", "3", "2"),
        ("error", f"cards/{name}", "3", "9"),
        ("warning", f"cards/{name}", "5", "11"),
    ]
    assert [message for *_, message in found if not message.endswith("]")] == []
    sources.write(name, "# Q? {#q}\n\nA.\n")
    message = "'v': AssertionError: assert 1 == 2 [failing-code]"
    assert matched("verify") == [("error", "cards/one/v.md", "6", "1", message)]
