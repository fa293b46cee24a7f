"""From the tables of a file to the rows of a plan, by evidence. It runs in the sandbox, and knows no Django."""
