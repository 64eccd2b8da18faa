# Citehound in an image: the wheel and its dependencies, one user without rights, one volume.
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir "build>=1.2,<2" && python -m build --wheel --outdir /dist

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 \
    CITEHOUND_DB=/data/citehound.db
COPY constraints.txt /tmp/constraints.txt
COPY --from=build /dist /tmp/dist
RUN pip install --no-cache-dir -c /tmp/constraints.txt /tmp/dist/*.whl \
    && rm -rf /tmp/dist /tmp/constraints.txt \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin citehound \
    && install -d -o 10001 -g 10001 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8001
HEALTHCHECK --interval=5m --timeout=30s --start-period=30s CMD ["citehound", "doctor"]
ENTRYPOINT ["citehound"]
CMD ["schedule", "--now"]
