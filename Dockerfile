# syntax=docker/dockerfile:1
# Two images from one file: `gateway` (the default) and `portals`, which know the gateway by its address alone.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings Node itself, so the one that comes as a package stays out.
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/node-darwin-* node_modules/node-win-* node_modules/.bin/node

FROM node:24-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
USER node
# Alive and able to serve: every store answers. The file system may be read-only.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch(process.env.HEALTH_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM base AS portals
COPY clients ./clients
# The owner of a new volume is that of the folder it covers.
USER root
RUN install --directory --owner=node --group=node /data
USER node
ENV PORT=3000 HEALTH_URL=http://127.0.0.1:3000/healthz DATABASE_FILE=/data/portal.sqlite
EXPOSE 3000
VOLUME /data
# Which of them: `node clients/compass/main.ts`.
CMD ["node", "clients/dictation/main.ts"]

FROM base AS gateway
COPY views ./views
COPY adapters ./adapters
COPY provider ./provider
COPY deploy/prepare.ts deploy/portals.json ./deploy/
# Served as what machines may ask of us.
COPY docs/operators/registry.yaml ./docs/operators/
ENV PORT=3000 HEALTH_URL=http://127.0.0.1:3000/readyz
EXPOSE 3000
CMD ["node", "provider/main.ts"]
