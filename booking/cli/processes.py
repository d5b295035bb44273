"""Child processes that do not outlive their parent."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """For a `preexec_fn`: Linux sends the child a SIGTERM when the process that started it is gone (prctl(2)).

    Elsewhere nothing happens, and a parent that is killed leaves its children running.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
