"""Tables, plots, the report and the generated tables of the documents."""
