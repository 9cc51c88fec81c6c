"""Texts that are meant to mislead the text rules, and independent judges.

Each set has at least 3,000 texts that a rule must hit and 3,000 near misses that it
must not, written by hand and multiplied by rule. The expected result follows from how a
text was made. A library that is independent of this project judges each text too. If it
differs from our definition (docs/cleaning-rules.md), the text's `group` says why.
"""
