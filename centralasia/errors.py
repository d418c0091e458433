"""What a command reports in one sentence, without a traceback."""


class UserError(Exception):
    """Something the user can mend; the message says what is wrong and what to do."""


GET_MORE = (
    "In the folder of the course, begin with start.py, which installs it: python3 start.py COMMAND "
    '(on Windows: py start.py COMMAND). Elsewhere: pip install "centralasia[teaching]"'
)
"""How a teacher gets the packages that a learner does not need."""
