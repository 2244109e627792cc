"""A run on many machines, with Ray: volumes are tasks, models are actors, politeness is kept over the whole cluster."""
