"""A source file is read in one sitting: 400 lines at most, but for the few that say why not."""

from tests.house.tracked import text_of, tracked

AT_MOST = 400
SOURCE = (".py", ".ts", ".tsx", ".css", ".html", ".sh", ".toml", "Makefile", "Dockerfile")

# Path and the reason it may be longer. A file that has shrunk again must leave the list.
LONGER = {
    "pwa/src/domain/wire.ts": "the whole contract between phone and server, read as one page",
}


def lines(name: str) -> int:
    return len((text_of(name) or "").splitlines())


def test_no_source_file_is_longer_than_one_sitting() -> None:
    too_long = {name: lines(name) for name in tracked() if name.endswith(SOURCE) and lines(name) > AT_MOST}

    assert too_long.keys() <= LONGER.keys(), {name: n for name, n in too_long.items() if name not in LONGER}


def test_the_list_of_longer_files_holds_only_longer_files() -> None:
    assert [name for name in LONGER if lines(name) <= AT_MOST] == []
