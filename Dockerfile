# One image recipe for every service: docker build --build-arg SERVICE=Telemetry.Collector .
# Debian bookworm, because the Kafka client uses the system's librdkafka (package librdkafka1).
ARG DOTNET_VERSION=10.0

# From npm: the libraries of the console's pages, which its build puts into the assembly, and the ClickHouse engine as a library, which only AllInOne and the
# embedded server need.
FROM node:22-bookworm-slim AS engine
WORKDIR /engine
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION}-bookworm-slim AS build
ARG SERVICE
WORKDIR /source
COPY . .
COPY --from=engine /engine/node_modules/preact node_modules/preact
COPY --from=engine /engine/node_modules/htm node_modules/htm
COPY --from=engine /engine/node_modules/uplot node_modules/uplot
RUN test -n "${SERVICE}" && dotnet publish "services/${SERVICE}" --configuration Release --output /app --nologo

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION}-bookworm-slim AS service
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
