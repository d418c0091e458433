"""Great Powers in Central Asia: a course that tests a source, claim by claim, against data."""

__version__ = "0.2.0"
