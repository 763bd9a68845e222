"""A county's book: a front of its own, and the published PDF of each department bound behind it."""
