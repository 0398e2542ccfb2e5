"""What the scenario does not play: threads, a host's own network, hosts that fail."""

import asyncio
import threading
import urllib.error
import urllib.request

import gridbook
import pytest
from conftest import new_keys, shop
from gridbook import BookError, Code, HttpHeader, HttpResponse, Network, NetworkError, ShopQuery


def test_threads_read_and_write_while_it_syncs(street):
    async def main():
        book = await street.phone("1001")
        failed = []

        def work(number):
            try:
                for turn in range(10):
                    book.save(shop(f"{number} 路 {turn} 号", "小店"))
                    book.shops(ShopQuery(text="小店"))
                    book.counts()
            except BookError.Failed as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            await book.sync()
        for thread in threads:
            thread.join()
        assert not failed
        await book.sync()
        assert book.counts().waiting == 0
        assert book.today(ShopQuery()).counts.all == 40
        await book.shut()

    asyncio.run(main())


def test_one_sync_at_a_time_and_a_listener_that_asks_and_fails(street):
    class Listener(gridbook.SyncListener):
        def __init__(self, book):
            self.book, self.heard = book, []

        def on_progress(self, progress):
            self.heard.append((progress.done, progress.of, self.book.counts().waiting))
            raise ValueError("a fault of the app's own")

    async def main():
        book = await street.phone("1001")
        book.save(shop("1 号", "面馆"))
        listener = Listener(book)
        ended = await asyncio.gather(book.sync(listener), book.sync(), return_exceptions=True)
        assert ended[0].complete
        assert ended[1].code == Code.BUSY
        assert listener.heard[-1] == (1, 1, 0)

    asyncio.run(main())


def test_the_host_may_bring_its_own_network(street, monkeypatch):
    class Urllib(gridbook.HttpTransport):
        def __init__(self):
            self.sent = []

        async def send(self, request):
            self.sent.append(request.path)
            return await asyncio.to_thread(self.fetch, request)

        @staticmethod
        def fetch(request):
            headers = {header.name: header.value for header in request.headers}
            body = request.body if request.method != "GET" else None
            asked = urllib.request.Request(request.server + request.path, body, headers, method=request.method)
            try:
                answer = urllib.request.urlopen(asked, timeout=request.timeout_ms / 1000)
            except urllib.error.HTTPError as refused:
                answer = refused
            except OSError:
                raise NetworkError.Offline() from None
            headers = [HttpHeader(name=name, value=value) for name, value in answer.headers.items()]
            return HttpResponse(status=answer.status, headers=headers, body=answer.read(request.max_response_bytes + 1))

    async def main():
        # The library calls from a thread of its own, which has no loop.
        loop = asyncio.get_running_loop()
        monkeypatch.setattr("gridbook._native._UNIFFI_GLOBAL_EVENT_LOOP", None)
        gridbook.uniffi_set_event_loop(loop)
        network = Urllib()
        book = await street.phone("1001", network=Network.OWN(network))
        book.save(shop("1 号", "面馆"))
        assert (await book.sync()).complete
        assert {"/v1/enrol", "/v1/sync"} <= set(network.sent)
        street.server.process.terminate()
        street.server.process.wait()
        with pytest.raises(BookError.Failed) as error:
            await book.sync()
        assert error.value.code == Code.OFFLINE

    asyncio.run(main())


@pytest.mark.parametrize("fault", [gridbook.KeyStoreError.Denied(), ValueError("a fault of the app's own")])
def test_a_key_that_is_not_to_be_had_is_told(tmp_path, fault):
    class Denied(gridbook.KeyStore):
        def data_key(self):
            raise fault

        def public_key(self):
            raise fault

        def sign(self, message):
            raise fault

    async def main():
        path = str(tmp_path / "a.book")
        with pytest.raises(BookError.Failed) as error:
            await gridbook.Book.open(path, Denied())
        assert error.value.code == Code.LOCKED
        assert error.value.words.zh

    asyncio.run(main())


def test_a_file_that_is_open_is_busy_until_it_is_closed(street):
    async def main():
        path, keys = str(street.folder / "1001.book"), new_keys()
        book = await street.phone("1001", keys)
        with pytest.raises(BookError.Failed) as error:
            await gridbook.Book.open(path, keys)
        assert error.value.code == Code.BUSY
        await book.shut()
        again = await gridbook.Book.open_locked(path, keys)
        assert again.is_locked()
        await again.unlock()
        assert not again.is_locked()
        assert again.standing().enrolled

    asyncio.run(main())


def test_a_book_without_a_name_is_not_locked(tmp_path):
    async def main():
        book = await gridbook.Book.open(str(tmp_path / "a.book"), new_keys())
        with pytest.raises(BookError.Failed) as error:
            await book.lock()
        assert error.value.code == Code.NOT_ENROLLED
        assert not book.standing().enrolled

    asyncio.run(main())
