"""How fast a class is graded: our runner beside ``nbgrader autograde`` alone, in one run.

    python benchmarks/grading.py                  40 submissions by both, then 200 and 1,000 by ours
    python benchmarks/grading.py --n 40 200       both sizes by both; nbgrader takes its time
    python benchmarks/grading.py --n 4 --ours     a quick look
    python benchmarks/grading.py --write          also puts the figures into CONTRIBUTING.md

Both grade the same submissions (solved, untouched, partly right and with errors, each with a case
of its own) and must come to the same scores. Every submission in the table is graded. What nbgrader
would take for a class that only ours grades is worked out, and called so.
Time is wall time from the command to its end; processor time is that of all its processes. What
one submission alone takes is the start; each further one is what the others add to it. Memory is
the largest sum of what the processes have to themselves (PSS), looked at four times a second. On a
machine that does other work only the ratios of processor time mean something.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from classes import NAME, answered, hand_in, scores, untouched  # noqa: E402

from centralasia.checks import keys  # noqa: E402

KINDS = 4
PAGE = ROOT / "CONTRIBUTING.md"
MARKED = re.compile(r"(<!-- begin grading-speed -->\n).*(<!-- end grading-speed -->)", re.DOTALL)


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
        self.warm, self.inside = {}, set()

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
        """Note the time of a warm process and its servers, which bubblewrap does not pass on.

        Theirs holds that of the submissions which they have forked.
        """
        if process.pid not in self.warm:
            above = process.parent()
            if above is None or not any("zygote.main" in part for part in process.cmdline()):
                return
            if "python" not in "".join(above.cmdline()[:1]):
                self.inside.add(process.pid)
            elif above.pid not in self.inside:
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


def theirs(folder, _workers):
    """Time nbgrader on the class; entering the exercise in the gradebook counts for both."""
    first = timed(["nbgrader", "generate_assignment", NAME], folder)
    then = timed(["nbgrader", "autograde", NAME], folder)
    peak = max(first["peak_mb"], then["peak_mb"])
    return {k: first[k] + then[k] for k in ("wall_s", "cpu_s")} | {"peak_mb": peak}


RUNNERS = {"ours": ours, "nbgrader": theirs}


def graded(who, n, options):
    """Let a runner grade a class of so many; return its figures and the scores, and show them."""
    with tempfile.TemporaryDirectory() as made:
        folder = course(Path(made), n)
        load = os.getloadavg()[0]
        found = RUNNERS[who](folder, options.workers)
        points = scores(folder)
    found |= {"who": who, "n": n, "load": load}
    print(
        f"{who:<9} {n:>5} submissions  {found['wall_s']:8.1f} s  processor {found['cpu_s']:7.1f} s"
        f"  memory {found['peak_mb']:5.0f} MB  load {load:.1f}",
        flush=True,
    )
    return found, points


def each(found, start, what):
    """Return what a submission takes once the start is over, in seconds."""
    return (found[what] - start[what]) / (found["n"] - 1)


def ratios(runs, n):
    """Return how many times as long nbgrader takes, on the clock and in processor time."""
    by = {found["who"]: found for found in runs if found["n"] == n}
    return tuple(by["nbgrader"][what] / by["ours"][what] for what in ("wall_s", "cpu_s"))


def worked_out(runs, alone):
    """Return how many times as long nbgrader would take for a class that ours graded alone.

    That is its start, and for each further submission what it measured in its largest class.
    """
    theirs = [found for found in runs if found["who"] == "nbgrader"]
    start, largest = theirs[0], max(theirs, key=lambda found: found["n"])
    return tuple(
        (start[what] + (alone["n"] - 1) * each(largest, start, what)) / alone[what]
        for what in ("wall_s", "cpu_s")
    )


def page(runs, sizes, when):
    """Return the figures as CONTRIBUTING has them."""
    starts = {found["who"]: found for found in runs if found["n"] == 1}
    rows = [
        "| runner | submissions | clock | each | processor | each | memory | load |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for found in runs:
        start = starts[found["who"]]
        apart = ["start"] * 2
        if found["n"] > 1:
            apart = [f"{each(found, start, what):.2f} s" for what in ("wall_s", "cpu_s")]
        rows.append(
            f"| {found['who']} | {found['n']:,} | {found['wall_s']:.1f} s | {apart[0]} "
            f"| {found['cpu_s']:.1f} s | {apart[1]} | {found['peak_mb']:.0f} MB "
            f"| {found['load']:.1f} |"
        )
    both = "; ".join(
        "for {n:,} submissions nbgrader takes {0:.1f} times as long on the clock and {1:.1f} times "
        "in processor time".format(*ratios(runs, n), n=n)
        for n in sizes
    )
    alone = "; ".join(
        "{0:.1f} and {1:.1f} times for {n:,}".format(*worked_out(runs, found), n=found["n"])
        for found in runs
        if found["n"] not in (1, *sizes)
    )
    rows += [
        "",
        f"Measured on {when} on {os.cpu_count()} processors ({platform.machine()}, Python "
        f"{platform.python_version()}): {both}, with the same scores. "
        "The load is that of the machine when a run began.",
    ]
    if alone:
        rows[-1] += (
            " nbgrader was not run on the larger classes; by what each further submission takes it "
            f"above, it would be {alone}."
        )
    return "\n".join(rows) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, nargs="+", default=[40], help="that both grade")
    parser.add_argument("--ours", type=int, nargs="*", default=[200, 1000], help="by ours alone")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--write", action="store_true", help=f"put them into {PAGE.name}")
    options = parser.parse_args()
    runs, same = [], True
    for n in (1, *options.n):
        by = {}
        for who in RUNNERS:
            found, by[who] = graded(who, n, options)
            runs.append(found)
        same = same and by["ours"] == by["nbgrader"]
        clock, processor = ratios(runs, n)
        print(
            f"same scores: {same}, ratio {clock:.1f}, of processor time {processor:.1f}", flush=True
        )
    runs += [graded("ours", n, options)[0] for n in options.ours if n not in options.n]
    text = page(runs, options.n, f"{datetime.now(UTC):%d %B %Y}".lstrip("0"))
    print(f"\n{text}", end="")
    if options.json:
        options.json.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    if options.write and same:
        before = PAGE.read_text(encoding="utf-8")
        after = MARKED.sub(lambda found: found[1] + text + found[2], before)
        PAGE.write_text(after, encoding="utf-8")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
