"""The commands of `frontispiece evaluate`, one module each: parse arguments, measure, print."""
