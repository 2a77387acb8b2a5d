import ctypes
import mmap
import platform

if platform.machine() != "x86_64":
    raise SystemExit("only x86_64 has them")
# mov eax, 20 (getpid of the 32-bit table); int 0x80; ret
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
print("calling", flush=True)
got = call()
print("GOT" if got > 0 else "refused", got, flush=True)
