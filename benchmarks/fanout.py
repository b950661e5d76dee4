"""The least that a server can do: whatever one client sends goes to all. ``python -m benchmarks.fanout BYTES``."""

from __future__ import annotations

import asyncio
import sys


async def _main(size: int) -> None:
    clients: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients.append(writer)
        try:
            while True:
                frame = await reader.readexactly(size)
                for client in clients:
                    client.write(frame)
        except (asyncio.IncompleteReadError, ConnectionError):
            clients.remove(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
