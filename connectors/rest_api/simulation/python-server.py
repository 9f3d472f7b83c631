"""A machine as Python's own HTTP server serves one, the judge of what our client sends.

Arguments: none | certificate and key file (TLS). Says on which port of 127.0.0.1 it listens; ends when its standard input does.
It speaks HTTP/1.0 and closes after each answer, as small controllers do. GET /login/... wants Basic baker:proof.
"""
import base64
import http.server
import json
import os
import ssl
import sys
import threading

asked = 0


class Machine(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global asked
        wanted = "Basic " + base64.b64encode(b"baker:proof").decode()
        if self.path.startswith("/login/") and self.headers["authorization"] != wanted:
            self.send_response(401)
            self.send_header("www-authenticate", 'Basic realm="oven"')
            self.end_headers()
            return
        if not self.path.endswith("/data"):
            return self.send_error(404)
        asked += 1
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        # No content-length: the end of the connection ends the answer.
        self.wfile.write(json.dumps({"temp": 181.5, "asked": asked, "path": self.path}).encode())

    def log_message(self, *_):
        pass


def end_with_input():
    sys.stdin.read()
    os._exit(0)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Machine)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=end_with_input, daemon=True).start()
print(server.server_address[1], flush=True)
server.serve_forever()
