# MyKVM. `make help` lists the targets; each does the set-up that it needs and is quick when nothing changed.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules

# Debian packages, by what needs them.
BUILD_PACKAGES := g++ libopenh264-dev libjpeg62-turbo-dev
TEST_PACKAGES := chromium edid-decode
VM_PACKAGES := chromium qemu-system-x86 ovmf usbredirect linux-headers-amd64 linux-source busybox-static iproute2 kmod cpio xz-utils python3 make ffmpeg v4l-utils
NET_PACKAGES := iproute2 nftables busybox-static firefox-esr openssl coturn nginx-light nginx-common \
	gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice python3-gst-1.0 gir1.2-gst-plugins-bad-1.0
ARM64_PACKAGES := crossbuild-essential-arm64 qemu-user edid-decode python3

# With their folders, which change when a file is deleted ("test/." because "test" is a target).
SERVER_SOURCES := $(wildcard native/*.ts) $(shell find server/. client/src/. test/. -name build -prune -o \( -name '*.ts' -o -type d \) -print)
PAGE_SOURCES := $(shell find client server/protocol)
NATIVE_SOURCES := $(wildcard native/src/*) native/Makefile
LAST := dist/.stamp
# npm writes it last.
MODULES := node_modules/.package-lock.json

.PHONY: help run doctor test test-asan test-vm test-net test-arm64 bench check format docs build clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: build ## start the appliance (hardware if present, else the simulated target); flags in ARGS='--port 9443'
	@exec node dist/server/main.js --target auto $(ARGS)

doctor: build ## look at this machine: what is missing to drive a real computer; flags in ARGS
	@exec node dist/server/main.js doctor $(ARGS)

build: $(LAST)/build-packages $(LAST)/server $(LAST)/page native/build/mykvm.node ## compile everything

test: $(LAST)/test-packages build ## check style and types, then run every test of this machine's kind
	@npm run --silent check
	@exec test/run-tests

test-asan: build ## run the native tests under AddressSanitizer
	@$(MAKE) --no-print-directory -C native test-asan \
		TESTS="$$(find dist/test/native -name '*.test.js' | sort | sed 's|^|../|' | tr '\n' ' ')"

test-vm: $(LAST)/vm-packages build ## run test/vm against the real kernel in a virtual machine; some of it with SUITES='video hid'
	@$(MAKE) --no-print-directory -C test/vm
	@exec node dist/test/vm/run-suites.js $(SUITES)

test-net: $(LAST)/net-packages build ## run test/net: viewers behind routers, firewalls and TURN servers, in network namespaces; some of it with ONLY='turn'
	@exec test/net/run-net-tests $(ONLY)

test-arm64: $(LAST)/arm64-packages $(LAST)/server ## cross-compile for arm64; run the native and unit tests on it in an emulator
	@$(MAKE) --no-print-directory -C packaging/arm64 LIBRARIES='$(filter lib%,$(BUILD_PACKAGES))'
	@exec test/arm64/run-tests

bench: $(LAST)/net-packages $(LAST)/vm-packages build ## measure; writes bench/results.json and docs/performance.md
	@$(MAKE) --no-print-directory -C test/vm
	@exec node dist/test/bench/main.js $(ARGS)

check: $(MODULES) ## style, types
	@npm run --silent check

format: $(MODULES) ## rewrite the sources in the one style
	@npm run --silent format

docs: build ## write the parts of docs/ that are made from the program
	@node packaging/write-docs.js

clean: ## remove what was built (not node_modules)
	rm -rf dist native/build packaging/arm64/build

$(MODULES): package.json package-lock.json
	@packaging/require-node
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(LAST)/build-packages: Makefile packaging/require-packages
	@packaging/require-packages $(BUILD_PACKAGES)
	@mkdir -p $(@D) && touch $@

$(LAST)/test-packages: Makefile packaging/require-packages
	@packaging/require-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)
	@mkdir -p $(@D) && touch $@

$(LAST)/vm-packages: Makefile packaging/require-packages
	@packaging/require-packages $(BUILD_PACKAGES) $(VM_PACKAGES)
	@mkdir -p $(@D) && touch $@

$(LAST)/net-packages: Makefile packaging/require-packages
	@packaging/require-packages --no-services $(BUILD_PACKAGES) $(TEST_PACKAGES) $(NET_PACKAGES)
	@mkdir -p $(@D) && touch $@

$(LAST)/arm64-packages: Makefile packaging/require-packages packaging/require-amd64
	@packaging/require-amd64
	@packaging/require-packages $(BUILD_PACKAGES) $(ARM64_PACKAGES)
	@mkdir -p $(@D) && touch $@

$(LAST)/server: $(MODULES) tsconfig.json tsconfig.base.json $(SERVER_SOURCES)
	@rm -rf dist/server dist/native dist/client dist/test
	@npm run --silent compile
	@touch $@

$(LAST)/page: $(MODULES) $(PAGE_SOURCES)
	@npm run --silent bundle
	@touch $@

native/build/mykvm.node: $(MODULES) $(LAST)/build-packages $(NATIVE_SOURCES)
	@$(MAKE) --no-print-directory -C native
	@touch $@
