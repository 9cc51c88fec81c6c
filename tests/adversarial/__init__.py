"""Texts that are meant to mislead the text rules, and judges that know nothing of them.

Each set holds at least 3,000 texts that a rule must take and 3,000 near misses that it
must leave, thought up by hand and multiplied by rule. What a text is follows from how
it was made. A library that knows nothing of this project judges each text too; where it
and our definition (docs/cleaning-rules.md) differ, the text's `group` says over what.
"""
