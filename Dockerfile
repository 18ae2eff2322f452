# Minutebook on the embedded default: SQLite files in /data. See docs/how-to/run-with-docker-compose.md.
# Node 22, because Node 20 has had no security fixes since 2026-04-30. The image was not built or run here, but the service
# passed a smoke test on Node 22. The tag moves; docs/how-to/upgrade.md says how to pin it.
FROM node:22-bookworm-slim AS build
# For better-sqlite3, where there is no prebuilt binary for the platform.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY console/package.json ./console/
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts/build.cjs ./scripts/
COPY src ./src
COPY console ./console
COPY docs ./docs
COPY clients/typescript/src/reader/api.ts ./clients/typescript/src/reader/
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
# The check skips certificate verification, because the certificate is not for 127.0.0.1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "const { TLS_CERT_FILE, PORT } = process.env; require(TLS_CERT_FILE ? 'https' : 'http').get({ host: '127.0.0.1', port: PORT || 3000, path: '/health/ready', rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# The first start makes a key for each role, in the volume: starting the image counts as asking for keys. While
# PostgreSQL can't be reached, no keys are made, and the service waits for it. Process 1 ignores signals without a trap.
# What making them says is shown only if it fails: with LOG_FORMAT=json, each line is an object.
CMD ["sh", "-c", "trap 'exit 0' TERM INT; said=$(node dist/cli.js keys init 2>&1) || echo \"$said\" >&2; exec node dist/main.js"]
