"""What the linter does not ask of the image, and a municipality's operations will."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def instructions() -> list[tuple[str, str]]:
    """Word and argument, in order; continued lines are joined and comments are gone."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", text))
    return [(word.upper(), rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines()) if word]


def arguments(word: str) -> list[str]:
    return [rest for found, rest in instructions() if found == word]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(number for number, (word, _) in enumerate(found) if word == "FROM") :]


def test_the_linter_is_silent() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    said = subprocess.run([hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (said.returncode, said.stdout) == (0, "")


def test_what_builds_is_not_what_runs() -> None:
    assert len(arguments("FROM")) == 2
    assert not any("requirements.txt" in rest or "npm" in rest or "apt" in rest for _, rest in last_stage())


def test_every_base_image_says_which_one() -> None:
    for image in (rest.split()[0] for rest in arguments("FROM")):
        name, _, tag = image.partition(":")
        assert name
        assert re.search(r"\d", tag), image
        assert "latest" not in tag


def test_it_runs_as_a_number_that_is_not_root() -> None:
    users = [rest for word, rest in last_stage() if word == "USER"]
    after = [word for word, _ in last_stage()]

    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])
    assert after.index("USER") < after.index("CMD")
    assert "RUN" not in after[after.index("USER") :]


def test_it_can_say_whether_it_is_well() -> None:
    (check,) = arguments("HEALTHCHECK")
    command = json.loads(check[check.index("CMD") + 3 :])

    assert command[0] == "python"  # the slim image has no curl
    assert "/healthz" in command[-1]
    assert arguments("EXPOSE") == ["8300"]


def test_data_lives_outside_the_image() -> None:
    (volume,) = arguments("VOLUME")
    environment = " ".join(arguments("ENV"))

    assert f"={volume}" in environment


def test_nothing_is_fetched_by_address_and_no_secret_is_baked_in() -> None:
    assert arguments("ADD") == []
    assert arguments("ARG") == []
    assert not re.search(r"(?i)secret|password|token|api_?key", " ".join(arguments("ENV")))


def test_every_install_is_held_by_hashes_or_takes_nothing_with_it() -> None:
    installs = [part for rest in arguments("RUN") for part in rest.split("&&") if "pip install" in part]

    assert installs
    assert all("--require-hashes" in part or "--no-deps" in part for part in installs)


def test_apt_leaves_no_lists_behind() -> None:
    for run in (rest for rest in arguments("RUN") if "apt-get install" in rest):
        assert "--no-install-recommends" in run
        assert "rm -rf /var/lib/apt/lists" in run


def test_the_builder_is_sent_only_what_is_named() -> None:
    listed = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]

    assert listed[0] == "*"
    assert {"!.git", "!var", "!tests"}.isdisjoint(listed)
    copied = {word for rest in arguments("COPY") if "--from" not in rest for word in rest.split()[:-1]}
    for path in copied:
        assert (ROOT / path).exists(), path
        assert f"!{path.split('/')[0]}" in listed, path
