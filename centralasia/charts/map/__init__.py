"""The map of the region, and distances on it."""
