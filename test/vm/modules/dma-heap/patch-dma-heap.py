#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Makes a module of the kernel's DMA heaps, which Debian's kernel for PCs lacks: patch-dma-heap.py FOLDER.

Each change names the text that it replaces and fails when the kernel's source has another one."""
import sys
from pathlib import Path

folder = Path(sys.argv[1])


def replace(name, *changes):
    text = (folder / name).read_text()
    for old, new in changes:
        if text.count(old) != 1:
            sys.exit(f"{name}: expected once, found {text.count(old)} times: {old!r}")
        text = text.replace(old, new)
    (folder / name).write_text(text)


# A module has one beginning: that of the heap, which needs the class of devices first.
replace(
    "dma-heap.c",
    (
        "subsys_initcall(dma_heap_init);",
        "int test_dma_heap_init(void);\nint test_dma_heap_init(void) { return dma_heap_init(); }",
    ),
)
replace(
    "system_heap.c",
    ("static int system_heap_create(void)\n", "int test_dma_heap_init(void);\nstatic int system_heap_create(void)\n"),
    (
        "\n\texp_info.name",
        "\n\tint error = test_dma_heap_init();\n\n\tif (error)\n\t\treturn error;\n\n\texp_info.name",
    ),
    (
        "module_init(system_heap_create);\n",
        'module_init(system_heap_create);\nMODULE_IMPORT_NS(DMA_BUF);\n',
    ),
)
