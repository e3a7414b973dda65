"""Settings: what the environment says, and the server's secret."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trygghetsvandring.config import from_environment


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("TRYGG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRYGG_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_key_is_made_once_and_only_the_server_reads_it(folder: Path) -> None:
    first, second = from_environment().key, from_environment().key

    assert first == second and len(first) == 32
    file = folder / "server.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert bytes.fromhex(file.read_text()) == first
    assert [it.name for it in folder.iterdir()] == ["server.key"]


def test_two_processes_that_start_at_once_have_the_same_key() -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: from_environment().key, range(16)))

    assert len(keys) == 1


def test_two_installations_have_different_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = from_environment().key
    monkeypatch.setenv("TRYGG_DATA_DIR", str(tmp_path / "other"))

    assert from_environment().key != here


@pytest.mark.parametrize("written", ["", "ab" * 31, "no key at all", "ab" * 32 + "x"])
def test_a_key_file_that_is_no_key_stops_the_start(folder: Path, written: str) -> None:
    folder.mkdir()
    (folder / "server.key").write_text(written)

    with pytest.raises(SystemExit, match="64 hexadecimala tecken"):
        from_environment()


@pytest.mark.parametrize("given", ["ab" * 31, "hemligt", "  "])
def test_a_given_key_that_is_too_short_or_no_key_stops_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("TRYGG_KEY", given)

    with pytest.raises(SystemExit, match="TRYGG_KEY måste vara minst 32 byte"):
        from_environment()


def test_a_given_key_is_the_key_and_no_file_is_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYGG_KEY", "AB" * 40)

    settings = from_environment()

    assert settings.key == bytes.fromhex("ab" * 40)
    assert not (folder / "server.key").exists()
    assert "abab" not in repr(settings).lower() and repr(settings.key) not in repr(settings)


def test_without_anything_said_nothing_leaves_the_machine(folder: Path) -> None:
    settings = from_environment()

    assert settings.database_url == f"sqlite+aiosqlite:///{folder / 'trygg.sqlite'}"
    assert (settings.public_url, settings.smtp_url, settings.demo) == ("http://127.0.0.1:8300", None, False)
    assert settings.mail_folder == folder / "mail"


def test_what_the_environment_says_wins_over_where_it_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment(public_url="http://10.0.0.5:8300/").public_url == "http://10.0.0.5:8300"

    monkeypatch.setenv("TRYGG_PUBLIC_URL", "https://trygg.example/")
    monkeypatch.setenv("TRYGG_DEMO", "1")

    settings = from_environment(public_url="http://10.0.0.5:8300")
    assert (settings.public_url, settings.demo) == ("https://trygg.example", True)


A_BUCKET = {"BLOBS": "s3://foton/trygg", "S3_KEY_ID": "nyckel", "S3_SECRET": "hemlig", "S3_REGION": "eu-north-1"}


def says(monkeypatch: pytest.MonkeyPatch, told: dict[str, str]) -> None:
    for name, value in told.items():
        monkeypatch.setenv(f"TRYGG_{name}", value)


def test_photos_lie_in_the_data_folder_unless_a_bucket_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment().bucket is None

    says(monkeypatch, A_BUCKET)

    place = from_environment().bucket
    assert place is not None
    assert (place.bucket, place.folder, place.browsers) == ("foton", "trygg", None)
    assert place.endpoint == "https://s3.eu-north-1.amazonaws.com"
    assert "hemlig" not in repr(from_environment())


def test_a_server_of_ones_own_may_be_another_for_browsers(monkeypatch: pytest.MonkeyPatch) -> None:
    says(
        monkeypatch, {**A_BUCKET, "S3_ENDPOINT": "http://127.0.0.1:9000", "S3_BROWSERS": "https://foton.skara.example"}
    )

    place = from_environment().bucket

    assert place is not None
    assert (place.endpoint, place.browsers) == ("http://127.0.0.1:9000", "https://foton.skara.example")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("blobs_missing", {"BLOBS": ""}),
        ("blobs_unsound", {"BLOBS": "/srv/foton"}),
        ("blobs_unsound", {"BLOBS": "s3://Foton"}),
        ("blobs_unsound", {"BLOBS": "s3://foton/../annat"}),
        ("s3_keys_missing", {"S3_SECRET": " "}),
        ("s3_keys_missing", {"S3_KEY_ID": ""}),
        ("s3_region_missing", {"S3_REGION": ""}),
        ("s3_endpoint_unsound", {"S3_ENDPOINT": "minio:9000"}),
        ("s3_endpoint_unsound", {"S3_ENDPOINT": "https://minio.example/foton"}),
        ("s3_endpoint_unsound", {"S3_ENDPOINT": "https://någon:hemlig@minio.example"}),
        ("s3_endpoint_unsound", {"S3_BROWSERS": "https://minio.example:port"}),
        ("s3_endpoint_unsound", {"S3_BROWSERS": "https://minio.example;script-src"}),
        ("s3_endpoint_not_https", {"S3_ENDPOINT": "http://minio.example:9000"}),
        ("s3_endpoint_not_https", {"S3_BROWSERS": "http://10.0.0.4"}),
    ],
)
def test_half_a_bucket_or_an_unsafe_one_stops_the_start_and_says_why(
    monkeypatch: pytest.MonkeyPatch, code: str, told: dict[str, str]
) -> None:
    says(monkeypatch, {**A_BUCKET, **told})

    with pytest.raises(SystemExit, match=f"^{code}: TRYGG_"):
        from_environment()
