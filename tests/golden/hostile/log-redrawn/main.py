import sys

sys.stdout.write("a" * 500_000)
sys.stdout.write("\rx\bab\b\x1b[K" * 60_000)
sys.stdout.write("\x1b[Aa\rb\x1b[Bc\r" * 2_000)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
