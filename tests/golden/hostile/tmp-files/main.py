import itertools

for number in itertools.count():
    open(f"/tmp/{number}", "w").close()
    if number == 2_000_000:
        print("GOT two million files", flush=True)
