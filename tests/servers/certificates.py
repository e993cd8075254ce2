"""A certificate authority for tests, by openssl: good, wrong-named and expired
certificates. Elliptic keys, because they are made in no time."""

import os
import subprocess
import threading


class Authority:
    """Files: ca.pem and, for each name issued, NAME.pem and NAME.key. Tests
    that run side by side share them: each is written once."""

    def __init__(self, folder):
        self.folder, self.issued = folder, set()
        self.lock = threading.Lock()
        os.makedirs(folder, mode=0o755, exist_ok=True)
        self.ca = self._make_ca("ca", "Consent Desk test CA")
        self.other_ca = self._make_ca("other-ca", "Some other test CA")

    def path(self, name):
        return os.path.join(self.folder, name)

    def _openssl(self, *args):
        run = subprocess.run(["openssl", *args], capture_output=True,
                             timeout=30)
        if run.returncode != 0:
            raise RuntimeError("openssl: " + run.stderr.decode())

    def _make_ca(self, name, common_name):
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                      "-subj", f"/CN={common_name}",
                      "-addext", "basicConstraints=critical,CA:TRUE",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                      "-keyout", self.path(name + ".key"),
                      "-out", self.path(name + ".pem"))
        return self.path(name + ".pem")

    def issue(self, name, hosts=("localhost", "imap.test", "smtp.test"),
              addresses=("127.0.0.1",), days=30):
        """(certificate, key); days may be negative: expired."""
        with self.lock:
            if name not in self.issued:
                self._issue(name, hosts, addresses, days)
                self.issued.add(name)
        return self.path(name + ".pem"), self.path(name + ".key")

    def _issue(self, name, hosts, addresses, days):
        names = [f"DNS:{h}" for h in hosts] + [f"IP:{a}" for a in addresses]
        request, ext = self.path(name + ".csr"), self.path(name + ".ext")
        with open(ext, "w") as f:
            f.write("subjectAltName=" + ",".join(names) + "\n"
                    "basicConstraints=CA:FALSE\n"
                    "extendedKeyUsage=serverAuth\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", f"/CN={hosts[0]}",
                      "-keyout", self.path(name + ".key"), "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca,
                      "-CAkey", self.path("ca.key"), "-CAcreateserial",
                      "-days", str(days), "-extfile", ext,
                      "-out", self.path(name + ".pem"))

    def good(self):
        return self.issue("good")

    def wrong_name(self):
        return self.issue("wrong-name", ("mail.elsewhere.test",), ())

    def expired(self):
        return self.issue("expired", days=-1)
