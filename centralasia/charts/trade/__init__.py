"""The trade explorer: one trade as each reporter tells it."""
