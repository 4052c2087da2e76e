"""`make run`: start the portal, say where it is and who may sign in, keep it alive, stop it on Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType

from . import ports
from .environment import ports_file
from .folders import state_folder
from .ports import PortTaken
from .progress import say
from .stack import AlreadyRunning, DidNotStart, Stack

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Ctrl-C, a closed terminal, or a polite request from outside."""


def main() -> int:
    for number in ENDINGS:
        # nohup lets a program live on when its terminal closes.
        if signal.getsignal(number) is not signal.SIG_IGN or number != signal.SIGHUP:
            signal.signal(number, _stop)
    try:
        stack = Stack(state_folder(), port=_wanted_port())
        print("Starting the portal.")
        try:
            stack.start()
            _introduce(stack)
            while True:
                time.sleep(1)
                for event in stack.watch():
                    say(f"! {time.strftime('%H:%M:%S')} {event}")
        except Stopped:
            print("\nStopping …", flush=True)
        finally:
            # From here on a second Ctrl-C must not leave half of it running.
            for number in ENDINGS:
                signal.signal(number, signal.SIG_IGN)
            stack.stop()
        print("Everything has stopped.")
    except AlreadyRunning:
        port = ports.remembered(ports_file(state_folder())).get("web")
        print(f"The portal runs already: http://{ports.HOST}:{port}")
        print(
            "Stop it with Ctrl-C where it was started, or start a second one beside it: make run STATE_DIR=<folder>"
        )
    except (DidNotStart, PortTaken, RuntimeError, FileNotFoundError, ValueError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _wanted_port() -> int | None:
    text = os.environ.get("PORT", "")
    if not text:
        return None
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError(f"PORT={text} is not a port. Give a number from 1024 to 65535: make run PORT=8000")
    return int(text)


def _introduce(stack: Stack) -> None:
    """Print the addresses and the table of demo accounts."""
    print(f"\n  The portal:   {stack.url}")
    print(f"  Its mailbox:  {stack.mailbox_url}   (every e-mail ends here)")
    print(f"  Its logs:     {stack.log_folder}")
    print(stack.accounts_file.with_suffix(".txt").read_text())
    if not stack.readiness().get("parts", {}).get("pdf", True):
        say("! Papers (PDF) wait in the queue: Pango is missing. `make setup` says what to install.\n")
    print("  Ctrl-C stops it.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
