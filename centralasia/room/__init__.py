"""Predictions and quizzes of a class, gathered from phones in the room, without accounts.

`state` is the room itself and knows no network, `server` serves it on the local network,
`client` is how the teacher's notebook speaks to it, and `board` is the teacher's widget.
"""
