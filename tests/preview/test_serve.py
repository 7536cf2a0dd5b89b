"""Showing a preview to a phone."""

import threading
import urllib.error
import urllib.request

import pytest

from videostyle.errors import ConfigError
from videostyle.preview.serve import local_address, open_server, qr_code

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def address(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(CONTENT)
    (tmp_path / "index.html").write_text("a page")
    (tmp_path / "clips").mkdir()
    server = open_server(tmp_path, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def get(address, **headers):
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return answer.status, answer.read(), answer.headers


def test_the_page_and_whole_files_are_served(address):
    assert get(f"{address}/")[:2] == (200, b"a page")
    assert get(f"{address}/clip.mp4")[:2] == (200, CONTENT)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=100-199", 100, 199),
        ("bytes=2000-", 2000, 2047),
        ("bytes=-5", 2043, 2047),
        ("bytes=2000-99999", 2000, 2047),
    ],
)
def test_a_part_of_a_file_is_served_as_a_phone_asks_for_it(address, asked, first, last):
    status, content, headers = get(f"{address}/clip.mp4", Range=asked)
    assert status == 206
    assert content == CONTENT[first : last + 1]
    assert headers["Content-Range"] == f"bytes {first}-{last}/2048"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("clip.mp4", {"Range": "bytes=5000-"}, 416),
        ("clips/", {}, 404),
        ("none.mp4", {}, 404),
        ("../secret.txt", {}, 404),
        ("%2e%2e/secret.txt", {}, 404),
    ],
)
def test_nothing_else_is_served(address, tmp_path, path, headers, status):
    (tmp_path.parent / "secret.txt").write_text("secret")
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{address}/{path}", **headers)
    assert caught.value.code == status
    caught.value.close()


def test_a_port_that_is_taken_is_reported_so(address, tmp_path):
    with pytest.raises(ConfigError, match="can't be used"):
        open_server(tmp_path, int(address.rsplit(":", 1)[1]))
    with pytest.raises(ConfigError, match="can't be used"):
        open_server(tmp_path, 99999)


def test_the_address_fits_a_code():
    assert local_address(8000).startswith("http://")
    assert len(qr_code(local_address(8000)).splitlines()) > 10
