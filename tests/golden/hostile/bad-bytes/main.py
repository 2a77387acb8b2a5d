import os

os.write(1, b"\xff\xfe\x00\x01 \x1b[2J\x1b]0;title\x07\x1b[31mred\x1b[0m \xc3( \xe2\x80\xae\n")
os.write(2, b"</script><script>alert(1)</script><img src=x onerror=alert(2)>\n")
os.write(1, b"z" * 1_000_000 + b"\n")
os.write(1, "\N{OLD PERSIAN SIGN AURAMAZDAA}".encode()[:2] + b"\r\r\r\nend\n")
raise SystemExit("\x1b]52;c;cGF3bmVk\x07\x00</script> the last words")
