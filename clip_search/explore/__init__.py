"""Reads a warehouse for analyses/exploration.ipynb, and runs and renders the notebook.

The notebook has the text and the SQL. Reading, tables and charts are here, so that its
cells stay short and no log content reaches a page unescaped.
"""
