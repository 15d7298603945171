"""Drawings as SVG text: pure functions of dates and words, the same on a page, in print and in a PDF."""
