"""The commands of the indexer: each parses arguments, calls a library function, and prints."""
