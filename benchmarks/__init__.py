"""How fast are the questions, and the import, beside PM4Py, pandas, Polars and bare DuckDB?"""
