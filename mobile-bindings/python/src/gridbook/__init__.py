"""Gridbook's fieldbook: `Book`, its records, keys and problems.

`_native` is generated from the library by each build; see `mobile-bindings/src/native`.
"""

from ._native import *  # noqa: F403
from ._native import __all__, uniffi_set_event_loop  # noqa: F401
