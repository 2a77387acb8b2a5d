import signal

# With the signal ignored the write fails with an error instead.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
for number in range(400):
    with open(f"hole-{number}", "wb") as file:
        file.truncate(16 << 20)
