"""A run of `frontispiece index`: read, cut, encode, write, report."""
