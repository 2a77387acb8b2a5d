import os

block = b"x" * (1 << 20)
with open("large", "wb", buffering=0) as file:
    for _ in range(100_000):
        file.write(block)
