"""Compressed files: each kind, under its name and under others."""

import bz2
import gzip
import io
import lzma
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as arrow  # type: ignore[import-untyped]
import pytest

from clip_search.load import LoadError, limits
from tests.python.loading import CSV_TEXT, JAWS, JSON_LINE, loaded, requests, written


def zipped(data: bytes, *names: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name in names or ("export.csv",):
            writer.writestr(name, data)
    return archive.getvalue()


def zstandard(data: bytes) -> bytes:
    packed: bytes = arrow.Codec("zstd").compress(data, asbytes=True)
    return packed


PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".zst": zstandard,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zip": zipped,
}
NAMES = {
    ".gz": "gzip",
    ".zst": "Zstandard",
    ".xz": "xz",
    ".bz2": "bzip2",
    ".zip": "zip",
}
each_kind = pytest.mark.parametrize("ending", PACKED)


def error_of(path: Path) -> LoadError:
    with pytest.raises(LoadError) as caught:
        requests(path)
    assert caught.value.file == path
    return caught.value


@each_kind
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("search_request.csv", CSV_TEXT),
        ("search_request.tsv", CSV_TEXT.replace(",", "\t")),
        ("search_request.ndjson", JSON_LINE),
        ("search_request.json", "\ufeff" + JSON_LINE),
    ],
)
def test_each_kind_is_read(tmp_path: Path, ending: str, name: str, text: str) -> None:
    path = written(tmp_path / (name + ending), PACKED[ending](text.encode()))
    assert requests(path) == [JAWS]


@each_kind
def test_each_kind_has_the_content_of_the_plain_file(
    tmp_path: Path, ending: str
) -> None:
    plain = written(tmp_path / "search_request.csv")
    packed = written(
        tmp_path / f"search_request.csv{ending}", PACKED[ending](CSV_TEXT.encode())
    )
    report, rows = loaded(plain, packed)
    assert [file.outcome for file in report.files] == ["new", "duplicate"]
    assert rows == [JAWS]


@each_kind
def test_nothing_compressed_is_a_log_without_rows(tmp_path: Path, ending: str) -> None:
    for data in (PACKED[ending](b""), b""):
        path = written(tmp_path / f"search_request.csv{ending}", data)
        assert requests(path) == []


@each_kind
@pytest.mark.parametrize("name", ["search_request.csv", "search_request.csv.OTHER"])
def test_a_wrong_name_is_an_error_with_the_command_to_rename_it(
    tmp_path: Path, ending: str, name: str
) -> None:
    other = ".xz" if ending == ".gz" else ".gz"
    name = name.replace(".OTHER", other)
    path = written(tmp_path / name, PACKED[ending](CSV_TEXT.encode()))
    error = error_of(path)
    assert f"is compressed by {NAMES[ending]}, but its name" in error.problem
    assert f"so that it ends in {ending}: mv {path} " in error.remedy
    subprocess.run(error.remedy.partition(": ")[2], shell=True, check=True)  # noqa: S602
    assert requests(tmp_path / f"search_request.csv{ending}") == [JAWS]


@each_kind
def test_text_under_the_name_of_compressed_data_is_an_error(
    tmp_path: Path, ending: str
) -> None:
    path = written(tmp_path / f"search_request.csv{ending}")
    error = error_of(path)
    assert error.problem == f"the content is plain text, but its name ends in {ending}"
    assert error.remedy.endswith(f"mv {path} {tmp_path}/search_request.csv")


@each_kind
def test_compressed_data_that_is_cut_off_is_an_error(
    tmp_path: Path, ending: str
) -> None:
    lines = "".join(f"id{at},{at * 7919 % 65537},,,\n" for at in range(20_000))
    data = PACKED[ending]((CSV_TEXT + lines).encode())
    path = written(tmp_path / f"search_request.csv{ending}", data[: len(data) // 2])
    error = error_of(path)
    assert f"the {NAMES[ending]} data is cut off or damaged" in error.problem
    assert "FILE` tests it" in error.remedy
    assert error.line is not None


@each_kind
def test_data_that_is_compressed_twice_is_named(tmp_path: Path, ending: str) -> None:
    data = PACKED[ending](PACKED[ending](CSV_TEXT.encode()))
    error = error_of(written(tmp_path / f"search_request.csv{ending}", data))
    assert f"the content is compressed by {NAMES[ending]}" in error.problem


@each_kind
def test_compressed_parquet_is_told_to_be_unpacked(tmp_path: Path, ending: str) -> None:
    data = PACKED[ending](b"PAR1")
    for name in ("search_request.parquet", f"search_request.parquet{ending}"):
        error = error_of(written(tmp_path / name, data))
        assert f"compressed by {NAMES[ending]}" in error.problem
        assert "npack it" in error.remedy


def test_zstandard_of_several_frames_is_one_file(tmp_path: Path) -> None:
    first, second = CSV_TEXT.splitlines(keepends=True)
    data = zstandard(first.encode()) + zstandard(second.encode())
    assert requests(written(tmp_path / "search_request.csv.zst", data)) == [JAWS]


def test_a_zip_with_one_log_and_what_a_mac_adds_is_read(tmp_path: Path) -> None:
    data = zipped(CSV_TEXT.encode(), "day/", "day/a.csv", "__MACOSX/day/._a.csv")
    assert requests(written(tmp_path / "search_request.csv.zip", data)) == [JAWS]


@pytest.mark.parametrize(
    ("names", "found"), [([".x"], "0 files, not one: nothing"), (["a", "b"], "2 files")]
)
def test_a_zip_with_another_number_of_files_lists_them(
    tmp_path: Path, names: list[str], found: str
) -> None:
    path = written(tmp_path / "search_request.csv.zip", zipped(b"", *names))
    error = error_of(path)
    assert f"the zip holds {found}" in error.problem
    assert f"unzip {path} -d FOLDER" in error.remedy


def test_a_workbook_is_not_called_a_zip(tmp_path: Path) -> None:
    data = zipped(b"", "[Content_Types].xml", "xl/workbook.xml")
    for name in ("search_request.csv", "search_request.csv.zip"):
        error = error_of(written(tmp_path / name, data))
        assert "Excel workbook" in error.problem
        assert "Save the sheet as CSV" in error.remedy


@pytest.mark.parametrize("ending", [".gz", ".zst", ".xz", ".bz2", ".zip"])
def test_what_expands_beyond_the_limit_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(limits, "HARMLESS_BYTES", 1 << 20)
    data = PACKED[ending](CSV_TEXT.encode() + b"\n" * (2 << 20))
    path = written(tmp_path / f"search_request.csv{ending}", data)
    error = error_of(path)
    assert f"its {len(data):,} bytes hold more than" in error.problem
    assert "over 200 times as many" in error.problem
    assert "CLIP_SEARCH_MAX_EXPANSION=NUMBER (now 200)" in error.remedy
    monkeypatch.setenv("CLIP_SEARCH_MAX_EXPANSION", "1000000")
    assert requests(path) == [JAWS]
