"""Situation to Ranking: gates, criteria, order, reasons."""
