import socket

socket.socket(socket.AF_UNIX).bind("predictions.csv")
