"""A twentieth of the measurement of nginx, with room for a machine that does other things."""

import shutil

import pytest

from .throughput import shares

ENOUGH = 0.6  # 0.9 on a machine that does nothing else; 0.5 as it was before files had headers of their own
pytestmark = [
    pytest.mark.slow,
    pytest.mark.nginx,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed (apt: nginx-light)"),
]


def test_files_cost_little_more_than_plain_ones():
    assert min(shares(0.2, 3).values()) >= ENOUGH
