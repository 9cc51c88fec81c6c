"""How analyses/exploration.ipynb reads a warehouse, and how it is run and shown.

The notebook holds the story and the SQL. Reading, tables and charts are here, so that
its cells stay short and nothing from a log reaches a page unescaped.
"""
