"""The API as somebody else's program uses it: python stranger.py URL KEY. Prints what it found as JSON."""

import json
import sys

import requests

url, key = sys.argv[1:]
api = requests.Session()
api.headers["Authorization"] = f"Bearer {key}"

pages, cursor = [], None
while True:
    answer = api.get(f"{url}/v1/top", params={"limit": 4, **({"cursor": cursor} if cursor else {})}, timeout=10)
    answer.raise_for_status()
    page = answer.json()
    pages.append([post["post_id"] for post in page["posts"]])
    cursor = page["next_cursor"]
    if cursor is None:
        break

unchanged = api.get(f"{url}/v1/models", timeout=10)
unchanged = api.get(f"{url}/v1/models", headers={"If-None-Match": unchanged.headers["ETag"]}, timeout=10)

post = api.post(f"{url}/v1/posts", json={"author_id": "ann", "text": "hello"}, timeout=10)
wrong = api.get(f"{url}/v1/top", params={"limit": 0}, timeout=10)
stranger = requests.get(f"{url}/v1/top", timeout=10)

with api.get(f"{url}/v1/stream", params={"events": "top"}, stream=True, timeout=10) as stream:
    # Of bytes: texts end lines at characters that server-sent events do not. One at a time: nothing comes behind the last.
    lines = stream.iter_lines(chunk_size=1)
    data = next(line for line in lines if line.startswith(b"data: "))
    streamed = json.loads(data.removeprefix(b"data: "))

print(
    json.dumps(
        {
            "pages": pages,
            "unchanged": unchanged.status_code,
            "post": [post.status_code, post.json().get("text")],
            "wrong": [wrong.status_code, wrong.headers["Content-Type"], wrong.json()["detail"]],
            "stranger": [stranger.status_code, stranger.headers["WWW-Authenticate"]],
            "streamed": streamed["posts"][0]["post_id"],
            "left": "RateLimit" in answer.headers,
        }
    )
)
