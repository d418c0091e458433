"""Around nbgrader: the check before handing in, grading, feedback and reports."""
