"""The labelled pictures that an evaluation looks at, what is made of them, and their vectors."""
