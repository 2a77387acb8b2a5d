"""Lines for the shell in notebooks: which of them ask for what the sandbox has not."""

import os
import re
import shlex

SEPARATOR = re.compile(r"(&&|\|\||;|\|)")
# With what follows in the same word, or nothing: then the next word is where to.
REDIRECTION = re.compile(r"(\d*|&)(>>|>\||>&|>|<)")
PREFIXES = ("sudo", "yes", "time", "nohup")
DOWNLOADS = ("wget", "curl", "gdown", "kaggle", "aria2c")
INSTALLERS = ("pip", "pip3", "conda", "mamba")
# What only installs other things.
TOOLS = ("pip", "setuptools", "wheel", "uv")
SYSTEM_PACKAGES = ("apt", "apt-get", "aptitude", "dpkg", "yum", "brew")
# Names in pip's index that differ from the module's, for distributions without metadata of that name.
MODULES = {"scikit-learn": "sklearn", "pillow": "PIL", "opencv-python": "cv2", "pyyaml": "yaml", "python-dateutil": "dateutil", "ipython": "IPython"}
WITH_VALUE = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-c", "--constraint", "-t", "--target", "--progress-bar", "-p", "-n", "--channel")


class NotInSandbox(Exception):
    """Shown to the student as the error of the cell, without the way it took through these files."""

    def _render_traceback_(self):
        return [f"{type(self).__name__}: {self}"]


def rewrite(line):
    """@returns the line to run, with the parts that have nothing left to do replaced by `true`"""
    parts = SEPARATOR.split(line)
    return "".join(part if index % 2 else rewrite_command(part) for index, part in enumerate(parts))


def rewrite_command(text):
    try:
        words = shlex.split(text)
    except ValueError:
        return text
    words = without_redirections(words)
    while words and words[0] in PREFIXES:
        words = words[1:]
    # python3 -m pip, {sys.executable} -m pip
    if len(words) > 2 and os.path.basename(words[0]).startswith("python") and words[1] == "-m":
        words = words[2:]
    if not words:
        return text
    name, *rest = words
    name = os.path.basename(name)
    if name == "uv" and rest[:1] == ["pip"]:
        name, rest = "pip", rest[1:]
    while name in INSTALLERS and rest and rest[0].startswith("-"):
        rest = rest[1:]
    if name in INSTALLERS and rest[:1] == ["install"]:
        check_install(name, rest[1:])
        return " true "
    if name in SYSTEM_PACKAGES and any(word in rest for word in ("install", "update", "upgrade", "-i")):
        raise NotInSandbox(f"{shorten(text)}: nothing can be installed in the sandbox, which has no network: ask for the package to be added to the image")
    if name in DOWNLOADS or (name == "git" and rest[:1] and rest[0] in ("clone", "pull", "fetch")):
        data = os.environ.get("TOPK_DATA", "/topk/data")
        raise NotInSandbox(f"{shorten(text)}: there is no network in the sandbox: the competition's data is in {data}; put what else you need beside the notebook in a .zip")
    return text


def without_redirections(words):
    """The words of a command up to its comment, without what the shell takes for itself: > /dev/null, 2>&1, &> log."""
    kept, skip = [], False
    for word in words:
        if word.startswith("#"):
            break
        if skip:
            skip = False
        elif redirection := REDIRECTION.match(word):
            skip = redirection.end() == len(word)
        elif word != "&":
            kept.append(word)
    return kept


def check_install(tool, arguments):
    """Says what is there already; @raises NotInSandbox for what is not."""
    for requirement in requirements(arguments):
        name = re.split(r"[\[<>=!~;@ ]", requirement, maxsplit=1)[0]
        if name.lower() in TOOLS:
            print(f"topk: {tool} install {shorten(requirement)} is left out: nothing is installed in the sandbox")
            continue
        version = installed_version(name) if re.fullmatch(r"[A-Za-z0-9._-]+", name) else None
        if version is None:
            raise NotInSandbox(
                f"{tool} install {shorten(requirement)}: it is not in the image and there is no network in the sandbox: "
                "put its code beside the notebook in a .zip, or ask for it to be added to the image"
            )
        print(f"topk: {tool} install {shorten(requirement)} is left out: the image has {name} {version}".rstrip())


def requirements(arguments):
    words = iter(arguments)
    for word in words:
        if word in ("-r", "--requirement"):
            yield from requirements_of_file(next(words, ""))
        elif word in ("-e", "--editable"):
            yield next(words, "")
        elif word in WITH_VALUE:
            next(words, None)
        elif not word.startswith("-") and word != "true":
            yield word


def requirements_of_file(path):
    places = [path, os.path.join(os.environ.get("TOPK_JOB", "/topk/job"), path)]
    for place in places:
        if os.path.isfile(place):
            with open(place, encoding="utf-8", errors="replace") as file:
                lines = (line.split("#")[0].strip() for line in file.read(65_536).splitlines())
                yield from requirements([line for line in lines if line])
            return
    raise NotInSandbox(f"pip install -r {shorten(path)}: there is no such file")


def installed_version(name):
    """@returns '' where the module is there without a version, None where it is not"""
    from importlib import metadata, util

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
    module = MODULES.get(name.lower(), name.replace("-", "_"))
    try:
        return "" if util.find_spec(module) is not None else None
    except (ImportError, ValueError):
        return None


def shorten(text):
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:80]}…"
