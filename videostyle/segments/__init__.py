"""Long runs in pieces of 10 s, so that a kill or a power cut loses one piece at most.

The folder of a run lies hidden beside its target: `manifest.json` says what the pieces belong to,
`00000.nut` and so on are the pieces, `end.json` comes when the clip's end has been seen. A piece
stands under its name only when it is whole, so what is there is done; any process that has the
same manifest may make any piece.
"""
