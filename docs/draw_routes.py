"""Draws the tables of `docs/api.md` from what runs: `python docs/draw_routes.py`; a test holds them up to date.

Only what stands between `<!-- name -->` and `<!-- /name -->` is drawn; the words around it are written by hand.
"""
# ruff: noqa: INP001

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from trygghetsvandring import asgi  # noqa: E402
from trygghetsvandring.domain.errors import Refused  # noqa: E402
from trygghetsvandring.domain.people import MAY, Act, Role  # noqa: E402
from trygghetsvandring.sync.outcomes import OPERATIONS, Registered  # noqa: E402
from trygghetsvandring.web.errors import STATUS, WORDS  # noqa: E402
from trygghetsvandring.web.openapi import described  # noqa: E402

API = HERE / "api.md"


def drawn(text: str) -> str:
    """The same text with every table as it is now."""
    for name, table in TABLES.items():
        block = f"<!-- {name} -->\n\n{table()}\n\n<!-- /{name} -->"
        before, _, rest = text.partition(f"<!-- {name} -->")
        text = before + block + rest.partition(f"<!-- /{name} -->")[2]
    return text


def routes() -> str:
    rows = [(f"`{method} {path}`", f"`{act}`", said.what) for method, path, act, said in described(asgi.routes())]
    return _table(("Route", "Act", "What for"), rows)


def acts() -> str:
    rows = [(f"`{act}`", "everybody" if act is Act.PUBLIC else _roles(MAY[act])) for act in Act]
    return _table(("Act", "Roles"), rows)


def operations() -> str:
    return _table(
        ("Operation", "Act", "Body", "Receipt"),
        [(f"`{n}`", f"`{it.act}`", _fields(it), "yes" if it.receipt else "") for n, it in sorted(OPERATIONS.items())],
    )


def answers() -> str:
    """Codes of refused requests, with the words a person reads."""
    known = sorted(STATUS.keys() | WORDS.keys(), key=lambda code: (STATUS.get(code, 400), code))
    words = [
        (code, " ".join(f"{part.rstrip('.')}." for part in WORDS[code]) if code in WORDS else "–") for code in known
    ]
    return _table(
        ("Status", "Code", "What the person reads"), [(str(STATUS.get(c, 400)), f"`{c}`", w) for c, w in words]
    )


def refusals() -> str:
    """Codes of rejected operations: every rule's own refusal that is no HTTP answer."""
    found = {it.code: it for it in _below(Refused) if "code" in vars(it)}
    rows = [
        (f"`{code}`", _first_sentence(it)) for code, it in sorted(found.items()) if code not in STATUS.keys() | WORDS
    ]
    return _table(("Code", "Why"), rows)


def _below(top: type[Refused]) -> Iterable[type[Refused]]:
    for each in top.__subclasses__():
        if each.__module__.startswith("trygghetsvandring."):  # a test may have refusals of its own
            yield each
        yield from _below(each)


def _first_sentence(it: type[Refused]) -> str:
    """From the class, or from its line in the tree at the top of its room."""
    said = vars(it).get("__doc__")
    if said is None:
        line = re.search(rf"── {it.__name__} +(\S.*)", sys.modules[it.__module__].__doc__ or "")
        said = line[1] if line else re.sub(r"(?<!^)(?=[A-Z])", " ", it.__name__).capitalize()
    return " ".join(said.strip().split("\n\n")[0].split()).rstrip(".")


def _fields(it: Registered) -> str:
    fields = [f.encode_name if f.required else f"{f.encode_name}?" for f in msgspec.structs.fields(it.body)]
    return ", ".join(fields) or "–"


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(role for role in Role if role in roles)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


TABLES: dict[str, Callable[[], str]] = {
    "routes": routes,
    "acts": acts,
    "operations": operations,
    "answers": answers,
    "refusals": refusals,
}


if __name__ == "__main__":
    API.write_text(drawn(API.read_text(encoding="utf-8")), encoding="utf-8")
