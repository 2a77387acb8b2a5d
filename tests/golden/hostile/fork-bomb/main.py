import os

print("start", flush=True)
while True:
    try:
        os.fork()
    except OSError:
        pass
