"""What a command reports in one sentence, without a traceback."""


class UserError(Exception):
    """Something the user can mend; the message says what is wrong and what to do."""


class DamagedTable(UserError, ValueError):
    """A file of the data package is missing, or does not hold what its description says."""


class UnknownValue(DamagedTable):
    """A table is whole, but holds a value that nothing lists; the message says what to edit."""
