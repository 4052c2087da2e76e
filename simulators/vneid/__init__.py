"""A stand-in for VNeID: an OpenID Connect provider of its own, in its own process. Every page says so.

    python -m simulators.vneid --port 8100 --state var/simulators/vneid

What it does as the real provider does: discovery, authorization code with PKCE (S256 only), RS256, exact redirect
addresses, codes that live a minute and work once, consent, cancelling, a lock after five wrong passcodes.
Personas stand in `personas.json`. The client is named by the environment that the portal reads as well:
``VNEID_CLIENT_ID``, ``VNEID_CLIENT_SECRET``, ``PORTAL_URL``.

Faults, for tests and demonstrations, are set by JSON from the same machine (``Content-Type: application/json``):

    POST /_control {"endpoint": "token", "status": 503, "times": 2}      fail twice, then work again
    POST /_control {"endpoint": "any", "delay_s": 3}                     be slow until further notice
    POST /_control {"endpoint": "authorize", "error": "server_error"}    send the person back with this error
    POST /_control {"endpoint": "token", "body": "not json"}             answer nonsense
    POST /_control {"persona": "to-chuc", "claims": {"organisations": []}}   change what is claimed
    POST /_control {"code_seconds": 1}                                   let codes expire sooner
    POST /_control {"reset": true}                                       be well again, unlock everybody
    GET  /_control                                                       what is set, and requests seen

Endpoints: ``discovery``, ``jwks``, ``authorize``, ``token``, ``userinfo``, ``documents``, ``any``. What ``documents``
answers, and whom it refuses, stands in `simulators.vneid.documents`.
"""
