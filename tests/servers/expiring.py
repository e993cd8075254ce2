"""A door before Dovecot's plain IMAP port that does what Exchange does and
Dovecot does not: a session whose access token has ended is closed with

    * BYE Session invalidated - AccessTokenExpired
"""

import select
import socket
import threading
import time

BYE = b"* BYE Session invalidated - AccessTokenExpired\r\n"


class Expiring:
    """port. life: seconds that a session lasts from its AUTHENTICATE on.
    byes: how often one was ended."""

    def __init__(self, imap_port, life):
        self.imap_port, self.life = imap_port, life
        self.byes = 0
        self.mechanisms = set()
        self.stopping = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(0.1)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.stopping.set()
        self.thread.join(5)
        self.listener.close()

    def _accept(self):
        while not self.stopping.is_set():
            try:
                client, _ = self.listener.accept()
            except socket.timeout:
                continue
            threading.Thread(target=self._carry, args=(client,),
                             daemon=True).start()

    def _carry(self, client):
        try:
            with client, socket.create_connection(
                    ("127.0.0.1", self.imap_port)) as server:
                self._pump(client, server)
        except OSError:
            pass

    def _pump(self, client, server):
        end = None
        while not self.stopping.is_set():
            ready, _, _ = select.select([client, server], [], [], 0.05)
            for side in ready:
                data = side.recv(65536)
                if not data:
                    return
                words = data.split()
                if (side is client and end is None and len(words) > 2
                        and words[1] == b"AUTHENTICATE"):
                    end = time.monotonic() + self.life
                    self.mechanisms.add(words[2].decode())
                (server if side is client else client).sendall(data)
            if end is not None and time.monotonic() > end:
                self.byes += 1
                return client.sendall(BYE)
