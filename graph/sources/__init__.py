"""Readers and writers, one a format; today the tables of a partnership's folder."""
