"""A mail server and its mailboxes for demonstrations and tests: real SMTP in, a web page to read what arrived.

    python -m simulators.mail --smtp-port 2525 --http-port 8025 --state var/simulators/mail

It takes mail for every address and sends nothing on. Like a real server it refuses an address without a domain, a
domain that cannot exist (``*.invalid``: 550), a mailbox that it does not know (``khong-co@…``: 550) and a message
above 10 MB (552); and like a mailbox store it shows a Message-ID once, however often it was transmitted
(``transmissions`` counts).

    GET  /                             the mailboxes, with search (?q=) and choice of recipient (?to=)
    GET  /api/messages?to=&q=          JSON, newest first
    GET  /api/messages/<id>            JSON, one message

Faults are set by JSON from the same machine (``Content-Type: application/json``):

    POST /_control {"stage": "rcpt", "code": 451, "times": 2}      refuse twice for now, then work again
    POST /_control {"stage": "data", "code": 550}                  refuse for good, until further notice
    POST /_control {"stage": "mail", "delay_s": 5}                 be slow
    POST /_control {"stage": "data", "drop": "before"}             hang up after DATA, nothing is kept
    POST /_control {"stage": "data", "drop": "after"}              keep the message, hang up before saying so
    POST /_control {"reset": true}                                 be well again
    POST /_control {"clear": true}                                 empty the mailboxes
    GET  /_control                                                 what is set

Stages: ``ehlo``, ``mail``, ``rcpt``, ``data``. Add ``"to": "a@example.vn"`` to meet only mail to one address
(``rcpt`` and ``data``).
"""
