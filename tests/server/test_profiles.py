"""Names and pictures over the wire."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from tests.server.client import Person, Refused

pytestmark = pytest.mark.anyio


def a_picture(colour: str = "green") -> bytes:
    """A picture with something written into it."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Eve"
    out = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_somebody_calls_themselves_otherwise(ana: Person, eve: Person) -> None:
    """their own windows hear of it, open threads show it, and ``me`` says it."""
    thread = await ana.new_thread()
    await ana.invite(thread, eve)
    client, own = await ana.connect(), await eve.connect()
    await client.open(f"thread:{thread}")
    answer = await eve.ask("PATCH", "me/profile", {"name": "Evelyn"})
    assert (answer["profile"]["name"], answer["profile"]["identity_name"]) == ("Evelyn", "Eve")
    await own.event("profile.changed")
    await client.until(lambda: client.thread(thread).get()["members"]["eve"]["name"] == "Evelyn")
    me = await eve.ask("GET", "me")
    assert (me["username"], me["name"]) == ("eve", "Evelyn")
    assert (await eve.ask("GET", "me/profile")) == answer
    with pytest.raises(Refused) as refused:
        await eve.ask("PATCH", "me/profile", {"name": "Assistant"})
    assert refused.value.code == "not_allowed"
    with pytest.raises(Refused, match="characters that are not seen") as refused:
        await eve.ask("PATCH", "me/profile", {"name": "E\u202eve"})
    assert refused.value.code == "invalid_request"
    await eve.ask("PATCH", "me/profile", {"name": None})
    await client.until(lambda: client.thread(thread).get()["members"]["eve"]["name"] == "Eve")
    client.close()
    own.close()


async def test_a_picture_is_put_shown_and_taken_away(ana: Person, eve: Person) -> None:
    """it comes back small and bare, to whoever is signed in, and in a way that nothing in it can run."""
    response = await eve.fetch("PUT", "me/picture", a_picture())
    assert response.code == 200
    profile = json.loads(response.body)["profile"]
    assert profile["avatar"] == f"picture:{profile['picture']}"
    shown = await ana.fetch("GET", f"pictures/{profile['picture']}")
    assert (shown.code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "private" in shown.headers["Cache-Control"]
    assert b"Camera of Eve" not in shown.body
    assert (await ana.fetch("GET", f"pictures/{profile['picture']}", headers={})).code == 403
    assert (await eve.ask("DELETE", "me/picture"))["profile"]["picture"] is None
    assert (await ana.fetch("GET", f"pictures/{profile['picture']}")).code == 404


async def test_only_pictures_of_people_are_pictures(ana: Person, eve: Person) -> None:
    """the hash of a file in somebody's thread opens nothing, and what is no picture is refused."""
    thread = await ana.new_thread()
    answer = json.loads((await ana.fetch("POST", f"threads/{thread}/files", a_picture("red"), name="a.jpg")).body)
    for path in (answer["file"]["sha256"], "0" * 64, "x", "..%2Fme"):
        assert (await eve.fetch("GET", f"pictures/{path}")).code == 404
    for body in (b"", b"<html><script>alert(1)</script>", b"x" * 1_000):
        response = await eve.fetch("PUT", "me/picture", body)
        assert response.code == 400
        assert "no picture" in json.loads(response.body)["error"]["message"]
    assert (await eve.fetch("PUT", "me/picture", b"x" * (10 * 1024 * 1024 + 1))).code == 413
