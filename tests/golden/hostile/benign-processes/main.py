import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor


def square(number):
    return number * number


if __name__ == "__main__":
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(square, range(10)) == [n * n for n in range(10)]
    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(square, range(10))) == 285
    print("all computed", flush=True)
    open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
