"""A door before a mail server: carries every byte both ways, knows where in
the protocol a connection stands, and does at a given step what networks and
servers do: cut, reset, stall, half-open, slow, garbage, or another reply.

    door = Door("imap", dovecot.imap).start()
    fault = door.arm(Fault("UID SEARCH", "after", "cut"))
    fault.await_fired(20)

Steps of IMAP are the commands (LOGIN is AUTHENTICATE too, SELECT is EXAMINE
too; UID SEARCH HEADER is one of its own), "greeting", "EXISTS" (told in IDLE)
and "literal" (a mail's bytes). Steps
of SMTP are the commands, "greeting", "body" (the first line of a mail) and
"dot" (the end of it). Moments:

    before   the client's line came and was not handed on
    after    it was; the server's reply came and was not handed on
    amid     half of that reply was
    passed   all of it was
"""

import contextlib
import random
import re
import select
import socket
import ssl
import struct
import threading
import time

from .process import free_port, wait_until

ALIAS = {"AUTHENTICATE": "LOGIN", "EXAMINE": "SELECT", "HELO": "EHLO"}
LITERAL = re.compile(rb"BODY\[[^]]*\](?:<\d+>)? \{(\d+)\}\r\n")
EXISTS = re.compile(rb"^\* \d+ EXISTS\r\n", re.MULTILINE)
HOLD = 150      # seconds that a stall lasts


class Gone(Exception):
    """This connection is over."""


class Fault:
    """What happens at a step; `times` connections meet it. `text`: what `say`
    says in place of the server's reply, how `close` takes leave, or what
    `refuse` (IMAP, before) answers a command that the server is not told of.
    `call` is called by that act, and the connection goes on. `line`: only a
    command that has this (a pattern) meets it."""

    ACTS = ("cut", "reset", "stall", "half-open", "slow", "garbage", "say",
            "close", "call", "refuse")

    def __init__(self, step, moment, act, times=1, text=b"", nth=1, call=None,
                 line=b""):
        assert act in self.ACTS and moment in ("before", "after", "amid",
                                               "passed")
        self.step, self.moment, self.act = step, moment, act
        self.left, self.text, self.call = times, text, call
        self.skip, self.line = nth - 1, line
        self.fired = 0
        self.at = 0.0
        self.lock = threading.Lock()

    def meets(self, step, moment, line):
        if (step, moment) != (self.step, self.moment) or \
                not re.search(self.line, line):
            return False
        with self.lock:
            if self.skip > 0:
                self.skip -= 1
                return False
            if self.left <= 0:
                return False
            self.left -= 1
            self.fired += 1
            self.at = time.monotonic()
            return True

    def await_fired(self, seconds, times=1):
        wait_until(f"{self.act} {self.moment} {self.step}", seconds,
                   lambda: self.fired >= times)


def garbage(seed):
    """Bytes that no server says: control bytes, a huge literal, a long line."""
    dice = random.Random(seed)
    return (dice.randbytes(200).replace(b"\n", b"?") + b"\r\n"
            b"* \x00\xff FETCH ((((BODY[] {99999999999999999999}\r\n"
            b"999 \x80\xfe\r\n" + b"x" * 20000 + b"\r\n")


class _Connection:
    """One client with its server; run() carries until either ends."""

    def __init__(self, door, client):
        self.door = door
        self.client, self.server = client, None
        self.step = "greeting"
        self.fresh = True       # nothing of the reply to this step came yet
        self.raw = self.data = self.slow = False
        self.lines = self.line = self.tag = b""
        self.lock = threading.Lock()

    # ---- ending --------------------------------------------------------------

    def close(self, reset=False):
        with self.lock:
            for s in (self.client, self.server):
                if s is None:
                    continue
                with contextlib.suppress(OSError):
                    if reset:
                        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                     struct.pack("ii", 1, 0))
                    else:
                        s.shutdown(socket.SHUT_RDWR)
                with contextlib.suppress(OSError):
                    s.close()

    def hold(self, drop):
        """Nothing moves any more, until the client has had enough."""
        end = time.monotonic() + HOLD
        while not self.door.stopping.is_set() and time.monotonic() < end:
            if drop:
                ready, _, _ = select.select([self.client], [], [], 0.2)
                if ready and not self.client.recv(65536):
                    break
            else:
                poll = select.poll()
                poll.register(self.client, select.POLLRDHUP)
                if poll.poll(200):
                    break
        self.close()
        raise Gone

    def act(self, fault):
        if fault.act == "slow":
            self.slow = True
            return
        if fault.act == "call":
            fault.call()
            return
        if fault.act == "garbage":
            self.client.sendall(garbage(fault.step))
            return
        if fault.act == "half-open":
            with contextlib.suppress(OSError):
                self.server.shutdown(socket.SHUT_RDWR)
            self.hold(True)
        if fault.act == "stall":
            self.hold(False)
        if fault.act == "close":
            self.client.sendall(fault.text)
        self.close(reset=fault.act == "reset")
        raise Gone

    def event(self, moment, rest=b""):
        """True: the server's words, or itself, are replaced."""
        for fault in list(self.door.faults):
            if not fault.meets(self.step, moment, self.line):
                continue
            if fault.act == "refuse":
                self.client.sendall(self.tag + b" " + fault.text + b"\r\n")
                return True
            if fault.act == "say":
                self.client.sendall(fault.text)
                # Before: the server must not hear of what was answered.
                if moment == "before" or fault.text.startswith(b"421"):
                    self.close()
                    raise Gone
                return True
            self.act(fault)
        return False

    # ---- carrying ------------------------------------------------------------

    def give(self, to, data):
        if not self.slow:
            return to.sendall(data)
        for at in range(0, len(data), 16):
            to.sendall(data[at:at + 16])
            time.sleep(0.004)

    def enter(self, step):
        self.step, self.fresh = step, True

    def smtp_line(self, line):
        if self.data:
            if line == b".\r\n":
                self.data = False
                self.enter("dot")
            elif self.step == "DATA":
                self.enter("body")
            else:
                return
        else:
            verb = line.split()[:1]
            verb = verb[0].decode("latin-1").upper() if verb else ""
            if not verb.isalpha() or len(verb) > 8:
                return      # an answer to AUTH's challenge
            self.enter(ALIAS.get(verb, verb))
        return self.event("before")

    def imap_line(self, line):
        words = line.decode("latin-1").upper().split()
        if words == ["DONE"]:
            verb = "DONE"
        elif len(words) < 2:
            return
        else:
            verb = words[1]
            if verb == "UID" and len(words) > 2:
                verb += " " + words[2]
            if verb == "UID SEARCH" and words[3:4] == ["HEADER"]:
                verb += " HEADER"
            self.tag, self.line = line.split()[0], line
        self.enter(ALIAS.get(verb, verb))
        return self.event("before")

    def from_client(self, data):
        if self.raw:
            return self.server.sendall(data)
        self.lines += data
        while b"\n" in self.lines and not self.raw:
            line, _, self.lines = self.lines.partition(b"\n")
            line += b"\n"
            answered = (self.smtp_line if self.door.kind == "smtp"
                        else self.imap_line)(line)
            if not answered:
                self.give(self.server, line)

    def from_server(self, data):
        if self.raw:
            return self.client.sendall(data)
        data = self.door.rewrite(self, data)
        if not data:
            return
        if self.step == "STARTTLS":
            self.raw = b" OK" in data or data.startswith(b"220")
        elif self.step == "DATA" and data.startswith(b"354"):
            self.data = True
        if self.step == "IDLE" and EXISTS.search(data):
            self.enter("EXISTS")
        found = (self.step == "UID FETCH" and self.door.kind == "imap" and
                 LITERAL.search(data))
        if found:
            self.enter("literal")
        if not self.fresh:
            return self.give(self.client, data)
        self.fresh = False
        if self.event("after"):
            return
        half = (found.end() + min(int(found.group(1)),
                                  len(data) - found.end()) // 2
                if found else len(data) // 2)
        self.give(self.client, data[:half])
        self.event("amid")
        self.give(self.client, data[half:])
        self.event("passed")

    def run(self):
        try:
            if self.door.certificate:
                self.client.settimeout(30)
                self.client = self.door.down().wrap_socket(self.client,
                                                           server_side=True)
            self.server = socket.create_connection(
                ("127.0.0.1", self.door.to), timeout=30)
            if self.door.up:
                self.server = self.door.up.wrap_socket(
                    self.server, server_hostname="localhost")
            for s in (self.client, self.server):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pump()
        except (OSError, ValueError, Gone):
            pass
        finally:
            self.close()
            self.door.forget(self)

    def pump(self):
        while not self.door.stopping.is_set():
            # TLS may hold bytes that the socket no longer has.
            held = [s for s in (self.client, self.server)
                    if isinstance(s, ssl.SSLSocket) and s.pending()]
            ready = held or select.select([self.client, self.server], [], [],
                                          0.2)[0]
            for side in ready:
                data = side.recv(65536)
                if not data:
                    return
                if side is self.client:
                    self.from_client(data)
                else:
                    self.from_server(data)


class Door:
    """port; to: the server's; kind: "imap" or "smtp". up: a TLS context for the
    way to the server. certificate: (file, key) shown to the client, which then
    speaks TLS from the start; may be changed while the door is open."""

    def __init__(self, kind, to, up=None, certificate=None):
        self.kind, self.to, self.up = kind, to, up
        self.certificate = certificate
        self.stopping = threading.Event()
        self.faults, self.carried = [], set()
        self.opened = []        # when each connection came
        self.without = ()       # words taken out of CAPABILITY, EHLO
        self.mute = False       # nothing is told in IDLE
        self.lock = threading.Lock()
        self.listener = self.acceptor = None
        self.port = free_port()

    def down(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate)
        return context

    def start(self):
        self.listener = socket.create_server(("127.0.0.1", self.port),
                                             backlog=64)
        self.listener.settimeout(0.1)
        self.acceptor = threading.Thread(
            target=self._accept, args=(self.listener,), daemon=True)
        self.acceptor.start()
        return self

    def shut(self):
        """As a server that is down: connections end, new ones are refused."""
        listener, self.listener = self.listener, None
        if listener:
            listener.close()
            # A thread that still waits in accept() keeps the port taken.
            self.acceptor.join(10)
        self.cut_all()

    def stop(self):
        self.stopping.set()
        self.shut()

    def arm(self, *faults):
        self.faults += faults
        return faults[0]

    def cut_all(self):
        with self.lock:
            carried = list(self.carried)
        for connection in carried:
            connection.close()

    def forget(self, connection):
        with self.lock:
            self.carried.discard(connection)

    def rewrite(self, connection, data):
        for word in self.without:
            data = re.sub(rb"(?<=[ -])" + re.escape(word) + rb"(?=[\] \r])", b"",
                          data)
        if self.mute and connection.step == "IDLE" and data.startswith(b"*"):
            return b""
        return data

    def _accept(self, listener):
        while not self.stopping.is_set():
            try:
                client, _ = listener.accept()
            except socket.timeout:
                continue
            except OSError:
                return
            client.settimeout(30)
            connection = _Connection(self, client)
            with self.lock:
                self.opened.append(time.monotonic())
                self.carried.add(connection)
            threading.Thread(target=connection.run, daemon=True).start()
