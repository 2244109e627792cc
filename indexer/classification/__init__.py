"""Classification of pictures: reading labels, training a classifier, labelling the index."""
