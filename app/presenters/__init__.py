"""Answers to bytes."""
