"""What a command reports in one sentence, without a traceback."""


class UserError(Exception):
    """Something the user can mend; the message says what is wrong and what to do."""
