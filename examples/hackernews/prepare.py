"""
Makes one stream of events of the Hacker News files: python3 prepare.py DIR OUT [EVENTS]

DIR holds stories.csv.gz and toplevel_comment_offsets.csv.gz; OUT gets events.jsonl.gz, in the order of event time: a `post`
for each story, a `reply` for each top-level comment of its first two hours, and an `outcome` with the final score two days
later, when nobody votes any more; of them the first EVENTS, or all. Words of the title are the tags, so that windows can count by them.
"""

import csv
import gzip
import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

TWO_HOURS = 7200
TWO_DAYS = 172_800


def domain_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def main(folder: Path, out: Path, most: int | None = None) -> None:
    with gzip.open(folder / "toplevel_comment_offsets.csv.gz", "rt", encoding="utf-8") as lines:
        offsets = {row["id"]: [int(o) for o in row["toplevel_comment_offsets_s"].split()] for row in csv.DictReader(lines)}
    events: list[tuple[int, str, dict]] = []
    with gzip.open(folder / "stories.csv.gz", "rt", encoding="utf-8") as lines:
        for story in csv.DictReader(lines):
            # Times by id: moderators date some stories anew.
            at, post, title = int(story["ts_by_id"]), story["id"], story["title"]
            who = {"post_id": post, "author_id": story["author"]}
            words = sorted(set(re.findall(r"[a-z0-9]+", title.lower())))[:64]
            about = {"tags": words, "attributes": {"domain": domain_of(story["url"])}}
            own = {"text": title, "has_text": story["has_text"] == "1"}
            events.append((at, "post", {"id": post, "user_id": story["author"], **who, **about, **own}))
            score = {"outcome": {"viral": float(story["score"])}}
            events.append((at + TWO_DAYS, "outcome", {"id": f"{post}/score", "user_id": story["author"], **who, **about, **score}))
            for i, offset in enumerate(offsets.get(post, [])):
                if offset <= TWO_HOURS:
                    comment = {"id": f"{post}/{i}", "user_id": "somebody", **who, "posted_at": at * 1000}
                    events.append((at + max(0, offset), "reply", comment))
    order = {"post": 0, "reply": 1, "outcome": 2}
    events.sort(key=lambda event: (event[0], order[event[1]], event[2]["id"]))
    events = events[:most]
    out.mkdir(parents=True, exist_ok=True)
    with gzip.open(out / "events.jsonl.gz", "wt", encoding="utf-8", compresslevel=1) as file:
        for at, kind, event in events:
            file.write(json.dumps({"at": at * 1000, "type": kind, **event}) + "\n")
    print(f"Wrote {len(events)} events of {len(offsets)} stories to {out / 'events.jsonl.gz'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
