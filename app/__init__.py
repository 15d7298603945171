"""Triennium keeps organisations certified."""
