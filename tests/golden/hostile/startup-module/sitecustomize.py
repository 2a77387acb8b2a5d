import posix

posix.write(1, b"sitecustomize ran\n")
posix._exit(66)
