"""Judging: from what was handed in to points in the gradebook."""
