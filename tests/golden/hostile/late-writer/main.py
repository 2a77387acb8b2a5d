import os
import signal
import time


def late(*_):
    with open("predictions.csv", "w") as file:
        file.write("id,label\nLATE,0\n")
    os._exit(0)


for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, late)
print("waiting", flush=True)
while True:
    time.sleep(1)
