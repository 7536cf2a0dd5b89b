"""Requests that no browser sends."""

import socket
import struct
import threading

import pytest

from videostyle.preview.serve import is_own_name, open_server


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("192.168.1.7:8000", True),
        ("127.0.0.1:8000", True),
        ("localhost:8000", True),
        ("[::1]:8000", True),
        ("", True),
        ("evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_only_names_of_this_machine_are_answered(host, own):
    assert is_own_name(host) is own


def test_a_browser_that_goes_away_is_not_mentioned(tmp_path, capfd):
    (tmp_path / "big").write_bytes(bytes(30_000_000))
    with open_server(tmp_path, 0) as server:
        server.daemon_threads = False  # closing waits for the answers
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        for _ in range(3):
            browser = socket.create_connection(("127.0.0.1", server.server_address[1]))
            browser.sendall(b"GET /big HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            browser.recv(10)
            # Closes with a reset.
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            browser.close()
        server.shutdown()
        thread.join()
    assert capfd.readouterr().err == ""
