"""How fast a class is graded: our runner beside ``nbgrader autograde`` alone, in one run.

    python benchmarks/grading.py                  40 submissions by both, then 10 to 200 by ours
    python benchmarks/grading.py --n 4 --curve 10 a quick look

Both grade the same submissions (solved, untouched, partly right and with errors, each with a case
of its own) and must come to the same scores. Every submission is graded; nothing is extrapolated.
Time is wall time from the command to its end, with starting up, on an otherwise idle machine;
processor time is that of all its processes. Memory is the largest sum of what the processes have
to themselves (PSS), looked at four times a second.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from classes import NAME, answered, hand_in, scores, untouched  # noqa: E402

from centralasia.checks import keys  # noqa: E402

KINDS = 4


def submission(number):
    """Return a student's name and notebook; every fourth is of the same kind."""
    student = f"student{number:03}"
    if number % KINDS == 1:
        return student, untouched()
    wrong = {}
    if number % KINDS == 2:
        wrong = {"ex03-q1-bloc-share-answer": "bloc_share = 0.5"}
        wrong["ex03-q4-chart-answer"] = "chart = alt.Chart(missing)"
    if number % KINDS == 3:
        wrong = {"ex03-q2-hhi-answer": "1 / 0", "ex03-q3-members-answer": 'members = ["RUS"]'}
    return student, answered(student, wrong)


def course(folder, n):
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(keys.solutions_dir() / NAME, folder / "solutions" / NAME)
    for number in range(n):
        hand_in(folder, *submission(number))
    return folder


class Watch(threading.Thread):
    """Sum the memory of a process and all below it, and the time of those nobody waits for."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.process, self.peak, self.over = psutil.Process(pid), 0, threading.Event()
        self.warm = {}

    def run(self):
        while not self.over.wait(0.25):
            try:
                processes = [self.process, *self.process.children(recursive=True)]
            except psutil.Error:
                return
            total = 0
            for process in processes:
                try:
                    total += process.memory_full_info().pss
                    self._time_of_warm(process)
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)

    def _time_of_warm(self, process):
        """Note the time of a warm process and its forks, which bubblewrap does not pass on."""
        if process.pid not in self.warm:
            inside = any("zygote.main" in part for part in process.cmdline())
            above = process.parent()
            if not inside or above is None or "python" in "".join(above.cmdline()[:1]):
                return
        self.warm[process.pid] = sum(process.cpu_times()[:4])


def timed(command, folder):
    """Return wall seconds, processor seconds and the peak of memory of a command in a folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "CENTRALASIA_SOLUTIONS": str(keys.solutions_dir())}
    before, started = os.times(), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    watch = Watch(process.pid)
    watch.start()
    _, said = process.communicate()
    wall, after = time.monotonic() - started, os.times()
    watch.over.set()
    watch.join()
    if process.returncode != 0:
        sys.exit(f"{command} failed:\n{said[-3000:]}")
    used = after.children_user + after.children_system
    used += sum(watch.warm.values()) - before.children_user - before.children_system
    return {"wall_s": wall, "cpu_s": used, "peak_mb": watch.peak / 2**20}


def ours(folder, workers):
    extra = ["--workers", str(workers)] if workers else []
    return timed(["centralasia.cli", "grade", NAME, *extra], folder)


def theirs(folder):
    """Time nbgrader on the class; entering the exercise in the gradebook counts for both."""
    first = timed(["nbgrader", "generate_assignment", NAME], folder)
    then = timed(["nbgrader", "autograde", NAME], folder)
    peak = max(first["peak_mb"], then["peak_mb"])
    return {k: first[k] + then[k] for k in ("wall_s", "cpu_s")} | {"peak_mb": peak}


def show(what, n, found):
    wall = found["wall_s"]
    print(
        f"{what:<12} {n:>4} submissions  {wall:7.1f} s  {wall / n:6.2f} s each"
        f"  cpu {found['cpu_s'] / n:5.2f} s each  memory {found['peak_mb']:6.0f} MB",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=40, help="submissions that both grade")
    parser.add_argument("--curve", type=int, nargs="*", default=[10, 20, 50, 100, 200])
    parser.add_argument("--workers", type=int)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    print(f"load before: {os.getloadavg()[0]:.1f}")
    found = {"n": options.n, "processors": os.cpu_count(), "load": os.getloadavg()[0], "curve": {}}
    with tempfile.TemporaryDirectory() as folder:
        both = [course(Path(folder, who), options.n) for who in ("ours", "theirs")
                if Path(folder, who).mkdir() is None]  # fmt: skip
        found["ours"] = ours(both[0], options.workers)
        show("ours", options.n, found["ours"])
        found["nbgrader"] = theirs(both[1])
        show("nbgrader", options.n, found["nbgrader"])
        found["same_scores"] = scores(both[0]) == scores(both[1])
        found["ratio"] = found["nbgrader"]["wall_s"] / found["ours"]["wall_s"]
        found["cpu_ratio"] = found["nbgrader"]["cpu_s"] / found["ours"]["cpu_s"]
    print(f"same scores: {found['same_scores']}", end=", ")
    print(f"ratio {found['ratio']:.1f} (of processor time {found['cpu_ratio']:.1f})", flush=True)
    for n in options.curve:
        with tempfile.TemporaryDirectory() as folder:
            found["curve"][n] = ours(course(Path(folder), n), options.workers)
        show("ours", n, found["curve"][n])
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0 if found["same_scores"] else 1


if __name__ == "__main__":
    sys.exit(main())
