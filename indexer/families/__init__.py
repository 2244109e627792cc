"""Families of pictures: copies, reprints and later states of one print."""
