# Everything a person runs. `make` alone prints this list.
SHELL := /bin/sh
.DEFAULT_GOAL := help
NODE := node_modules/.bin/node
GROUNDSWELL := $(NODE) --conditions=source runtimes/local/src/main.ts
# onnxruntime-node would fetch GPU libraries on install; the CPU ones are in the package.
export ONNXRUNTIME_NODE_INSTALL := skip
# Nor should it tell its makers of models that tests load.
export ORT_DISABLE_TELEMETRY := 1
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

BUILDER ?= $(notdir $(firstword $(foreach name,docker podman buildah,$(shell command -v $(name)))))
DATA ?=
SOURCE ?= virality
EXAMPLE := examples/$(if $(DATA),$(notdir $(patsubst %/,%,$(DATA))),$(SOURCE))

.PHONY: help
help: ## Print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

node_modules/.installed: package-lock.json
	@echo "Setting up: npm packages and Node 24 (once; about a minute)"
	@npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: setup
setup: node_modules/.installed ## Install what the project needs into node_modules

runtimes/ui/dist/index.html: node_modules/.installed $(shell find runtimes/ui/src runtimes/ui/index.html -type f 2>/dev/null)
	@echo "Setting up: building the page"
	@npm run -s build -w @groundswell/ui

.PHONY: ui
ui: runtimes/ui/dist/index.html ## Build the web page

.PHONY: demo
demo: setup ui ## Run the whole pipeline here: make demo [DATA=folder | SOURCE=bluesky]
	@$(GROUNDSWELL) up -f $(EXAMPLE) $(if $(DATA),--data $(DATA)) $(ARGS)

.PHONY: test
test: setup ## All tests that need no servers
	@vitest run

SEEDS ?= 10000
.PHONY: test-simulation
test-simulation: setup ## Window workers that crash, stand still and move, and days of rollouts: make test-simulation [SEEDS=10000]
	@GROUNDSWELL_SEEDS=$(SEEDS) vitest run --config test/path/vitest.config.ts

.PHONY: test-stores
test-stores: setup ## Contract suite and whole path on a real Kafka and a real Redis
	@$(NODE) --conditions=source test/stores/run.ts

.PHONY: test-kill
test-kill: setup ## Windows whose workers, broker and store are killed at random: KILL_EVENTS, KILL_ROUNDS, KILL_SEED
	@vitest run --config test/kill/vitest.config.ts

.PHONY: test-flink
test-flink: setup ## Our windows against real Flink, row for row (Java)
	@$(NODE) --conditions=source test/flink/run.ts

.PHONY: docs
docs: setup ## Build the pages of docs as a site, in docs/dist
	@cd docs && npm install --no-save --no-audit --no-fund --loglevel=error && node_modules/.bin/vitepress build .

.PHONY: test-docs
test-docs: setup ui docs ## What the pages of docs tell a reader to do, done
	@vitest run --config test/docs/vitest.config.ts $(ARGS)

.PHONY: test-browser
test-browser: setup ui ## The page in a real Chromium
	@$(NODE) --conditions=source test/browser/run.ts

.PHONY: screenshots
screenshots: setup ui ## Take the pictures of docs/pictures anew, in a real Chromium
	@GROUNDSWELL_SCREENSHOTS=$(CURDIR)/docs/pictures $(NODE) --conditions=source test/browser/run.ts places -t 'at /(heatmap|pipeline|rollouts)? .light'

.PHONY: test-api
test-api: setup ## The API as strangers use it: Schemathesis over its OpenAPI document, a client in Python
	@vitest run --config test/api/vitest.config.ts

.PHONY: test-cluster
test-cluster: setup ## What needs a Kubernetes API server (built once, 10 min; or KUBECONFIG)
	@vitest run --config test/cluster/vitest.config.ts $(ARGS)

.PHONY: test-install
test-install: setup ## Helm, kustomize, Argo CD, cdk8s and kubectl, on a Kubernetes API server (tools built once, 10 min)
	@vitest run --config test/install/vitest.config.ts $(ARGS)

.PHONY: e2e
e2e: setup ## Helm, the operator and a whole pipeline on a real node (Linux, root; images and tools built once, 15 min)
	@$(NODE) --conditions=source test/e2e/run.ts $(ARGS)

.PHONY: install-files
install-files: generate ## Render charts/install and the goldens of the chart anew, after a change of it
	@vitest run --config test/install/vitest.config.ts chart --update && npm run -s generate

.PHONY: test-trainer
test-trainer: setup ## The trainer's own tests, and evaluation on real data where there is any (Python)
	@runtimes/trainer/run -m pytest -q -p no:cacheprovider runtimes/trainer
	@vitest run --config test/trainer/vitest.config.ts

.PHONY: models
models: setup ## Build models of all kinds in Python, for serving tests and benches; print where they are
	@$(NODE) --conditions=source test/serving/run.ts

.PHONY: test-serving
test-serving: setup ## Real clients and models of all kinds against the request doors (Python, Go)
	@vitest run --config test/serving/vitest.config.ts

.PHONY: test-fuzz
test-fuzz: setup ## 100,000 random and mutated requests on both doors; FUZZ_SEED for others
	@FUZZ_REQUESTS=100000 vitest run runtimes/scorer/src/doors/fuzz.test.ts

.PHONY: bench-windows
bench-windows: setup ## How fast the windows are, alone and beside Flink SQL, from files and from Kafka (Java; ARGS=--without-flink)
	@$(NODE) --conditions=source test/load/windows.ts $(ARGS)

.PHONY: bench-latency
bench-latency: setup ## How long events take through a real Kafka and one worker until Redis has their window
	@$(NODE) --conditions=source test/load/latency.ts $(ARGS)

.PHONY: bench-scoring
bench-scoring: setup ## How fast requests are scored, beside Flask, MLServer and KServe (Python)
	@$(NODE) --conditions=source test/load/scoring.ts $(ARGS)

.PHONY: bench-path
bench-path: setup ## How fast a replay goes through windows, features and scores
	@$(NODE) --conditions=source test/load/path.ts $(ARGS)

.PHONY: bench-fanout
bench-fanout: setup ## How fast posts reach timelines on a real Redis, beside a naive loop and redis-benchmark
	@$(NODE) --conditions=source test/load/fan-out.ts $(ARGS)

.PHONY: bench-operator
bench-operator: setup ## How much the operator can look after, on a real API server: 100 pipelines with 1,000 windows (20 min)
	@npm run -s build
	@$(NODE) --conditions=source test/load/operator.ts $(ARGS)
.PHONY: bench-recommend
bench-recommend: setup ## How long recommendations take on a real Redis
	@$(NODE) --conditions=source test/load/recommend.ts $(ARGS)

.PHONY: load
load: setup ## Users of any installation, posting, following and reading: make load ARGS="--url http://… --posts 20 --timelines 200"
	@$(NODE) --conditions=source test/load/users.ts $(ARGS)

.PHONY: build
build: setup ui ## Compile all packages, each into its dist
	@npm run -s build

.PHONY: images
images: ## Build the images, by docker, podman or buildah: make images [BUILDER=podman]
	@test -n "$(BUILDER)" || { echo "Cannot build the images: there is no docker, podman or buildah on the PATH, install one"; exit 1; }
	@$(BUILDER) build -f Containerfile -t groundswell .
	@$(BUILDER) build -f runtimes/trainer/Containerfile -t groundswell-trainer runtimes/trainer

.PHONY: generate
generate: setup ## Regenerate CRDs and reference pages from the schemas
	@npm run -s generate

.PHONY: format
format: setup ## Format and fix what can be fixed
	@biome check --write .

.PHONY: check
check: setup ## Types, style, unused code
	@npm run -s check

.PHONY: verify
verify: generate check test ## What a commit must pass: generate, check, test, then a clean tree
	@git diff --exit-code --stat && test -z "$$(git status --porcelain)" || { echo "Cannot verify: the tree is not clean, commit what was generated"; exit 1; }

.PHONY: model
model: setup ## Train the example model on generated posts (needs Python)
	@$(GROUNDSWELL) train -f examples/virality --out examples/virality/model --seed 11 --duration 5d

.PHONY: clean
clean: ## Remove what was installed or built here
	@rm -rf node_modules runtimes/*/dist .groundswell
