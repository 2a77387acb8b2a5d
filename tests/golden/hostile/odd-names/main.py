import os

for name in (
    b"pred\n\ndictions.csv",
    b"..\\..\\predictions.csv",
    b"%2e%2e%2fpredictions.csv",
    b"predictions.csv ",
    b"\xff\xfe\x01",
    b"\x1b[31mpred.csv",
    "\u202evsc.derp".encode(),
    b"<script>alert(1)<",
    b"-rf",
    b"n" * 255,
):
    with open(name, "wb") as file:
        file.write(b"id,label\na,0\n")
