import os

# Reserved words of shells, formats and pages, in every place that is shown.
text = "$(kill 1) `kill 1` ; rm -rf / | ${HOME} %s%n {{7*7}} ../../etc/passwd <b>"
print(text, flush=True)
raise SystemExit(text)
