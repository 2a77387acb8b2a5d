import mmap

pages = mmap.mmap(-1, 8 << 30)
print("mapped", flush=True)
for at in range(0, 8 << 30, 4096):
    pages[at] = 1
