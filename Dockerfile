# Inbox Router as one small, unprivileged container. One per set of mailboxes: two would see the same mail.
#
#   docker build -t inbox-router .
#   docker run -v ./config:/config:ro -v inbox-router-state:/state -e SUPPORT_PASSWORD inbox-router
#   docker run --rm -it -v ./config:/config:ro -v inbox-router-state:/state inbox-router login     # OAuth, once
#
# config/ holds workflows.yaml, replies/ and lists/. The state volume holds the database, the trained models, and what was
# agreed to by OAuth.

FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/inbox-router
COPY pyproject.toml constraints.txt README.md LICENSE workflows.yaml ./
COPY replies replies
COPY models models
COPY router router
RUN /opt/inbox-router/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[oauth,postgres]'

FROM python:3.12-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /state router \
    && install -d -o router -g router -m 0700 /state \
    && install -d /config
COPY --from=build /opt/inbox-router /opt/inbox-router
ENV PATH=/opt/inbox-router/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    INBOX_ROUTER_STATE=/state
USER router
WORKDIR /config
VOLUME /state
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["inbox-router", "status"]
ENTRYPOINT ["inbox-router"]
CMD ["run", "--config", "/config/workflows.yaml"]
