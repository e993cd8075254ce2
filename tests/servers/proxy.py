"""The reverse proxy that a house puts before the daemon: TLS for the name that
is registered with Microsoft, handed on to [web] listen."""

import http.client
import http.server
import ssl
import threading


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = 10

    def log_message(self, *args):
        pass

    def do_GET(self):
        c = http.client.HTTPConnection("127.0.0.1", self.server.to_port,
                                       timeout=10)
        try:
            c.request("GET", self.path)
            r = c.getresponse()
            body = r.read()
        finally:
            c.close()
        self.server.paths.append(self.path)
        self.send_response(r.status)
        for name, value in r.getheaders():
            if name.lower() not in ("connection", "date",
                                    "transfer-encoding"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Proxy:
    """port; paths: what was asked for."""

    def __init__(self, certificate, key, to_port):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      _Handler)
        self.server.daemon_threads = True
        self.server.to_port = to_port
        self.server.paths = self.paths = []
        self.server.handle_error = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket,
                                                 server_side=True)
        self.port = self.server.server_address[1]

    def start(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,),
                         daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
