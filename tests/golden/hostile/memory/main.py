kept = []
print("epoch 1", flush=True)
while True:
    kept.append(bytearray(b"x" * (8 << 20)))
