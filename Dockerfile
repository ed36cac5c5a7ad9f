# Two small images from one build: `spoor`, the server, and `demo`, the three services (the command says which). All four
# containers together are in compose.yaml; docs/operating/containers.md says how to use both.
#
#   docker build --target spoor -t spoor .
#   docker build --target demo -t spoor-demo .

FROM debian:12-slim AS build
WORKDIR /src
# The packages first: they change least. npm brings the Node that the UI needs.
COPY tools/dev/setup/packages.txt tools/dev/setup/packages.txt
RUN apt-get update \
    && sed -n 's/^build: //p' tools/dev/setup/packages.txt | xargs apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
COPY dev CMakeLists.txt LICENSE ./
COPY tools/dev tools/dev
COPY tools/containers tools/containers
COPY cmake cmake
COPY sdk sdk
COPY demo demo
COPY challenge challenge
COPY ui ui
COPY bench bench
COPY tests/programs tests/programs
COPY tests/sim tests/sim
COPY src src
RUN ./dev build spoor frontend backend database-service
RUN mkdir -p /out/bin /out/libexec/spoor \
    && install -s build/spoor /out/bin/spoor \
    && install -s build/demo/frontend build/demo/backend build/demo/database-service /out/libexec/spoor/ \
    && install tools/containers/healthy.sh /out/bin/healthy

FROM debian:12-slim AS spoor
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libgrpc++1.51 libre2-9 libsimdjson14 libspdlog1.10 libssl3 libstdc++6 libxxhash0 libyaml-cpp0.7 libzstd1 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 /var/lib/spoor
COPY --from=build /out/bin/ /usr/local/bin/
USER 10001:10001
VOLUME /var/lib/spoor
EXPOSE 16686 4317 4318 14268
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["healthy", "16686", "/ready"]
ENTRYPOINT ["spoor"]
CMD ["serve", "--data-dir", "/var/lib/spoor", "--listen-host", "0.0.0.0"]

FROM debian:12-slim AS demo
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 libssl3 libstdc++6 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 /var/lib/shop
COPY --from=build /out/libexec/spoor/ /usr/local/libexec/spoor/
COPY --from=build /out/bin/healthy /usr/local/bin/healthy
ENV PATH=/usr/local/libexec/spoor:/usr/local/bin:/usr/bin:/bin LISTEN_HOST=0.0.0.0 DATABASE_PATH=/var/lib/shop/shop.db
USER 10001:10001
EXPOSE 8080 8081 8082
CMD ["frontend"]
