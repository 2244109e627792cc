"""Which pictures are printed copies of one another: judged in pairs, gathered into families, kept up to date."""
