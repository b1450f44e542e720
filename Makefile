# `make run` opens the window (without a display: the demo's results as files).
# `make test` runs all checks. `make parity` compares our Spleeter with the spleeter package.
# `make bundle` makes a folder that runs without Python, in build/bundle (tried on Linux).
# `make package` builds dist/ and tries the wheel in an empty environment, far from this folder.
# Each sets up what it needs first.
#
# TORCH chooses another build of PyTorch, for a graphics card for instance:
#     make run TORCH=torch==2.13.0

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.PHONY: run demo lint test parity package bundle clean FORCE

PYTHON ?= $(shell command -v python3.11 || command -v python3)
TORCH ?=
VENV := .venv
BIN := $(VENV)/bin
INSTALL := pip --disable-pip-version-check install --quiet --constraint constraints.txt
PIP := $(BIN)/$(INSTALL)
CPU_TORCH := torch==2.13.0+cpu
CPU_INDEX := https://download.pytorch.org/whl/cpu

RUN_LIBRARIES := libportaudio2 libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 \
	libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-image0 libxcb-render-util0 libxcb-xinerama0 \
	libdbus-1-3 libfontconfig1 fonts-dejavu-core
TRIAL := build/trial
TEST_LIBRARIES := xvfb dbus pulseaudio pulseaudio-utils libasound2-plugins

# Installs the Debian packages $(1) that are missing when root, else says what to type.
define system_packages
	if ! command -v apt-get >/dev/null; then \
		echo "This is no Debian system; the README names the libraries that are needed." >&2; \
	else \
		plan=$$(LC_ALL=C apt-get --simulate --no-install-recommends install $(1) 2>&1) || plan="Inst all"; \
		if ! grep -Eq '^Inst [^ ]+( \(|$$)' <<< "$$plan"; then :; \
		elif [ "$$(id -u)" = 0 ]; then \
			apt-get update -qq; \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
		else \
			echo "System libraries are missing; please type this line and try again:" >&2; \
			echo "    sudo apt-get install --no-install-recommends" $(1) >&2; \
			exit 1; \
		fi; \
	fi
endef

# Installs torch without CUDA by the pip $(1).
define processor_torch
	if [ "$$(uname)" != Linux ]; then $(1) torch==2.13.0; \
	else $(1) "$(CPU_TORCH)" 2>/dev/null || $(1) --extra-index-url "$(CPU_INDEX)" "$(CPU_TORCH)"; fi
endef

run: $(VENV)/installed $(VENV)/run-libraries
	@if [ "$$(uname)" = Linux ] && [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		echo "There is no display: the demo runs without a window." >&2; \
		$(BIN)/vocal-explorer demo --no-window --out demo-results; \
	else \
		$(BIN)/vocal-explorer gui; \
	fi

demo: $(VENV)/installed $(VENV)/run-libraries
	@$(BIN)/vocal-explorer demo --out demo-results

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

test: lint $(VENV)/run-libraries $(VENV)/test-libraries
	$(BIN)/python -m pytest -p tests.support.ci_rules

parity: $(VENV)/installed
	$(BIN)/python benchmarks/spleeter_parity.py

package: $(VENV)/installed-dev $(VENV)/run-libraries
	rm -rf dist $(TRIAL)
	$(BIN)/python -m build --outdir dist .
	$(PYTHON) -m venv $(TRIAL)
	@$(call processor_torch,$(TRIAL)/bin/$(INSTALL))
	$(TRIAL)/bin/$(INSTALL) dist/*.whl
	cd / && "$(CURDIR)/$(TRIAL)/bin/vocal-explorer" models verify
	cd / && QT_QPA_PLATFORM=offscreen "$(CURDIR)/$(TRIAL)/bin/vocal-explorer" \
		demo --no-window --out "$(CURDIR)/$(TRIAL)/demo"
	rm -rf $(TRIAL)

bundle: $(VENV)/installed-dev $(VENV)/run-libraries
	$(BIN)/pyinstaller --noconfirm --log-level WARN --name vocal-explorer \
		--add-data "$(CURDIR)/models:vocal_explorer/_bundled/models" \
		--add-data "$(CURDIR)/resources:vocal_explorer/_bundled/resources" \
		--collect-submodules openTSNE --exclude-module tkinter --distpath build/bundle --workpath build/pyinstaller \
		--specpath build main.py
	cd / && QT_QPA_PLATFORM=offscreen "$(CURDIR)/build/bundle/vocal-explorer/vocal-explorer" \
		demo --no-window --out "$(CURDIR)/build/demo"

clean:
	rm -rf $(VENV) dist build demo-results

$(BIN)/python:
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "Python 3.11 or newer is needed; choose one with PYTHON=..." >&2; exit 1; \
	fi
	@if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(call system_packages,python3-venv); fi
	$(PYTHON) -m venv $(VENV)

# Torch first, and by its full name: a plain `torch` brings gigabytes of CUDA libraries.
# The stamp holds the build that TORCH chose, so that later runs keep it.
ifneq ($(TORCH),)
ifneq ($(TORCH),$(shell cat $(VENV)/torch 2>/dev/null))
$(VENV)/torch: FORCE
endif
endif

$(VENV)/torch: constraints.txt | $(BIN)/python
	@chosen="$(TORCH)"; chosen="$${chosen:-$$(cat $@ 2>/dev/null || true)}"; \
	if [ -n "$$chosen" ]; then \
		$(BIN)/pip uninstall --quiet --yes torch; \
		$(PIP) "$$chosen"; \
	else \
		$(call processor_torch,$(PIP)); \
	fi; \
	echo "$$chosen" > $@

$(VENV)/installed: pyproject.toml constraints.txt $(VENV)/torch
	$(PIP) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) --editable ".[dev]"
	@touch $@

$(VENV)/run-libraries: Makefile | $(BIN)/python
	@$(call system_packages,$(RUN_LIBRARIES))
	@touch $@

$(VENV)/test-libraries: Makefile | $(BIN)/python
	@$(call system_packages,$(TEST_LIBRARIES))
	@touch $@
