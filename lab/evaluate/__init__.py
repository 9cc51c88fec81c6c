"""Evaluates rewrites: whether they are right, and what they find."""
