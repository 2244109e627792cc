"""The commands of the API: each parses arguments and calls a library function."""
