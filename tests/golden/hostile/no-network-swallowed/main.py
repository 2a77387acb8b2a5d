import socket
import time

while True:
    try:
        socket.create_connection(("download.pytorch.org", 443), timeout=60)
    except OSError as error:
        print("retrying:", error, flush=True)
        time.sleep(0.5)
