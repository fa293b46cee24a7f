"""What this portal wrote, brought in again: each row is one action, and nothing in it has to be guessed.

A document says by the style of each paragraph what it says; a sheet of the statutory columns by the order of its lines;
a sheet of data by its headings. All three become a ``Told`` for each row, and that the fields of any plan's row.
"""
