"""Question banks: the course's questions in the forms that learning systems read.

`questions` gathers them from the tables, `cases` from the keys of the exercises, one question for
each case; `written` puts them into Moodle XML, GIFT, QTI 2.1 and Canvas' QTI 1.2.

No library does all of this. qti-package-maker has no feedback to an option, of which the course
has one for each; text2qti refuses answers near nought, rounds limits to four decimals, and reads
a markup of its own, in which every text would have to be escaped. Both write for one system. What
is written here is read in the tests by parsers that others wrote.
"""
