"""Renderings through shared memory: arrays are copied there once, as they are, and the server sends them from there."""

import numpy as np

from .channel import Channel
from .sharing import ARRAYS, REPLY_AREA
from .values import is_raw

_ALIGNMENT = 64


def send(port, rendering, max_message_bytes):
    """Answers a request with arrays.

    The message names the container, ``tuple``, ``list`` or None for an array by itself, and each array's dtype and shape. The arrays
    follow it in the area of replies, each at the next multiple of 64 bytes.

    Args:
        port: The :class:`~socketgym_worker.sharing.Port`.
        rendering: What the environment's ``render`` returned.
        max_message_bytes: What a reply may take, however it goes.

    Returns:
        False, with nothing sent, where it is nothing but arrays of numbers, or they are too large.
    """
    kind = type(rendering)
    arrays = rendering if kind is tuple or kind is list else (rendering,)
    if not arrays or not all(type(array) is np.ndarray and is_raw(array.dtype) for array in arrays):
        return False
    container = kind.__name__ if arrays is rendering else None
    described = [(array.dtype.str, array.shape) for array in arrays]
    message = Channel.encode((True, (container, described)))
    offset, places = len(message), []
    for array in arrays:
        offset = -(-offset // _ALIGNMENT) * _ALIGNMENT
        places.append(offset)
        offset += array.nbytes
    if offset > min(port.reply_bytes, max_message_bytes):
        return False
    port.check_owner()
    for array, place in zip(arrays, places):
        np.ndarray(array.shape, array.dtype, port.memory, REPLY_AREA + place)[...] = array
    port.send(message, ARRAYS)
    return True
