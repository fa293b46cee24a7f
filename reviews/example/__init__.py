"""The example: a borough, its plans and its people, and a twin partnership beside it. All people are invented."""
