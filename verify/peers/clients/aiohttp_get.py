"""python3 aiohttp_get.py PORT USER PASSWORD PAUSE METHOD URL..."""

import asyncio
import sys

import aiohttp

port, user, password, pause, method, *urls = sys.argv[1:]


async def main():
    auth = aiohttp.BasicAuth(user, password)
    options = {"proxy": f"http://127.0.0.1:{port}", "proxy_auth": auth, "ssl": False}
    async with aiohttp.ClientSession() as session:
        for url in urls:
            data = bytes(65536) if method == "POST" else None
            async with session.request(method, url, data=data, expect100=method == "POST", **options) as response:
                await response.read()
            await asyncio.sleep(float(pause))


asyncio.run(main())
