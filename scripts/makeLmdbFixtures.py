#!/usr/bin/python3
"""Writes test/fixtures/lmdb/<name>/data.mdb with the real liblmdb (Debian: python3-lmdb).

The contents follow from formulas that test/unit/data/fixtures.ts repeats, so no list of expected
values is kept. Run it again only to add a fixture; the files are committed.
"""

import os
import shutil
import struct
import subprocess
import sys
import tempfile

import lmdb

from makeExampleFiles import integer, nested, varint

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', 'test', 'fixtures', 'lmdb')
MAP_BYTES = 64 << 20

LARGE_PAGES = 'largepages'
SYSCONF_SHIM = '''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
long sysconf(int name) {
  long (*real)(int) = dlsym(RTLD_NEXT, "sysconf");
  return name == _SC_PAGESIZE ? 65536 : real(name);
}
'''


def size(c, h, w):
    return integer(1, c) + integer(2, h) + integer(3, w)


def pixels(index, count):
    return bytes((index * 31 + i * 7) % 256 for i in range(count))


def byte_datum(index, c, h, w):
    return size(c, h, w) + nested(4, pixels(index, c * h * w)) + integer(5, index % 10)


def floats(index, count):
    return [index + i / 4 - 1.5 for i in range(count)]


def packed_datum(index, c, h, w):
    values = struct.pack('<%df' % (c * h * w), *floats(index, c * h * w))
    return size(c, h, w) + integer(5, -index) + nested(6, values)


def unpacked_datum(index, c, h, w):
    values = b''.join(varint(6 << 3 | 5) + struct.pack('<f', v) for v in floats(index, c * h * w))
    return size(c, h, w) + values + integer(5, -index)


def key(index):
    return b'%08d' % index


class Fixture:
    """An LMDB under construction; one transaction for each call of write."""

    def __init__(self, name, max_dbs=0, **options):
        self.folder = os.path.join(ROOT, name)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.env = lmdb.open(self.folder, map_size=MAP_BYTES, max_dbs=max_dbs, **options)

    def write(self, records=(), deleted=(), db=None, append=False):
        with self.env.begin(write=True) as transaction:
            for name, value in records:
                transaction.put(name, value, db=db, append=append)
            for name in deleted:
                transaction.delete(name, db=db)
        return self

    def finish(self):
        used = self.env.info()['last_pgno'] + 1
        page = self.env.stat()['psize']
        self.env.close()
        os.remove(os.path.join(self.folder, 'lock.mdb'))
        path = os.path.join(self.folder, 'data.mdb')
        # liblmdb may leave a sparse tail; nothing after the last used page is ever read.
        if os.path.getsize(path) > used * page:
            os.truncate(path, used * page)


def main():
    tiny = [(key(i), byte_datum(i, 1, 4, 5)) for i in range(10)]
    Fixture('tiny').write(tiny).finish()

    # Long keys make branch pages narrow, so that few records give three levels.
    long_keys = [(b'%0200d' % i, struct.pack('<I', i)) for i in range(600)]
    Fixture('deep').write(long_keys).finish()

    # Runs of 1, 2 and 3 pages, and lengths right at a page's end (16 bytes of header).
    lengths = [10, 2000, 3000, 4080, 4081, 8176, 8177, 12000]
    Fixture('overflow').write((key(i), pixels(i, n)) for i, n in enumerate(lengths)).finish()

    Fixture('float').write(
        [
            (key(0), packed_datum(0, 2, 3, 4)),
            (key(1), unpacked_datum(1, 2, 3, 4)),
            (key(2), packed_datum(2, 2, 3, 4)),
        ]
    ).finish()

    # Free pages inside the file, and a newest state that may be in either meta page.
    many = [(key(i), pixels(i, 300 + i)) for i in range(100)]
    odd = [name for name, _ in many[1::2]]
    Fixture('deleted').write(many).write(deleted=odd).write([(key(1), b'back')]).finish()

    Fixture('empty').write().finish()

    color = [(key(i), byte_datum(i, 3, 6 if i < 2 else 7, 8)) for i in range(3)]
    Fixture('mixed').write(color).finish()

    corrupt = byte_datum(2, 1, 4, 5)
    encoded = size(3, 2, 2) + nested(4, b'\xff\xd8\xff\xe0 not really a JPEG') + integer(7, 1)
    bad = [
        (b'0 good', byte_datum(0, 1, 4, 5)),
        (b'1 cut off', corrupt[:12]),
        (b'2_short', size(1, 4, 5) + nested(4, pixels(2, 19))),
        (b'3_nothing', size(1, 4, 5) + integer(5, 3)),
        (b'4_encoded', encoded),
        (b'5_no_size', nested(4, pixels(5, 20))),
        (b'\x006\xff', b'\x07\x07'),
    ]
    Fixture('bad').write(bad).finish()

    Fixture('color').write((key(i), byte_datum(i, 3, 6, 8)) for i in range(7)).finish()

    named = Fixture('named', max_dbs=2)
    named.write(tiny, db=named.env.open_db(b'images')).finish()

    with tempfile.TemporaryDirectory() as folder:
        make_large_pages(folder)


def make_large_pages(folder):
    """liblmdb takes its page size from the system: pretend that it has 64 KB pages."""
    source = os.path.join(folder, 'pages.c')
    library = os.path.join(folder, 'pages.so')
    with open(source, 'w') as file:
        file.write(SYSCONF_SHIM)
    subprocess.run(['gcc', '-shared', '-fPIC', '-o', library, source], check=True)
    command = [sys.executable, os.path.abspath(__file__), LARGE_PAGES]
    subprocess.run(command, check=True, env={**os.environ, 'LD_PRELOAD': library})


def write_large_pages():
    records = [(key(i), pixels(i, n)) for i, n in enumerate([10, 20000, 40000])]
    Fixture(LARGE_PAGES).write(records).finish()


if __name__ == '__main__':
    if sys.argv[1:] == [LARGE_PAGES]:
        write_large_pages()
    else:
        main()
