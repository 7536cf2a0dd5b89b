"""Who gets in, and who may change something."""

import pytest

from tests.studio.conftest import HOST

STATE = "/api/state"


def test_without_the_secret_nothing_is_told(visitor):
    for path in ("/", STATE, "/api/events", "/files/clips/source.mp4", "/?token=", "/?token=x"):
        answer = visitor.open(None).get(path)
        assert answer.status_code == 403
        assert "address" in answer.text


def test_the_secret_becomes_a_cookie_that_no_script_reads(visitor):
    answer = visitor.open(None).get(f"/?token={visitor.guard.secret}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_the_page_is_kept_to_itself(client):
    headers = client.get("/").headers
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1", "", "[::1]:8000"]
)
def test_another_name_is_refused(client, host):
    """A foreign page may point its own name at this machine."""
    assert client.get(STATE, headers={"host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", f"https://{HOST}"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/frame"), ("PUT", "/api/clip"), ("DELETE", "/api/styles/wave")],
)
def test_changes_that_a_foreign_page_asks_for_are_refused(client, origin, method, path):
    answer = client.request(method, path, headers={"origin": origin}, content=b"{}")
    assert answer.status_code == 403
    assert "another page" in answer.json()["error"]


def test_who_came_for_looking_changes_nothing(visitor):
    client = visitor.open(visitor.guard.looking_secret)
    assert client.get(STATE).json()["can_write"] is False
    for method, path in (
        ("PUT", "/api/clip?name=a.mp4"),
        ("POST", "/api/cells"),
        ("POST", "/api/exports"),
        ("DELETE", "/api/styles/p1"),
    ):
        answer = client.request(method, path, content=b"{}")
        assert answer.status_code == 403
        assert "looking only" in answer.json()["error"]
    assert visitor.open(visitor.guard.secret).get(STATE).json()["can_write"] is True
