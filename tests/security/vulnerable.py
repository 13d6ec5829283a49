"""A page with a hole: what is asked for is pasted into the SQL. It shows that the scanner would find one."""

import http.server
import sqlite3
import urllib.parse

DATABASE = sqlite3.connect(":memory:", check_same_thread=False)
DATABASE.execute("CREATE TABLE products (name, price)")
DATABASE.execute("INSERT INTO products VALUES ('lamp', 450), ('desk', 2000)")


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        name = query.get("q", [""])[0]
        try:
            found = DATABASE.execute(f"SELECT name, price FROM products WHERE name = '{name}'").fetchall()
        except sqlite3.Error:
            found = []
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(f"<html><p>{found}</p></html>".encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
print(server.server_port, flush=True)
server.serve_forever()
