"""python3 server.py [PORT]: serves this folder to a browser of this machine and keeps what it measures beside it.

Needs Python alone. Open the address in Chrome, and press Measure.
"""
import datetime
import functools
import http.server
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
LARGEST = 2**20


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm'}

    def end_headers(self):
        self.send_header('Cross-Origin-Opener-Policy', 'same-origin')
        self.send_header('Cross-Origin-Embedder-Policy', 'require-corp')
        super().end_headers()

    def do_POST(self):
        size = int(self.headers.get('Content-Length') or 0)
        if self.path != '/results' or size > LARGEST:
            self.send_error(404)
            return
        body = self.rfile.read(size)
        name = HERE / f'results-{datetime.datetime.now():%Y-%m-%dT%H-%M-%S}.json'
        name.write_bytes(body)
        self.send_response(204)
        self.end_headers()
        print(f'{body.decode()}\nKept as {name}')


if __name__ == '__main__':
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 4180
    server = http.server.ThreadingHTTPServer(('127.0.0.1', port), functools.partial(Handler, directory=str(HERE)))
    print(f'Open http://127.0.0.1:{server.server_port}/ in Chrome, and press Measure.', flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
