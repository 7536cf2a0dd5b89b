"""The studio: a page in the browser where a clip is painted, compared and exported.

`app.py` says what the page may ask for, `studio.py` what then happens, `project.py` where it is
kept. Painting happens in processes of their own: `painter.py` paints what somebody looks at,
`exporter.py` what somebody keeps.
"""
