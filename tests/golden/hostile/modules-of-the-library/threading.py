import posix

posix.write(1, b"SHADOWED\n")
posix._exit(66)
