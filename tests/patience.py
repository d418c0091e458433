"""How long a test waits: a limit guards against a hang, and no test fails on a slow machine."""

HANG = 600
"""Seconds after which something counts as hung; a busy machine takes a tenth of them at most."""
HANG_MS = 1000 * HANG
"""The same for a browser."""
