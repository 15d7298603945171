"""Comparing our register with another: what is matched, how the two differ, and what was decided before.

A record of either side is its fields as text. Nothing here depends on the order of the rows.
[ISO/IEC 19770-1:2017, 8.3]
"""
