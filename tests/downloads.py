"""Downloads as Moodle and Canvas make them, for tests: zips, class lists, and their oddities."""

import csv
import io
import zipfile

import nbformat
from classes import NAME, answered


def raw(learner_id, answers=None, name=NAME):
    """Return the bytes of a notebook with the solution's answers, or with others where given."""
    return (nbformat.writes(answered(learner_id, answers, name)) + "\n").encode()


def zipped(path, files, flags=0x800):
    """Write a zip of names and contents; without flags, names are the bytes that they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name if flags else "x" * len(name))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    if not flags:
        held = path.read_bytes()
        for name in files:
            held = held.replace(b"x" * len(name), name)
        path.write_bytes(held)
    return path


def moodle(name, number, file=f"{NAME}.ipynb", kind="file"):
    """Return where Moodle puts a learner's file."""
    return f"{name}_{number}_assignsubmission_{kind}/{file}"


def canvas(name, number, attachment, file=f"{NAME}.ipynb", late=False):
    """Return what Canvas calls a learner's file: no blanks, no comma, small letters."""
    joined = "".join(c for c in name.lower() if c.isalnum() or c == "_")
    return f"{joined}{'_LATE' if late else ''}_{number}_{attachment}_{file}"


def table(path, head, rows, encoding="utf-8", delimiter=","):
    """Write a table in CSV as some program would."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows(rows)
    path.write_bytes(file.getvalue().encode(encoding))
    return path


WORKSHEET = (
    "Identifier", "Full name", "Username", "Email address", "Status", "Grade", "Maximum Grade",
    "Grade can be changed", "Last modified (submission)", "Last modified (grade)",
    "Feedback comments",
)  # fmt: skip
GRADEBOOK = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def worksheet(path, people, **options):
    """Write Moodle's grading worksheet: people are (number, name, login, handed in)."""
    rows = [
        (f"Participant {n}", name, login, f"{login}@example.edu", "Submitted for grading", "",
         "38.00", "Yes", when, "-", "")
        for n, name, login, when in people
    ]  # fmt: skip
    return table(path, WORKSHEET, rows, **options)


def gradebook(path, people, columns=(), **options):
    """Write Canvas' gradebook: people are (number, "Last, First", login)."""
    points = ["    Points Possible", "", "", "", "", *("20.00" for _ in columns)]
    rows = [
        (name, n, f"S{n}", login, "Section 1", *("" for _ in columns)) for n, name, login in people
    ]
    test = ("Student, Test", "999", "", "f" * 20, "Section 1", *("" for _ in columns))
    return table(path, (*GRADEBOOK, *columns), [points, *rows, test], **options)
