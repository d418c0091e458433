"""Running learners' code: sandboxes, their limits, and what goes in and out."""
