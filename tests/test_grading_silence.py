"""Somebody who waits is told what for."""

import threading

from patience import HANG

from centralasia.grading.judging.silence import Silence


def test_after_a_while_without_a_word_it_says_what_is_waited_for():
    said, twice = [], threading.Event()

    def say(what):
        said.append(what)
        if len(said) > 1:
            twice.set()

    with Silence(say, 0.01) as silence:
        silence.broken(lambda: "the sandboxes")
        assert twice.wait(HANG)
    assert set(said) == {"the sandboxes"}


def test_nothing_is_said_while_things_go_on_or_before_anything_is_waited_for():
    said = []
    with Silence(said.append, HANG) as silence:
        for _ in range(10):
            silence.broken(lambda: "a sandbox")
    with Silence(said.append, 0.01):
        threading.Event().wait(0.05)
    assert said == []
