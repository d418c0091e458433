"""The book: the lessons and the reference pages as a static site that needs no server."""
