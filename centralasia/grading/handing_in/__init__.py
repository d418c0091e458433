"""Before handing in: a notebook read without trust, what is wrong with it, and its repair."""
