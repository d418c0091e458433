"""Predictions and quizzes of a class, gathered from phones in the room, without accounts.

`state` is the room itself and knows no network; `questions` is what it can ask. `server` serves it
on the local network, with a page for phones and a board for the teacher, and `network` says under
which addresses. Where phones cannot reach the laptop, `alone` is a page that turns an answer into
six letters, which `codes` reads. ``qr/`` holds the npm package qr 0.7.0 (MIT or Apache-2.0), which
draws and reads QR codes in the browser.
"""
