"""How the book and the browser edition are built; not part of the wheel."""
