"""The studio's page."""


def render_studio() -> str:
    return "<!doctype html><title>studio</title>"
