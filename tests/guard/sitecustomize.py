"""What a Python process that a test starts does first: see :mod:`network`."""

import network

network.install()
