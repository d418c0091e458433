"""Submissions that try to do harm, each as the text of an answer; used by test_grading_hostile."""

# What each tries, and its code. It stands in the answer to question 1 and prints what it reached;
# a line "got: [...]" that is not empty, or any point, means that it succeeded.
ATTACKS = {
    "loop": ("an infinite loop", "while True:\n    pass"),
    "stubborn": (
        "an infinite loop that turns its interruption off",
        """
        import signal
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True:
            pass
        """,
    ),
    "forks": (
        "a fork bomb",
        """
        import os
        started = []
        try:
            for _ in range(10000):
                child = os.fork()
                if child == 0:
                    while True:
                        pass
                started.append(child)
        except OSError:
            pass
        print("got:", started)
        """,
    ),
    "commands": (
        "a shell command, and a pool of processes",
        """
        import os, subprocess
        from concurrent.futures import ProcessPoolExecutor
        ran = []
        for way in (lambda: subprocess.run(["/bin/ls", "/"]), lambda: os.execv("/bin/ls", ["ls"]),
                    lambda: os.posix_spawn("/bin/ls", ["ls"], {}),
                    lambda: ProcessPoolExecutor(1).submit(os.getpid).result(5)):
            try:
                ran.append(str(way()))
            except BaseException:
                pass
        print("got:", ran)
        """,
    ),
    "threads": (
        "a bomb of threads with small stacks",
        """
        import threading, time
        threading.stack_size(32768)
        alive = 0
        try:
            for _ in range(5000):
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
                alive += 1
        except BaseException:
            pass
        print("got:", [alive] if alive > 100 else [])
        """,
    ),
    "memory": (
        "a memory bomb, at once and bit by bit",
        """
        held, reached = [], 0
        try:
            held.append(bytearray(10**11))
        except MemoryError:
            pass
        try:
            while True:
                held.append(bytearray(10**7))
        except MemoryError:
            reached = len(held) * 10**7
            held.clear()
        print("got:", [reached] if reached > 2e9 else [])
        """,
    ),
    "hidden-memory": (
        "memory that no limit of address space counts",
        """
        import ctypes, os, socket
        held = []
        for way in (lambda: os.memfd_create("x"), lambda: open("/dev/shm/x", "wb"),
                    lambda: ctypes.CDLL(None).shmget(0, 10**9, 0o1600) >= 0 or 1 / 0):
            try:
                held.append(str(way()))
            except BaseException:
                pass
        print("got:", held)
        """,
    ),
    "disk": (
        "filling the disk with large and with many files",
        """
        import os
        written = 0
        try:
            for n in range(100000):
                with open(f"/tmp/{n}", "wb") as file:
                    written += file.write(bytes(10**7))
        except OSError:
            pass
        many = 0
        try:
            for n in range(100000):
                open(f"/scratch/work/{n}", "x").close()
                many += 1
        except OSError:
            pass
        print("got:", [written] if written > 1e8 or many > 5000 else [])
        """,
    ),
    "output": ("endless output", 'while True:\n    print("x" * 1000)'),
    "flood": (
        "endless output on every open file",
        """
        import os
        while True:
            for fd in range(64):
                try:
                    os.write(fd, b"x" * 65536)
                except OSError:
                    pass
        """,
    ),
    "disk-search": (
        "reading keys, gradebook, home and other submissions from disk",
        """
        import os
        # Python's own folders and the packages hold none of ours, and take long to read.
        skipped = ("/usr", "/packages", "/dev", "/lib", "/bin", *BASES)
        found = []
        for folder, folders, files in os.walk("/"):
            folders[:] = [f for f in folders if not os.path.join(folder, f).startswith(skipped)]
            for file in files:
                path = os.path.join(folder, file)
                if file in ("key.py", "gradebook.db", "trials.py") or "solutions" in path:
                    found.append(path)
                try:
                    with open(path, "rb") as opened:
                        if TOKEN.encode() in opened.read(10**7):
                            found.append(path)
                except OSError:
                    pass
        for path in PATHS:
            if os.path.exists(path):
                found.append(path)
        print("got:", found)
        """,
    ),
    "process-search": (
        "reading the key from the process: modules, objects, frames, /proc, the parent",
        """
        import gc, os, sys
        from centralasia.checks import keys
        found = [name for name in sys.modules if name.startswith("centralasia_key")]
        found += [o.id for o in gc.get_objects()
                  if type(o).__name__ in ("Number", "Chart", "Choice") and o.expected is not None]
        frame = sys._getframe()
        while frame:
            found += [n for n in frame.f_locals if n in ("expected", "mistakes", "key")]
            frame = frame.f_back
        found += [k for o in gc.get_objects() if isinstance(o, str) and "BEGIN HIDDEN" in o
                  for k in [o[:40]] if "_i" not in k and "BEGIN" + " HIDDEN TESTS" in o
                  and "grade(" + '"ex03' in o and "gc.get_objects" not in o]
        found += keys.names() + os.listdir("/proc")
        for path in ("/proc/self/mem", "/proc/1/environ", "/proc/self/maps"):
            found += [path] if os.path.exists(path) else []
        print("got:", found)
        """,
    ),
    "write": (
        "writing outside",
        """
        import os
        written = []
        for folder in ("/", "/course", "/course/data", "/course/exercises", "/course/centralasia",
                       "/course/centralasia/checks", "/packages/0", "/perturbed", "/usr",
                       "/usr/local", "/dev", "/dev/shm", "/proc", "/etc", "/root", ROOT):
            try:
                with open(os.path.join(folder, "mine"), "w") as file:
                    file.write("x")
                written.append(folder)
            except OSError:
                pass
        print("got:", written)
        """,
    ),
    "delete": (
        "deleting files",
        """
        import os, shutil
        before = {f: len(os.listdir(f)) for f in ("/course", "/perturbed", "/packages/0", "/usr")}
        for folder in ("/course", "/perturbed", "/packages/0/pandas", "/usr/local", "/dev", ROOT):
            shutil.rmtree(folder, ignore_errors=True)
            for target in (os.rename, os.symlink):
                try:
                    target(folder, folder + "2")
                except OSError:
                    pass
        print("got:", [f for f, n in before.items() if len(os.listdir(f)) != n])
        """,
    ),
    "sockets": (
        "a connection to this machine and to others",
        """
        import socket
        reached = []
        def tries(family, address):
            try:
                with socket.socket(family, socket.SOCK_STREAM) as s:
                    s.settimeout(2)
                    s.connect(address)
                reached.append(str(address))
            except OSError:
                pass
        tries(socket.AF_INET, ("127.0.0.1", PORT))
        tries(socket.AF_INET6, ("::1", PORT))
        tries(socket.AF_INET, ("1.1.1.1", 53))
        tries(socket.AF_UNIX, ABSTRACT)
        tries(socket.AF_UNIX, NAMED)
        for family in (socket.AF_INET, socket.AF_PACKET, socket.AF_NETLINK):
            try:
                socket.socket(family, socket.SOCK_DGRAM).close()
                reached.append(str(family))
            except OSError:
                pass
        print("got:", reached)
        """,
    ),
    "calls": (
        "system calls that lead out: mounts, namespaces, tracing, limits, capabilities",
        """
        import ctypes, os, resource
        c = ctypes.CDLL(None, use_errno=True)
        ways = [
            lambda: c.mount(b"x", b"/scratch", b"tmpfs", 0, b""),
            lambda: c.mount(b"proc", b"/proc", b"proc", 0, None),
            lambda: c.umount2(b"/proc", 2), lambda: c.umount2(b"/scratch", 2),
            lambda: c.unshare(0x10000000), lambda: c.unshare(0x20000), lambda: c.setns(3, 0),
            lambda: c.ptrace(0, 0, 0, 0), lambda: c.ptrace(16, 1, 0, 0),
            lambda: c.chroot(b"/scratch"), lambda: c.setuid(0), lambda: c.personality(0x0400000),
            lambda: c.syscall(425, 8, ctypes.byref(ctypes.create_string_buffer(256))),
            lambda: c.syscall(321, 0, 0, 0), lambda: c.syscall(435, 0, 0),
            lambda: c.syscall(0x40000000 | 57),
        ]
        through = [str(n) for n, way in enumerate(ways) if way() >= 0]
        for name in ("AS", "NPROC", "FSIZE", "NOFILE", "CORE"):
            try:
                limit = resource.RLIM_INFINITY
                resource.setrlimit(getattr(resource, "RLIMIT_" + name), (limit, limit))
                through.append(name)
            except (OSError, ValueError):
                pass
        print("got:", through)
        """,
    ),
    "equal": (
        "an object that equals everything",
        """
        class Always(float):
            def __eq__(self, other): return True
            __ne__ = lambda self, other: False
            __le__ = __ge__ = __lt__ = __gt__ = __eq__
            def __sub__(self, other): return 0.0
            __rsub__ = __abs__ = lambda self, *other: 0.0
            def __hash__(self): return 0
        bloc_share = Always(0.5)
        """,
    ),
    "equal-object": (
        "an object that answers to every name and equals everything",
        """
        class Anything:
            def __eq__(self, other): return True
            def __getattr__(self, name): return lambda *a, **k: {"type": "right", "points": 4}
            def __float__(self): raise SystemExit
            def __class__(self): return float
        bloc_share = concentration = members = chart = q5_answer = q5_confidence = Anything()
        """,
    ),
    "ast": (
        "an AST transformer that strips assert and whatever raises",
        """
        import ast
        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node): return ast.Pass()
            def visit_Raise(self, node): return ast.Pass()
            def visit_Expr(self, node):
                calls = isinstance(node.value, ast.Call)
                return ast.copy_location(ast.Pass(), node) if calls else node
        get_ipython().ast_transformers.append(Strip())
        bloc_share, q5_answer, q5_confidence = 0.5, "A", 100
        """,
    ),
    "hook": (
        "an IPython hook that reads tests as they run",
        """
        seen = []
        shell = get_ipython()
        shell.events.register("pre_run_cell", lambda info: seen.append(info.raw_cell))
        shell.input_transformers_cleanup.append(lambda lines: seen.append("".join(lines)) or lines)
        __SPY = "grade" + "("
        def spy():
            every = [*seen, *shell.history_manager.input_hist_raw]
            return [s[:60] for s in every if __SPY + '"ex' in s or "hidden" + " import" in s]
        bloc_share = 0.5
        """,
    ),
    "patched-pandas": (
        "pandas changed so that all is equal",
        """
        import math, numpy
        pd.DataFrame.equals = pd.Series.equals = lambda *a, **k: True
        pd.testing.assert_frame_equal = lambda *a, **k: None
        math.isclose = numpy.isclose = numpy.allclose = lambda *a, **k: True
        bloc_share, members = 0.5, ["RUS"]
        """,
    ),
    "patched-checker": (
        "the checker changed so that it says right",
        """
        from centralasia.checks import hidden, judge, keys, outcome, learner
        fine = lambda *a, **k: outcome.right("Right.", 99.0)
        checks.check = learner.check = judge.verdict = judge.form = keys.judge = fine
        hidden.grade = lambda *a: 99.0
        bloc_share, members, q5_answer, q5_confidence = 0.5, ["RUS"], "A", 100
        """,
    ),
    "patched-take": (
        "the part that takes values out changed so that it says right",
        """
        import json
        from centralasia.checks import rerun, values
        def forged(names):
            made = {name: {"type": "number", "value": 0.5, "kind": "right", "points": 99,
                           "expected": 0.5} for name in names}
            return json.dumps({"base": made, "perturbed": made})
        rerun.take = values.dumps = values.take = forged
        """,
    ),
    "other-data": (
        "the changed copy of the data exchanged for the data, under a number typed in",
        """
        import os
        os.environ["CENTRALASIA_PERTURBED"] = os.environ["CENTRALASIA_DATA"] = "/course/data"
        from centralasia.checks import perturb
        perturb.default = lambda: "/course/data"
        bloc_share = RIGHT
        """,
    ),
    "exit": ("ending its process", "import os\nos._exit(0)"),
    "signals": (
        "killing its parent, its group and everything",
        """
        import os, signal
        for target in (os.getppid(), 0, -1, 1, 2, *range(2, 40)):
            try:
                os.kill(target, signal.SIGKILL)
            except OSError:
                pass
        """,
    ),
    "crash": ("crashing the interpreter", "import ctypes\nctypes.string_at(0)"),
    "forged": (
        "a forged result on the pipe",
        """
        import json, os
        fine = {"bloc_share": {"type": "number", "value": 0.5}, "learner_id": {"type": "missing"}}
        text = json.dumps({"base": fine, "perturbed": fine, "kind": "right", "points": 99})
        lines = [json.dumps({"cell": n, "outputs": [], "failed": False, "taken": text, "points": 99,
                             "kind": "right", "verdict": "right"}) for n in range(30)]
        block = ("\\n".join([*lines, json.dumps({"done": True}), ""])).encode()
        for fd in range(3, 64):
            try:
                os.write(fd, block)
            except OSError:
                pass
        os.closerange(0, 256)
        """,
    ),
    "halves": (
        "half characters, which no file can hold, in whatever is written down",
        """
        learner_id = bloc_share = "\\ud800"
        print("\\udfff", {"\\ud800": 1})
        print("got:", [])
        """,
    ),
    "nested": (
        "code so deeply nested that who reads it runs out of memory",
        'learner_id = "anna"\n_ = ' + "-" * 200_000 + "1",
    ),
    "amplified": (
        "a forged chart of two million characters that names its rows in each of its parts",
        """
        import json
        from centralasia.checks import rerun
        spec = {"data": {"name": "d"}, "datasets": {"d": [{}] * 500_000},
                "layer": [{"mark": "line"}] * 50_000}
        forged = json.dumps({"base": {"chart": {"type": "chart", "spec": spec}}, "perturbed": {}})
        rerun.take = lambda names: forged if "chart" in names else "{}"
        """,
    ),
    "garbage": (
        "a result that makes readers stumble",
        """
        import os
        for line in (b'{"cell": 0, "outputs": [{"output_type": "display_data", "data": 5}, 7]}',
                     b'{"cell": [], "taken": {}, "failed": null}', b'{"cell": 1e999}',
                     b'{"cell": 3, "taken": "' + b"[" * 100000 + b'"}', b"[" * 100000,
                     b"\\xff\\xfe\\x00"):
            try:
                os.write(3, line + b"\\n")
            except OSError:
                pass
        """,
    ),
}
