"""Are the kinds of pictures told apart, in books and libraries that were not learnt from."""
