"""A stand-in for the clamd virus scanner. It finds one thing only: the EICAR test pattern, made for such tests.

It speaks clamd's own protocol on TCP: PING, VERSION, RELOAD and INSTREAM, each as ``nCOMMAND\\n`` or ``zCOMMAND\\0``.
Never put it in front of real people's files: ``VERSION`` says that it is a simulator.

Run it with ``python -m simulators.scanner --port 3310 --state DIR``. To see how the portal bears a bad day, write
``DIR/control.json``; it is read at every command::

    {"mode": "normal", "delay_seconds": 0}

Modes: ``normal``; ``error`` (answers with an error), ``hang`` (takes the file and says nothing), ``drop`` (hangs up in
the middle), ``infected`` (finds something in every file). Each scan leaves a line in ``DIR/scans.jsonl``: size,
SHA-256 and answer, never the content.
"""
