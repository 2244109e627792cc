"""What the pages for readers need besides the results of a search: their language, their templates, what they show."""
