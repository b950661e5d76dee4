"""The works: a module for each kind of question, a function for each row or group of rows of the table."""
