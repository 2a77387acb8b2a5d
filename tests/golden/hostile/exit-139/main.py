import os

os._exit(139)
