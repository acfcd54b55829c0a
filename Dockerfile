# One image recipe for every service: docker build --build-arg SERVICE=Telemetry.Collector .
# Ubuntu 24.04, as .NET 10 has no Debian images; the Kafka client uses the system's librdkafka (package librdkafka1). For builds that must be repeatable to the byte
# give SDK_IMAGE, NODE_IMAGE and RUNTIME_IMAGE with the digests of your registry.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG NODE_IMAGE=node:22-bookworm-slim
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble

# From npm: the libraries of the console's pages, which its build puts into the assembly, and the ClickHouse engine as a library, which only AllInOne and the
# embedded server need.
FROM ${NODE_IMAGE} AS engine
WORKDIR /engine
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM ${SDK_IMAGE} AS build
ARG SERVICE
WORKDIR /source
COPY . .
COPY --from=engine /engine/node_modules/preact node_modules/preact
COPY --from=engine /engine/node_modules/htm node_modules/htm
COPY --from=engine /engine/node_modules/uplot node_modules/uplot
RUN test -n "${SERVICE}" && dotnet publish "services/${SERVICE}" --configuration Release --output /app --nologo

FROM ${RUNTIME_IMAGE} AS service
RUN apt-get update \
    && apt-get install -y --no-install-recommends librdkafka1 curl \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data && chown 1654:1654 /data
ARG SERVICE
ENV SERVICE_ASSEMBLY=/app/${SERVICE}.dll \
    DOTNET_gcServer=0
WORKDIR /data
COPY --from=build /app /app
USER 1654
ENTRYPOINT ["/bin/sh", "-c", "exec dotnet \"$SERVICE_ASSEMBLY\" \"$@\"", "telemetry"]

FROM service AS embedded
COPY --from=engine /engine/node_modules/@chdb /app/node_modules/@chdb
