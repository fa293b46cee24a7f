"""A file for a review that is there: compared with its plan, decided row by row; only what differs is changed."""
