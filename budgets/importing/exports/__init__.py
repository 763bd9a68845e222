"""Exports of a budget system, which are no printed form: read by a layout that the finance bureau mapped once."""
