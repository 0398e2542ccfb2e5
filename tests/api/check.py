"""Schemathesis against the real server on the demo's street: whatever a client sends, no route may
fail, and no route may answer what the OpenAPI document does not say.

    check.py PATH-OF-GRIDBOOK

Each role goes over all routes with its own session. Three routes are left to the tests of the
server: /live, which does not end, and those that would end the session or change its password.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PASSWORD = "wutongli 2026 demo"
# Of each role one, with the offices that have people and cases. The administrator comes last: who
# gives accounts new passwords ends their sessions.
ROLES = ["supervisor", "population-office.head", "linkage-centre.clerk", "auditor", "admin"]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Seconds for each role.
BUDGET = 22
LEFT_OUT = ["get_live", "delete_session", "post_session_password"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(url, body=None):
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=60)


def wait_until_ready(url, server):
    for _ in range(1200):
        if server.poll() is not None:
            sys.exit("the server ended")
        try:
            with answer(url + "/readyz"):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server does not become ready")


def sign_in(url, login):
    body = json.dumps({"login": login, "password": PASSWORD}).encode()
    with answer(url + "/api/v1/session", body) as got:
        cookie = got.headers["Set-Cookie"].split(";")[0]
        return cookie, json.load(got)["csrf"]


def command(url, login):
    cookie, token = sign_in(url, login)
    words = [str(Path(sys.executable).with_name("st")), "run", url + "/api/v1/openapi.json"]
    words += ["-H", f"Cookie: {cookie}", "-H", f"X-CSRF-Token: {token}"]
    words += ["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]
    words += ["--max-examples", "12", "--max-time", str(BUDGET), "--seed", "1", "--no-shrink"]
    words += ["--generation-database", "none", "--generation-with-security-parameters", "false"]
    words += ["--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"]
    # A machine that is busy elsewhere is no fault of the server.
    words += ["--request-timeout", "60", "--no-color"]
    for operation in LEFT_OUT:
        words += ["--exclude-operation-id", operation]
    return words


def main():
    binary = sys.argv[1]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    failed = []
    with tempfile.TemporaryDirectory(prefix="gridbook-api-") as folder:
        options = ["--data", folder + "/data", "--listen", f"127.0.0.1:{port}", "--log", "warn"]
        demo = [binary, "demo", "--shops", "60", *options]
        server = subprocess.Popen(demo, stdout=subprocess.DEVNULL)
        try:
            wait_until_ready(url, server)
            for login in ROLES:
                print(f"\n== {login}", flush=True)
                if subprocess.run(command(url, login), cwd=folder, check=False).returncode != 0:
                    failed.append(login)
            if server.poll() is not None:
                failed.append("the server, which ended")
        finally:
            server.terminate()
            server.wait(timeout=120)
    if failed:
        sys.exit("failed: " + ", ".join(failed))


main()
