"""Ids as parry makes them: a prefix and 22 base58 digits that hold 48 bits of milliseconds, a slot
of 12 bits and 68 bits of chance."""

import random

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DIGITS = 22
RANDOM_BITS = 68
SLOT_MAX = 0xFFF


def slot_of(text: str) -> int:
    bits = 0
    for digit in text.split("_")[1]:
        bits = bits * len(ALPHABET) + ALPHABET.index(digit)
    return bits >> RANDOM_BITS & SLOT_MAX


def id_like(example: str, milliseconds: int, slot: int | None = None) -> str:
    """A new id of the same kind, and of the same slot if none is given."""
    slot = slot_of(example) if slot is None else slot
    bits = (milliseconds << 12 | slot) << RANDOM_BITS | random.getrandbits(RANDOM_BITS)
    digits = []
    for _ in range(DIGITS):
        bits, digit = divmod(bits, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return f"{example.split('_')[0]}_{''.join(reversed(digits))}"
