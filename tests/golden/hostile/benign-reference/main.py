import time

began = time.process_time()
total = 0
for number in range(4_000_000):
    total += number * number % 7
print(total, "in", round(time.process_time() - began, 2), "s of its processor", flush=True)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
