"""Payloads of a connection that compresses, made by CPython's zlib: python3 compressed.py > ../framing/compressed.json"""

import json
import struct
import zlib

LIMIT = 1 << 20
MESSAGE = [["94", 1], ["00ff", 400]]


def message_bytes(parts):
    """The bytes that parts stand for."""
    return b"".join(bytes.fromhex(piece) * count for piece, count in parts)


def packed(stream, declared):
    """A compressed payload."""
    return b"\x01" + struct.pack(">I", declared) + stream


def preset(data):
    """A stream that needs a dictionary."""
    deflater = zlib.compressobj(1, zdict=b"socketgym")
    return deflater.compress(data) + deflater.flush()


def main():
    """Writes all cases."""
    data = message_bytes(MESSAGE)
    size = len(data)
    stream = zlib.compress(data, 1)
    raw = zlib.compressobj(1, zlib.DEFLATED, -15)
    good = [
        ("as it is", b"\x00\xc0", [["c0", 1]]),
        ("as it is, and it looks compressed", b"\x00\x01\x00", [["0100", 1]]),
        ("the fastest level", packed(stream, size), MESSAGE),
        ("the best level", packed(zlib.compress(data, 9), size), MESSAGE),
        ("stored, not compressed", packed(zlib.compress(data, 0), size), MESSAGE),
        ("a byte", packed(zlib.compress(b"\xc0"), 1), [["c0", 1]]),
        ("exactly the limit", packed(zlib.compress(bytes(LIMIT), 9), LIMIT), [["00", LIMIT]]),
    ]
    bad = [
        ("only the first byte", b"\x00", "MalformedMessage"),
        ("another first byte", b"\x02\xc0", "MalformedMessage"),
        ("a message without a first byte", b"\x94\x00\xce\x00", "MalformedMessage"),
        ("no length", b"\x01", "MalformedMessage"),
        ("part of a length", b"\x01\x00\x00\x01", "MalformedMessage"),
        ("no stream", packed(b"", 3), "MalformedMessage"),
        ("nothing, compressed", packed(zlib.compress(b""), 0), "MalformedMessage"),
        ("a length of 0", packed(stream, 0), "MalformedMessage"),
        ("a length that is one too small", packed(stream, size - 1), "MalformedMessage"),
        ("a length that is one too great", packed(stream, size + 1), "MalformedMessage"),
        (
            "a bomb that says so",
            packed(zlib.compress(bytes(LIMIT + 1), 9), LIMIT + 1),
            "FrameTooLarge",
        ),
        (
            "a bomb that says little",
            packed(zlib.compress(bytes(LIMIT), 9), 1000),
            "MalformedMessage",
        ),
        ("the greatest length", packed(stream, 0xFFFFFFFF), "FrameTooLarge"),
        ("a length that is negative as a signed integer", packed(stream, 1 << 31), "FrameTooLarge"),
        ("the greatest length and nothing more", b"\x01\xff\xff\xff\xff", "FrameTooLarge"),
        ("the end within the data", packed(stream[:10], size), "MalformedMessage"),
        ("the end within the checksum", packed(stream[:-1], size), "MalformedMessage"),
        ("no checksum", packed(stream[:-4], size), "MalformedMessage"),
        (
            "another checksum",
            packed(stream[:-1] + bytes([stream[-1] ^ 1]), size),
            "MalformedMessage",
        ),
        ("a byte after the stream", packed(stream + b"\x00", size), "MalformedMessage"),
        ("a stream after the stream", packed(stream + stream, size), "MalformedMessage"),
        (
            "a stream after the stream, and the length of both",
            packed(stream * 2, 2 * size),
            "MalformedMessage",
        ),
        ("noise", packed(b"\xff\x00\x13\x37" * 4, 16), "MalformedMessage"),
        ("a bad block", packed(stream[:2] + b"\x07" + stream[3:], size), "MalformedMessage"),
        ("no zlib header", packed(raw.compress(data) + raw.flush(), size), "MalformedMessage"),
        ("a dictionary that nobody has", packed(preset(data), size), "MalformedMessage"),
    ]
    cases = [
        {"name": n, "max_frame_bytes": LIMIT, "hex": p.hex(), "message": m} for n, p, m in good
    ]
    cases += [{"name": n, "max_frame_bytes": LIMIT, "hex": p.hex(), "code": c} for n, p, c in bad]
    print("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]")


main()
