"""What the notebook reader answers: it finds what a request holds about the question and quotes it. Pure."""
