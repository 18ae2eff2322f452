import { misspeltVariables } from './misspelt';

describe('a misspelt variable', () => {
  it.each([
    ['RATE_CARDS_FILE', 'RATE_CARD_FILE'],
    ['RATECARD_FILE', 'RATE_CARD_FILE'],
    ['RATE_CARD_FLIE', 'RATE_CARD_FILE'],
    ['RATE_CARD', 'RATE_CARD_FILE'],
    ['RATE_CARD_PATH', 'RATE_CARD_FILE'],
    ['rate_card_file', 'RATE_CARD_FILE'],
    ['MINUTEBOOK_RATE_CARD_FILE', 'RATE_CARD_FILE'],
    ['MINUTEBOOK_BILLING_TIMEZONE', 'BILLING_TIME_ZONE'],
    ['BILLING_TIMEZONE', 'BILLING_TIME_ZONE'],
    ['BILLING_TIME_ZONES', 'BILLING_TIME_ZONE'],
    ['BILING_TIME_ZONE', 'BILLING_TIME_ZONE'],
    ['BILLING_TZ', 'BILLING_TIME_ZONE'],
    ['BILLING_CURRENCY', 'RATE_CARD_FILE'],
    ['PLAN_FILE', 'PLANS_FILE'],
    ['EVENTSTORE_URL', 'EVENT_STORE_URL'],
    ['READ_MODELS_URL', 'READ_MODEL_URL'],
    ['DATA_DIRS', 'DATA_DIR'],
    ['JWKS_URI', 'JWKS_URL'],
    ['WITNESS_FILE', 'WITNESSES_FILE'],
    ['RATE_LIMIT_PRODUCERS', 'RATE_LIMIT_PRODUCER'],
  ])('%s is reported, with the name that is meant', (name, meant) => {
    const [warning, ...rest] = misspeltVariables({ [name]: 'x' });
    expect(rest).toEqual([]);
    expect(warning).toContain(`has ${name}, which Minutebook does not read, and no ${meant}.`);
  });

  it('says how the currency is chosen', () => {
    expect(misspeltVariables({ BILLING_CURRENCY: 'EUR' })).toEqual([
      'Warning: the environment has BILLING_CURRENCY, which Minutebook does not read, and no RATE_CARD_FILE. The currency is that of the first card in RATE_CARD_FILE: set that, and start again.',
    ]);
  });

  it('never has its value printed, because it may be a secret', () => {
    expect(misspeltVariables({ EVENT_STORE_ULR: 'esdb://ann:s3cret@host' }).join()).not.toContain(
      's3cret',
    );
  });

  it.each([
    ['is empty, which counts as unset', { RATE_CARDS_FILE: ' ' }],
    ['is beside the right one', { RATE_CARDS_FILE: 'a', RATE_CARD_FILE: 'b' }],
    [
      'would belong to OpenTelemetry',
      { OTEL_SERVICE_NAMES: 'a', OTEL_EXPORTER_OTLP_ENDPOINTS: 'b' },
    ],
  ])('gives no warning if it %s', (_, environment) => {
    expect(misspeltVariables(environment)).toEqual([]);
  });

  it('is not any other name that is common in environments', () => {
    const others = [
      'PATH HOME HOSTNAME HOSTTYPE POST PORTS HOSTS TZ LANG LC_ALL PWD OLDPWD SHLVL USER LOGNAME MAIL TERM EDITOR PAGER',
      'DATABASE_URL DATA_PATH DATA XDG_DATA_DIRS XDG_DATA_HOME PGDATA PGHOST PGPORT MYSQL_DATADIR DATABASE_DIR',
      'SSL_CERT_FILE SSL_CERT_DIR TLS_CA_FILE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
      'HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY TRUSTED_PROXIES FORWARDED_ALLOW_IPS',
      'BILLING_EMAIL BILLING_API_URL BILLING_SERVICE_HOST BILLING_PLAN BILLING_ACCOUNT BILLING_ENABLED CURRENCY STRIPE_API_KEY',
      'MINUTEBOOK_URL MINUTEBOOK_KEY MINUTEBOOK_READER_KEY MINUTEBOOK_PRODUCER_KEY MINUTEBOOK_SERVICE_HOST MINUTEBOOK_SERVICE_PORT MINUTEBOOK_PORT MINUTEBOOK_HOST MINUTEBOOK_PORT_3000_TCP_ADDR',
      'RATE_LIMIT RATE_LIMIT_WINDOW RATE_LIMIT_MAX JWT_SECRET JWT_EXPIRES_IN JWT_ALGORITHM JWKS_CACHE LOG_FILE LOG_DIR LOG_PATH LOGS LOG_LEVEL_ROOT RUST_LOG DEBUG',
      'WEBHOOK_URL WEBHOOK_SECRET WORKER_COUNT WORKERS THREADS UV_THREADPOOL_SIZE OMP_NUM_THREADS EVENT_BUS_URL STORE_URL READ_REPLICA_URL MODEL_URL',
      'npm_config_cache npm_package_name npm_lifecycle_event NODE_ENV NODE_OPTIONS JEST_WORKER_ID CI GITHUB_TOKEN TEST_EVENT_STORE_URL TEST_POSTGRES_URL',
      'EVENT_STORE_SERVICE_HOST EVENT_STORE_PORT EVENT_STORE_PORT_2113_TCP READ_MODEL_PORT READ_MODEL_SERVICE_PORT PLANS_PORT WITNESSES_PORT',
      'INVOICE_EMAIL ISSUER_NAME CONSOLE_URL CONSOLE_LOG KUBERNETES_SERVICE_HOST PLAN PLANS FILE STREAM READY PUBLIC_URL TRUST_STORE',
    ].flatMap((line) => line.split(' '));
    expect(misspeltVariables(Object.fromEntries(others.map((name) => [name, 'x'])))).toEqual([]);
    expect(others.length).toBeGreaterThan(100);
  });
});
