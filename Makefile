# Every target is one script, so that what runs here runs the same by hand.
.DEFAULT_GOAL := help
.PHONY: help install build up demo test fuzz chaos load bench screenshots format lint clean lock sbom audit

DATA ?= data
KILLS ?= 20
INPUTS ?= 1000000
BENCH ?= *
LOAD ?= --target all-in-one --seconds 60 --then-share 0.25

help: ## Lists the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## Installs what is missing: librdkafka1, the npm packages, the NuGet packages
	@scripts/install.sh

build: install ## Builds everything in Release
	@dotnet build Telemetry.sln --configuration Release --nologo --verbosity quiet

up: install ## Starts AllInOne alone, data under $(DATA)
	@dotnet build services/Telemetry.AllInOne --configuration Release --nologo --verbosity quiet
	@scripts/up.sh "$(DATA)"

demo: install ## Starts AllInOne with demo traffic, prints what it cost, stays up until Ctrl-C
	@echo "Building ..."
	@dotnet build services/Telemetry.AllInOne --configuration Release --nologo --verbosity quiet
	@dotnet build load-tests/Telemetry.Demo --configuration Release --nologo --verbosity quiet
	@scripts/demo.sh "$(DATA)"

test: ## Runs every test
	@scripts/install.sh --tests
	@scripts/test.sh

fuzz: install ## Feeds the readers of foreign bytes with $(INPUTS) broken and hostile inputs, and looks for crashes, hangs, memory and differences
	@dotnet build tests/Telemetry.Fuzz --configuration Release --nologo --verbosity quiet
	@dotnet tests/Telemetry.Fuzz/bin/Release/net10.0/Telemetry.Fuzz.dll --inputs $(INPUTS)

chaos: ## Kills everything at random under traffic, $(KILLS) times in each layout, and counts what is lost or double
	@scripts/install.sh --tests
	@dotnet build load-tests/Telemetry.Chaos --configuration Release --nologo --verbosity quiet
	@dotnet load-tests/Telemetry.Chaos/bin/Release/net10.0/Telemetry.Chaos.dll --kills $(KILLS)

load: ## Loads a service with LLM spans and verifies the counts (LOAD="--target collector --log kafka --seconds 30"; LOAD=--help)
	@scripts/install.sh --tests
	@dotnet build load-tests/Telemetry.LoadGenerator --configuration Release --nologo --verbosity quiet
	@dotnet load-tests/Telemetry.LoadGenerator/bin/Release/net10.0/Telemetry.LoadGenerator.dll $(LOAD)

bench: install ## Times the Processor's stages (BENCH=filter)
	@dotnet build load-tests/Telemetry.Benchmarks --configuration Release --nologo --verbosity quiet
	@cd load-tests/Telemetry.Benchmarks/bin/Release/net10.0 && dotnet Telemetry.Benchmarks.dll --filter '$(BENCH)'

screenshots: ## Draws the console's pages anew for docs/screenshots, in a real browser
	@scripts/screenshots.sh

format: install ## Rewrites the code in the house style
	@dotnet format Telemetry.sln

lock: ## Writes the lock files of NuGet packages anew
	@scripts/lock.sh

sbom: ## Writes artifacts/sbom.cdx.json: every package that ships, with its hash (CycloneDX)
	@mkdir -p artifacts && node scripts/sbom.mjs > artifacts/sbom.cdx.json && echo artifacts/sbom.cdx.json

audit: install ## Asks the advisory databases of NuGet and npm
	@dotnet list Telemetry.sln package --vulnerable --include-transitive
	@npm audit --omit=dev

lint: install ## Checks style, scripts and deployment files, changes nothing
	@scripts/lint.sh

clean: ## Removes build output (not the data)
	@find services tests load-tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
