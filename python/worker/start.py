# The second source that a worker runs, after loader.py; both come through its standard input.
import sys

# With -c the working directory comes first: a file there must not stand in for a module of the interpreter.
if sys.path and sys.path[0] == "":
    sys.path.append(sys.path.pop(0))

from socketgym_worker.main import main  # noqa: E402

if sys.argv[1:] == ["guarded"]:
    from socketgym_worker.guardian import guard

    del sys.argv[1:]  # the environment's code may look at it
    guard()
main()
