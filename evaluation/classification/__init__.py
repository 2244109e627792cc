"""Evaluation of the classifier on books and libraries that it has not learnt from."""
