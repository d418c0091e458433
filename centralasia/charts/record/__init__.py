"""The dated record: events in lanes, and memberships on a date."""
