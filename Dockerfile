# The image that is deployed: the program, the certificates it trusts, and nothing else. No shell, no package manager.
#
# `bin/image` builds it, holds it against what the task definition expects (cdk/shop/task.py), and runs it that way.
# Both bases are named by their content; Dependabot proposes newer ones.

FROM docker.io/library/rust:1.95.0-slim-bookworm@sha256:d7482085ff5b415f84dba5647ae71606650bdef00db7aeb69f4b3d170c3e4082 AS build
WORKDIR /src
COPY . .
# What was compiled before stays in the caches, so that a change of ours compiles only ours. A cache is not part of the
# image, hence the program is put where the next stage finds it. The stand-ins of `cargo run` are absent, not disabled.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --no-default-features --bin awsomeshop \
    && install -D -m 0755 target/release/awsomeshop /out/awsomeshop

# glibc, libgcc, time zones and the public authorities' certificates.
FROM gcr.io/distroless/cc-debian12:nonroot@sha256:9dac0a79194e45a7da0158a9c6da57b217585af0786db3845d1f0ec1a0dd182f AS runtime

ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="AWSomeShop" \
      org.opencontainers.image.description="An employee-benefits shop" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"

# RDS's own authorities, which are no public ones; image/README.md says where they are from.
COPY --chmod=0444 image/rds-global-bundle.pem /etc/ssl/rds/global-bundle.pem
COPY --from=build --chmod=0555 /out/awsomeshop /usr/local/bin/awsomeshop

# The base's own is the home of another user, which this one may not even enter.
WORKDIR /
# By number, so that whoever runs it can tell that it is not root.
USER 10001:10001
# In a container, "this machine" would be nobody's.
ENV SHOP_BIND=0.0.0.0:8080
EXPOSE 8080
# The one place that can be written; a new volume takes over the rights of this folder, which everybody may write to.
VOLUME /tmp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/usr/local/bin/awsomeshop", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/awsomeshop"]
CMD ["serve"]
