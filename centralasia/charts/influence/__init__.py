"""The influence index and the map of all its weightings."""
