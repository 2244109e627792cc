"""Words and their forms: one set of rules for the text that is indexed and for the text that is asked for."""
