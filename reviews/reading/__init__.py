"""What people read: the rows behind each page, fetched in a number of queries that does not grow with them."""
