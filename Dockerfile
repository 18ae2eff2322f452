# Minutebook on the embedded default: SQLite files in /data. See docs/how-to/run-with-docker-compose.md.
FROM node:20-bookworm-slim AS build
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

FROM node:20-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The first start makes a key for each role, in the volume: starting the image is the decision to have some.
CMD ["sh", "-c", "node dist/cli.js keys init && exec node dist/main.js"]
