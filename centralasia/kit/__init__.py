"""What a teacher takes into a room: slides, handouts, the guide and sheets to print.

All are made from the lessons and the tables. Making them needs the extra ``teaching``.
"""
