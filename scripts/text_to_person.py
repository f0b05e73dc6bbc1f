"""Hands our callbacks to the WebUI."""

import logging

try:
    from lib_t2p.hosts.webui import register
except ImportError as error:
    logging.getLogger("text_to_person").warning("Text to Person is off: %s", error)
else:
    register()
