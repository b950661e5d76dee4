"""This project and what people would use instead, at the same work on the same machine. Not part of the tests."""
