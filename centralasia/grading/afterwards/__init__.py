"""After grading: feedback, essays, reports and exports."""
